"""What can be signed, and what must be, for an article to become public."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from content.models import ArticleType, Change, Condition
from evidence.audit_trail import AuditTrail
from evidence.fields import LineField, PublicLineField
from evidence.frozen import FrozenModel, FrozenQuerySet


class SignoffKind(models.Model):
    """What people may sign: medical review, contribution. What that means stands in its versions."""

    code = models.SlugField(max_length=50, primary_key=True)

    class Meta:
        ordering = ["code"]
        verbose_name = "sign-off kind"

    def __str__(self) -> str:
        return self.code


class KindQuerySet(FrozenQuerySet["KindVersion"]):
    def newest(self, code: str) -> "KindVersion":
        return self.filter(kind=code).order_by("-version")[0]

    def current(self) -> "list[KindVersion]":
        """The newest version of every kind, in the order the publishing organisation lists them."""
        newest: dict[str, KindVersion] = {kind.code: kind for kind in self.order_by("version")}
        return sorted(newest.values(), key=lambda kind: (kind.position, kind.code))


class KindVersion(FrozenModel):
    """One version of a sign-off kind; a change is a further row."""

    evidence_name: ClassVar[str] = "signoff-kind-version"
    evidence: ClassVar[tuple[str, ...]] = (
        "kind_id", "version", "name", "position", "meaning", "may_sign_id", "covers", "independent",
        "may_be_full", "may_be_ruled_minor", "how_many", "term_months", "earns", "recorded_by_id",
        "recorded_by_name", "recorded_at",
    )  # fmt: skip
    recorded_in: ClassVar[tuple[str, ...]] = ("load initial data", "change sign-off kind")

    kind = models.ForeignKey(SignoffKind, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    name = LineField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    meaning = PublicLineField(max_length=500, help_text="The statement that the signer makes.")
    may_sign = models.ForeignKey(
        Group, models.PROTECT, related_name="+", help_text="The group whose members may sign."
    )
    covers = models.JSONField(help_text="Names of the parts covered.")
    independent = models.BooleanField(help_text="Nobody may sign what they helped to write.")
    may_be_full = models.BooleanField(help_text="A whole-page approval moves the Last Medical Review.")
    may_be_ruled_minor = models.BooleanField(
        help_text="A ruling may extend an approval to an edition with a minor change."
    )
    how_many = models.PositiveSmallIntegerField(default=1)
    term_months = models.PositiveSmallIntegerField(
        null=True, help_text="How long an approval is valid before a new review is due."
    )
    earns = PublicLineField(
        max_length=50, blank=True, help_text="Its role in the credit line, such as medical review."
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_by_name = LineField(max_length=150, help_text="“shipped” for the kinds the system came with.")
    recorded_at = models.DateTimeField()

    objects = KindQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["position", "kind", "version"]
        verbose_name = "version of a sign-off kind"
        verbose_name_plural = "versions of sign-off kinds"
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="kind_versions_are_not_reused"),
            models.CheckConstraint(condition=Q(how_many__gte=1), name="a_kind_asks_for_at_least_one_signer"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        return self.kind_id


class Late(models.TextChoices):
    WAIT = "wait", "wait"
    WITHOUT = "without", "publish without its credit"


class ApprovalRoute(models.Model):
    """Which sign-offs an article needs; the most particular route that fits is taken."""

    name = LineField(max_length=100, unique=True)
    type = models.CharField(
        max_length=20, choices=ArticleType, blank=True, help_text="Leave it empty for any type."
    )
    condition = models.ForeignKey(
        Condition, models.PROTECT, null=True, blank=True, help_text="Leave it empty for any condition."
    )
    language = models.CharField(
        max_length=10, choices=settings.LANGUAGES, blank=True, help_text="Leave it empty for any language."
    )
    co_branded_with = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        help_text="Leave it empty for any contributing society, or none.",
    )
    change = models.CharField(
        max_length=10, choices=Change, blank=True, help_text="Leave it empty for any change."
    )
    history = AuditTrail()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=["", *ArticleType.values]), name="route_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["", *(code for code, _ in settings.LANGUAGES)]),
                name="route_language_is_known",
            ),
            models.CheckConstraint(
                condition=Q(change__in=["", *Change.values]), name="route_change_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RouteStep(models.Model):
    """One sign-off that a route asks for; steps of a lower order are asked first."""

    route = models.ForeignKey(ApprovalRoute, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.ForeignKey(SignoffKind, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, help_text="Leave it empty for any organisation."
    )
    days = models.PositiveSmallIntegerField(default=14, help_text="Days from submission until it is due.")
    when_late = models.CharField(max_length=10, choices=Late, default=Late.WAIT)
    history = AuditTrail()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["route", "kind", "organisation"], name="a_route_asks_once_per_kind_and_organisation"
            ),
            models.UniqueConstraint(
                fields=["route", "kind"],
                condition=Q(organisation=None),
                name="a_route_asks_once_per_kind_of_anybody",
            ),
            models.CheckConstraint(condition=Q(when_late__in=Late.values), name="late_rule_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id} by {self.organisation}" if self.organisation else self.kind_id
