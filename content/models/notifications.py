"""Mails that are to be sent."""

from django.conf import settings
from django.db import models

from evidence.fields import LineField, TextLinesField


class Notification(models.Model):
    """A mail to be sent; written in the verb's transaction, sent by `tick`."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications")
    subject = LineField(max_length=200)
    body = TextLinesField()
    path = LineField(max_length=300, blank=True, help_text="Where on this site to act on it.")
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the system last began to send it."
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], condition=models.Q(sent_at=None), name="mails_not_sent")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"
