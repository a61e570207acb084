"""Restoring a revision as a new draft: ordinary saves and deletions, so that the audit trail has a row for each."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from reversion.errors import RevertError
from reversion.models import Version

from accounts import permissions
from accounts.models import User
from content.drafts import revisions, saving
from content.drafts.revisions import Rows
from content.models import Article, Citation, Pin, Section
from content.snapshots import pins
from evidence.findings import Finding, no_right, refuse_if

# The words of an article and where it is listed. Its identity, its address, its owner, the edition it translates and
# what was decided about it are nothing that an older revision may bring back.
RESTORED = ("title", "lead", "type", "condition_id", "co_branded_with_id", "public_note")
KEPT = ("id", "uid", "work_id", "language", "slug", "owner_id", "source_digest", "saves", "retired_at")


@dataclass(frozen=True)
class Plan:
    """What restoring has to do: nothing is saved that is equal already."""

    columns: dict[str, Any]
    deletions: list[models.Model]
    saves: list[models.Model]

    @property
    def is_empty(self) -> bool:
        return not (self.columns or self.deletions or self.saves)


def restore(article: Article, version: Version, *, by: User, saves: int) -> None:
    """Make the draft say what the revision says. `saves` is the draft's counter on the page that was shown."""
    comment = f"{revisions.RESTORED} {revisions.written(version)}"
    with revisions.revision(by=by, comment=comment):
        article = Article.objects.select_for_update().get(pk=article.pk)
        by = permissions.fresh(by)
        refuse_if("restore", refusals(article, version, by=by, saves=saves))
        carry_out(article, plan(article, revisions.rows_at(version)), comment)


def refusals(article: Article, version: Version, *, by: User, saves: int) -> Iterator[Finding]:
    if not permissions.may(by, permissions.CHANGE_ARTICLE):
        yield no_right(
            "Only editors can restore a revision. Ask an administrator to add you to the group “Editors”."
        )
    if article.retired_at:
        yield Finding(
            "article-retired", "This article is retired, so it cannot be changed. Ask your administrator."
        )
    if saves != article.saves:
        yield Finding("stale-draft", stale(article))
    if not revisions.versions(article).filter(pk=version.pk).exists():
        yield Finding(
            "other-article", f"This revision does not belong to “{article}”. Choose one from its own list."
        )
        return
    try:
        rows = revisions.rows_at(version)
    except RevertError:
        words = "This revision was stored by an older version of the software and can no longer be read. Choose another."
        yield Finding("revision-unreadable", words)
        return
    yield from lost(rows)
    if plan(article, rows).is_empty:
        yield Finding(
            "same-already", "The draft is already the same as this revision, so there is nothing to restore."
        )


def stale(article: Article) -> str:
    newest = article.history.select_related("history_user").first()
    who = newest.history_user if newest and newest.history_user else "Somebody"
    return f"{who} saved this draft after you opened the page. Check what changed, then decide again."


GONE = {
    "reference": ("reference-gone", "Its reference {place} is no longer in the library."),
    "access_check": (
        "access-check-gone",
        "The access check of its reference {place} is no longer on record.",
    ),
    "drug": ("drug-gone", "The drug of its section “{row}” is no longer in the library."),
    "condition": ("condition-gone", "Its condition is no longer in the library."),
    "co_branded_with": ("organisation-gone", "Its contributing society is no longer on record."),
}


def lost(rows: Rows) -> Iterator[Finding]:
    """Find what the revision shows and the library no longer has."""
    places = {citation.pk: number for number, citation in enumerate(rows.citations, start=1)}
    for row, name in revisions.lost_links(rows):
        code, words = GONE[name]
        place = places.get(row.pk, 0) if isinstance(row, Citation) else 0
        shown = row if isinstance(row, Section) else ""
        fix = "Copy what you need from this revision into the draft by hand."
        yield Finding(code, f"{words.format(place=place, row=shown)} {fix}", subject=name)


def lost_pins(rows: Rows) -> list[Pin]:
    # Pins whose audit-trail row is gone stay out, and the library's newest version stands in where one must.
    shown = pins.rows_shown(rows.pins)
    return [pin for pin in rows.pins if pin.version is not None and (pin.row_kind, pin.row_key) not in shown]


def restored(article: Article, rows: Rows) -> Rows:
    """Return the rows that the draft would have."""
    after = copy.copy(article)
    for column in RESTORED:
        setattr(after, column, getattr(rows.article, column))
    out = {pin.pk for pin in lost_pins(rows)}
    return Rows(after, rows.sections, rows.citations, [pin for pin in rows.pins if pin.pk not in out])


def plan(article: Article, rows: Rows) -> Plan:
    now, then = revisions.rows_now(article), restored(article, rows)
    columns = {name: getattr(then.article, name) for name in RESTORED}
    pairs: list[tuple[Iterable[Any], Iterable[Any]]] = [
        (now.sections, then.sections),
        (now.citations, then.citations),
        (now.pins, then.pins),
    ]
    return Plan(
        {name: value for name, value in columns.items() if value != getattr(article, name)},
        [row for old, new in pairs for row in superfluous(old, new)],
        [row for old, new in pairs for row in missing(old, new)],
    )


# Of each table, what a row cannot change without becoming another: to swap the references of two citations by
# updating them would break the rule that an article cites a reference once.
IDENTITY = {Section: ("uid",), Citation: ("reference_id",), Pin: ("row_kind", "row_key")}


def identity(row: models.Model) -> tuple[Any, ...]:
    return (row.pk, *(getattr(row, name) for name in IDENTITY[type(row)]))


def superfluous(old: Iterable[models.Model], new: Iterable[models.Model]) -> list[models.Model]:
    kept = {identity(row) for row in new}
    return [row for row in old if identity(row) not in kept]


def missing(old: Iterable[models.Model], new: Iterable[models.Model]) -> list[models.Model]:
    """List rows to be saved, with the keys they had: new ones, and those that differ in any column."""
    there = {identity(row): columns_of(row) for row in old}
    return [row for row in new if there.get(identity(row)) != columns_of(row)]


def columns_of(row: models.Model) -> dict[str, Any]:
    return {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}


def carry_out(article: Article, todo: Plan, reason: str) -> None:
    for row in (*todo.deletions, *todo.saves, article):
        row._change_reason = reason  # type: ignore[attr-defined]
    for row in todo.deletions:
        row.delete()
    for row in todo.saves:
        row.save()
    for name, value in todo.columns.items():
        setattr(article, name, value)
    saving.saved(article)
