"""What was decided still fits the editions it is about, and every live page can be shown again."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import Model

from content.integrity import access_dates, verification
from content.integrity.verification import Named, Seen, place, unwatched
from content.models import Edition, Picture, Publication
from content.public import pages
from evidence.models import LedgerEvent
from reviews.approvals.validity import BRIDGED_BY_RULING
from reviews.models import Overruling, Ruling, Scope, Signoff


@dataclass(frozen=True)
class Totals:
    """How many rows there are to check."""

    editions: int
    signoffs: int
    events: int
    live_pages: int
    rows: int


def totals() -> Totals:
    editions, signoffs, events = Edition.objects.count(), Signoff.objects.count(), LedgerEvent.objects.count()
    live, rulings = Publication.objects.live().count(), Ruling.objects.count()
    evidence = sum(model._default_manager.count() for model in verification.recorded_models())
    # All these are read for their own sake, editions also for their access dates, and once more as evidence.
    own = 2 * editions + signoffs + rulings + Overruling.objects.count() + live + Picture.objects.count()
    return Totals(editions, signoffs, events, live, own + events + evidence)


def everything_holds(head: str = "", seen: Seen = unwatched) -> Iterator[str]:
    """Check everything that was decided. `head` is one that was exported earlier, as NUMBER:DIGEST."""
    named: Named = {}
    yield from verification.guard_holds()
    yield from verification.ledger_holds(named, seen)
    if head:
        yield from verification.head_holds(head)
    yield from verification.evidence_holds(named, seen)
    yield from verification.editions_hold(seen)
    yield from access_dates.access_dates_hold(seen)
    yield from verification.pictures_hold(seen)
    yield from signoffs_hold(seen)
    yield from rulings_hold(seen)
    yield from overrulings_hold(seen)
    yield from live_pages_hold(seen)


def signoffs_hold(seen: Seen = unwatched) -> Iterator[str]:
    found = Signoff.objects.select_related("edition", "kind", "since_edition")
    for key, signoff in verification.rows(found.defer("edition__snapshot", "since_edition__snapshot"), seen):
        if signoff:  # one that cannot be read is named among the evidence
            yield from located(Signoff, key, misfits_of_signoff(signoff))


def located(model: type[Model], key: int, misfits: Iterator[str]) -> Iterator[str]:
    return (f"{place(model, key)}: {misfit}" for misfit in misfits)


def misfits_of_signoff(signoff: Signoff) -> Iterator[str]:
    edition, kind, since = signoff.edition, signoff.kind, signoff.since_edition
    if signoff.edition_digest != edition.digest:
        yield f"was not given on the digest of edition {edition.pk}"
    if set(signoff.covered) != set(kind.covers):
        yield f"does not cover the parts that {kind.code}, version {kind.version}, covers"
    if any(edition.parts.get(part) != digest for part, digest in signoff.covered.items()):
        yield f"covers parts that edition {edition.pk} does not have"
    if signoff.meaning != kind.meaning:
        yield f"does not say what {kind.code}, version {kind.version}, means"
    if since and since.article_id != edition.article_id:
        yield "reviews changes since an edition of another article"
    if signoff.scope == Scope.CHANGES_ONLY and since == edition:
        yield "reviews changes since the very edition it is about"


def rulings_hold(seen: Seen = unwatched) -> Iterator[str]:
    found = Ruling.objects.select_related("kind", "from_edition", "to_edition")
    for key, ruling in verification.rows(found.defer("from_edition__snapshot", "to_edition__snapshot"), seen):
        if ruling:
            yield from located(Ruling, key, misfits_of_ruling(ruling))


def misfits_of_ruling(ruling: Ruling) -> Iterator[str]:
    kind, start, end = ruling.kind, ruling.from_edition, ruling.to_edition
    if start.article_id != end.article_id:
        yield "joins editions of two articles"
    if not set(ruling.parts) <= set(BRIDGED_BY_RULING):
        yield f"bridges more than {' and '.join(BRIDGED_BY_RULING)}"
    if not set(ruling.parts) <= set(kind.covers):
        yield f"bridges parts that {kind.code}, version {kind.version}, does not cover"


def overrulings_hold(seen: Seen = unwatched) -> Iterator[str]:
    found = Overruling.objects.select_related("edition", "objection__edition")
    for key, row in verification.rows(found.defer("edition__snapshot", "objection__edition__snapshot"), seen):
        if row:
            yield from located(Overruling, key, misfits_of_overruling(row))


def misfits_of_overruling(row: Overruling) -> Iterator[str]:
    objection = row.objection
    if not objection.is_objection:
        yield f"overrules sign-off {objection.pk}, which is no request for changes"
    if objection.signed_by_id == row.signed_by_id:
        yield "overrules its own signer's objection"
    if objection.edition.article_id != row.edition.article_id:
        yield "overrules an objection to another article"
    if row.edition_digest != row.edition.digest:
        yield f"was not given on the digest of edition {row.edition_id}"


def live_pages_hold(seen: Seen = unwatched) -> Iterator[str]:
    # Each page is as the ledger says it was published, and can be made again from its stored bytes.
    for publication, damage in verification.live_damages(seen):
        if damage:
            yield f"{place(Publication, publication.pk)}: {damage}"
        elif fault := fault_of_page(publication):
            yield f"{place(Publication, publication.pk)}: its page cannot be made again: {fault}"


def fault_of_page(publication: Publication) -> str:
    try:
        pages.published(publication)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is: it is this page's fault, and the others are still to be checked
        return f"{type(error).__name__}: {error}"
    return ""
