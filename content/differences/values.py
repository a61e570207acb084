"""Labelled values of one thing, such as a section's heading and body, as the rows of a difference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from content.differences.blocks import Block, blocks
from content.differences.difference import Context, PartDifference
from content.differences.entries import Entry
from content.differences.rows import rows
from content.differences.words import plain
from content.sequences import Budget


@dataclass(frozen=True)
class Value:
    name: str
    words: str
    is_prose: bool = False


def of_values(old: Sequence[Value], new: Sequence[Value], budget: Budget | None = None) -> list[Context]:
    """Compare two things. Where a page shows several comparisons, they share one budget."""
    found = rows(entries(old), entries(new), budget or Budget())
    if len({value.name for value in (*old, *new)}) == 1:  # what the rows are of is said above them
        found = [replace(row, place=row.place[1:]) for row in found]
    return PartDifference("", "", found).context


def entries(values: Sequence[Value]) -> list[Entry]:
    """Return one entry for each value, paired by name; none of a thing that is not there."""
    return [Entry(value.name, value.name, "", tuple(of_value(value)), value.words) for value in values]


def of_value(value: Value) -> Iterator[Block]:
    place = (value.name,)
    if value.is_prose:
        yield from blocks(value.words, place)
    else:
        lines = [line for line in value.words.split("\n") if line]
        # A value of one line is that value before and after, however little of it is alike.
        yield from (Block(value.name if len(lines) == 1 else "", plain(line), (), place) for line in lines)
