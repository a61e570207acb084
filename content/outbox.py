"""Mail is written in the transaction of the verb that causes it and sent later, by `tick`."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from content.models import Notification, Person

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 20
# Longer than any attempt to send takes.
CLAIM_LASTS = timedelta(minutes=5)


def notify(people: Iterable[Person], *, subject: str, body: str, path: str, at: datetime) -> None:
    """A title may be longer than a subject line can be."""
    room = Notification._meta.get_field("subject").max_length
    for person in people:
        Notification(to=person, subject=subject[:room], body=body, path=path, created_at=at).save()


def send_due() -> tuple[int, int]:
    """Send what waits; how many went and how many failed. A failure is kept and tried again at the next tick."""
    sent = failed = 0
    for key in list(waiting().values_list("pk", flat=True)):
        mail = claimed(key)
        if mail is None:
            continue
        mail.last_error = delivery_error(mail)
        mail.sent_at = None if mail.last_error else timezone.now()
        mail.claimed_at = None
        mail.save(update_fields=["last_error", "sent_at", "claimed_at"])
        sent, failed = sent + (not mail.last_error), failed + bool(mail.last_error)
    return sent, failed


def waiting() -> QuerySet[Notification]:
    """Unsent, and in no other tick's hands; a claim whose tick died is free again after a while."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=timezone.now() - CLAIM_LASTS)
    return Notification.objects.filter(free, sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)


def claimed(key: int) -> Notification | None:
    """Take the mail, or None where another tick has it. No lock is held while the mail server is talked to."""
    with transaction.atomic():
        mail = waiting().select_for_update(of=("self",)).select_related("to").filter(pk=key).first()
        if mail is not None:
            mail.claimed_at = timezone.now()
            mail.attempts += 1
            mail.save(update_fields=["claimed_at", "attempts"])
        return mail


def delivery_error(mail: Notification) -> str:
    if not mail.to.email:
        return f"{mail.to} has no e-mail address"
    body = f"{mail.body}\n\n{settings.SITE_URL}{mail.path}\n" if mail.path else mail.body
    try:
        send_mail(mail.subject, body, None, [mail.to.email])
    except (
        OSError,
        ValueError,
    ) as error:  # smtplib's errors are OSErrors, an address without sense is a ValueError
        log.warning("mail %s to %s was not sent: %s", mail.pk, mail.to.email, error)
        return str(error) or type(error).__name__
    return ""
