from django.conf import settings
from django.db import models

from accounts.models import Organisation
from content.models import Reference
from evidence.fields import LineField, TextLinesField
from evidence.frozen import FrozenModel
from reviews.models.kinds import KindVersion


class ReferenceRuling(FrozenModel):
    """Somebody who may sign a kind ruled that a cited work's new version changes nothing that any page says.

    `old` and `new` are the work's entry in the references part of snapshots, before and after: see
    content.snapshot.reference_entry.
    """

    kind = models.ForeignKey(KindVersion, models.PROTECT, related_name="+")
    reference = models.ForeignKey(Reference, models.PROTECT, related_name="rulings")
    old = models.JSONField(help_text="As pages printed the work.")
    new = models.JSONField(help_text="As the library prints it now.")
    reason = TextLinesField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    printed_name = LineField(max_length=150)
    credentials = LineField(max_length=150, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation_name = LineField(max_length=200)
    at = models.DateTimeField()
    authenticated = LineField(max_length=50)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.reference} changes nothing we say"
