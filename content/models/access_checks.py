"""What people found when they opened a source."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import Coalesce, RowNumber

from content.models.references import Reference, identity_of, work_of
from evidence.fields import LineField
from evidence.frozen import FrozenModel, FrozenQuerySet


class Found(models.TextChoices):
    UNCHANGED = "unchanged", "unchanged"
    CHANGED = "changed", "changed"
    GONE = "gone", "gone"
    LOGIN = "login-needed", "needs a login"
    NOT_STATED = "not-stated", "not stated"


WORK = Coalesce("reference__merged_into", "reference")
IS_IMPORTED = Case(When(opened_by=None, then=1), default=0, output_field=models.IntegerField())


class AccessCheckQuerySet(FrozenQuerySet["AccessCheck"]):
    def of_work(self, key: int | models.OuterRef) -> Self:
        """Those of the reference with this key, and of the entries that were merged into it."""
        return self.of_entries(Q(pk=key) | Q(merged_into=key))

    def of_works(self, keys: Iterable[int]) -> Self:
        wanted = list(keys)
        return self.of_entries(Q(pk__in=wanted) | Q(merged_into__in=wanted))

    def of_entries(self, which: Q) -> Self:
        return self.filter(reference__in=Reference.objects.filter(which).order_by().values("pk"))

    def first_of_each_work(self, *order: Any) -> Self:
        # One row for each work, however often people opened it.
        return self.first_of_each([WORK], order)

    def first_of_each_version(self, *order: Any) -> Self:
        # The same, for each address and wording under which it was opened; what files say stands beside that.
        return self.first_of_each([WORK, F("identity"), IS_IMPORTED], order)

    def first_of_each(self, what: list[Any], order: tuple[Any, ...]) -> Self:
        return self.annotate(place=Window(RowNumber(), partition_by=what, order_by=order)).filter(place=1)


# The order of `sharing.moment`, the newest first.
OPENED_LAST = (F("opened_on").desc(nulls_last=True), F("recorded_at").desc(), F("pk").desc())


class AccessCheck(FrozenModel):
    """A person opened this source on this day and found it so; or a file said that somebody had."""

    evidence_name: ClassVar[str] = "access-check"
    evidence: ClassVar[tuple[str, ...]] = (
        "reference_id", "opened_on", "printed_date", "opened_by_id", "opened_by_name", "found",
        "title_seen", "imported_from", "opened_for_id", "recorded_by_id", "recorded_by_name",
        "recorded_at", "address", "address_normalised", "work", "identity",
    )  # fmt: skip
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="access_checks")
    opened_on = models.DateField(null=True, help_text="Empty where the file named no full day.")
    printed_date = LineField(max_length=60, blank=True, help_text="The date as an imported file printed it.")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opened_by_name = LineField(max_length=150, help_text="“not recorded” for an imported check.")
    found = models.CharField(max_length=20, choices=Found)
    title_seen = LineField(max_length=500, blank=True)
    imported_from = LineField(max_length=255, blank=True)
    # Other articles that print this check share it, and say so.
    opened_for = models.ForeignKey(
        "content.Article",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The article being worked on.",
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_by_name = LineField(max_length=150)
    recorded_at = models.DateTimeField()
    # What was opened, as it was then: whatever becomes of the reference, nobody opened anything else.
    address = LineField(
        max_length=1000, blank=True, help_text="As it was printed; empty for what is looked up in print."
    )
    address_normalised = LineField(max_length=1000, blank=True, db_index=True)
    work = models.JSONField(help_text="What was printed of the work, as CSL-JSON variables.")
    identity = LineField(max_length=64, help_text="Digest of address and work, as of a reference.")

    objects = AccessCheckQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        verbose_name = "access check"
        constraints = [
            models.CheckConstraint(condition=Q(found__in=Found.values), name="access_check_finding_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.reference} opened on {self.opened_on or self.printed_date or 'an unknown day'}"

    def save(self, **kwargs: Any) -> None:
        if self._state.adding and not self.identity:
            self.freeze(self.reference)
        super().save(**kwargs)

    def freeze(self, opened: Any) -> None:
        """Set what was opened, from the Reference as it was shown: the library's row, or an audit-trail row of it."""
        self.address, self.address_normalised = opened.url, opened.url_normalised
        self.work, self.identity = work_of(opened), identity_of(opened)

    @property
    def is_imported(self) -> bool:
        return self.opened_by_id is None
