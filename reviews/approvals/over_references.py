"""Bridges between editions whose references differ only as somebody ruled to be without consequence for any page.

One person's rulings, for one kind and organisation, must explain every changed entry, and that person wrote nothing of
any edition from the first of the two to the one that is asked about: an edition's contributors are counted from the live
one on.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import permutations
from typing import Any

from content.editions import authorship
from content.models import Edition
from content.snapshots import snapshot
from reviews.approvals.chains import Bridge, reading
from reviews.models import ReferenceRuling

PART = "references"
Entries = tuple[str, ...]


@dataclass(frozen=True)
class Ruler:
    """One person's rulings for one kind and organisation, by the entry before and the entry after."""

    kind: str
    organisation: int
    person: int
    rulings: dict[tuple[str, str], ReferenceRuling]


@dataclass(frozen=True)
class OverReferences:
    """Everybody's rulings that hold, and the article's editions up to the one asked about, oldest first."""

    rulers: list[Ruler]
    editions: list[Edition]
    entries: dict[str, Entries]
    wrote: dict[int, set[int]]

    def bridges(self, kind: str, organisation: int, covered: tuple[str, ...]) -> Iterator[Bridge]:
        rulers = [each for each in self.rulers if (each.kind, each.organisation) == (kind, organisation)]
        if not rulers or PART not in covered:
            return
        for alike in self.alike_but_for_references(covered):
            for before, after in permutations(alike, 2):
                ends = nearest(alike[before], alike[after])
                for ruler in rulers if ends else ():
                    used = explaining(self.entries[before], self.entries[after], ruler.rulings)
                    if ends and used and ruler.person not in self.wrote[ends[0].number]:
                        yield Bridge(kind, organisation, frozenset({PART}), *ends, used[-1])

    def alike_but_for_references(self, covered: tuple[str, ...]) -> list[dict[str, list[Edition]]]:
        """Return editions that read the same in every other covered part, by the digest of their references."""
        others = [part for part in covered if part != PART]
        found: dict[Any, dict[str, list[Edition]]] = defaultdict(lambda: defaultdict(list))
        for edition in self.editions:
            found[reading(edition.parts, others)][edition.parts[PART]].append(edition)
        return list(found.values())


NONE = OverReferences([], [], {}, {})


def over_references(edition: Edition, *, until: datetime | None = None) -> OverReferences:
    rulers = rulers_of(edition, until)
    if not rulers:
        return NONE
    known = list(
        Edition.objects.filter(article=edition.article_id, number__lte=edition.number).order_by("number")
    )
    different = {each.parts[PART]: each for each in known}
    return OverReferences(
        rulers=rulers,
        editions=known,
        entries={digest: tuple(map(written, references_of(each))) for digest, each in different.items()},
        wrote=authorship.contributors_since(edition, until=until),
    )


def rulers_of(edition: Edition, until: datetime | None) -> list[Ruler]:
    uids = [entry["uid"] for entry in references_of(edition)]
    rulings = ReferenceRuling.objects.filter(reference__uid__in=uids, withdrawal=None)
    rulings = rulings.filter(signed_at__lte=until) if until else rulings
    found: dict[tuple[str, int, int], Ruler] = {}
    for ruling in rulings.select_related("kind"):
        who = (ruling.kind.code, ruling.organisation_id, ruling.signed_by_id)
        ruler = found.setdefault(who, Ruler(*who, {}))
        ruler.rulings.setdefault((written(ruling.old), written(ruling.new)), ruling)
    return list(found.values())


def references_of(edition: Edition) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = snapshot.parsed(edition.snapshot)["parts"]["references"]
    return entries


def written(entry: dict[str, Any]) -> str:
    # Only ever compared with one another.
    return json.dumps(entry, sort_keys=True)


def nearest(before: list[Edition], after: list[Edition]) -> tuple[Edition, Edition] | None:
    """Return the last edition of `after`, and the last one of `before` that came earlier: the fewest have written since."""
    end = after[-1]
    earlier = [each for each in before if each.number < end.number]
    return (earlier[-1], end) if earlier else None


def explaining(
    old: Entries, new: Entries, rulings: dict[tuple[str, str], ReferenceRuling]
) -> list[ReferenceRuling]:
    """Return the rulings that explain every entry that differs, or none where one is left over or nothing differs."""
    if len(old) != len(new):
        return []
    found = []
    for pair in zip(old, new, strict=True):
        if pair[0] != pair[1]:
            ruling = rulings.get(pair)
            if ruling is None:
                return []
            found.append(ruling)
    return found
