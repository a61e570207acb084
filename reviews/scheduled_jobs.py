"""Everything that is due, done once. Safe to call at any time, and by several processes at the same time."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import Error
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content import outbox
from content.editions import current
from content.integrity import article_integrity, verification
from content.links import rounds, scheduling
from content.models import Publication
from content.phrases import long_date
from reviews import gate, objection_mail, retraction_mail
from reviews.gate.signatures import is_fulfilled
from reviews.models import Assignment, KindVersion, Signoff

log = logging.getLogger(__name__)

TOLD_AGAIN_AFTER = timedelta(days=1)
SHARES = 30  # of all live pages; one is looked at in each tick
LINKS_AT_A_TICK = 8  # few, so that mail and reminders never wait for slow sites
LONGEST_ROUND = 40.0  # seconds; longer than any look takes, its pauses counted


@dataclass
class Done:
    """What one tick did."""

    sent: int = 0
    unsent: int = 0
    damaged: int = 0
    reminded: int = 0
    looked: int = 0
    failed: int = 0

    @property
    def is_nothing(self) -> bool:
        return self == Done()

    @property
    def is_whole(self) -> bool:
        return not (self.unsent or self.failed)

    def __str__(self) -> str:
        counts = {
            "mails sent": self.sent,
            "mails not sent": self.unsent,
            "damaged pages": self.damaged,
            "reminders": self.reminded,
            "links checked": self.looked,
            "tasks that failed": self.failed,
        }
        return "; ".join(f"{what}: {count}" for what, count in counts.items() if count) or "nothing was due"


def tick() -> Done:
    """Do everything that is due.

    A job that fails is logged and the others are still done; errors of the database are raised, since all would fail
    alike.
    """
    done = Done()
    for chore in CHORES:
        try:
            chore(done)
        except Error:
            raise
        except Exception:
            log.exception("tick: “%s” failed and is tried again at the next tick", chore.__name__)
            done.failed += 1
    return done


def look_for_damage(done: Done) -> None:
    found = {page.pk: (page, wrong) for page, wrong in verification.live_damages() if wrong}
    for page, wrong in [*found.values(), *(each for each in damaged_in_turn() if each[0].pk not in found)]:
        log.error("%s is answered with 503: %s", page.article.get_absolute_url(), wrong)
        tell_of_damage(page, wrong)
        done.damaged += 1


def damaged_in_turn() -> list[tuple[Publication, str]]:
    # Looking at everything that pages rest on takes longer than a tick: each looks at the share that the clock falls
    # on.
    # By chance rather than by counting: nothing has to be remembered between ticks, and none is left out for ever.
    share = timezone.now().microsecond % SHARES
    pages = Publication.objects.live().annotate(share=F("article_id") % SHARES).filter(share=share)
    live = list(pages.select_related("article").defer("findings"))
    with verification.one_moment():
        wrong = article_integrity.of_articles([page.article for page in live])
    return [(page, wrong[page.article_id][0]) for page in live if wrong[page.article_id]]


def tell_of_damage(publication: Publication, wrong: str) -> None:
    article = publication.article
    owner = get_user_model()._default_manager.filter(pk=publication.article.owner_id, is_active=True)
    outbox.notify_once(
        publication.article_id,
        [*owner, *publishers()],
        begins="Page unavailable:",
        title=article.title,
        body=(
            f"Readers are told that “{article}” ({article.get_absolute_url()}) is not available, because what is stored "
            "is no longer what was signed. Somebody changed the database outside this system. Ask your administrator to "
            "run “manage.py verify” and to restore the damaged rows from a backup.\n\n"
            f"For your administrator: {wrong}"
        ),
        path=reverse("publication", args=[publication.pk]),
        since=timezone.now() - TOLD_AGAIN_AFTER,
    )


def publishers() -> list[User]:
    active = get_user_model()._default_manager.filter(is_active=True, is_superuser=False)
    right = permissions.PUBLISH_EDITION
    return [person for person in active.order_by("pk") if permissions.may(person, right)]


def remind_reviewers(done: Done) -> None:
    today = timezone.localdate()
    due = Assignment.objects.filter(due_on__lte=today + timedelta(days=1), person__is_active=True)
    for row in due.select_related("edition__article", "person", "organisation"):
        if not verification.damage(row.edition) and is_open(row):
            done.reminded += remind(row, today)


def is_open(row: Assignment) -> bool:
    if current.candidate(row.edition.article) != row.edition:
        return False
    decided = Signoff.objects.filter(
        edition=row.edition, kind__kind=row.kind_id, signed_by=row.person, withdrawal=None
    )
    if decided.exists():
        return False
    state = gate.state_of(row.edition)
    steps = [s for s in state.steps if s.kind.code == row.kind_id and s.organisation == row.organisation]
    return any(not is_fulfilled(step, state.approvals) for step in steps)


def remind(row: Assignment, today: date) -> int:
    # Once when it is due, and once more when it is late; again where the day was moved.
    kind, day = KindVersion.objects.newest(row.kind_id).name, long_date(row.due_on)
    is_late = row.due_on < today
    return outbox.notify_once(
        row.edition.article_id,
        [row.person],
        begins=f"{kind} {'was due' if is_late else 'due'} {day}:",
        title=row.edition.article.title,
        body=(
            f"Your {kind.lower()} of “{row.edition.article}”, edition {row.edition.number}, "
            f"{'was' if is_late else 'is'} due on {day}. Sign it, request changes, or decline so that somebody else can be asked."
        ),
        path=reverse("edition", args=[row.edition.pk]),
    )


def tell_of_retractions(done: Done) -> None:
    done.reminded += retraction_mail.tell_owners()


def tell_of_later_editions(done: Done) -> None:
    done.reminded += objection_mail.tell_of_later_editions()


def send_mail(done: Done) -> None:
    done.sent, done.unsent = outbox.send_due()


def look_at_links(done: Done) -> None:
    # A few, each at another site; one that takes too long is left to a later tick.
    if settings.WATCH_LINKS:
        scheduling.enrol()
        looks = rounds.go(most=LINKS_AT_A_TICK, until=time.monotonic() + LONGEST_ROUND, wait=False)
        done.looked = sum(seen.kept for seen in looks)


# Mail goes after those that write some, so that it goes out at once; and links last, for nobody waits for them.
CHORES: tuple[Callable[[Done], None], ...] = (
    look_for_damage,
    remind_reviewers,
    tell_of_retractions,
    tell_of_later_editions,
    send_mail,
    look_at_links,
)
