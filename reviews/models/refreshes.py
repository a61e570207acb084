"""New access dates for many public articles at once: what was begun, where each article stands, and who signed for all."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from content.models import Act, Article, Edition, Publication, ReferenceType, Submission
from evidence.fields import LineField, TextLinesField
from evidence.frozen import FrozenModel
from reviews.models.kinds import KindVersion
from reviews.models.signatures import Signature
from reviews.models.signoffs import Conflict, Signoff


class Refresh(FrozenModel):
    """Somebody began to bring newer access checks to public articles."""

    evidence_name: ClassVar[str] = "refresh"
    evidence: ClassVar[tuple[str, ...]] = (
        "owner_id", "type", "started_by_id", "started_by_name", "started_at",
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose articles; empty: all.",
    )
    type = models.CharField(
        "type of source", max_length=30, choices=ReferenceType, blank=True, help_text="Empty: any."
    )
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_by_name = LineField(max_length=150)
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "refreshes"
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=["", *ReferenceType.values]), name="refreshed_type_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"Refresh {self.pk}"


class RefreshItemQuerySet(models.QuerySet["RefreshItem"]):
    def pending(self) -> "RefreshItemQuerySet":
        return self.filter(edition=None, reasons=[])

    def left_out(self) -> "RefreshItemQuerySet":
        return self.filter(edition=None).exclude(reasons=[])

    def in_hand(self) -> "RefreshItemQuerySet":
        """Those that were submitted, not taken back or replaced since, and are not public yet."""
        newest = Submission.objects.filter(article=OuterRef("article")).order_by("-pk")
        rows = self.annotate(
            candidate=Subquery(newest.values("edition")[:1]), act=Subquery(newest.values("act")[:1])
        )
        return rows.filter(publication=None, candidate=F("edition"), act=Act.SUBMITTED)

    def refused(self) -> "RefreshItemQuerySet":
        """Those that a signature or the gate refused when somebody last tried."""
        return self.filter(edition__isnull=False, publication=None).exclude(reasons=[])

    def untried(self) -> "RefreshItemQuerySet":
        """Those of which nothing was refused since somebody last tried."""
        return self.filter(reasons=[])


class RefreshItem(models.Model):
    """One article of a refresh: what was public when it began, and how far it has come since."""

    refresh = models.ForeignKey(Refresh, models.PROTECT, related_name="items")
    article = models.ForeignKey(Article, models.PROTECT, related_name="+")
    live = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="refresh_items")
    signoff = models.ForeignKey(Signoff, models.PROTECT, null=True, related_name="+")
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="+")
    reasons: Any = models.JSONField(
        default=list, help_text="Why it was left out, or what was refused the last time: code, words, fix."
    )
    objects = RefreshItemQuerySet.as_manager()

    class Meta:
        ordering = ["article__title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["refresh", "article"], name="a_refresh_has_an_article_once"),
            models.CheckConstraint(
                condition=Q(edition__isnull=False) | Q(signoff=None, publication=None),
                name="nothing_is_signed_or_published_before_it_is_handed_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} in {self.refresh}"


class RefreshReview(Signature):
    """Somebody signed the new dates of all articles of a refresh in one act; each edition gets its sign-off from it."""

    evidence_name: ClassVar[str] = "refresh-review"
    evidence: ClassVar[tuple[str, ...]] = (
        "signed_by_id", "printed_name", "credentials", "organisation_id", "organisation_name",
        "signed_at", "nonce", "shown_digest", "authentication", "refresh_id", "kind_id", "shown",
        "stated", "conflict", "conflict_text",
    )  # fmt: skip
    refresh = models.ForeignKey(Refresh, models.PROTECT, related_name="reviews")
    kind = models.ForeignKey(KindVersion, models.PROTECT, related_name="+")
    shown = models.JSONField(
        help_text="Of each edition on the page: key, digest, newest decision of the kind, and the edition changes start from."
    )
    stated = models.JSONField(help_text="What else the page stated: evidence.shown.")
    conflict = models.CharField(max_length=20, choices=Conflict)
    conflict_text = TextLinesField(blank=True)

    class Meta(Signature.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(conflict__in=[Conflict.NONE, Conflict.DECLARED]),
                name="who_signs_a_refresh_answered_for_conflicts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.refresh} by {self.printed_name}"
