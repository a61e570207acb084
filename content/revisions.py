"""Every save of a draft is one revision of the whole article: to look at, compare and restore; never evidence."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TypeVar

import reversion
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils import timezone
from reversion.models import Version
from simple_history.models import HistoricalRecords

from content import pins, snapshot
from content.models import Article, Citation, Library, Person, Pin, Section
from content.snapshot import Snapshot

Row = TypeVar("Row", bound=models.Model)

for model in (Section, Citation, Pin):
    reversion.register(model)
reversion.register(Article, follow=("sections", "citations", "pins"))


@contextmanager
def revision(*, by: Person, comment: str) -> Iterator[None]:
    """One transaction and one revision around all that is saved inside; the audit trail names `by` too."""
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
    """Of the article's own row, one for each revision; newest first."""
    found: models.QuerySet[Version] = Version.objects.get_for_object(article)
    return found.select_related("revision__user").order_by("-pk")


def rows_at(version: Version) -> Rows:
    """Unsaved copies, to be read. Raises RevertError where an older program stored what this one cannot read."""
    article = Article(**version.field_dict)

    def stored(model: type[Row]) -> list[Row]:
        rows = Version.objects.get_for_model(model).filter(revision=version.revision_id)
        # One revision may hold rows of several articles.
        return [model(**row.field_dict) for row in rows if row.field_dict["article_id"] == article.pk]

    return Rows(article, ordered(stored(Section)), ordered(stored(Citation)), stored(Pin))


def ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.position, row.pk))  # type: ignore[attr-defined]


def rows_now(article: Article) -> Rows:
    return Rows(article, list(article.sections.all()), list(article.citations.all()), list(article.pins.all()))


def snapshot_of(rows: Rows) -> Snapshot:
    """As readers would see these rows; what the library lost meanwhile (`lost` of content.restoring) is left out."""
    shown = pins.rows_shown(rows.pins)
    cited = {citation.reference_id for citation in rows.citations}
    unpinned = {row for row in cited if (Library.REFERENCE, row) not in shown}
    newest = pins.versions(Library.REFERENCE, unpinned)
    shown |= {(Library.REFERENCE, row): version for row, version in newest.items()}
    citations = [each for each in rows.citations if (Library.REFERENCE, each.reference_id) in shown]
    prefetch_related_objects(rows.sections, "drug")
    prefetch_related_objects(citations, "reference", "access_check")
    return snapshot.of_rows(rows.article, rows.sections, citations, shown)


def existing(model: type[models.Model], keys: Collection[int | None]) -> set[int]:
    return set(model._default_manager.filter(pk__in=[key for key in keys if key]).values_list("pk", flat=True))


def written(version: Version) -> str:
    """The moment it was saved, in words; with seconds, for two may be saved in a minute."""
    return f"{timezone.localtime(version.revision.date_created):%B %-d, %Y, %-I:%M:%S %p}"
