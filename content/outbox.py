"""Mail is written in the transaction of the verb that causes it and sent later, by `tick`."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from content.models import Article, Notification
from content.phrases import shortened

log = logging.getLogger(__name__)
# A mail that is refused again and again is given up after a week.
MOST_ATTEMPTS = 20
# Longer than any attempt to send takes; twice as long after each further one.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=12)
# The server, or we ourselves, say no to this very mail. Any other OSError means that there is no line to the server.
REFUSALS = (SMTPResponseException, SMTPRecipientsRefused, SMTPNotSupportedError, ValueError)


def notify(people: Iterable[User], *, subject: str, body: str, path: str, at: datetime) -> None:
    # A title may be longer than a subject line can be.
    room = Notification._meta.get_field("subject").max_length
    for person in people:
        Notification(recipient=person, subject=subject[:room], body=body, path=path, created_at=at).save()


def notify_once(
    article: int,
    people: Sequence[User],
    *,
    begins: str,
    title: str,
    body: str,
    path: str,
    since: datetime | None = None,
) -> int:
    """Write each person this mail, unless it waits to be sent or went out before (after `since`).

    The subject is `begins` and the title. A mail is the same where it begins so and leads to the same place, for the
    title may be changed meanwhile. Returns how many were written.
    """
    before = Notification.objects.filter(subject__startswith=f"{begins} “", path=path)
    if since:
        before = before.filter(Q(sent_at=None) | Q(sent_at__gte=since))
    if not untold(people, before):
        return 0  # without taking a lock
    with transaction.atomic():
        # The lock keeps a second tick at the same moment from writing the same.
        Article.objects.select_for_update().get(pk=article)
        new = untold(people, before)
        notify(new, subject=f"{begins} “{shortened(title)}”", body=body, path=path, at=timezone.now())
    return len(new)


def untold(people: Sequence[User], before: QuerySet[Notification]) -> list[User]:
    told = set(before.values_list("recipient_id", flat=True))
    return list({person.pk: person for person in people if person.pk not in told}.values())


def send_due() -> tuple[int, int]:
    """Send what waits. Returns how many went and how many did not; what did not go is kept and tried again.

    Without a mail server all wait for the next tick, and none loses an attempt.
    """
    keys = list(waiting().values_list("pk", flat=True))
    if not keys:
        return 0, 0
    sent = in_other_hands = 0
    try:
        with get_connection() as server:
            for key in keys:
                mail = claimed(key)
                in_other_hands += mail is None
                sent += mail is not None and delivered(mail, server)
    except OSError as error:  # smtplib's errors are OSErrors
        log.warning("the mail server does not answer: %s", error)
    return sent, len(keys) - sent - in_other_hands


def waiting() -> QuerySet[Notification]:
    """Find mails that are unsent, in no other tick's hands, and not tried a moment ago.

    A claim whose tick died is free again after the pause.
    """
    now = timezone.now()
    free = Q(claimed_at=None, attempts__lt=MOST_ATTEMPTS)
    for attempts in range(1, MOST_ATTEMPTS):
        free |= Q(attempts=attempts, claimed_at__lt=now - pause_after(attempts))
    return Notification.objects.filter(free, sent_at__isnull=True)


def pause_after(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)


def claimed(key: int) -> Notification | None:
    """Claim the mail, or return None where another tick has it. No lock is held while the mail server is talked to."""
    with transaction.atomic():
        mail = waiting().select_for_update(of=("self",)).select_related("recipient").filter(pk=key).first()
        if mail is not None:
            mail.claimed_at = timezone.now()
            mail.attempts += 1
            mail.save(update_fields=["claimed_at", "attempts"])
        return mail


def delivered(mail: Notification, server: Any) -> bool:
    """Raises OSError where the server does not answer any more."""
    try:
        message(mail, server).send()
        mail.sent_at, mail.last_error = timezone.now(), ""
    except (OSError, ValueError) as error:
        mail.last_error = str(error) or type(error).__name__
        if not isinstance(error, REFUSALS):
            raise
    finally:
        mail.save(update_fields=["last_error", "sent_at"])
        if not mail.sent_at:
            log.warning("mail %s to %s was not sent: %s", mail.pk, mail.recipient.email, mail.last_error)
    return mail.sent_at is not None


def message(mail: Notification, server: Any) -> EmailMessage:
    if not mail.recipient.email:
        raise ValueError(f"{mail.recipient} has no email address")
    body = f"{mail.body}\n\n{settings.SITE_URL}{mail.path}\n" if mail.path else mail.body
    # The same at every attempt: of a mail that the server took and did not say so, mail programs show one.
    number = f"<{mail.pk}.{mail.created_at:%Y%m%d%H%M%S%f}@{urlsplit(settings.SITE_URL).hostname}>"
    headers = {"Message-ID": number}
    return EmailMessage(mail.subject, body, None, [mail.recipient.email], connection=server, headers=headers)
