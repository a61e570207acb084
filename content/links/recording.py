"""What a look found, kept beside what was known of the address, and when it is looked at next."""

from datetime import datetime, timedelta

from django.db import transaction

from content.links import pacing, titles
from content.links.visiting import Look
from content.models import ANSWERS, GONE, AccessCheck, Outcome, WatchedLink, WatchedSite

DAY = timedelta(days=1)
AGAIN_AFTER = 7 * DAY
# In hours, by how often it has failed in a row. What may pass is tried again soon, what is gone the next day.
SOON = (1, 4, 12, 24, 48, 96, 168)
LATER = (24, 24, 48, 96, 168)


def keep(link: WatchedLink, look: Look, now: datetime) -> bool:
    """Record a visit, and tell whether it could be recorded: that a site does not exist is believed only where some
    other site answers.
    """
    if look.outcome == Outcome.NO_HOST and not anything_answered(now):
        put_off(link, now)
        return False
    with transaction.atomic():
        link = WatchedLink.objects.select_for_update().get(pk=link.pk)
        set_outcome(link, look)
        set_title(link, look, now)
        set_since(link, now)
        link.looked_at, link.due_at = now, now + pause_after(link, look)
        link.save()
        free_at = now + timedelta(seconds=max(pacing.PAUSE, look.wait))
        WatchedSite.objects.filter(pk=link.site_id).update(free_at=free_at)
    return True


def anything_answered(now: datetime) -> bool:
    return WatchedLink.objects.filter(status__isnull=False, looked_at__gte=now - DAY).exists()


def put_off(link: WatchedLink, now: datetime) -> None:
    # The address could not be looked at. What was known of it stays.
    WatchedLink.objects.filter(pk=link.pk).update(due_at=now + timedelta(hours=SOON[0]))
    WatchedSite.objects.filter(pk=link.site_id).update(free_at=now)


def set_outcome(link: WatchedLink, look: Look) -> None:
    link.outcome, link.status, link.why = look.outcome, look.status, look.why[:300]
    link.final_url = look.final_url[:2000]
    link.failures = 0 if look.outcome in ANSWERS else min(link.failures + 1, len(SOON))


def set_title(link: WatchedLink, look: Look, now: datetime) -> None:
    # A changed title stays one until the old one is back, or a person has opened the source since.
    if look.title:
        known = link.title if was_opened_since(link) else link.former_title or link.title
        changed = bool(known) and not titles.are_the_same(known, look.title)
        link.retitled_at = (link.retitled_at or now) if changed else None
        link.former_title = known if changed else ""
        link.title = look.title
    if link.former_title and link.outcome == Outcome.OK:
        link.outcome = Outcome.RETITLED


def was_opened_since(link: WatchedLink) -> bool:
    checks = AccessCheck.objects.filter(address_normalised=link.url, opened_by__isnull=False)
    return link.retitled_at is not None and checks.filter(recorded_at__gt=link.retitled_at).exists()


def set_since(link: WatchedLink, now: datetime) -> None:
    if link.outcome in ANSWERS:
        link.first_broken_at = link.last_broken_at = None
    elif link.outcome in GONE:
        link.first_broken_at = link.first_broken_at or now
        link.last_broken_at = now


def pause_after(link: WatchedLink, look: Look) -> timedelta:
    if link.outcome in ANSWERS:
        pause = DAY if look.status == 429 else AGAIN_AFTER
    else:
        steps = SOON if link.outcome in (Outcome.TROUBLE, Outcome.TIMED_OUT) else LATER
        pause = timedelta(hours=steps[min(link.failures, len(steps)) - 1])
    return max(pause, timedelta(seconds=look.wait))
