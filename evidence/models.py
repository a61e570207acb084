"""The ledger, and what was refused."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from evidence.fields import LineField
from evidence.frozen import FrozenModel


class LedgerHead(models.Model):
    """The one row whose lock makes appending to the ledger a queue; always locked last."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="the_ledger_has_one_head")]

    def __str__(self) -> str:
        return "head of the ledger"


class LedgerEvent(FrozenModel):
    """One verb that was carried out, chained to the one before by its digest."""

    in_ledger: ClassVar[bool] = False

    number = models.PositiveBigIntegerField(unique=True)
    recorded_at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    article_uid = models.UUIDField(null=True, db_index=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_by_name = LineField(max_length=150)
    facts = models.JSONField(help_text="What happened, for readers of the ledger.")
    evidence_rows = models.JSONField(help_text="The evidence written: table, key and SHA-256 of each row.")
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        verbose_name = "ledger event"
        # What the whole house rests on is found by its verb, without reading the ledger through.
        indexes = [models.Index(fields=["verb"], name="ledger_events_by_verb")]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"


class Refusal(FrozenModel):
    """A verb that was refused: who asked for what, and every reason."""

    in_ledger: ClassVar[bool] = False

    refused_at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    article_uid = models.UUIDField(null=True)
    edition_number = models.PositiveIntegerField(null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_by_name = LineField(max_length=150)
    reasons = models.JSONField(help_text="Code and words of each.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.verb} refused to {self.requested_by_name}"
