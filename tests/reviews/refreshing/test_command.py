"""`manage.py refresh_access_dates`: begins, goes on after a kill, publishes, takes back, and tells what is held up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from content.models import Edition, Submission
from reviews.models import Refresh
from reviews.refreshing.progress import progress
from tests import cast
from tests.reviews.refreshing.house import begun, codes, opened_again, public, signed

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def people(db):
    return cast.cast()


def called(capsys, *args, **options):
    call_command("refresh_access_dates", *args, **options)
    return capsys.readouterr().out.splitlines()


def test_it_begins_and_publishes_and_says_how_far_it_is(people, capsys):
    public(people, 2)
    opened_again(people["edi"])

    begun_now = called(capsys, by="ann")
    refresh = Refresh.objects.get()
    signed(refresh, people["edi"])
    published_now = called(capsys, by="dora", publish=refresh.pk)

    number = refresh.pk
    assert begun_now == [f"Refresh {number} started.", f"Refresh {number}: 2 articles; unsigned: 2."]
    assert published_now == [f"Refresh {number}: 2 articles; published: 2."]


def test_what_is_left_out_is_told_with_why_and_is_no_failure(people, capsys):
    public(people)
    opened_again(people["edi"], found="gone")

    told = called(capsys, by="ann")

    assert told[1] == "One: left out"
    assert "gone" in told[2]


def test_what_the_gate_refuses_is_told_and_is_a_failure(people, capsys):
    public(people)
    opened_again(people["edi"])
    refresh = begun(people)
    signed(refresh, people["edi"])
    edition = refresh.items.get().edition
    cast.sign(edition, people["cid"], "medical-review", decision="request-changes", reason="Doubtful.")

    with pytest.raises(CommandError, match="Some articles were not published"):
        called(capsys, by="dora", publish=refresh.pk)

    assert (
        "  Cid Example, MD requested changes (Medical review): Doubtful."
        in capsys.readouterr().out.splitlines()
    )


def test_it_takes_back(people, capsys):
    public(people)
    opened_again(people["edi"])
    refresh = begun(people)

    assert called(capsys, by="ann", take_back=refresh.pk) == [
        f"Refresh {refresh.pk}: 1 article; taken back: 1."
    ]


def test_only_mine_and_only_where_such_a_source_was_opened(people, capsys):
    public(people)
    opened_again(people["edi"])

    with pytest.raises(CommandError, match="No source of these articles"):
        called(capsys, by="edi", mine=True)
    with pytest.raises(CommandError, match="No source of these articles"):
        called(capsys, by="ann", type="book")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"by": "nobody"}, "There is no active account “nobody”."),
        ({"by": "ann", "go_on": 99}, "There is no refresh 99."),
        (
            {"by": "bob"},
            "Only editors can refresh access dates. Ask an administrator to add you to the group “Editors”.",
        ),
    ],
)
def test_what_cannot_be_is_said_in_words_and_changes_nothing(people, options, words):
    public(people)
    opened_again(people["edi"])

    with pytest.raises(CommandError) as failed:
        call_command("refresh_access_dates", **options)

    assert (str(failed.value), Refresh.objects.count()) == (words, 0)


def child(database, *args):
    return subprocess.Popen(
        [sys.executable, "manage.py", "refresh_access_dates", "--by", "ann", *args],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database, "IMPRIMATUR_DEBUG": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(what, seconds=60):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "It never came so far."
        time.sleep(0.02)


def test_killed_half_way_it_goes_on_and_does_nothing_twice(fresh_database, people_there):
    names = [f"Article {number}" for number in range(12)]
    for name in names:
        cast.published(people_there, title=name, slug=name.lower().replace(" ", "-"))
    opened_again(people_there["edi"])
    first = child(fresh_database)
    wait_for(lambda: Edition.objects.filter(number=2).count() >= 2)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    refresh = Refresh.objects.get()
    after_the_kill = progress(refresh)
    handed_in = Submission.objects.filter(edition__number=2)

    assert 2 <= len(after_the_kill.unsigned) < len(names)
    assert handed_in.count() == len(after_the_kill.unsigned)
    second = child(fresh_database, "--go-on", str(refresh.pk))
    assert (second.communicate()[0], second.returncode) == (
        f"Refresh {refresh.pk}: 12 articles; unsigned: 12.\n",
        0,
    )
    third = child(fresh_database, "--go-on", str(refresh.pk))
    third.communicate()

    assert (handed_in.count(), Edition.objects.filter(number=2).count(), codes(refresh)) == (12, 12, {})
    assert third.returncode == 0
    call_command("verify")
