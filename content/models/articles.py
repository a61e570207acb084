"""What editors write: the draft of an article. Every row here may change; evidence is elsewhere."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models.organisations import Organisation
from content import languages
from content.fields import ProseField
from content.models.access_checks import AccessCheck
from content.models.drugs import Condition, Drug
from content.models.pictures import Picture
from content.models.references import Reference
from evidence.agreements import Agreement
from evidence.audit_trail import AuditTrail
from evidence.fields import LineField, PublicLineField, TextLinesField


class Work(models.Model):
    """What an article and its translations have in common."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = PublicLineField(max_length=250)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ArticleType(models.TextChoices):
    TREATMENT = "treatment", "treatment"
    DRUG = "drug", "drug"
    SIDE_EFFECTS = "side-effects", "side effects"
    OVERVIEW = "overview", "overview"


class Article(models.Model):
    """A lasting identity, one per language, with its address and its working draft."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work = models.ForeignKey(Work, models.PROTECT, related_name="articles", editable=False)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default=languages.HOUSE)
    slug = models.SlugField(
        "address",
        max_length=150,
        help_text="The last part of the public address, such as immunotherapy-kaposi-sarcoma.",
    )
    title = LineField(max_length=250)
    lead = ProseField(blank=True, help_text="The paragraphs before the first heading.")
    type = models.CharField(max_length=20, choices=ArticleType, default=ArticleType.TREATMENT)
    condition = models.ForeignKey(Condition, models.PROTECT, null=True, blank=True)
    co_branded_with = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        help_text="A society whose contribution this article needs before it is public.",
    )
    public_note = TextLinesField(
        blank=True,
        help_text="What changed, for readers. A major change of a public article needs a new note.",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        help_text="The person whose desk lists its follow-ups.",
    )
    source_digest = LineField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of a translation: the digest of the edition it translates.",
    )
    # Counts the saves of the draft; a form that was opened at an earlier count is refused.
    saves = models.PositiveIntegerField(default=0, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    history = AuditTrail()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["language", "slug"], name="one_article_per_address"),
            models.UniqueConstraint(fields=["work", "language"], name="one_article_per_work_and_language"),
            models.CheckConstraint(condition=Q(type__in=ArticleType.values), name="article_type_is_known"),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _ in settings.LANGUAGES]),
                name="article_language_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return languages.address("article", self.language, slug=self.slug)


class FormerAddress(models.Model):
    """A slug an article was public under; it redirects for ever and nobody else gets it."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="former_addresses")
    language = models.CharField(max_length=10)
    slug = models.SlugField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "slug"], name="former_address_belongs_to_one_article")
        ]

    def __str__(self) -> str:
        return self.slug


class SectionKind(models.TextChoices):
    TEXT = "text", "text"
    DRUG = "drug", "drug"
    SIDE_EFFECTS = "side-effects", "side effects"
    SEE_ALSO = "see-also", "see also"
    FIGURE = "figure", "figure"


class Section(models.Model):
    """One piece of an article's body: a heading and the prose below it, without headings."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(Article, models.CASCADE, related_name="sections")
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=SectionKind, default=SectionKind.TEXT)
    level = models.PositiveSmallIntegerField(
        default=2,
        validators=[MinValueValidator(2), MaxValueValidator(6)],
        help_text="2 for a main section, 3 to 6 for the sections within it.",
    )
    heading = LineField(max_length=300, blank=True)
    drug = models.ForeignKey(
        Drug, models.PROTECT, null=True, blank=True, help_text="The drug this section is about."
    )
    body = ProseField(blank=True)
    image = models.ForeignKey(
        Picture, models.PROTECT, to_field="digest", null=True, blank=True, editable=False, related_name="+"
    )
    image_alt = LineField("what the picture shows", max_length=500, blank=True)
    image_caption = LineField("caption", max_length=1000, blank=True)
    image_credit = LineField("credit of the picture", max_length=300, blank=True)
    history = AuditTrail()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=2, level__lte=6), name="section_level_is_2_to_6"),
            models.CheckConstraint(condition=Q(kind__in=SectionKind.values), name="section_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.heading or f"Section {self.position} without heading"


class Supports(models.TextChoices):
    YES = "yes", "yes"
    NO = "no", "no"
    NOT_STATED = "not-stated", "not stated"


class Citation(models.Model):
    """The use of a reference in one article, with the access check whose date is printed."""

    agreements: ClassVar[tuple[Agreement, ...]] = (
        Agreement(
            "access_check_is_of_the_cited_work",
            "NEW.access_check_id IS NULL OR (SELECT COALESCE(r.merged_into_id, r.id) FROM content_reference r "
            "JOIN content_accesscheck c ON c.reference_id = r.id WHERE c.id = NEW.access_check_id) = "
            "(SELECT COALESCE(merged_into_id, id) FROM content_reference WHERE id = NEW.reference_id)",
        ),
    )

    article = models.ForeignKey(Article, models.CASCADE, related_name="citations")
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="citations")
    position = models.PositiveIntegerField(default=0)
    access_check = models.ForeignKey(AccessCheck, models.PROTECT, null=True, blank=True, related_name="+")
    supports = models.CharField(
        "supports this article", max_length=20, choices=Supports, default=Supports.NOT_STATED
    )
    history = AuditTrail()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "reference"], name="a_reference_is_cited_once_per_article"
            ),
            models.CheckConstraint(
                condition=Q(supports__in=Supports.values), name="citation_support_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.reference)


class PinnedTable(models.TextChoices):
    """The tables whose rows a draft shows and therefore pins."""

    CONDITION = "condition", "condition"
    DRUG_CLASS = "drug-class", "drug class"
    DRUG = "drug", "drug"
    PRODUCT = "product", "product"
    STATUS = "status", "status"
    REFERENCE = "reference", "reference"


class Pin(models.Model):
    """The version (audit-trail row) of a library row that a draft shows; a newer one is offered, never applied."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="pins")
    row_kind = models.CharField(max_length=20, choices=PinnedTable)
    row_key = models.BigIntegerField()
    version = models.BigIntegerField(null=True, help_text="Empty: the draft does not show the row.")
    declined_version = models.BigIntegerField(
        null=True, help_text="The newest version that an editor decided not to use."
    )
    history = AuditTrail()

    class Meta:
        ordering = ["row_kind", "row_key"]
        verbose_name = "library version"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "row_kind", "row_key"], name="a_draft_pins_a_library_row_once"
            ),
            models.CheckConstraint(
                condition=Q(row_kind__in=PinnedTable.values), name="pinned_row_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row_kind} {self.row_key} as of {self.version}"
