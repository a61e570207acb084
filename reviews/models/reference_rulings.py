from typing import ClassVar

from django.db import models

from content.models import Reference
from evidence.fields import TextLinesField
from reviews.models.kinds import KindVersion
from reviews.models.signatures import Signature


class ReferenceRuling(Signature):
    """Somebody who may sign a kind ruled that a cited work's new version changes nothing that any page says.

    `old` and `new` are the work's entry in the references part of snapshots, before and after: see
    content.snapshot.reference_entry.
    """

    evidence_name: ClassVar[str] = "reference-ruling"
    evidence: ClassVar[tuple[str, ...]] = (
        "signed_by_id", "printed_name", "credentials", "organisation_id", "organisation_name",
        "signed_at", "nonce", "shown_digest", "authentication", "kind_id", "reference_id", "old", "new", "reason",
    )  # fmt: skip
    kind = models.ForeignKey(KindVersion, models.PROTECT, related_name="+")
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="rulings")
    old = models.JSONField(help_text="As pages printed the work.")
    new = models.JSONField(help_text="As the library prints it now.")
    reason = TextLinesField()

    def __str__(self) -> str:
        return f"{self.kind}: the new version of “{self.reference}” does not change what pages say"
