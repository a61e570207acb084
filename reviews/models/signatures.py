from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Organisation, User
from evidence.fields import LineField
from evidence.frozen import FrozenModel
from evidence.shown import Shown


class Signature(FrozenModel):
    """Who signed, as what, for whom, when, and how they proved who they are: the same for whatever is signed."""

    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    printed_name = LineField(max_length=150)
    credentials = LineField(max_length=150, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation_name = LineField(max_length=200)
    signed_at = models.DateTimeField()
    nonce = models.CharField(max_length=64, db_index=True, help_text="The number of the form that was sent.")
    shown_digest = models.CharField(
        max_length=64, help_text="SHA-256 of what its page stated: evidence.shown."
    )
    authentication = LineField(max_length=50, help_text="How the signer proved who they are: session.")

    class Meta:
        abstract = True
        ordering = ["pk"]

    def signature(self) -> str:
        return f"{self.printed_name}, {self.credentials}" if self.credentials else self.printed_name


def signed(
    by: User, organisation: Organisation, shown: Shown, authentication: str = "session"
) -> dict[str, Any]:
    """The columns of a signature given now, to be passed to the model that is signed."""
    return {
        "signed_by": by,
        "printed_name": str(by),
        "credentials": by.credentials,
        "organisation": organisation,
        "organisation_name": organisation.name,
        "signed_at": timezone.now(),
        "nonce": shown.nonce,
        "shown_digest": shown.digest,
        "authentication": authentication,
    }
