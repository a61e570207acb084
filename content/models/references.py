"""The shared library of references, and what people found when they opened them."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from content.citing import normalising
from content.fields import LineField
from content.models.frozen import FrozenModel


class ReferenceType(models.TextChoices):
    """Types of CSL 1.0.2 that patient articles cite."""

    WEBPAGE = "webpage", "web page"
    REPORT = "report", "guideline or report"
    ARTICLE_JOURNAL = "article-journal", "journal article"
    CHAPTER = "chapter", "chapter of a book"
    BOOK = "book", "book"
    DOCUMENT = "document", "package insert or label"
    PAPER_CONFERENCE = "paper-conference", "meeting abstract"


class Reference(models.Model):
    """A work that articles cite. The columns are CSL-JSON variables; the rest of the item is in `more`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=30, choices=ReferenceType, default=ReferenceType.WEBPAGE)
    author = models.JSONField(
        default=list, blank=True, help_text="CSL names: family and given, or literal for a body."
    )
    title = LineField(max_length=500)
    container_title = LineField(
        max_length=300, blank=True, help_text="The journal, book or site it stands in."
    )
    version = LineField(max_length=50, blank=True, help_text="Of a guideline: 2.2026.")
    issued = models.JSONField(
        default=list, blank=True, help_text="Date parts: [2025], [2025, 10] or [2025, 10, 6]."
    )
    url = LineField(
        "address", max_length=1000, blank=True, help_text="As it is to be printed; www.nccn.org will do."
    )
    url_normalised = LineField(max_length=1000, blank=True, editable=False, db_index=True)
    doi = LineField("DOI", max_length=200, blank=True, db_index=True)
    pmid = LineField("PMID", max_length=20, blank=True, db_index=True)
    more = models.JSONField(
        default=dict, blank=True, help_text="Further CSL-JSON variables: volume, page, publisher …"
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=ReferenceType.values), name="reference_type_is_known")
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.url_normalised = normalising.url(self.url) if self.url else ""
        super().save(*args, **kwargs)

    def clean(self) -> None:
        from django.core.exceptions import ValidationError

        try:
            self.url_normalised = normalising.url(self.url) if self.url else ""
        except ValueError as error:
            raise ValidationError({"url": str(error)}) from error


def csl_of(row: Any) -> dict[str, Any]:
    """The CSL-JSON item of a Reference, or of one of its audit-trail rows."""
    item: dict[str, Any] = {**row.more, "id": str(row.uid), "type": row.type, "title": row.title}
    if row.author:
        item["author"] = row.author
    if row.issued:
        item["issued"] = {"date-parts": [row.issued]}
    for key, value in (
        ("container-title", row.container_title),
        ("version", row.version),
        ("URL", row.url),
        ("DOI", row.doi),
        ("PMID", row.pmid),
    ):
        if value:
            item[key] = value
    return item


class Found(models.TextChoices):
    UNCHANGED = "unchanged", "unchanged"
    CHANGED = "changed", "changed"
    GONE = "gone", "gone"
    LOGIN = "login needed", "behind a login"
    NOT_STATED = "not stated", "not stated"


class AccessCheck(FrozenModel):
    """A person opened this source on this day and found it so; or a file said that somebody had."""

    reference = models.ForeignKey(Reference, models.PROTECT, related_name="access_checks")
    opened_on = models.DateField(null=True, help_text="Empty where the file named no full day.")
    printed_date = LineField(max_length=60, blank=True, help_text="The date as an imported file printed it.")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_by_name = LineField(max_length=150, help_text="“not recorded” for an imported check.")
    found = models.CharField(max_length=20, choices=Found)
    title_seen = LineField(max_length=500, blank=True)
    imported_from = LineField(max_length=255, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_by_name = LineField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        verbose_name = "access check"
        constraints = [
            models.CheckConstraint(condition=Q(found__in=Found.values), name="access_check_finding_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.reference} opened on {self.opened_on or self.printed_date or 'an unknown day'}"

    @property
    def is_imported(self) -> bool:
        return self.opened_by_id is None
