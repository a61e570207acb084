"""The hash-chained record of every verb that was carried out."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from django.utils.formats import date_format

from evidence.findings import Finding, Refused
from evidence.frozen import FrozenModel
from evidence.models import LedgerEvent, LedgerHead

GENESIS = "0" * 64
# What `migrate` loads into an installation. It says when the program was set up, and nobody decided anything then.
LOAD_INITIAL_DATA = "load initial data"
# The clocks of several servers of one installation never agree to the second.
CLOCKS_DIFFER_BY = timedelta(seconds=2)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def plain(value: Any) -> Any:
    """Return a column's value as canonical JSON can hold it, the same before and after a trip through the database."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_fixed_timezone(0)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def columns_of(model: type[FrozenModel], schema: int) -> tuple[str, ...]:
    """The columns that digests of that schema are over. KeyError where the model never had it."""
    return model.evidence if schema == model.evidence_schema else model.earlier_evidence[schema]


def row_digest(row: FrozenModel, schema: int | None = None) -> str:
    """SHA-256 of the canonical JSON (RFC 8785) of [name, schema, key, value, value, …]."""
    schema = schema or row.evidence_schema
    values = [plain(getattr(row, column)) for column in columns_of(type(row), schema)]
    return sha256(rfc8785.dumps([row.evidence_name, schema, row.pk, *values]))


def end_digest(row: FrozenModel, schema: int | None = None) -> str:
    """Of what says how the row ended; empty where it has not."""
    schema = schema or row.evidence_schema
    once = {column.attname for column in row._meta.concrete_fields if column.name in row.settable_once}
    values = [plain(getattr(row, column)) for column in columns_of(type(row), schema) if column in once]
    if all(value is None for value in values):
        return ""
    return sha256(rfc8785.dumps([row.evidence_name, schema, row.pk, "end", *values]))


def named(row: FrozenModel) -> dict[str, Any]:
    """As an event names it. The end by itself: a row that was changed before can then be put back with the end it got since."""
    end = end_digest(row)
    said = {
        "row": row.evidence_name,
        "schema": row.evidence_schema,
        "key": row.pk,
        "sha256": row_digest(row),
    }
    return {**said, "end": end} if end else said


def event_digest(event: LedgerEvent) -> str:
    """Return the digest over everything the event says, and over the digest of the event before it."""
    said = {
        "number": event.number,
        "at": plain(event.recorded_at),
        "verb": event.verb,
        "article": plain(event.article_uid),
        "by": event.recorded_by_id,
        "by_name": event.recorded_by_name,
        "facts": event.facts,
        "rows": event.evidence_rows,
        "previous": event.previous_digest,
    }
    return sha256(rfc8785.dumps(said))


def clock_is_behind(last: LedgerEvent) -> Finding:
    now, then = (
        date_format(timezone.localtime(moment), "DATETIME_FORMAT")
        for moment in (timezone.now(), last.recorded_at)
    )
    words = (
        f"The clock of the server says {now}, but the last decision here was recorded on {then}. Nothing was stored. "
        "Ask your administrator to correct the clock, then do this again."
    )
    return Finding("clock-behind", words)


def record(
    verb: str,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    rows: Iterable[FrozenModel],
    article_uid: UUID | None = None,
    **facts: Any,
) -> LedgerEvent:
    """Append an event inside the verb's transaction.

    This is always the verb's last step, because the ledger's head is locked last. Refused where the clock stands before
    the last event: what was decided would carry a day before that of what it rests on.
    """
    LedgerHead.objects.select_for_update().get()
    last = LedgerEvent.objects.order_by("-number").first()
    if last and last.verb != LOAD_INITIAL_DATA and timezone.now() < last.recorded_at - CLOCKS_DIFFER_BY:
        raise Refused(verb, [clock_is_behind(last)])
    event = LedgerEvent(
        number=last.number + 1 if last else 1,
        recorded_at=at,
        verb=verb,
        article_uid=article_uid,
        recorded_by_id=by.pk if by else None,
        recorded_by_name=str(by) if by else "the system",
        facts=facts,
        evidence_rows=[named(row) for row in rows],
        previous_digest=last.digest if last else GENESIS,
    )
    event.digest = event_digest(event)
    event.save()
    return event
