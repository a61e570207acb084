"""The shared library of references."""

import uuid
from collections.abc import Mapping
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q

from content.citing import normalising, same_source
from content.models.reference_keys import keep_keys
from evidence.audit_trail import AuditTrail
from evidence.fields import LineField

# Columns kept as typed, each with the one spelling by which it is compared (column `…_normalised`).
NORMALISED = {
    "url": normalising.url,
    "doi": normalising.doi,
    "pmid": normalising.pmid,
    "isbn": normalising.isbn,
}

# The columns that are variables of CSL-JSON as they stand.
COLUMNS = {
    "author": "author", "title": "title", "container-title": "container_title", "version": "version",
    "URL": "url", "DOI": "doi", "PMID": "pmid", "ISBN": "isbn",
}  # fmt: skip


class ReferenceType(models.TextChoices):
    """What patient articles cite: types of CSL 1.0.2, and three that CSL does not tell apart from others."""

    WEBPAGE = "webpage", "web page"
    AGENCY_PAGE = "agency-page", "page of an agency, such as the FDA"
    GUIDELINE = "guideline", "guideline"
    REPORT = "report", "report"
    ARTICLE_JOURNAL = "article-journal", "journal article"
    CHAPTER = "chapter", "chapter of a book"
    BOOK = "book", "book"
    LABEL = "label", "package insert or label"
    PAPER_CONFERENCE = "paper-conference", "meeting abstract"
    DOCUMENT = "document", "another document"


CSL_TYPES = {
    ReferenceType.AGENCY_PAGE.value: "webpage",
    ReferenceType.GUIDELINE.value: "report",
    ReferenceType.LABEL.value: "pamphlet",
}


def csl_type(kind: str) -> str:
    return CSL_TYPES.get(kind, kind)


def type_of_csl(csl: Mapping[str, Any]) -> str:
    """Return the type of a CSL-JSON item in our library. One that the library does not know is another document.

    A report with a version is a guideline, and a pamphlet a label: those are what CSL has for them.
    """
    kind = str(csl.get("type", ""))
    if kind == "report" and csl.get("version"):
        return ReferenceType.GUIDELINE
    if kind == "pamphlet":
        return ReferenceType.LABEL
    return kind if kind in ReferenceType.values else ReferenceType.DOCUMENT


class Retraction(models.TextChoices):
    RETRACTED = "retracted", "retracted"
    CONCERN = "expression-of-concern", "an expression of concern was published"


class ReferenceQuerySet(models.QuerySet["Reference"]):
    def kept(self) -> Self:
        # Without the aliases of others.
        return self.filter(merged_into=None)


class Reference(models.Model):
    """A work that articles cite. The columns are CSL-JSON variables; the rest of the item is in `more`.

    Identifiers are kept as typed, and beside that in one spelling, by which they are compared.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=30, choices=ReferenceType, default=ReferenceType.WEBPAGE)
    author = models.JSONField(
        default=list, blank=True, help_text="CSL names: family and given, or literal for a body."
    )
    title = LineField(max_length=500)
    container_title = LineField(
        max_length=300, blank=True, help_text="The journal, book or site it was published in."
    )
    version = LineField(max_length=50, blank=True, help_text="For a guideline, such as 2.2026.")
    issued = models.JSONField(
        default=list, blank=True, help_text="Date parts: [2025], [2025, 10] or [2025, 10, 6]."
    )
    url = LineField(
        "address", max_length=1000, blank=True, help_text="As it should be printed, for example www.nccn.org."
    )
    url_normalised = LineField(max_length=1000, blank=True, editable=False, db_index=True)
    doi = LineField("DOI", max_length=200, blank=True)
    doi_normalised = LineField(max_length=200, blank=True, editable=False, db_index=True)
    pmid = LineField("PMID", max_length=60, blank=True)
    pmid_normalised = LineField(max_length=20, blank=True, editable=False, db_index=True)
    isbn = LineField("ISBN", max_length=40, blank=True)
    isbn_normalised = LineField(max_length=13, blank=True, editable=False, db_index=True)
    identity = LineField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Digest of its address and its words: access checks that have it count for this version.",
    )
    more = models.JSONField(
        default=dict, blank=True, help_text="Further CSL-JSON variables: volume, page, publisher …"
    )
    superseded_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        help_text="The newer edition or version of this work, where the library has it.",
    )
    retraction = models.CharField(max_length=30, choices=Retraction, blank=True)
    retracted_on = models.DateField("on", null=True, blank=True)
    retraction_source = LineField(
        "address of the notice", max_length=1000, blank=True, help_text="Where the notice was published."
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="aliases",
        db_index=False,
    )
    history = AuditTrail()

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        indexes = [
            # Few are merged. With the others in the index, SQLite’s statistics say that it helps nothing, and what asks
            # for the aliases of each of many references reads the whole library each time.
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="references_merged_into",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=ReferenceType.values), name="reference_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(retraction__in=["", *Retraction.values]), name="retraction_is_known"
            ),
            models.CheckConstraint(
                condition=Q(retraction="") | (Q(retracted_on__isnull=False) & ~Q(retraction_source="")),
                name="a_retraction_has_a_day_and_a_source",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | ~Q(superseded_by=F("id")),
                name="no_reference_supersedes_itself",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="no_reference_is_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.normalise()
        with transaction.atomic():
            super().save(*args, **kwargs)
            keep_keys(self)

    @property
    def kept_id(self) -> int:
        """The key of the entry that stands for this work: its own, unless it was merged into another."""
        return self.merged_into_id or self.pk

    def clean(self) -> None:
        """Raises ValidationError naming each column whose identifier cannot be read."""
        unreadable = {column: words for column in NORMALISED if (words := self.unreadable(column))}
        if unreadable:
            raise ValidationError(unreadable)

    def unreadable(self, column: str) -> str:
        """Say why an identifier cannot be read, in an editor's words; empty where it can."""
        try:
            NORMALISED[column](getattr(self, column))
        except ValueError as error:
            return str(error)
        return ""

    def normalise(self) -> None:
        # What cannot be read is equal to nothing: `clean` tells whoever types it, the gate whoever publishes it.
        for column, read in NORMALISED.items():
            key = "" if self.unreadable(column) else read(getattr(self, column))
            setattr(self, f"{column}_normalised", key)
        self.identity = identity_of(self)


def csl_of(row: Any) -> dict[str, Any]:
    """Return the CSL-JSON item of a Reference, or of one of its audit-trail rows."""
    item: dict[str, Any] = {**row.more, "id": str(row.uid), "type": csl_type(row.type), "title": row.title}
    if row.issued:
        item["issued"] = {"date-parts": [row.issued]}
    return item | {variable: value for variable, column in COLUMNS.items() if (value := getattr(row, column))}


def work_of(row: Any) -> dict[str, Any]:
    """Return what a Reference, or one of its audit-trail rows, prints of its work."""
    return same_source.work(csl_of(row))


def identity_of(row: Any) -> str:
    return same_source.identity(row.url, work_of(row))


# Variables of CSL-JSON that are columns by other rules: the type by `type_of_csl`, our own uid, the access check's day.
NO_VARIABLES = {"type", "id", "accessed"}


def columns_of(csl: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a Reference, from a sound CSL-JSON item. What has no column goes into `more`."""
    named = {column: csl[variable] for variable, column in COLUMNS.items() if csl.get(variable)}
    # CSL lets a PubMed number be a number.
    named = {column: str(value) if isinstance(value, int) else value for column, value in named.items()}
    more = {key: value for key, value in csl.items() if key not in {*COLUMNS, *NO_VARIABLES}}
    if "date-parts" in csl.get("issued", {}):
        named["issued"] = more.pop("issued")["date-parts"][0]
    return {"type": type_of_csl(csl), **named, "more": more}


class AccessPolicy(models.Model):
    """How old an access date of one type of source may grow before it has to be opened again."""

    type = models.CharField("type of source", max_length=30, choices=ReferenceType, unique=True)
    exempt = models.BooleanField(
        default=False,
        help_text="Select this for works that do not change once they are published, such as books.",
    )
    follow_up_after_days = models.PositiveSmallIntegerField(
        "follow-up after (days)",
        null=True,
        blank=True,
        help_text="An older access date gives the owner a follow-up. Leave it empty for never.",
    )
    block_after_days = models.PositiveSmallIntegerField(
        "no publication after (days)",
        null=True,
        blank=True,
        help_text="An edition with an older access date cannot be published, unless the public page prints it as well. "
        "Leave it empty for never.",
    )
    history = AuditTrail()

    class Meta:
        ordering = ["type"]
        verbose_name_plural = "access policies"
        constraints = [
            models.CheckConstraint(condition=Q(type__in=ReferenceType.values), name="policy_type_is_known"),
            models.CheckConstraint(
                condition=Q(follow_up_after_days=None)
                | Q(block_after_days=None)
                | Q(block_after_days__gte=F("follow_up_after_days")),
                name="what_blocks_was_owed_before",
            ),
        ]

    def __str__(self) -> str:
        return self.get_type_display()
