"""Ways between editions over which an approval is carried.

Each step joins two editions that somebody compared. Steps are never put together part by part: the text of one edition
and the drugs of another are a page that nobody read.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from content.models import Edition
from reviews.models import ReferenceRuling, Ruling, Signoff

# The digests that an edition has of the parts a sign-off covers, in the order of the parts' names.
Reading = tuple[str, ...]


@dataclass(frozen=True)
class Bridge:
    """For one kind and organisation: somebody answers for what changed from one edition to another in these parts."""

    kind: str
    organisation: int
    parts: frozenset[str]
    start: Edition
    end: Edition
    by: Signoff | Ruling | ReferenceRuling

    def spans(self, covered: Iterable[str]) -> bool:
        """Tell whether nothing changed in the covered parts but what the bridge is about."""
        return all(
            part in self.parts or self.start.parts.get(part) == self.end.parts.get(part) for part in covered
        )


def reading(digests: Mapping[str, str], covered: Iterable[str]) -> Reading:
    return tuple(digests.get(part, "") for part in covered)


def ways_to(
    target: Edition, covered: tuple[str, ...], bridges: Iterable[Bridge]
) -> dict[Reading, tuple[Bridge, ...]]:
    """Return the shortest way to the target from each edition that one leads from, by how the edition reads.

    Editions that read the same in all covered parts are one: from one to the other there is nothing to bridge.
    """
    arriving: dict[Reading, list[Bridge]] = defaultdict(list)
    for bridge in bridges:
        if bridge.spans(covered):
            arriving[reading(bridge.end.parts, covered)].append(bridge)
    there = reading(target.parts, covered)
    ways: dict[Reading, tuple[Bridge, ...]] = {there: ()}
    queue = deque([there])
    while queue:
        here = queue.popleft()
        for bridge in arriving[here]:
            before = reading(bridge.start.parts, covered)
            if before not in ways:
                ways[before] = (bridge, *ways[here])
                queue.append(before)
    return ways


def reached_from(
    starts: Iterable[Reading], covered: tuple[str, ...], bridges: Iterable[Bridge]
) -> set[Reading]:
    """Return how every edition reads to which a way leads from one of those."""
    leaving: dict[Reading, list[Reading]] = defaultdict(list)
    for bridge in bridges:
        if bridge.spans(covered):
            leaving[reading(bridge.start.parts, covered)].append(reading(bridge.end.parts, covered))
    found = set(starts)
    queue = deque(found)
    while queue:
        new = set(leaving[queue.popleft()]) - found
        found |= new
        queue.extend(new)
    return found
