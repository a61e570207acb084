"""What the machine found at an address, in words for editors."""

from collections.abc import Callable
from urllib.parse import urlsplit

from content.links import titles
from content.models import Outcome, WatchedLink
from content.phrases import long_date

UNCHECKED = "Not checked yet."


def words(link: WatchedLink | None) -> str:
    """Say in one or two sentences how the link is, without the day.

    None stands for an address that was never visited.
    """
    if link is None or link.looked_at is None:
        return UNCHECKED
    return " ".join(filter(None, (SAID[Outcome(link.outcome)](link), since(link))))


def when(link: WatchedLink | None) -> str:
    return long_date(link.looked_at) if link and link.looked_at else ""


def answers(link: WatchedLink) -> str:
    return "The address answers."


def moved(link: WatchedLink) -> str:
    if is_front_page(link.final_url) and not is_front_page(link.url):
        return f"The address answers, but leads to the front page {link.final_url} now: the page itself may be gone."
    title = f" The page there is called “{link.title}”." if link.former_title else ""
    return f"The address answers, but leads to {link.final_url} now.{title}"


def is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def retitled(link: WatchedLink) -> str:
    return f"The address answers, but its page is called “{link.title}” now; before, “{link.former_title}”."


def locked(link: WatchedLink) -> str:
    if link.status == 429:
        return "The site asks automatic checks to come less often (429). A person can open it."
    if link.status and link.status < 300:
        return f"The address leads to a login, {link.final_url}. A person has to open it."
    return f"The site refuses automatic checks ({link.status}). A person has to open it."


def broken(link: WatchedLink) -> str:
    where = f", at {link.final_url} where the address leads" if link.final_url else ""
    return f"The site says that the page is not there ({link.status}){where}."


def no_host(link: WatchedLink) -> str:
    return f"The address {link.why}: the site is gone, or its name was mistyped."


def trouble(link: WatchedLink) -> str:
    if link.why:
        return f"The site has a problem: the address {link.why}."
    return f"The site has a problem: it answers with an error ({link.status})."


def timed_out(link: WatchedLink) -> str:
    return f"The site {link.why}."


def certificate(link: WatchedLink) -> str:
    return f"The site's certificate {link.why}. A browser would warn readers."


def unsafe(link: WatchedLink) -> str:
    return f"Not checked: the address {link.why}."


SAID: dict[Outcome, Callable[[WatchedLink], str]] = {
    Outcome.OK: answers,
    Outcome.MOVED: moved,
    Outcome.RETITLED: retitled,
    Outcome.LOGIN: locked,
    Outcome.BROKEN: broken,
    Outcome.NO_HOST: no_host,
    Outcome.TROUBLE: trouble,
    Outcome.TIMED_OUT: timed_out,
    Outcome.CERTIFICATE: certificate,
    Outcome.UNSAFE: unsafe,
}


def since(link: WatchedLink) -> str:
    if link.first_broken_at is None:
        return ""
    day = long_date(link.first_broken_at)
    return f"Gone since {day}." if link.is_dead else f"First found gone on {day}."


def hint(link: WatchedLink | None, expected: str) -> str:
    # Softer than a finding: the page there does not seem to be called what people wrote down.
    opens = link is not None and link.outcome in (Outcome.OK, Outcome.MOVED, Outcome.RETITLED)
    if link is None or not opens or not link.title or titles.resembles(link.title, expected):
        return ""
    return f"The page there has the title “{link.title}”, but here the title is “{expected}”. Check that it is the same work."
