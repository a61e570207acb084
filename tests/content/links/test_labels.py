from datetime import UTC, datetime

import pytest

from content.links import labels
from content.models import Outcome, WatchedLink

DAY = datetime(2026, 11, 2, 17, tzinfo=UTC)


def link(outcome, **columns):
    return WatchedLink(url="https://example.org/kaposi", outcome=outcome, looked_at=DAY, **columns)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "Not checked yet."),
        (WatchedLink(url="https://example.org/"), "Not checked yet."),
        (link(Outcome.OK, status=200), "The address answers."),
        (
            link(Outcome.MOVED, status=200, final_url="https://example.org/new"),
            "The address answers, but leads to https://example.org/new now.",
        ),
        (
            link(Outcome.MOVED, status=200, final_url="https://example.org/new", title="B", former_title="A"),
            "The address answers, but leads to https://example.org/new now. The page there is called “B”.",
        ),
        (
            link(Outcome.MOVED, status=200, final_url="https://example.org/"),
            "The address answers, but leads to the front page https://example.org/ now: the page itself may be gone.",
        ),
        (
            link(Outcome.RETITLED, status=200, title="B", former_title="A"),
            "The address answers, but its page is called “B” now; before, “A”.",
        ),
        (
            link(Outcome.LOGIN, status=403),
            "The site refuses automatic checks (403). A person has to open it.",
        ),
        (
            link(Outcome.LOGIN, status=429),
            "The site asks automatic checks to come less often (429). A person can open it.",
        ),
        (
            link(Outcome.LOGIN, status=200, final_url="https://example.org/login"),
            "The address leads to a login, https://example.org/login. A person has to open it.",
        ),
        (
            link(Outcome.BROKEN, status=404, first_broken_at=DAY, last_broken_at=DAY),
            "The site says that the page is not there (404). First found gone on November 2, 2026.",
        ),
        (
            link(
                Outcome.BROKEN,
                status=410,
                final_url="https://example.org/x",
                first_broken_at=DAY,
                last_broken_at=DAY.replace(day=3),
            ),
            "The site says that the page is not there (410), at https://example.org/x where the address leads. "
            "Gone since November 2, 2026.",
        ),
        (
            link(Outcome.NO_HOST, why="is not known to any name server"),
            "The address is not known to any name server: the site is gone, or its name was mistyped.",
        ),
        (
            link(Outcome.TROUBLE, status=503),
            "The site has a problem: it answers with an error (503).",
        ),
        (
            link(Outcome.TROUBLE, why="refuses connections"),
            "The site has a problem: the address refuses connections.",
        ),
        (link(Outcome.TIMED_OUT, why="did not answer in time"), "The site did not answer in time."),
        (
            link(Outcome.CERTIFICATE, why="has expired"),
            "The site's certificate has expired. A browser would warn readers.",
        ),
        (
            link(Outcome.UNSAFE, why="leads to an address that is not on the public internet"),
            "Not checked: the address leads to an address that is not on the public internet.",
        ),
    ],
)
def test_what_was_found_in_plain_words(found, said):
    assert labels.words(found) == said


def test_there_are_words_for_every_outcome():
    assert {*labels.SAID, Outcome.UNCHECKED} == set(Outcome)


def test_a_page_called_otherwise_than_people_wrote_down_is_hinted_at():
    found = link(Outcome.OK, title="Page not found")

    assert labels.hint(found, "Kaposi Sarcoma Treatment") == (
        "The page there has the title “Page not found”, but here the title is “Kaposi Sarcoma Treatment”. Check that "
        "it is the same work."
    )
    assert labels.hint(found, "Page not found - NCI") == ""
    assert labels.hint(None, "Kaposi Sarcoma Treatment") == ""
    assert labels.hint(link(Outcome.BROKEN, title="Page not found"), "Kaposi Sarcoma Treatment") == ""
