"""One look at one address: HEAD, then GET where HEAD is refused or a title is to be read."""

import re
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from django.utils import timezone

from content.links import titles
from content.links.http import targets
from content.links.http.connecting import Way
from content.links.http.faults import NotReached
from content.links.http.fetching import Answer, fetched
from content.links.http.targets import Target
from content.links.pacing import Pace
from content.models import Outcome

PATIENCE = 12.0
PATIENCE_FOR_HEAD = 5.0
MOST_REDIRECTS = 5
LONGEST_WAIT = 7 * 24 * 3600
REDIRECTS = (301, 302, 303, 307, 308)
FOR_GOOD = (301, 308)
GONE = (404, 410)
# 402, 407 and 451: paywalls, proxies, countries; 999 is LinkedIn's own. None of them says that the page is gone.
LOCKED = (401, 402, 403, 407, 429, 451, 999)
LATER = (429, 503)
TO_A_LOGIN = re.compile(r"/(log|sign)[-_]?(in|on)\b|/sso\b|[?&]return_?(url|to)=", re.IGNORECASE)


@dataclass(frozen=True)
class Look:
    """What was found. `why` is the end of a sentence, `wait` how many seconds the site asked to be left alone."""

    outcome: Outcome
    status: int | None = None
    why: str = ""
    final_url: str = ""
    title: str = ""
    wait: float = 0.0


def look(url: str, *, way: Way, pace: Pace | None = None, patience: float = PATIENCE) -> Look:
    """Raises NoNetwork where nothing can be said. `patience` is in seconds on the network, pauses not counted."""
    walk = Walk(url, way, pace or Pace(), patience)
    try:
        answer = walk.page()
    except NotReached as fault:
        return Look(fault.outcome, walk.status, fault.why, walk.final_url)
    return walk.seen(answer)


@dataclass
class Walk:
    """From an address through its redirects to an answer."""

    url: str
    way: Way
    pace: Pace
    patience: float
    redirects: list[tuple[int, str]] = field(default_factory=list)
    status: int | None = None
    went_in_circles: bool = False

    @property
    def final_url(self) -> str:
        return self.redirects[-1][1] if self.redirects else ""

    def page(self) -> Answer:
        start = targets.target(self.url)
        try:
            answer = self.followed("HEAD", start)
            if answer.status == 429 or (answer.status < 300 and not answer.is_html):
                return answer
            again = answer.target
        except NotReached as fault:
            if fault.outcome not in (Outcome.TROUBLE, Outcome.TIMED_OUT) or self.went_in_circles:
                raise
            again = targets.target(self.final_url or self.url)
        return self.followed("GET", again)

    def followed(self, method: str, target: Target) -> Answer:
        while True:
            answer = self.asked(method, target)
            if answer.status not in REDIRECTS or not answer.location:
                return answer
            target = targets.led_to(target, answer.location)
            was_there = target.url in [self.url, *(url for _, url in self.redirects)]
            self.redirects.append((answer.status, target.url))
            if was_there or len(self.redirects) > MOST_REDIRECTS:
                self.went_in_circles = True
                raise NotReached(
                    Outcome.TROUBLE, f"leads on in a circle, or more than {MOST_REDIRECTS} times"
                )

    def asked(self, method: str, target: Target) -> Answer:
        self.status = None
        with self.pace.turn(target.host):
            began = time.monotonic()
            seconds = min(PATIENCE_FOR_HEAD, self.patience) if method == "HEAD" else self.patience
            try:
                answer = fetched(method, target, self.way, seconds)
            finally:
                self.patience -= time.monotonic() - began
        self.status = answer.status
        return answer

    def seen(self, answer: Answer) -> Look:
        outcome = self.outcome_of(answer)
        answers = outcome in (Outcome.OK, Outcome.MOVED)
        return Look(
            outcome,
            answer.status,
            final_url=self.final_url,
            title=titles.title_of(answer.body, answer.headers) if answers and answer.body else "",
            wait=wait_of(answer) if answer.status in LATER else 0.0,
        )

    def outcome_of(self, answer: Answer) -> Outcome:
        status = answer.status
        if status in LOCKED:
            return Outcome.LOGIN
        if 200 <= status < 300:
            if self.redirects and TO_A_LOGIN.search(path_of(self.final_url)):
                return Outcome.LOGIN
            return Outcome.MOVED if self.moved_for_good else Outcome.OK
        return Outcome.BROKEN if status in GONE else Outcome.TROUBLE

    @property
    def moved_for_good(self) -> bool:
        # Another scheme or a slash at the end is no other address.
        last = self.url
        for status, url in self.redirects:
            if status not in FOR_GOOD:
                break
            last = url
        return bare(last) != bare(self.url)


def bare(url: str) -> str:
    target = targets.target(url)
    return f"{target.site}{target.path.rstrip('/')}"


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def wait_of(answer: Answer) -> float:
    """Return the seconds that Retry-After asks for (RFC 9110, 10.2.3): a number, or a date."""
    text = answer.headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), LONGEST_WAIT))
    try:
        seconds = (parsedate_to_datetime(text) - timezone.now()).total_seconds()
    except (TypeError, ValueError):
        return 0.0
    return min(max(seconds, 0.0), LONGEST_WAIT)
