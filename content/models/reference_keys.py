"""Which references may be one work: keys to find them by, and what people said of those that were found."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from content.citing import matching
from evidence.audit_trail import AuditTrail
from evidence.fields import LineField


class ReferenceKey(models.Model):
    """A number by which a reference is found beside another one (content/citing/matching.py)."""

    reference = models.ForeignKey("content.Reference", models.CASCADE, related_name="keys")
    number = models.BigIntegerField()
    is_part = models.BooleanField()
    since = models.SmallIntegerField()
    until = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "number"], name="a_reference_has_a_key_once")
        ]
        indexes = [
            models.Index(
                fields=["number", "reference", "is_part", "since", "until"], name="references_by_key"
            )
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def as_tuple(self) -> matching.Key:
        return matching.Key(self.number, self.is_part, self.since, self.until)


def keep_keys(reference: Any) -> None:
    """Make the stored keys those of the reference as it is."""
    wanted = set(matching.keys(reference).values())
    stored = {key.as_tuple: key.pk for key in reference.keys.all()}
    gone = [stored[key] for key in stored.keys() - wanted]
    if gone:
        reference.keys.filter(pk__in=gone).delete()
    new = wanted - stored.keys()
    ReferenceKey.objects.bulk_create(ReferenceKey(reference=reference, **key._asdict()) for key in new)


def add_keys(references: Iterable[Any]) -> None:
    # Of references just stored, which have none: in few queries, however many they are.
    new = (
        ReferenceKey(reference=reference, **key._asdict())
        for reference in references
        for key in matching.keys(reference).values()
    )
    ReferenceKey.objects.bulk_create(new)


class DistinctPair(models.Model):
    """Somebody looked at two references that are alike and said that they are two works."""

    one = models.ForeignKey("content.Reference", models.PROTECT, related_name="+")
    other = models.ForeignKey("content.Reference", models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_by_name = LineField(max_length=150)
    recorded_at = models.DateTimeField()
    history = AuditTrail()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        verbose_name = "pair of references that are not the same"
        verbose_name_plural = "pairs of references that are not the same"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="a_pair_is_told_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="the_older_of_a_pair_comes_first"),
        ]

    def __str__(self) -> str:
        return f"“{self.one}” and “{self.other}”"
