"""The hash-chained record of every verb that was carried out."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import rfc8785
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from evidence.models import LedgerEvent, LedgerHead

GENESIS = "0" * 64


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def plain(value: Any) -> Any:
    """Return a column's value as canonical JSON can hold it, the same before and after a trip through the database."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_fixed_timezone(0)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def row_digest(row: models.Model) -> str:
    later: tuple[str, ...] = getattr(row, "added_later", ())
    values = {field.attname: plain(field.value_from_object(row)) for field in row._meta.concrete_fields}
    said = {name: value for name, value in values.items() if value is not None or name not in later}
    return sha256(rfc8785.dumps(said))


def end_digest(row: models.Model) -> str:
    """Return the digest of the columns that say how the row ended, or an empty string while it has not."""
    once: tuple[str, ...] = getattr(row, "settable_once", ())
    columns = {column.name: column for column in row._meta.concrete_fields if column.name in once}
    values = {column.attname: plain(column.value_from_object(row)) for column in columns.values()}
    return sha256(rfc8785.dumps(values)) if any(value is not None for value in values.values()) else ""


def named(row: models.Model) -> dict[str, Any]:
    # The end has a digest of its own: a row that was changed before can then be put back with the end it got since.
    end = end_digest(row)
    said = {"table": row._meta.db_table, "key": row.pk, "sha256": row_digest(row)}
    return {**said, "end": end} if end else said


def event_digest(event: LedgerEvent) -> str:
    """Return the digest over everything the event says, and over the digest of the event before it."""
    said = {
        "number": event.number,
        "at": plain(event.at),
        "verb": event.verb,
        "article": plain(event.article_uid),
        "by": event.by_id,
        "by_name": event.by_name,
        "facts": event.facts,
        "rows": event.rows,
        "previous": event.previous,
    }
    return sha256(rfc8785.dumps(said))


def record(
    verb: str,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    rows: Iterable[models.Model],
    article_uid: UUID | None = None,
    **facts: Any,
) -> LedgerEvent:
    """Append an event inside the verb's transaction.

    This is always the verb's last step, because the ledger's head is locked last.
    """
    LedgerHead.objects.select_for_update().get()
    last = LedgerEvent.objects.order_by("-number").first()
    event = LedgerEvent(
        number=last.number + 1 if last else 1,
        at=at,
        verb=verb,
        article_uid=article_uid,
        by_id=by.pk if by else None,
        by_name=str(by) if by else "the system",
        facts=facts,
        rows=[named(row) for row in rows],
        previous=last.digest if last else GENESIS,
    )
    event.digest = event_digest(event)
    event.save()
    return event
