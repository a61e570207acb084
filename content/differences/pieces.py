"""Inside a row: which words went, which came, and which only look or lead otherwise."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from content.differences.blocks import Fact
from content.differences.words import Marks, Token, hidden
from content.sequences import Budget, spans

LOOKS = {
    "strong": "bold",
    "b": "bold",
    "em": "italic",
    "i": "italic",
    "sub": "lowered",
    "sup": "raised",
}
BLANKS = {"": "no space", " ": "a space", "\n": "a line break", "\u00a0": "a no-break space"}
LITTLE = set("a an and in of or the to , - –".split())


@dataclass(frozen=True)
class Piece:
    """`kind` is same, ins, del or format. Of a format piece `text` is the new spelling, `was` the old one."""

    kind: str
    text: str
    note: str = ""
    was: str = ""


class Stretch(NamedTuple):
    is_same: bool
    old: Sequence[Token]
    new: Sequence[Token]


def stretches(old: Sequence[Token], new: Sequence[Token], budget: Budget) -> list[Stretch]:
    # Both texts in step, told apart by words alone.
    found = spans([each.text for each in old], [each.text for each in new], budget)
    return _readable([Stretch(span.is_same, old[span.old], new[span.new]) for span in found])


def _readable(found: list[Stretch]) -> list[Stretch]:
    # A lone “of” between two replaced stretches is read more easily as part of one change.
    joined: list[Stretch] = []
    at = 0
    while at < len(found):
        end = at + 1
        while (
            end + 1 < len(found)
            and all(map(_is_replaced, (found[at], found[end + 1])))
            and _is_little(found[end])
        ):
            end += 2
        joined.append(found[at] if end == at + 1 else _one(found[at:end]))
        at = end
    return joined


def _one(found: Sequence[Stretch]) -> Stretch:
    old = [token for stretch in found for token in stretch.old]
    return Stretch(False, old, [token for stretch in found for token in stretch.new])


def _is_replaced(stretch: Stretch) -> bool:
    return not stretch.is_same and bool(stretch.old) and bool(stretch.new)


def _is_little(stretch: Stretch) -> bool:
    return len(stretch.new) == 1 and stretch.new[0].text.casefold() in LITTLE


def pieces(found: Iterable[Stretch]) -> list[Piece]:
    return _merged(
        piece for at, stretch in enumerate(found) for piece in _of_stretch(stretch, is_first=at == 0)
    )


def _of_stretch(stretch: Stretch, is_first: bool) -> Iterator[Piece]:
    if not stretch.is_same:
        yield from _replaced(stretch)
        return
    for at, (old, new) in enumerate(zip(stretch.old, stretch.new, strict=True)):
        if at == 0 and not is_first and old.gap != new.gap:
            # The blank before the first word belongs to the change beside it.
            yield from (Piece("del", old.gap), Piece("ins", new.gap))
            yield _of_word(Token(old.text, old.looks), Token(new.text, new.looks))
        else:
            yield _of_word(old, new)


def _replaced(stretch: Stretch) -> Iterator[Piece]:
    # The blank that stood before both, and still stands there, is no part of the change.
    blank = (
        stretch.old[0].gap if stretch.old and stretch.new and stretch.old[0].gap == stretch.new[0].gap else ""
    )
    yield Piece("same", blank)
    for kind, tokens in (("del", stretch.old), ("ins", stretch.new)):
        for at, token in enumerate(tokens):
            yield Piece(kind, token.written if at or not blank else token.text, marks_note(token))


def _of_word(old: Token, new: Token) -> Piece:
    if old == new:
        return Piece("same", new.written)
    return Piece("format", new.written, "; ".join(_word_notes(old, new)), old.written)


def _word_notes(old: Token, new: Token) -> Iterator[str]:
    if old.gap != new.gap:
        yield f"before it: {_blank(old.gap)} → {_blank(new.gap)}"
    if old.looks == new.looks:
        return
    gone, came = marks_shown(old.marks - new.marks), marks_shown(new.marks - old.marks)
    if gone and came:
        yield f"{', '.join(gone)} → {', '.join(came)}"
    elif came:
        yield f"now {', '.join(came)}"
    elif gone:
        yield f"no longer {', '.join(gone)}"
    else:
        yield "marked otherwise inside this word"


def _blank(gap: str) -> str:
    return BLANKS.get(gap) or " ".join(f"U+{ord(char):04X}" for char in gap)


def marks_note(token: Token) -> str:
    return "; ".join([*marks_shown(token.marks), *hidden(token.written)])


def marks_shown(marks: Marks) -> list[str]:
    return [f"link to {target}" if tag == "a" else LOOKS.get(tag, tag) for tag, target in sorted(marks)]


def facts_note(old: Sequence[Fact], new: Sequence[Fact]) -> str:
    gone = [fact.shown for fact in old if fact not in new]
    came = [fact.shown for fact in new if fact not in old]
    if gone == came:
        return f"another {', '.join(came).removeprefix('about ')}"
    if gone and came:
        return f"{', '.join(gone)} → {', '.join(came)}"
    return f"now {', '.join(came)}" if came else f"no longer {', '.join(gone)}"


def _merged(found: Iterable[Piece]) -> list[Piece]:
    shown = (piece for piece in found if piece.text or piece.was or piece.note)
    groups = groupby(shown, key=lambda piece: (piece.kind, piece.note))
    return [_joined(kind, note, list(group)) for (kind, note), group in groups]


def _joined(kind: str, note: str, found: Sequence[Piece]) -> Piece:
    return Piece(kind, "".join(piece.text for piece in found), note, "".join(piece.was for piece in found))
