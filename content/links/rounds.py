"""A round of looks: the network in a few threads, the database in the one that asked for the round."""

import logging
import threading
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from django.conf import settings
from django.utils import timezone

from content.links import recording, scheduling
from content.links.http.connecting import Way
from content.links.http.faults import NoNetwork
from content.links.pacing import Pace
from content.links.visiting import Look, look
from content.models import WatchedLink, WatchedSite

log = logging.getLogger(__name__)
WORKERS = 8
# A site that asks to be left alone for longer is left for another round.
LONGEST_WAIT = timedelta(seconds=30)
LISTENS_EVERY = 0.1

Job = tuple[WatchedLink, Look | None]


@dataclass(frozen=True)
class Seen:
    """One address that was tried; `kept` says whether anything could be said of it."""

    url: str
    kept: bool


def way() -> Way:
    return Way(also=frozenset(settings.LINKS_MAY_ALSO_REACH))


def go(
    *,
    sites: Collection[str] = (),
    most: int | None = None,
    until: float | None = None,
    workers: int = WORKERS,
    wait: bool = True,
) -> Iterator[Seen]:
    """Visit all that is due, or at most `most`, or until that moment of time.monotonic(). Without `wait`, one of each
    site.

    What is under way when the round is given up is due again in a few minutes, for whichever watcher comes then.
    """
    hands = Hands(workers, Pace())
    try:
        taken = 0
        while until is None or time.monotonic() < until:
            while hands.free and (most is None or taken < most) and (link := scheduling.take(sites)):
                hands.give(link)
                taken += 1
            if hands.idle and (taken == most or not (wait and is_worth_waiting(sites))):
                return
            yield from hands.brought()
    finally:
        hands.dismiss()


def is_worth_waiting(sites: Collection[str]) -> bool:
    now = timezone.now()
    soon = WatchedSite.objects.filter(free_at__lte=now + LONGEST_WAIT)
    return scheduling.waiting(sites, now).filter(site__in=soon).exists()


class Hands:
    """Threads that look. They are daemons: nobody waits for one that hangs."""

    def __init__(self, count: int, pace: Pace) -> None:
        self.way, self.pace, self.free, self.count = way(), pace, count, count
        self.jobs: SimpleQueue[WatchedLink | None] = SimpleQueue()
        self.done: SimpleQueue[Job] = SimpleQueue()
        for number in range(count):
            threading.Thread(target=self.work, daemon=True, name=f"link watcher {number}").start()

    @property
    def idle(self) -> bool:
        return self.free == self.count

    def give(self, link: WatchedLink) -> None:
        self.free -= 1
        self.jobs.put(link)

    def work(self) -> None:
        while (link := self.jobs.get()) is not None:
            self.done.put((link, looked(link.url, self.way, self.pace)))

    def brought(self) -> Iterator[Seen]:
        try:
            link, found = self.done.get(timeout=LISTENS_EVERY)
        except Empty:
            return
        self.free += 1
        yield kept(link, found, timezone.now())

    def dismiss(self) -> None:
        for _ in range(self.count):
            self.jobs.put(None)


def looked(url: str, way: Way, pace: Pace) -> Look | None:
    try:
        return look(url, way=way, pace=pace)
    except NoNetwork as reason:
        log.info("%s was not checked: %s", url, reason)
    except Exception:
        log.exception("%s was not checked", url)
    return None


def kept(link: WatchedLink, found: Look | None, now: datetime) -> Seen:
    if found is None:
        recording.put_off(link, now)
        return Seen(link.url, False)
    return Seen(link.url, recording.keep(link, found, now))


def look_at_once(url: str) -> Seen | None:
    """Visit one address while somebody waits for it, or return None where its site is being visited."""
    link = scheduling.take_this(url)
    return kept(link, looked(url, way(), Pace()), timezone.now()) if link else None
