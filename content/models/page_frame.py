from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from content.fields import ProseField
from evidence.fields import LineField, PublicLineField
from evidence.frozen import FrozenModel, FrozenQuerySet


class PageFrameQuerySet(FrozenQuerySet["PageFrame"]):
    def current(self) -> "PageFrame | None":
        return self.filter(approved_at__isnull=False).order_by("-approved_at", "-pk").first()


class PageFrame(FrozenModel):
    """What stands around every article: one version, proposed by one person and approved by another."""

    evidence_name: ClassVar[str] = "page-frame"
    evidence: ClassVar[tuple[str, ...]] = (
        "site_name", "banner", "rights_line", "usage_policy", "newsletter_heading", "newsletter_text",
        "proposed_by_id", "proposed_by_name", "proposed_at", "approved_by_id", "approved_by_name",
        "approved_at",
    )  # fmt: skip
    settable_once: ClassVar[tuple[str, ...]] = ("approved_at", "approved_by", "approved_by_name")
    recorded_in: ClassVar[tuple[str, ...]] = ("load initial data", "propose page frame", "approve page frame")

    site_name = PublicLineField(max_length=100)
    banner = PublicLineField(max_length=300, blank=True)
    rights_line = PublicLineField(max_length=300, help_text="Whose copyright the articles are.")
    usage_policy = ProseField(help_text="The page that the rights line links to.")
    newsletter_heading = PublicLineField(max_length=100, blank=True)
    newsletter_text = PublicLineField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_by_name = LineField(max_length=150, help_text="“shipped” for the version the system came with.")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by_name = LineField(max_length=150, null=True)
    approved_at = models.DateTimeField(null=True)

    objects = PageFrameQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-pk"]
        verbose_name = "page frame"
        constraints = [
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True)
                | Q(approved_by__isnull=True)
                | ~Q(approved_by=F("proposed_by")),
                name="the_page_frame_is_approved_by_somebody_else",
            )
        ]

    def __str__(self) -> str:
        return f"page frame {self.pk}"
