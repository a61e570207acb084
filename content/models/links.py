"""What the machine found at the addresses that articles print; never what people found, and no evidence."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from evidence.fields import LineField


class Outcome(models.TextChoices):
    UNCHECKED = "unchecked", "not checked yet"
    OK = "ok", "answers"
    MOVED = "moved", "leads elsewhere now"
    RETITLED = "retitled", "has another title now"
    LOGIN = "needs-login", "needs a login"
    BROKEN = "broken", "page is gone"
    NO_HOST = "no-such-host", "site is gone"
    TROUBLE = "trouble", "site has a problem"
    TIMED_OUT = "timed-out", "too slow"
    CERTIFICATE = "certificate", "certificate is not valid"
    UNSAFE = "unsafe", "does not lead to a public page"


# What a reader would call a dead link; and what opens, if perhaps not for a machine.
GONE = (Outcome.BROKEN, Outcome.NO_HOST)
ANSWERS = (Outcome.OK, Outcome.MOVED, Outcome.RETITLED, Outcome.LOGIN)


class WatchedSite(models.Model):
    """A site that addresses lead to, and until when it is left in peace: taken by one watcher, or asked lately."""

    name = LineField(max_length=255, unique=True)
    free_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class WatchedLinks(models.QuerySet["WatchedLink"]):
    def due(self, now: datetime) -> "WatchedLinks":
        return self.filter(due_at__lte=now)


class WatchedLink(models.Model):
    """An address that articles print, in its normalised spelling, and what the machine found there last.

    By address and not by reference: a public page goes on printing the address its reference had when it was signed.
    """

    url = LineField(max_length=1000, unique=True)
    site = models.ForeignKey(WatchedSite, models.PROTECT, related_name="links")
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.UNCHECKED)
    status = models.PositiveSmallIntegerField(null=True, help_text="Of HTTP, where it answered at all.")
    why = LineField(max_length=300, blank=True, help_text="How it failed, as the end of a sentence.")
    final_url = LineField(max_length=2000, blank=True, help_text="Where it led in the end, if elsewhere.")
    title = LineField(max_length=500, blank=True)
    former_title = LineField(max_length=500, blank=True, help_text="Before it changed.")
    retitled_at = models.DateTimeField(null=True)
    first_broken_at = models.DateTimeField(
        null=True, help_text="First found gone, and never answering since."
    )
    last_broken_at = models.DateTimeField(null=True, help_text="Last found gone.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    looked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True, help_text="Empty: nothing prints it now.")

    objects = WatchedLinks.as_manager()

    class Meta:
        ordering = ["url"]
        permissions = [("look_at_links", "Can have an address checked now")]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="link_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.UNCHECKED, looked_at=None)
                | (~Q(outcome=Outcome.UNCHECKED) & Q(looked_at__isnull=False)),
                name="unchecked_is_what_was_never_looked_at",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def is_dead(self) -> bool:
        """Whether it was found gone on two different days at least, in the house's time zone, and never answered in
        between.
        """
        if self.first_broken_at is None or self.last_broken_at is None:
            return False
        return timezone.localdate(self.first_broken_at) < timezone.localdate(self.last_broken_at)
