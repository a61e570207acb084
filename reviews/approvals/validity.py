"""Which approvals hold for an edition. Computed from rows each time; nothing is ever reset or marked.

An approval holds when
(a) a chain of editions leads from its own to this one: each step is to an edition that reads the same in every part it
    covers, or over a bridge between two named editions: a ruling by somebody who wrote nothing of this one, or a review
    of the changes,
(b) neither it nor a bridge on the way was withdrawn,
(c) its signer wrote nothing of the edition, where the kind asks for independence,
(d) it is its signer's newest decision of that kind and organisation on those digests,
(e) no objection of that kind stands against its own edition or this one: see objections.py.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Max, Min, Q

from content.editions import authorship
from content.models import Act, Edition
from reviews.approvals import objections
from reviews.approvals.chains import Bridge, Reading, reached_from, reading, ways_to
from reviews.approvals.objections import Timeline
from reviews.approvals.over_references import NONE, OverReferences, over_references
from reviews.models import Decision, ReferenceRuling, Ruling, Scope, Signoff

Digests = dict[str, str]
Parts = tuple[str, ...]
# Parts that a ruling may bridge; the others must be signed as they are.
BRIDGED_BY_RULING = ("text", "references")


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
    """Every decision about an article, read once, as it bears on one edition: `writers` are those of that edition."""

    signoffs: list[Signoff]
    rulings: list[Ruling]
    writers: frozenset[int]
    references: OverReferences = NONE
    timeline: Timeline = field(default_factory=Timeline)

    @cached_property
    def bridges(self) -> dict[tuple[str, int], list[Bridge]]:
        """Bridges that stand, by kind and organisation."""
        found: dict[tuple[str, int], list[Bridge]] = defaultdict(list)
        for bridge in all_bridges(self):
            found[bridge.kind, bridge.organisation].append(bridge)
        return found

    @cached_property
    def superseded(self) -> frozenset[int]:
        """Keys of the sign-offs whose signers have decided anew on the same digests."""
        return frozenset(decided_anew(self.signoffs))

    @cached_property
    def objected(self) -> dict[int, list[Signoff]]:
        """Open objections, by the key of each edition that somebody decided on."""
        editions = {signoff.edition_id: signoff.edition for signoff in self.signoffs}
        return {key: self.objections_to(edition) for key, edition in editions.items()}

    def objections_to(self, edition: Edition) -> list[Signoff]:
        """List the objections that stand against the edition, oldest first."""
        return objections.open_against(edition, self.signoffs, self.timeline)

    def overruled_for(self, edition: Edition) -> list[Signoff]:
        """List the objections that would stand against the edition if nobody had overruled them."""
        left = objections.unanswered(edition, self.signoffs, self.timeline)
        return [objection for objection in left if hasattr(objection, "overruling")]


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
                "kind",
                "edition",
                "organisation",
                "signed_by",
                "withdrawal",
                "since_edition",
                "overruling__edition",
            )
        ),
        rulings=list(rulings.select_related("kind", "from_edition", "to_edition", "withdrawal")),
        writers=frozenset(authorship.contributors(edition, until=until)),
        references=over_references(edition, until=until),
        timeline=timeline(edition.article_id, until),
    )


def timeline(article: int, until: datetime | None) -> Timeline:
    handed_in = Q(submissions__act=Act.SUBMITTED)
    handed_in &= Q(submissions__recorded_at__lte=until) if until else Q()
    editions = Edition.objects.filter(article=article).order_by()
    rows = editions.annotate(
        submitted_at=Max("submissions__recorded_at", filter=handed_in),
        public_since=Min("publications__from_at"),
    ).values_list("pk", "submitted_at", "public_since")
    found = list(rows)
    return Timeline(
        {key: submitted for key, submitted, _ in found if submitted},
        {key: public for key, _, public in found if public},
    )


def seen_from(edition: Edition, known: Evidence) -> Evidence:
    """Return the same decisions as they bear on another edition of the article."""
    return replace(
        known,
        writers=frozenset(authorship.contributors(edition)),
        references=over_references(edition),
    )


def approvals(edition: Edition, known: Evidence | None = None) -> list[Approval]:
    """List the whole-page approvals that hold for the edition, oldest first."""
    known = known or evidence(edition)
    objected = {objection.kind.code for objection in known.objections_to(edition)}
    return [approval for approval in reaching(edition, known) if approval.signoff.kind.code not in objected]


def reaching(edition: Edition, known: Evidence) -> list[Approval]:
    """List the whole-page approvals that stand and that a chain leads to the edition, whatever is objected to it."""
    found: list[Approval] = []
    ways: dict[tuple[str, int, Parts], dict[Reading, tuple[Bridge, ...]]] = {}
    for signoff in standing(known):
        covered = tuple(sorted(signoff.covered))
        about = (signoff.kind.code, signoff.organisation_id, covered)
        if about not in ways:
            ways[about] = ways_to(edition, covered, bridges_for(*about, known))
        way = ways[about].get(reading(signoff.covered, covered))
        if way is not None:
            found.append(Approval(signoff, way))
    return found


def reached(kind: str, organisation: int, known: Evidence) -> dict[Parts, set[Reading]]:
    """Return, by the parts covered, how every edition reads that an approval reaches, and from which it could be carried
    on to the edition that `known` was read for.
    """
    starts: dict[Parts, set[Reading]] = defaultdict(set)
    for signoff in standing(known):
        if (signoff.kind.code, signoff.organisation_id) == (kind, organisation):
            covered = tuple(sorted(signoff.covered))
            starts[covered].add(reading(signoff.covered, covered))
    return {
        covered: reached_from(own, covered, bridges_for(kind, organisation, covered, known))
        for covered, own in starts.items()
    }


def standing(known: Evidence) -> Iterator[Signoff]:
    for signoff in known.signoffs:
        if (
            signoff.decision == Decision.APPROVE
            and signoff.scope == Scope.WHOLE_PAGE
            and stands(signoff, known)
        ):
            yield signoff


def bridges_for(kind: str, organisation: int, covered: Parts, known: Evidence) -> Iterator[Bridge]:
    # Nobody's bridge helps another organisation's signature, nor a signature of another kind.
    yield from known.bridges.get((kind, organisation), ())
    yield from known.references.bridges(kind, organisation, covered)


def stands(signoff: Signoff, known: Evidence) -> bool:
    """Tell whether (b), (c) and (d) are true of the sign-off, and (e) of its own edition."""
    if is_withdrawn(signoff) or (signoff.kind.independent and signoff.signed_by_id in known.writers):
        return False
    if signoff.pk in known.superseded:
        return False
    return all(objection.kind.code != signoff.kind.code for objection in known.objected[signoff.edition_id])


def decided_anew(signoffs: list[Signoff]) -> Iterator[int]:
    """Give the keys of the sign-offs after which their signers decided again, of the kind, on the same digests."""
    later: dict[tuple[str, int, int], dict[Parts, set[Reading]]] = defaultdict(lambda: defaultdict(set))
    for signoff in reversed(signoffs):
        if signoff.decision != Decision.DECLINE:
            seen = later[signoff.kind.code, signoff.signed_by_id, signoff.organisation_id]
            parts = tuple(sorted(signoff.covered))
            if any(is_among(signoff.covered, parts, other, seen[other]) for other in seen):
                yield signoff.pk
            seen[parts].add(reading(signoff.covered, parts))


def is_among(digests: Digests, parts: Parts, other: Parts, readings: set[Reading]) -> bool:
    """Tell whether one of the readings, of the parts in `other`, is the same in what both cover."""
    if parts == other:
        return reading(digests, parts) in readings
    # Only versions of a kind differ in what they cover, and there are few.
    return any(
        all(digests.get(part, digest) == digest for part, digest in zip(other, each, strict=True))
        for each in readings
    )


def is_withdrawn(row: Signoff | Ruling | ReferenceRuling) -> bool:
    # A one-to-one row that points here. Without one, Django's attribute raises, and `hasattr` is False.
    return hasattr(row, "withdrawal")


def requests_for_changes(edition: Edition, kind: str, known: Evidence) -> list[Signoff]:
    """List the objections of the kind that stand against the edition, oldest first."""
    return [objection for objection in known.objections_to(edition) if objection.kind.code == kind]


def all_bridges(known: Evidence) -> Iterator[Bridge]:
    """Give every bridge over rulings and reviews of changes that stands. No writer of the edition rules on it."""
    for ruling in known.rulings:
        if not is_withdrawn(ruling) and ruling.signed_by_id not in known.writers:
            parts = frozenset(ruling.parts) & frozenset(BRIDGED_BY_RULING)
            ends = ruling.from_edition, ruling.to_edition
            yield Bridge(ruling.kind.code, ruling.organisation_id, parts, *ends, ruling)
    for signoff in known.signoffs:
        # An approval of the changes alone leads from the edition that they start at to its own.
        # (c) keeps writers out of it, for the kinds that ask for independence.
        since, parts = signoff.since_edition, frozenset(signoff.covered)
        if since and signoff.decision == Decision.APPROVE and stands(signoff, known):
            kind, ends = signoff.kind.code, (since, signoff.edition)
            yield Bridge(kind, signoff.organisation_id, parts, *ends, signoff)
