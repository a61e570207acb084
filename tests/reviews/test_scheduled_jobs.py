"""What is due gets done, once, whoever else is at it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Thread, Timer

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from content import outbox
from content.editions import submitting
from content.models import Article, Notification
from reviews import scheduled_jobs
from reviews.approvals import routes
from reviews.decisions import assigning
from reviews.scheduled_jobs import Done
from tests import cast, tampering
from tests.content.links import library, servers

pytestmark = pytest.mark.both

TITLE = "“Immunotherapy for Kaposi Sarcoma”"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def people(db):
    return cast.cast()


def subjects():
    return [(message.to[0].partition("@")[0], message.subject) for message in mail.outbox]


def waiting_mail(to):
    outbox.notify([to], subject="Hello", body="There is something.", path="/admin/", at=timezone.now())


def damaged(edition):
    tampering.change(edition, snapshot=edition.snapshot.replace("4 mg", "8 mg"))


def asked(people, days, who="bob"):
    """An edition in review, of which bob was asked for the medical review so many days from now."""
    edition = cast.submitted(people["ann"])
    ask(edition, people, days, who)
    Notification.objects.update(sent_at=timezone.now())
    return edition


def ask(edition, people, days, who="bob"):
    step = next(step for step in routes.steps(edition) if step.kind.code == "medical-review")
    day = timezone.localdate() + timedelta(days=days)
    assigning.assign(edition, step=step, person=people[who], due_on=day, by=people["ann"])


def day_in_words(days):
    day = timezone.localdate() + timedelta(days=days)
    return f"{day:%B} {day.day}, {day.year}"


def test_tick_sends_what_waits_and_says_so(people):
    waiting_mail(people["bob"])
    printed = StringIO()

    call_command("tick", stdout=printed)

    assert subjects() == [("bob", "Hello")]
    assert printed.getvalue() == "mails sent: 1\n"


def test_tick_with_nothing_due_does_nothing(people):
    cast.published(people)

    done = scheduled_jobs.tick()

    assert (done, str(done)) == (Done(), "nothing was due")


def test_tick_that_could_not_send_a_mail_fails(people):
    people["bob"].email = ""
    people["bob"].save()
    waiting_mail(people["bob"])
    printed = StringIO()

    with pytest.raises(CommandError):
        call_command("tick", stdout=printed)

    assert printed.getvalue() == "mails not sent: 1\n"


def test_tick_goes_on_with_the_other_chores_when_one_fails(people, monkeypatch):
    def unlucky(done):
        raise ValueError("not today")

    waiting_mail(people["bob"])
    monkeypatch.setattr(scheduled_jobs, "CHORES", (unlucky, *scheduled_jobs.CHORES))

    done = scheduled_jobs.tick()

    assert done == Done(sent=1, failed=1)


def test_tick_tells_owner_and_active_publishers_of_damage(people):
    publication = cast.published(people)
    retired = cast.person("dan", "Publishers")
    retired.is_active = False
    retired.save()
    damaged(publication.edition)

    done = scheduled_jobs.tick()

    subject = "Page unavailable: “Immunotherapy for Kaposi Sarcoma”"
    assert subjects() == [("ann", subject), ("dora", subject)]
    assert done == Done(sent=2, damaged=1)
    assert mail.outbox[0].body.startswith(
        f"Readers are told that {TITLE} (/articles/immunotherapy-kaposi/) is not available, because what is stored is no "
        "longer what was signed. Somebody changed the database outside this system. Ask your administrator to run "
        "“manage.py verify” and to restore the damaged rows from a backup.\n\nFor your administrator: the bytes of "
    )


def test_tick_looks_in_turn_at_what_pages_rest_on(people, monkeypatch):
    """A sign-off lies deeper than the page's own bytes and dates."""
    publication = cast.published(people)
    tampering.delete(publication.edition.signoffs.last())
    monkeypatch.setattr(scheduled_jobs, "SHARES", 1)

    done = scheduled_jobs.tick()

    assert done == Done(sent=2, damaged=1)


def test_tick_tells_of_the_same_damage_again_only_after_a_day(people):
    publication = cast.published(people)
    damaged(publication.edition)
    told = []

    with time_machine.travel("2027-03-01 12:00Z", tick=False) as clock:
        for pause in (0, 1, 23, 2):
            clock.shift(timedelta(hours=pause))
            scheduled_jobs.tick()
            told.append(len(mail.outbox))

    assert told == [2, 2, 2, 4]


def test_tick_waits_for_unsent_mail_before_it_tells_again(people):
    publication = cast.published(people)
    damaged(publication.edition)
    people["dora"].email = ""
    people["dora"].save()

    with time_machine.travel("2027-03-01 12:00Z", tick=False) as clock:
        scheduled_jobs.tick()
        clock.shift(timedelta(days=2))
        scheduled_jobs.tick()

    assert Notification.objects.filter(recipient=people["dora"]).count() == 1


@pytest.mark.parametrize(("days", "words"), [(1, "due"), (0, "due"), (-1, "was due"), (-9, "was due")])
def test_tick_reminds_who_was_asked_once(people, days, words):
    asked(people, days)

    first, second = scheduled_jobs.tick(), scheduled_jobs.tick()

    assert subjects() == [("bob", f"Medical review {words} {day_in_words(days)}: {TITLE}")]
    assert (first, second) == (Done(sent=1, reminded=1), Done())


def test_tick_reminds_once_more_when_it_is_late(people):
    asked(people, 1)
    day = day_in_words(1)

    scheduled_jobs.tick()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        scheduled_jobs.tick()

    assert subjects() == [
        ("bob", f"Medical review due {day}: {TITLE}"),
        ("bob", f"Medical review was due {day}: {TITLE}"),
    ]


def test_tick_reminds_again_when_the_day_was_moved(people):
    edition = asked(people, 0)
    scheduled_jobs.tick()
    ask(edition, people, 1)
    Notification.objects.filter(sent_at=None).update(sent_at=timezone.now())

    done = scheduled_jobs.tick()

    assert done == Done(sent=1, reminded=1)
    assert subjects()[-1] == ("bob", f"Medical review due {day_in_words(1)}: {TITLE}")


def nothing_happened(edition, people):
    """Asked in good time."""


def bob_asked_for_changes(edition, people):
    cast.sign(edition, people["bob"], "medical-review", decision="request-changes", reason="Not yet.")
    Notification.objects.update(sent_at=timezone.now())


def bob_declined(edition, people):
    cast.sign(edition, people["bob"], "medical-review", decision="decline", reason="Away.")


def somebody_else_signed(edition, people):
    cast.sign(edition, people["cid"], "medical-review")


def it_was_taken_back(edition, people):
    submitting.take_back(edition, by=people["ann"])


def bob_left(edition, people):
    people["bob"].is_active = False
    people["bob"].save()


def its_bytes_were_changed(edition, people):
    damaged(edition)


@pytest.mark.parametrize(
    ("days", "meanwhile"),
    [
        (2, nothing_happened),
        (0, bob_asked_for_changes),
        (0, bob_declined),
        (0, somebody_else_signed),
        (0, it_was_taken_back),
        (0, bob_left),
        (0, its_bytes_were_changed),
    ],
)
def test_tick_reminds_nobody_of_what_is_not_due_or_not_wanted(people, days, meanwhile):
    edition = asked(people, days)
    meanwhile(edition, people)

    done = scheduled_jobs.tick()

    assert (done, str(done)) == (Done(), "nothing was due")


def test_two_ticks_at_once_send_each_mail_once(fresh_database):
    people = cast.cast()
    edition = asked(people, 0)
    publication = cast.published(people, title="Another", slug="another")
    damaged(publication.edition)
    for _ in range(5):
        waiting_mail(people["cid"])

    def tick():
        scheduled_jobs.tick()
        connection.close()

    threads = [Thread(target=tick) for _ in range(3)]
    with transaction.atomic():
        # Held until all of them have looked and want to write: what each saw before is then out of date.
        list(Article.objects.select_for_update())
        list(User.objects.select_for_update())
        for thread in threads:
            thread.start()
        time.sleep(1)
    for thread in threads:
        thread.join()

    assert edition.assignments.count() == 1
    assert sorted(subjects()) == [
        ("ann", "Page unavailable: “Another”"),
        ("bob", f"Medical review due {day_in_words(0)}: {TITLE}"),
        *[("cid", "Hello")] * 5,
        ("dora", "Page unavailable: “Another”"),
    ]


@contextmanager
def ticking_process(url, every):
    """`tick --every`; killed after a minute, so that a test that waits for a line of it comes to an end."""
    environment = os.environ | {"DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "tick", "--every", every]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        killer = Timer(60, process.kill)
        killer.start()
        try:
            yield process
        finally:
            killer.cancel()
            process.kill()


def line_with(words, process):
    return next((line.strip() for line in process.stdout if words in line), "never said")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_tick_every_ends_at_once_when_asked(fresh_database, number):
    waiting_mail(cast.person("bob"))

    with ticking_process(fresh_database, "600") as process:
        line = line_with("mails sent", process)
        began = time.monotonic()
        process.send_signal(number)
        code = process.wait()
        took = time.monotonic() - began

    assert line == "mails sent: 1"
    assert (code, took < 10) == (0, True)


@pytest.mark.sqlite
def test_tick_every_outlives_a_database_that_is_down(fresh_database, tmp_path):
    waiting_mail(cast.person("bob"))
    connection.close()
    ready = tmp_path / "ready"
    ready.mkdir()
    shutil.move(connection.settings_dict["NAME"], ready / "db.sqlite3")

    with ticking_process(f"sqlite:///{tmp_path / 'away' / 'db.sqlite3'}", "0.2") as process:
        down = line_with("does not answer", process)
        ready.rename(tmp_path / "away")
        recovered = line_with("mails sent", process)
        process.send_signal(signal.SIGTERM)
        code = process.wait()

    assert down.partition("WARNING ")[2] == (
        "reviews.management.commands.tick: the database does not answer; "
        "next try in 0.2 s: unable to open database file"
    )
    assert recovered == "mails sent: 1"
    assert code == 0


def test_tick_without_database_fails_in_one_line(tmp_path):
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'nowhere' / 'db.sqlite3'}"}

    ended = subprocess.run(
        [sys.executable, "manage.py", "tick"], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert (ended.returncode, ended.stderr) == (
        1,
        f"The database {tmp_path / 'nowhere' / 'db.sqlite3'} does not answer: unable to open database file\n",
    )


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan", "86401"])
def test_tick_every_wants_a_number_of_seconds(text):
    with pytest.raises(CommandError) as refused:
        call_command("tick", "--every", text)

    assert str(refused.value) == (
        f"Error: argument --every: “{text}” is not a number of seconds above 0 and up to a day (86400)."
    )


@pytest.fixture
def watched_site(settings):
    """A site on this machine with one page that a reference cites."""
    site = servers.Server()
    settings.LINKS_MAY_ALSO_REACH = frozenset({(site.address, site.port)})
    site.pages["/page"] = servers.titled("A page")
    with servers.serving(site):
        yield site


def test_tick_looks_at_links_where_it_is_switched_on(people, settings, watched_site):
    library.cited(watched_site, "/page")
    settings.WATCH_LINKS = True

    done = scheduled_jobs.tick()

    assert done == Done(looked=1)
    assert library.outcomes() == {"/page": "ok"}


def test_tick_asks_nobody_where_it_is_not(people, watched_site):
    library.cited(watched_site, "/page")

    done = scheduled_jobs.tick()

    assert (done, watched_site.connections) == (Done(), 0)


def test_tick_is_held_up_by_no_site(people, settings, watched_site, monkeypatch):
    monkeypatch.setattr(scheduled_jobs, "LONGEST_ROUND", 0.5)
    watched_site.pages["/page"] = lambda send: time.sleep(8)
    library.cited(watched_site, "/page")
    settings.WATCH_LINKS = True
    waiting_mail(people["bob"])
    began = time.monotonic()

    done = scheduled_jobs.tick()

    assert (done, time.monotonic() - began < 4) == (Done(sent=1), True)
