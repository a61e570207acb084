"""Every save of a draft is one revision of the whole article: to look at, compare and restore; never evidence."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeVar

import reversion
from django.db import models
from django.db.models import prefetch_related_objects
from reversion.models import Version
from simple_history.models import HistoricalRecords

from accounts.models import User
from content.models import Article, Citation, Pin, PinnedTable, Section
from content.phrases import moment_to_the_second
from content.snapshots import pins, snapshot
from content.snapshots.snapshot import Snapshot

Row = TypeVar("Row", bound=models.Model)
# What a draft's rows point at outside the draft.
LINKS = ("condition", "co_branded_with", "drug", "reference", "access_check")

for model in (Section, Citation, Pin):
    reversion.register(model)
reversion.register(Article, follow=("sections", "citations", "pins"))


# How a restored revision is told from others: who wrote its text is in the trail before it.
RESTORED = "Restored the revision of"


@contextmanager
def revision(*, by: User, comment: str) -> Iterator[None]:
    """Open one transaction and one revision around all that is saved inside. The audit trail names `by` too."""
    request = getattr(HistoricalRecords.context, "request", None)
    HistoricalRecords.context.request = SimpleNamespace(user=by)
    try:
        with reversion.create_revision():
            reversion.set_user(by)
            reversion.set_comment(comment)
            yield
    finally:
        HistoricalRecords.context.request = request


@dataclass(frozen=True)
class Rows:
    """An article and all that belongs to its draft, as a revision stored them or as the tables hold them now."""

    article: Article
    sections: list[Section]
    citations: list[Citation]
    pins: list[Pin]


def versions(article: Article) -> models.QuerySet[Version]:
    """Return the versions of the article's own row, one for each revision, newest first."""
    found: models.QuerySet[Version] = Version.objects.get_for_object(article)
    return found.select_related("revision__user").order_by("-pk")


def rows_at(version: Version) -> Rows:
    """Return unsaved copies of the rows, to be read.

    Raises RevertError where an older program stored what this one cannot read.
    """
    article = Article(**version.field_dict)

    def stored(model: type[Row]) -> list[Row]:
        rows = Version.objects.get_for_model(model).filter(revision=version.revision_id)
        # One revision may hold rows of several articles.
        return [model(**row.field_dict) for row in rows if row.field_dict["article_id"] == article.pk]

    return Rows(article, ordered(stored(Section)), ordered(stored(Citation)), stored(Pin))


def ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.position, row.pk))  # type: ignore[attr-defined]


def rows_now(article: Article) -> Rows:
    return Rows(
        article, list(article.sections.all()), list(article.citations.all()), list(article.pins.all())
    )


def lost_links(rows: Rows) -> list[tuple[models.Model, str]]:
    """List rows, and the name of the column, that point at something which is not in the library any more."""
    links = [
        (row, name)
        for row in (rows.article, *rows.sections, *rows.citations)
        for name in LINKS
        if getattr(row, f"{name}_id", None)
    ]
    wanted: dict[Any, set[int]] = {}
    for row, name in links:
        wanted.setdefault(target(row, name), set()).add(getattr(row, f"{name}_id"))
    there = {
        model: set(model.objects.filter(pk__in=keys).values_list("pk", flat=True))
        for model, keys in wanted.items()
    }
    return [(row, name) for row, name in links if getattr(row, f"{name}_id") not in there[target(row, name)]]


def target(row: models.Model, name: str) -> Any:
    return row._meta.get_field(name).related_model


def without_lost(rows: Rows) -> Rows:
    copies: dict[int, Any] = {}
    for row, name in lost_links(rows):
        fixed = copies.setdefault(id(row), copy.copy(row))
        setattr(fixed, f"{name}_id", None)
    kept = [copies.get(id(row), row) for row in rows.citations]
    return Rows(
        copies.get(id(rows.article), rows.article),
        [copies.get(id(row), row) for row in rows.sections],
        [citation for citation in kept if citation.reference_id],
        rows.pins,
    )


def snapshot_of(rows: Rows) -> Snapshot:
    """Return a snapshot of these rows as readers would see them. What the library has lost meanwhile is left out."""
    rows = without_lost(rows)
    prefetch_related_objects(rows.sections, "drug")
    prefetch_related_objects(rows.citations, "reference", "access_check")
    return snapshot.of_rows(rows.article, rows.sections, rows.citations, shown_by(rows))


def shown_by(rows: Rows) -> dict[pins.Key, Any]:
    """Return the library as these rows show it. A reference without a pin that can be read is taken as it is today."""
    shown = pins.rows_shown(rows.pins)
    unpinned = {citation.reference_id for citation in rows.citations} - {
        row for library, row in shown if library == PinnedTable.REFERENCE
    }
    newest = pins.versions(PinnedTable.REFERENCE, unpinned)
    return shown | {(PinnedTable.REFERENCE, row): version for row, version in newest.items()}


def written(version: Version) -> str:
    # With seconds, for two may be saved in a minute.
    return moment_to_the_second(version.revision.date_created)
