"""Which runs of two sequences are the same: the longest first, as difflib finds them, but within a bound.

Two texts of nothing but “the”, “a” and “of” have a million pairs of equal words, and difflib goes through them again for
each run it finds: minutes, for a page of text. Here one comparison has a budget. Only one row of its table is ever kept.
"""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

STEPS = 2_000_000  # pairs looked at: about half a second


@dataclass
class Budget:
    """What a comparison may still look at. `refused` counts the stretches for which it did not suffice."""

    left: int = STEPS
    refused: int = 0

    def pays(self, steps: int) -> bool:
        if steps > self.left:
            self.refused += 1
            return False
        self.left -= steps
        return True


class Run(NamedTuple):
    """`size` items that are equal, from `at` in the old sequence and from `to` in the new one."""

    at: int
    to: int
    size: int


class Span(NamedTuple):
    """A stretch of both sequences: `old` and `new` are slices of them. A stretch that differs may be empty in one."""

    is_same: bool
    old: slice
    new: slice


class _Area(NamedTuple):
    """A stretch of both that is still to be compared."""

    begin: int
    end: int
    from_: int
    to: int


def spans(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> list[Span]:
    """Return both in step. Where the budget does not suffice, only what is the same at the two ends is found."""
    found, at, to = [], 0, 0
    for run in [*runs(old, new, budget), Run(len(old), len(new), 0)]:
        if run.at > at or run.to > to:
            found.append(Span(False, slice(at, run.at), slice(to, run.to)))
        at, to = run.at + run.size, run.to + run.size
        if run.size:
            found.append(Span(True, slice(run.at, at), slice(run.to, to)))
    return found


def runs(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget) -> list[Run]:
    """Return the runs that both have, in order, none of them touching the one before on both sides."""
    numbers: dict[Hashable, int] = {}
    olds, news = ([numbers.setdefault(each, len(numbers)) for each in items] for items in (old, new))
    if olds == news:
        return [Run(0, 0, len(olds))] if olds else []
    places: dict[int, list[int]] = {}
    for at, item in enumerate(news):
        places.setdefault(item, []).append(at)
    found, open_areas = [], [_Area(0, len(olds), 0, len(news))]
    while open_areas:
        area = open_areas.pop()
        if not _can_be_compared(olds, places, area, budget):
            found += _ends(olds, news, area)
        elif (run := _longest(olds, places, area)).size:
            found.append(run)
            after, behind = run.at + run.size, run.to + run.size
            areas = (
                _Area(area.begin, run.at, area.from_, run.to),
                _Area(after, area.end, behind, area.to),
            )
            open_areas += [each for each in areas if each.begin < each.end and each.from_ < each.to]
    return _joined(sorted(found))


def _can_be_compared(olds: list[int], places: dict[int, list[int]], area: _Area, budget: Budget) -> bool:
    size = area.end - area.begin
    if not budget.pays(size):
        return False
    pairs = 0
    for at in range(area.begin, area.end):
        there = places.get(olds[at], [])
        pairs += bisect_left(there, area.to) - bisect_left(there, area.from_)
    return budget.pays(pairs)


def _longest(olds: list[int], places: dict[int, list[int]], area: _Area) -> Run:
    # Of several equally long the first; `row` holds the lengths of the runs that end at the last item.
    best, row = Run(area.begin, area.from_, 0), dict[int, int]()
    for at in range(area.begin, area.end):
        there, above, row = places.get(olds[at], []), row, {}
        for index in range(bisect_left(there, area.from_), bisect_left(there, area.to)):
            to = there[index]
            size = row[to] = above.get(to - 1, 0) + 1
            if size > best.size:
                best = Run(at - size + 1, to - size + 1, size)
    return best


def _ends(olds: list[int], news: list[int], area: _Area) -> list[Run]:
    most = min(area.end - area.begin, area.to - area.from_)
    head = 0
    while head < most and olds[area.begin + head] == news[area.from_ + head]:
        head += 1
    tail = 0
    while tail < most - head and olds[area.end - tail - 1] == news[area.to - tail - 1]:
        tail += 1
    found = (Run(area.begin, area.from_, head), Run(area.end - tail, area.to - tail, tail))
    return [run for run in found if run.size]


def _joined(found: list[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in found:
        last = joined[-1] if joined else None
        if last and (last.at + last.size, last.to + last.size) == (run.at, run.to):
            joined[-1] = last._replace(size=last.size + run.size)
        else:
            joined.append(run)
    return joined
