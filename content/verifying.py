"""Anyone can check: every digest, link, number and trigger recomputed from the rows as they are stored."""

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import Model

from content import ledger, snapshot, triggers
from content.models import Edition, LedgerEvent, Publication
from content.models.frozen import FrozenModel

# The ledger cannot name its own rows, and refusals are kept outside it.
OUTSIDE_THE_LEDGER = frozenset({"content_ledgerevent", "content_refusal"})
CHUNK = 500

Named = dict[tuple[str, int], str]


def editions_hold(rows: Iterable[Edition]) -> Iterator[str]:
    """The stored bytes have the digests that were signed, and numbers have no gaps."""
    expected: dict[int, int] = {}
    for edition in rows:
        expected[edition.article_id] = expected.get(edition.article_id, 0) + 1
        if edition.number != expected[edition.article_id]:
            yield f"{edition} (row {edition.pk}): its number should be {expected[edition.article_id]}"
        if snapshot.digest(edition.snapshot) != edition.digest:
            yield f"{edition} (row {edition.pk}): its bytes do not have the digest {edition.digest}"
        elif snapshot.part_digests(snapshot.parsed(edition.snapshot)) != edition.parts:
            yield f"{edition} (row {edition.pk}): its parts do not have their digests"


def ledger_holds(named: Named) -> Iterator[str]:
    """The chain is whole; what it names is collected in `named`, the newest word on each row."""
    previous, number = ledger.GENESIS, 0
    for event in LedgerEvent.objects.order_by("number").iterator(CHUNK):
        number += 1
        if event.number != number:
            yield f"ledger: event {number} is missing (found {event.number})"
            number = event.number
        if event.previous != previous:
            yield f"ledger event {event.number}: does not follow the one before it"
        if ledger.event_digest(event) != event.digest:
            yield f"ledger event {event.number}: its content does not have its digest"
        previous = event.digest
        for row in event.rows:
            named[row["table"], row["key"]] = row["sha256"]


def evidence_holds(named: Named) -> Iterator[str]:
    """Every piece of evidence is as the ledger recorded it, and none came or went without it."""
    for model in triggers.frozen_models():
        table = model._meta.db_table
        if table not in OUTSIDE_THE_LEDGER:
            yield from table_holds(model, {key: digest for (t, key), digest in named.items() if t == table})


def table_holds(model: type[FrozenModel], recorded: dict[int, str]) -> Iterator[str]:
    name = model._meta.verbose_name
    missing = set(recorded)
    for row in model._default_manager.order_by("pk").iterator(CHUNK):
        missing.discard(row.pk)
        if row.pk not in recorded:
            yield f"{name} {row.pk} ({row}): the ledger knows nothing of it"
        elif ledger.row_digest(row) != recorded[row.pk]:
            yield f"{name} {row.pk} ({row}): differs from what the ledger recorded"
    for key in sorted(missing):
        yield f"{name} {key}: recorded in the ledger, and gone"


def triggers_hold() -> Iterator[str]:
    for name in triggers.missing(connection):
        yield f"trigger {name}: missing or altered; run `manage.py migrate`"


def head_holds(head: str) -> Iterator[str]:
    """A head that was exported earlier (`NUMBER:DIGEST`) must still be in the chain: a cut tail is seen."""
    number, _, digest = head.partition(":")
    event = LedgerEvent.objects.filter(number=int(number)).first()
    if event is None:
        yield f"ledger: event {number} of the exported head is gone; the end of the ledger was cut off"
    elif event.digest != digest:
        yield f"ledger event {number}: differs from the exported head"


def live_damage(publication: Publication) -> str:
    """Why a live page must not be served as signed; empty where all is well. Two queries."""
    edition = publication.edition
    if snapshot.digest(edition.snapshot) != edition.digest:
        return f"the bytes of {edition} do not have their digest"
    event = (
        LedgerEvent.objects.filter(article_uid=publication.article.uid, verb="publish")
        .order_by("-number")
        .first()
    )
    recorded = {(row["table"], row["key"]): row["sha256"] for row in event.rows} if event else {}
    if recorded.get(key_of(publication)) != ledger.row_digest(publication):
        return f"{publication} is not as the ledger recorded it"
    return ""


def key_of(row: Model) -> tuple[str, int]:
    return row._meta.db_table, row.pk
