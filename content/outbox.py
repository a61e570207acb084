"""Mail is written in the transaction of the verb that causes it and sent later, by `tick`."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from content.models import Notification, Person

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 20


def notify(people: Iterable[Person], *, subject: str, body: str, path: str, at: datetime) -> None:
    for person in people:
        Notification(to=person, subject=subject, body=body, path=path, created_at=at).save()


def send_due() -> tuple[int, int]:
    """Send what waits; how many went and how many failed. A failure is kept and tried again at the next tick."""
    sent = failed = 0
    waiting = Notification.objects.filter(sent_at__isnull=True, attempts__lt=MOST_ATTEMPTS)
    for key in list(waiting.values_list("pk", flat=True)):
        if send_one(key):
            sent += 1
        else:
            failed += 1
    return sent, failed


def send_one(key: int) -> bool:
    with transaction.atomic():
        mail = Notification.objects.select_for_update(of=("self",)).select_related("to").get(pk=key)
        if mail.sent_at:
            return True
        mail.attempts += 1
        mail.last_error = delivery_error(mail)
        mail.sent_at = None if mail.last_error else timezone.now()
        mail.save(update_fields=["attempts", "last_error", "sent_at"])
        return not mail.last_error


def delivery_error(mail: Notification) -> str:
    if not mail.to.email:
        return f"{mail.to} has no e-mail address"
    body = f"{mail.body}\n\n{settings.SITE_URL}{mail.path}\n" if mail.path else mail.body
    try:
        send_mail(mail.subject, body, None, [mail.to.email])
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("mail %s to %s was not sent: %s", mail.pk, mail.to.email, error)
        return str(error) or type(error).__name__
    return ""
