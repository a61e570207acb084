"""Two texts that came of one, woven into one: whatever either side wrote anew is in it, whatever one took out is not."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from content.prose.blocks import Block, Box
from content.prose.spelling import canonical, read
from content.prose.writing import written
from content.sequences import Budget, runs

T = TypeVar("T", bound=Hashable)
LISTS = {"ul", "ol"}
MOST = 200_000  # pairs looked at; of paragraphs that are all alike, only the first and last are matched


@dataclass(frozen=True)
class Part:
    """A block and its spelling, by which alone it is compared."""

    spelling: str
    block: Block = field(compare=False)


def woven(base: str | None, theirs: str, mine: str) -> str:
    """Weave prose together, paragraph by paragraph and list item by list item.

    Where both changed one, theirs comes first.
    """
    old = None if base is None else parts(read(base))
    found = weave(old, parts(read(theirs)), parts(read(mine)))
    return canonical(written(part.block for part in found))


def woven_lines(base: str | None, theirs: str, mine: str) -> str:
    old = None if base is None else base.split("\n")
    return "\n".join(weave(old, theirs.split("\n"), mine.split("\n"))).strip("\n")


def parts(blocks: Sequence[Block]) -> list[Part]:
    return [Part(written([block]), block) for block in blocks]


def weave(base: Sequence[T] | None, theirs: Sequence[T], mine: Sequence[T]) -> list[T]:
    # Without a base, what both have in common stands for it.
    if base is None:
        base = [theirs[at] for at in sorted(matches(theirs, mine))]
    taken = [part for old, their, my in in_step(base, theirs, mine) for part in joined(old, their, my)]
    gone = set(base) - (set(theirs) & set(mine))
    return [part for part in taken if part not in gone]


def in_step(
    base: Sequence[T], theirs: Sequence[T], mine: Sequence[T]
) -> Iterator[tuple[Sequence[T], Sequence[T], Sequence[T]]]:
    """Give stretches that stand in the same place, cut at what all three have."""
    in_theirs, in_mine = matches(base, theirs), matches(base, mine)
    at = their_at = my_at = 0
    for kept in sorted(in_theirs.keys() & in_mine.keys()):
        yield base[at:kept], theirs[their_at : in_theirs[kept]], mine[my_at : in_mine[kept]]
        yield base[kept : kept + 1], base[kept : kept + 1], base[kept : kept + 1]
        at, their_at, my_at = kept + 1, in_theirs[kept] + 1, in_mine[kept] + 1
    yield base[at:], theirs[their_at:], mine[my_at:]


def matches(old: Sequence[T], new: Sequence[T]) -> dict[int, int]:
    return {at + step: to + step for at, to, size in runs(old, new, Budget(MOST)) for step in range(size)}


def joined(old: Sequence[T], theirs: Sequence[T], mine: Sequence[T]) -> list[T]:
    if theirs in (old, mine):
        return list(mine)
    if mine == old:
        return list(theirs)
    if len(old) == len(theirs) == len(mine):
        return [part for each in zip(old, theirs, mine, strict=True) for part in one(*each)]
    known = set(theirs)
    return [*theirs, *(part for part in mine if part not in known)]


def one(old: T, theirs: T, mine: T) -> list[T]:
    if theirs in (old, mine):
        return [mine]
    if mine == old:
        return [theirs]
    both = [one_list(old, theirs, mine)] if are_one_list(old, theirs, mine) else [theirs, mine]
    return cast(list[T], both)


def are_one_list(*parts: object) -> bool:
    blocks = [part.block for part in parts if isinstance(part, Part)]
    lists = [(box.tag, box.attributes) for box in blocks if isinstance(box, Box) and box.tag in LISTS]
    return len(lists) == len(parts) and all(each == lists[0] for each in lists)


def one_list(*lists: Any) -> Part:
    old, theirs, mine = (parts(part.block.children) for part in lists)
    first = lists[0].block
    box = Box(first.tag, first.attributes, [item.block for item in weave(old, theirs, mine)])
    return Part(written([box]), box)
