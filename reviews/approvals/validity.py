"""Which approvals hold for an edition. Computed from rows each time; nothing is ever reset or marked.

An approval holds when
(a) every part it covers has the same digest in the edition, or is reached from its own edition by bridges,
(b) neither it nor a bridge on the way was withdrawn,
(c) its signer wrote nothing of the edition, where the kind asks for independence,
(d) it is its signer's newest decision of that kind and organisation on those digests,
(e) nobody's newest decision of that kind on those digests asks for changes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any

from content.editions import authorship
from content.models import Edition
from content.snapshots import snapshot
from reviews.models import Decision, ReferenceRuling, Ruling, Scope, Signoff

Digests = dict[str, str]
# Parts that a ruling may bridge; the others must be signed as they are.
BRIDGED_BY_RULING = ("text", "references")


@dataclass(frozen=True)
class Bridge:
    """For one kind and organisation: whoever holds the digest `start` of a part also holds `end`."""

    kind: str
    organisation: int
    part: str
    start: str
    end: str
    by: Signoff | Ruling | ReferenceRuling


@dataclass(frozen=True)
class Approval:
    """An approval that holds, and the bridges that carried it here from its own edition."""

    signoff: Signoff
    bridges: tuple[Bridge, ...] = ()

    @property
    def before_minor_corrections(self) -> bool:
        return any(isinstance(bridge.by, Ruling | ReferenceRuling) for bridge in self.bridges)


@dataclass(frozen=True)
class Evidence:
    """Every decision about an article, read once."""

    signoffs: list[Signoff]
    rulings: list[Ruling]
    writers: frozenset[int]
    over_references: tuple["Bridge", ...] = ()


def evidence(edition: Edition, *, until: datetime | None = None) -> Evidence:
    """Read every decision about the article.

    With `until`, return what there was at that moment, less what was withdrawn since.
    """
    signoffs = Signoff.objects.filter(edition__article=edition.article_id).order_by("pk")
    rulings = Ruling.objects.filter(to_edition__article=edition.article_id).order_by("pk")
    if until:
        signoffs, rulings = signoffs.filter(signed_at__lte=until), rulings.filter(signed_at__lte=until)
    return Evidence(
        signoffs=list(
            signoffs.select_related(
                "kind", "edition", "organisation", "signed_by", "withdrawal", "since_edition"
            )
        ),
        rulings=list(rulings.select_related("kind", "from_edition", "to_edition", "withdrawal")),
        writers=frozenset(authorship.contributors(edition, until=until)),
        over_references=tuple(reference_bridges(edition, until=until)),
    )


def seen_from(edition: Edition, known: Evidence) -> Evidence:
    """Return the same decisions as they bear on another edition of the article."""
    return replace(
        known,
        writers=frozenset(authorship.contributors(edition)),
        over_references=tuple(reference_bridges(edition)),
    )


def approvals(edition: Edition, known: Evidence | None = None) -> list[Approval]:
    """List the whole-page approvals that hold for the edition, oldest first."""
    known = known or evidence(edition)
    bridges = list(all_bridges(known))
    found = []
    for signoff in known.signoffs:
        if signoff.decision == Decision.APPROVE and signoff.scope == Scope.WHOLE_PAGE:
            way = carried(signoff, edition.parts, bridges)
            if (
                way is not None
                and stands(signoff, known)
                and not requests_for_changes(edition, signoff.kind.code, known)
            ):
                found.append(Approval(signoff, tuple(way)))
    return found


def stands(signoff: Signoff, known: Evidence) -> bool:
    """Tell whether (b), (c), (d) and (e) are true of the sign-off, on the digests that it covers."""
    if is_withdrawn(signoff) or (signoff.kind.independent and signoff.signed_by_id in known.writers):
        return False
    on_those = decisions_on(signoff.covered, signoff.kind.code, known)
    own = [
        s
        for s in on_those
        if (s.signed_by_id, s.organisation_id) == (signoff.signed_by_id, signoff.organisation_id)
    ]
    # Rows come oldest first, so a person's last one is what they say now.
    return own[-1] == signoff and not asking_for_changes(on_those)


def is_withdrawn(row: Signoff | Ruling | ReferenceRuling) -> bool:
    # A one-to-one row that points here. Without one, Django's attribute raises, and `hasattr` is False.
    return hasattr(row, "withdrawal")


def decisions_on(digests: Digests, kind: str, known: Evidence) -> list[Signoff]:
    """List approvals and requests of the kind whose covered parts read as in `digests`, oldest first.

    A decline counts neither way.
    """
    return [
        signoff
        for signoff in known.signoffs
        if signoff.kind.code == kind
        and signoff.decision != Decision.DECLINE
        and all(digests.get(part, digest) == digest for part, digest in signoff.covered.items())
    ]


def asking_for_changes(decisions: Iterable[Signoff]) -> list[Signoff]:
    newest = {(decision.signed_by_id, decision.organisation_id): decision for decision in decisions}
    return [s for s in newest.values() if s.decision == Decision.REQUEST_CHANGES and not is_withdrawn(s)]


def requests_for_changes(edition: Edition, kind: str, known: Evidence) -> list[Signoff]:
    return asking_for_changes(decisions_on(edition.parts, kind, known))


def reference_bridges(edition: Edition, *, until: datetime | None = None) -> Iterator[Bridge]:
    """Find bridges from an earlier edition to a later one, up to this, where every changed reference was ruled to say
    nothing new.

    One person's rulings, for one kind and organisation, must explain every changed entry, and that person wrote
    nothing of any edition from the first of the two to this one: an edition's contributors are counted from the live
    one on.
    """
    by_ruler = rulings_on_what_is_cited(edition, until)
    if not by_ruler:
        return
    known = list(
        Edition.objects.filter(article=edition.article_id, number__lte=edition.number).order_by("number")
    )
    listed = {each.pk: references_of(each) for each in known}
    wrote = authorship.contributors_since(edition, until=until)
    for start, end in combinations(known, 2):
        for (kind, organisation, person), own in by_ruler.items():
            used = explaining(listed[start.pk], listed[end.pk], own)
            if used and person not in wrote[start.number]:
                ends = start.parts["references"], end.parts["references"]
                yield Bridge(kind, organisation, "references", *ends, used[-1])


def rulings_on_what_is_cited(
    edition: Edition, until: datetime | None
) -> dict[tuple[str, int, int], list[ReferenceRuling]]:
    """Return the rulings that hold, by kind, organisation and person."""
    uids = [entry["uid"] for entry in references_of(edition)]
    rulings = ReferenceRuling.objects.filter(reference__uid__in=uids, withdrawal=None)
    rulings = rulings.filter(signed_at__lte=until) if until else rulings
    found: dict[tuple[str, int, int], list[ReferenceRuling]] = {}
    for ruling in rulings.select_related("kind"):
        found.setdefault((ruling.kind.code, ruling.organisation_id, ruling.signed_by_id), []).append(ruling)
    return found


def references_of(edition: Edition) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = snapshot.parsed(edition.snapshot)["parts"]["references"]
    return entries


def explaining(
    old: list[dict[str, Any]], new: list[dict[str, Any]], rulings: list[ReferenceRuling]
) -> list[ReferenceRuling]:
    """Return the rulings that explain every entry that differs, or none where one is left over or nothing differs."""
    if len(old) != len(new):
        return []
    pairs = [(before, after) for before, after in zip(old, new, strict=True) if before != after]
    found = [next((r for r in rulings if (r.old, r.new) == pair), None) for pair in pairs]
    return [ruling for ruling in found if ruling] if all(found) else []


def all_bridges(known: Evidence) -> Iterable[Bridge]:
    yield from known.over_references
    for ruling in known.rulings:
        if not is_withdrawn(ruling):
            for part in set(ruling.parts) & set(BRIDGED_BY_RULING):
                start, end = ruling.from_edition.parts[part], ruling.to_edition.parts[part]
                yield Bridge(ruling.kind.code, ruling.organisation_id, part, start, end, ruling)
    for signoff in known.signoffs:
        # An approval of the changes alone leads from the edition that they start at to its own.
        since = signoff.since_edition
        if since and signoff.decision == Decision.APPROVE and stands(signoff, known):
            for part, end in signoff.covered.items():
                yield Bridge(
                    signoff.kind.code, signoff.organisation_id, part, since.parts[part], end, signoff
                )


def carried(signoff: Signoff, target: Digests, bridges: list[Bridge]) -> list[Bridge] | None:
    """Return the bridges from the sign-off's own digests to the target's: none where they are equal, None where there
    is no way.
    """
    # Nobody's bridge helps another organisation's signature, nor a signature of another kind.
    usable = [b for b in bridges if (b.kind, b.organisation) == (signoff.kind.code, signoff.organisation_id)]
    way: list[Bridge] = []
    for part, digest in signoff.covered.items():
        over = path(part, digest, target.get(part, ""), usable)
        if over is None:
            return None
        way.extend(bridge for bridge in over if bridge not in way)
    return way


def path(part: str, start: str, end: str, bridges: list[Bridge]) -> list[Bridge] | None:
    """Return the shortest way over bridges of this part."""
    ways: dict[str, list[Bridge]] = {start: []}
    queue = [start]
    while queue and end not in ways:
        here = queue.pop(0)
        for bridge in bridges:
            if bridge.part == part and bridge.start == here and bridge.end not in ways:
                ways[bridge.end] = [*ways[here], bridge]
                queue.append(bridge.end)
    return ways.get(end)
