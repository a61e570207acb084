"""The mail server is gone, hangs, or dies in the middle: no verb fails, `tick` says what was not sent and sends it later."""

import time
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from content import outbox
from content.models import Notification
from tests.flow import test_stories as stories
from tests.flow.children import Act, Children
from tests.flow.clusters import free_port
from tests.flow.conftest import where
from tests.flow.mail_servers import (
    DIES,
    END_OF_MAIL,
    GREETING,
    HANGS,
    REFUSES,
    TAKES_IT_AND_DIES,
    WELL,
    mail_server,
)

TIMEOUT = 0.5


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", TIMEOUT
    with mail_server() as started:
        settings.EMAIL_PORT = started.port
        yield started


@pytest.fixture
def people(people_there):
    return people_there


@pytest.fixture
def withdrawn(people, edition):
    """A verb that writes two mails is carried out, whatever the mail server does."""
    sent, typed = stories.withdrawing_review(people, edition)
    assert sent.send(**typed).status_code == 302
    assert Notification.objects.count() == 2


def tick():
    """Whether it did all, and how many mails it says it sent and did not send."""
    said = StringIO()
    try:
        call_command("tick", stdout=said)
        whole = True
    except CommandError:
        whole = False
    counts = dict(part.split(": ") for part in said.getvalue().strip().split("; ") if ": " in part)
    return whole, int(counts.get("mails sent", 0)), int(counts.get("mails not sent", 0))


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta))


# What it does at which word, how many mails the first tick sends and leaves, and how many attempts that takes of each.
GONE = [
    ((DIES, GREETING), 0, 2, [0, 0]),
    ((HANGS, GREETING), 0, 2, [0, 0]),
    ((DIES, "EHLO"), 0, 2, [1, 0]),
    ((HANGS, "EHLO"), 0, 2, [1, 0]),
    ((DIES, "MAIL"), 0, 2, [1, 0]),
    ((DIES, "RCPT"), 0, 2, [1, 0]),
    ((REFUSES, "RCPT"), 0, 2, [1, 1]),
    ((DIES, "DATA"), 0, 2, [1, 0]),
    ((HANGS, "DATA"), 0, 2, [1, 0]),
    ((DIES, END_OF_MAIL), 0, 2, [1, 0]),
    ((HANGS, END_OF_MAIL), 0, 2, [1, 0]),
    ((REFUSES, END_OF_MAIL), 0, 2, [1, 1]),
    ((DIES, "QUIT"), 2, 0, [1, 1]),
    ((HANGS, "QUIT"), 2, 0, [1, 1]),
]


@pytest.mark.parametrize(
    ("mood", "sent", "unsent", "attempts"), GONE, ids=[" at ".join(row[0]) for row in GONE]
)
def test_mail_is_sent_once_when_the_server_is_well_again(withdrawn, server, mood, sent, unsent, attempts):
    server.mood = mood
    began = time.monotonic()

    first = tick()

    assert first == (unsent == 0, sent, unsent)
    assert time.monotonic() - began < 4 * TIMEOUT
    assert list(Notification.objects.values_list("attempts", flat=True)) == attempts
    server.mood = (WELL, "")
    with later(minutes=6):
        assert tick() == (True, unsent, 0)
        assert tick() == (True, 0, 0)
    assert Counter(to for to, *_ in server.taken) == {"ann@example.org": 1, "dora@example.org": 1}


def test_mail_of_which_the_server_never_said_that_it_took_it_comes_twice_under_one_number(withdrawn, server):
    server.mood = (TAKES_IT_AND_DIES, END_OF_MAIL)
    tick()
    server.mood = (WELL, "")

    with later(minutes=6):
        tick()

    first, *others = server.taken
    assert (len(others), others.count(first), len({number for *_, number in server.taken})) == (2, 1, 2)


def test_mail_outlives_a_server_that_is_away_for_a_day(withdrawn, server, settings):
    settings.EMAIL_PORT = free_port()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(100):
            clock.shift(timedelta(minutes=15))
            assert tick() == (False, 0, 2)

    settings.EMAIL_PORT = server.port
    assert tick() == (True, 2, 0)


def test_tick_killed_anywhere_loses_no_mail(withdrawn, server, copies, family_with_mail):
    """Killed between the server's yes and our note of it, the mail comes twice under one number; never otherwise."""
    act = Act(command=["tick"])
    family_with_mail.warm_up(copies(), act)
    whole = family_with_mail.live(copies(), act)
    noted = [number for number, step in enumerate(whole.steps, 1) if step.startswith(NOTES_THAT_IT_WENT)]
    assert (whole.status, len(noted)) == (0, 2)

    twice = []
    for number in where(whole.steps):
        url, server.taken[:] = copies(), []
        killed = family_with_mail.live(url, act, at=number)
        again = family_with_mail.live(url, act, moment=in_six_minutes(family_with_mail))
        assert (killed.was_killed, again.status) == (True, 0)
        assert {to for to, *_ in server.taken} == {"ann@example.org", "dora@example.org"}
        assert len({number for *_, number in server.taken}) == 2
        twice += [number] * (len(server.taken) - 2)
        assert Notification.objects.filter(sent_at=None).count() == 0

    assert twice == noted


NOTES_THAT_IT_WENT = 'UPDATE "content_notification" SET "sent_at"'


def in_six_minutes(family):
    return (datetime.fromisoformat(family.moment) + timedelta(minutes=6)).isoformat()


@pytest.fixture
def family_with_mail(server, fresh_database):
    environment = {"DATABASE_URL": fresh_database, "EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    children = Children(environment, timezone.now() + timedelta(minutes=1))
    yield children
    children.end()


def test_mail_that_is_refused_again_and_again_is_tried_ever_more_rarely_and_given_up(withdrawn, server):
    server.mood = (REFUSES, "RCPT")
    tried = []

    with time_machine.travel(timezone.now(), tick=False) as clock:
        for hours in range(24 * 14):
            clock.shift(timedelta(hours=1))
            tried += [hours] * tick()[2]

    assert len(tried) == 2 * outbox.MOST_ATTEMPTS
    assert tried[-1] in range(24 * 6, 24 * 8)


def test_mail_without_an_address_holds_up_no_other(people, withdrawn, server):
    people["ann"].email = ""
    people["ann"].save()

    assert tick() == (False, 1, 1)
    assert [to for to, *_ in server.taken] == ["dora@example.org"]
