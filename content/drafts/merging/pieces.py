"""Three drafts laid side by side, piece by piece: what was opened, what others saved since, what I typed.

Where only one side changed a piece, that side is taken; where both changed it to the same, that; else I am asked.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from content.drafts.merging import ordering
from content.drafts.merging.draft import (
    ARTICLE,
    CITATION,
    PICTURE,
    SECTION,
    Draft,
    Row,
    Values,
    recognised,
)


class State(StrEnum):
    SAME = "same"
    THEIRS = "theirs"
    MINE = "mine"
    AGREED = "agreed"
    ASKED = "asked"


# A word that was said of one picture, or of one access check, is not true of another by itself.
SAID_OF = {**dict.fromkeys(PICTURE[1:], "image"), "supports": "access_check"}


@dataclass(frozen=True)
class Piece:
    """One field in three versions. Without a known base, all that differs is asked."""

    key: str
    name: str
    base: Any
    theirs: Any
    mine: Any
    state: State
    is_base_known: bool = True
    is_said_of_another: bool = False


@dataclass(frozen=True)
class Both:
    """A section or citation: `state` says whose is its being there, or being gone; `pieces` are of one on both sides."""

    key: str
    base: Row | None
    theirs: Row | None
    mine: Row | None
    state: State
    pieces: list[Piece]

    @property
    def any(self) -> Row:
        row = self.mine or self.theirs or self.base
        assert row is not None  # one of the three has it
        return row


@dataclass(frozen=True)
class Group:
    """The sections, or the citations, in the order of the merged draft; `order` holds three lists of keys."""

    rows: list[Both]
    order: Piece


@dataclass(frozen=True)
class Merge:
    pieces: list[Piece]
    sections: Group
    citations: Group

    @property
    def groups(self) -> tuple[Group, Group]:
        return self.sections, self.citations

    @property
    def all(self) -> Iterator[Piece | Both]:
        yield from self.pieces
        for group in self.groups:
            yield group.order
            for row in group.rows:
                yield row
                yield from row.pieces

    @property
    def asked(self) -> list[str]:
        """The keys of what I have to decide."""
        return [each.key for each in self.all if each.state == State.ASKED]

    @property
    def has_mine(self) -> bool:
        """Whether anything I typed is not in their draft already."""
        return any(each.state in {State.MINE, State.ASKED} for each in self.all)


def merge(base: Draft | None, theirs: Draft, mine: Draft) -> Merge:
    """Merge my draft with theirs. `base` is None where what I opened is not on record any more."""
    mine = recognised(mine, theirs, base)
    return Merge(
        pieces(ARTICLE, base.values if base else None, theirs.values, mine.values, key="{}".format),
        group("section", SECTION, base.sections if base else None, theirs.sections, mine.sections),
        group("citation", CITATION, base.citations if base else None, theirs.citations, mine.citations),
    )


def pieces(
    names: Sequence[str], base: Values | None, theirs: Values, mine: Values, key: Callable[[str], str]
) -> list[Piece]:
    found = {
        name: piece(key(name), name, None if base is None else (base[name],), theirs[name], mine[name])
        for name in names
    }
    return [unless_of_another(each, found.get(SAID_OF.get(name, ""))) for name, each in found.items()]


def piece(key: str, name: str, base: tuple[Any] | None, theirs: Any, mine: Any) -> Piece:
    was = base[0] if base else None
    return Piece(key, name, was, theirs, mine, decided(base, theirs, mine), is_base_known=base is not None)


def decided(base: tuple[Any] | None, theirs: Any, mine: Any) -> State:
    if theirs == mine:
        return State.SAME if base is None or base[0] == mine else State.AGREED
    if base and base[0] == theirs:
        return State.MINE
    return State.THEIRS if base and base[0] == mine else State.ASKED


def unless_of_another(said: Piece, subject: Piece | None) -> Piece:
    is_settled = subject is None or subject.state in {State.SAME, State.AGREED, said.state}
    if is_settled or said.theirs == said.mine:
        return said
    return replace(said, state=State.ASKED, is_said_of_another=True)


def group(
    kind: str,
    names: Sequence[str],
    base: Sequence[Row] | None,
    theirs: Sequence[Row],
    mine: Sequence[Row],
) -> Group:
    was, their, my = ({row.key: row for row in rows or ()} for rows in (base, theirs, mine))
    old = None if base is None else list(was)
    orders = ordering.common(old, list(their), list(my))
    order = piece(f"{kind}s-order", "order", *orders)
    first, second = (my, their) if order.state == State.MINE else (their, my)
    keys = ordering.woven(list(first), list(second))
    keys += [key for key in was if key not in keys]
    return Group(
        [
            both(kind, names, was.get(key), their.get(key), my.get(key), is_base_known=base is not None)
            for key in keys
        ],
        order,
    )


def both(
    kind: str,
    names: Sequence[str],
    base: Row | None,
    theirs: Row | None,
    mine: Row | None,
    *,
    is_base_known: bool,
) -> Both:
    row = mine or theirs or base
    assert row is not None
    key = f"{kind}-{row.key.replace(' ', '-')}"
    found = (
        pieces(names, base.values if base else None, theirs.values, mine.values, key=f"{key}-{{}}".format)
        if theirs and mine
        else []
    )
    return Both(key, base, theirs, mine, there(base, theirs, mine, is_base_known=is_base_known), found)


def there(base: Row | None, theirs: Row | None, mine: Row | None, *, is_base_known: bool) -> State:
    # What one side took out and the other one changed is asked; unchanged, it is gone.
    if (theirs is None) == (mine is None):
        is_as_before = not is_base_known or (base is None) == (mine is None)
        return State.SAME if is_as_before else State.AGREED
    if not is_base_known:
        return State.ASKED
    if base is None:
        return State.MINE if mine else State.THEIRS
    if (mine or theirs) != base:
        return State.ASKED
    return State.THEIRS if mine else State.MINE
