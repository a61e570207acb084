"""The rows of one part: what a reviewer reads, in the order of the new text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from content.differences import aligning
from content.differences.blocks import Block
from content.differences.entries import Entry
from content.differences.numbers import NumberChange, number_changes
from content.differences.pieces import Piece, Stretch, facts_note, pieces, stretches
from content.sequences import Budget

STORED = (
    "Stored differently, though every word is the same: "
    "in how lists, tables or paragraphs are nested, or in a detail that is not shown here."
)
WHOLE = "Replaced as a whole: too much of this differs to compare it word by word. Read all of the old and all of the new."
ORDINARY = {"paragraph"}
UNMISTAKABLE = 3  # words; a shorter block that is equal elsewhere is as likely another one


@dataclass(frozen=True)
class Row:
    """`kind` is same, changed, added, removed or moved; `was_at` and `is_at` count the part's blocks, old and new."""

    kind: str
    place: tuple[str, ...]
    pieces: list[Piece]
    was_at: int | None
    is_at: int | None
    numbers: list[NumberChange] = field(default_factory=list)


@dataclass(frozen=True)
class Pair:
    old: Block | None
    new: Block | None
    was_at: int | None = None
    is_at: int | None = None
    moved: str = ""
    note: str = ""

    @property
    def is_same(self) -> bool:
        return self.old == self.new and not self.moved and not self.note

    @property
    def seen(self) -> Block:
        block = self.new or self.old
        assert block is not None  # a pair has at least one side
        return block


def rows(old: Sequence[Entry], new: Sequence[Entry], budget: Budget) -> list[Row]:
    return [_row(pair, budget) for pair in _with_moves(list(_pairs(old, new, budget)))]


def _pairs(old: Sequence[Entry], new: Sequence[Entry], budget: Budget) -> Iterator[Pair]:
    pairs = aligning.paired_entries(old, new, budget)
    backbone = aligning.in_order(pairs)
    was_at, is_at = _starts(old), _starts(new)
    for i, j in aligning.merged(len(old), len(new), pairs, backbone):
        before = old[i] if i is not None else None
        after = new[j] if j is not None else None
        found = list(_entry_pairs(before, after, budget))
        if i is not None and j is not None and (i, j) not in backbone:
            found[:1] = [replace(pair, moved=_move(old, i, new, j)) for pair in found[:1]]
        for pair in found:
            yield replace(
                pair,
                was_at=was_at[i] + pair.was_at if i is not None and pair.was_at is not None else None,
                is_at=is_at[j] + pair.is_at if j is not None and pair.is_at is not None else None,
            )


def _starts(entries: Sequence[Entry]) -> list[int]:
    starts = [0]
    for entry in entries:
        starts.append(starts[-1] + len(entry.blocks))
    return starts


def _move(old: Sequence[Entry], i: int, new: Sequence[Entry], j: int) -> str:
    return f"moved: was {_after(old, i)}, now {_after(new, j)}"


def _after(entries: Sequence[Entry], at: int) -> str:
    before = next((entries[i].name for i in reversed(range(at)) if entries[i].blocks), None)
    return "first" if before is None else f"after “{before}”"


def _entry_pairs(old: Entry | None, new: Entry | None, budget: Budget) -> Iterator[Pair]:
    olds, news = old.blocks if old else (), new.blocks if new else ()
    matched = aligning.paired_blocks(olds, news, budget)
    pairs = [
        Pair(
            olds[i] if i is not None else None,
            news[j] if j is not None else None,
            i,
            j,
        )
        for i, j in aligning.merged(len(olds), len(news), matched, set(matched))
    ]
    if old and new and old.raw != new.raw and all(pair.is_same for pair in pairs):
        pairs[:1] = [_stored_differently(pairs, new)]
    yield from pairs


def _stored_differently(pairs: list[Pair], entry: Entry) -> Pair:
    # Whatever the blocks cannot tell is still a change to be seen.
    if pairs:
        return replace(pairs[0], note=STORED)
    nothing = Block("", (), (), (entry.name,))
    return Pair(nothing, nothing, note=STORED)


def _with_moves(pairs: list[Pair]) -> list[Pair]:
    # A paragraph that went here and came there is one that moved.
    gone: dict[Block, list[Pair]] = {}
    for pair in pairs:
        if pair.old and not pair.new and not pair.old.name and len(pair.old.tokens) >= UNMISTAKABLE:
            gone.setdefault(pair.old, []).append(pair)
    taken: set[int] = set()
    result = []
    for pair in pairs:
        if pair.new and not pair.old and gone.get(pair.new):
            source = gone[pair.new].pop(0)
            taken.add(id(source))
            stood = f"moved: was under {' › '.join(source.seen.place)}"
            result.append(replace(pair, old=source.old, was_at=source.was_at, moved=stood))
        else:
            result.append(pair)
    return [pair for pair in result if id(pair) not in taken]


def _row(pair: Pair, budget: Budget) -> Row:
    if pair.is_same:
        return Row("same", pair.seen.place, _same(pair.seen), pair.was_at, pair.is_at)
    old, new = pair.old.tokens if pair.old else (), pair.new.tokens if pair.new else ()
    refused = budget.refused
    found = stretches(old, new, budget)
    whole = WHOLE if budget.refused > refused else ""
    notes = [Piece("format", "", note) for note in (pair.moved, pair.note, _facts(pair), whole) if note]
    place = pair.seen.place
    return Row(
        _kind(pair),
        place,
        [*notes, *pieces(found)],
        pair.was_at,
        pair.is_at,
        number_changes(found, " › ".join(place)),
    )


def _same(block: Block) -> list[Piece]:
    return pieces([Stretch(True, block.tokens, block.tokens)])


def _kind(pair: Pair) -> str:
    if not pair.old:
        return "added"
    if not pair.new:
        return "removed"
    return "moved" if pair.old == pair.new and not pair.note else "changed"


def _facts(pair: Pair) -> str:
    if pair.old and pair.new:
        return facts_note(pair.old.facts, pair.new.facts) if pair.old.facts != pair.new.facts else ""
    return ", ".join(fact.shown for fact in pair.seen.facts if fact.shown not in ORDINARY)
