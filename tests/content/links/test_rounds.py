"""Rounds of looks: gently, a few at a time, and each address once."""

import io
import os
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from content.links import pacing, rounds, scheduling
from content.models import Outcome, WatchedLink, WatchedSite
from tests.content.links import library
from tests.content.links.servers import answer, redirect, titled

ROOT = Path(__file__).resolve().parents[3]
PAUSE = 0.3
# Clocks are read before and after a connection is made: a gap may look a little shorter than it was.
NEARLY = 0.9


@pytest.fixture
def quick(monkeypatch):
    """Pauses of a third of a second, in place of two."""
    monkeypatch.setattr(pacing, "PAUSE", PAUSE)


def go(**given):
    scheduling.enrol()
    return [seen.url for seen in rounds.go(**given)]


def gaps(server):
    """Seconds between the end of one answer and the beginning of the next request; less than 0 where they overlap."""
    requests = sorted(server.requests, key=lambda request: request.began)
    return [later.began - earlier.ended for earlier, later in pairwise(requests)]


@pytest.mark.django_db
def test_each_site_is_asked_one_thing_at_a_time_with_a_pause(sites, quick):
    for server in sites:
        server.pages |= {"/a": titled("A"), "/b": redirect("/c"), "/c": titled("C")}
        library.cited(server, "/a", "/b")

    tried = go()

    assert len(tried) == len(set(tried)) == 6
    assert [len(server.requests) for server in sites] == [5, 5, 5]
    assert min(gap for server in sites for gap in gaps(server)) >= PAUSE * NEARLY
    assert library.outcomes() == {"/a": "ok", "/b": "moved"}


@pytest.mark.django_db
def test_a_redirect_to_a_site_that_is_being_asked_waits_its_turn(sites, quick):
    first, second, _ = sites
    first.pages["/a"] = redirect(library.at(second, "/b"))
    second.pages |= {"/b": titled("B"), "/c": titled("C"), "/d": titled("D")}
    library.cited(first, "/a")
    library.cited(second, "/c", "/d")

    go()

    assert sorted(second.asked()) == ["GET /b", "GET /c", "GET /d", "HEAD /b", "HEAD /c", "HEAD /d"]
    assert min(gaps(second)) >= PAUSE * NEARLY


@pytest.mark.django_db
def test_different_sites_are_asked_at_the_same_time_but_no_more_than_so_many(sites, quick):
    busy, most, lock = 0, 0, threading.Lock()

    def slow(send):
        nonlocal busy, most
        with lock:
            busy, most = busy + 1, max(most, busy + 1)
        time.sleep(0.5)
        with lock:
            busy -= 1
        send(answer(200, b"", "text/plain"))

    for server in sites:
        server.pages["/"] = slow
        library.cited(server, "/")

    go(workers=2)

    assert most == 2
    assert [len(server.requests) for server in sites] == [1, 1, 1]


@pytest.mark.django_db
def test_a_site_that_asks_to_be_left_alone_is_left_to_another_round(sites, quick):
    first, second, _ = sites
    first.pages |= {"/a": answer(429, Retry_After="3600")}
    second.pages |= {"/b": titled("B")}
    library.cited(first, "/a", "/later")
    library.cited(second, "/b")

    tried = go()

    assert sorted(tried) == [library.at(first, "/a"), library.at(second, "/b")]
    assert first.asked() == ["HEAD /a"]
    assert library.link(library.at(first, "/later")).outcome == Outcome.UNCHECKED
    assert (WatchedSite.objects.get(name="127.0.0.1").free_at - timezone.now()).total_seconds() > 3500


@pytest.mark.django_db
def test_a_round_takes_no_more_than_it_was_asked_to(sites, quick):
    for server in sites:
        server.pages["/"] = titled("x")
        library.cited(server, "/")

    assert len(go(most=2)) == 2
    assert len(go(most=2)) == 1


@pytest.mark.django_db
def test_a_round_that_does_not_wait_asks_each_site_once(sites, quick):
    sites[0].pages |= {"/a": titled("A"), "/b": titled("B")}
    library.cited(sites[0], "/a", "/b")

    assert len(go(wait=False)) == 1


@pytest.mark.django_db
def test_a_round_ends_in_time_whatever_a_site_does(sites, quick):
    sites[0].pages["/"] = lambda send: time.sleep(8)
    library.cited(sites[0], "/")
    began = time.monotonic()

    tried = go(until=began + 0.5)

    assert (tried, time.monotonic() - began < 3) == ([], True)
    assert library.link(library.at(sites[0], "")).due_at > timezone.now()


@pytest.mark.django_db
def test_a_look_that_fails_in_our_own_code_does_not_end_the_round(sites, quick, monkeypatch, caplog):
    def broken(url, **kwargs):
        raise KeyError(url)

    monkeypatch.setattr(rounds, "look", broken)
    library.cited(sites[0], "/")
    scheduling.enrol()

    [seen] = rounds.go()

    assert (seen.kept, "was not checked" in caplog.text) == (False, True)
    assert library.link(seen.url).outcome == Outcome.UNCHECKED


def test_a_pause_is_kept_by_threads_of_one_round():
    pace, began = pacing.Pace(0.2), []

    def ask():
        with pace.turn("example.org"):
            began.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [later - earlier >= 0.19 for earlier, later in pairwise(began)] == [True, True]


# The command


def said(*arguments):
    printed = io.StringIO()
    call_command("check_links", *arguments, stdout=printed)
    return printed.getvalue().splitlines()


@pytest.mark.django_db
def test_check_links_says_what_has_to_be_looked_at_and_counts_the_rest(sites, quick):
    sites[0].pages |= {"/ok": titled("Fine"), "/403": answer(403)}
    library.cited(sites[0], "/ok", "/403", "/404")

    lines = said()

    start, today = f"http://127.0.0.1:{sites[0].port}", timezone.localdate()
    assert lines == [
        f"{start}/403: The site refuses automatic checks (403). A person has to open it.",
        f"{start}/404: The site says that the page is not there (404). First found gone on {today:%B %-d, %Y}.",
        "Checked 3 of 3. answers: 1; needs a login: 1; page is gone: 1",
    ]


@pytest.mark.django_db
def test_check_links_looks_only_at_what_is_due_unless_all_is_asked_for(sites, quick):
    sites[0].pages["/"] = titled("x")
    library.cited(sites[0], "/")

    assert said()[-1] == "Checked 1 of 1. answers: 1"
    assert said("--due")[-1] == "No address is due."
    library.free_all()
    assert said("--all")[-1] == "Checked 1 of 1. answers: 1"


@pytest.mark.django_db
def test_check_links_of_one_site(sites, quick):
    for server in sites:
        server.pages["/"] = titled("x")
        library.cited(server, "/")

    assert said("--host", "127.0.0.2")[-1] == "Checked 1 of 1. answers: 1"
    assert [len(server.requests) for server in sites] == [0, 2, 0]


@pytest.mark.django_db
def test_check_links_of_a_site_nobody_cites_is_refused():
    with pytest.raises(CommandError, match=r"The library has no address at www.example.org\."):
        call_command("check_links", "--host", "www.example.org")


@pytest.mark.django_db
def test_check_links_says_what_it_left_for_later(sites, quick):
    sites[0].pages["/a"] = answer(429, Retry_After="3600")
    library.cited(sites[0], "/a", "/b")

    assert said()[-1] == "Not checked yet, because their sites are busy or asked for a pause: 1."


@pytest.mark.django_db
def test_check_links_without_a_way_out_fails_and_changes_nothing(quick):
    library.reference("https://nowhere.invalid/")

    with pytest.raises(CommandError, match="No address could be checked"):
        call_command("check_links", stdout=io.StringIO())

    assert WatchedLink.objects.get().outcome == Outcome.UNCHECKED


SETTINGS = """
from cms.settings import *
LINKS_MAY_ALSO_REACH = frozenset({reach!r})
"""


def check_links_in_a_process(database, folder, sites):
    (folder / "settings_of_the_test.py").write_text(
        SETTINGS.format(reach={(server.address, server.port) for server in sites})
    )
    environment = os.environ | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "settings_of_the_test",
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
    }
    command = [sys.executable, "manage.py", "check_links"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=ROOT, env=environment, **pipes)


def wait_until(true):
    for _ in range(300):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("It never came to that.")


def test_a_watcher_that_is_killed_leaves_the_rest_to_the_next(fresh_database, tmp_path, sites):
    """Two of three are seen, the third is under way when the process dies."""
    for server in sites:
        server.pages["/"] = titled("x")
        library.cited(server, "/")
    is_killed = threading.Event()
    sites[2].pages["/"] = [lambda send: is_killed.wait(30), titled("x")]
    connection.close()

    with check_links_in_a_process(fresh_database, tmp_path, sites) as process:
        wait_until(lambda: len(sites[2].requests) == 1 and looked_at() == 2)
        process.kill()
    is_killed.set()

    before = sorted(row.looked_at for row in WatchedLink.objects.exclude(looked_at=None))
    with check_links_in_a_process(fresh_database, tmp_path, sites) as process:
        busy = process.communicate(timeout=60)[0].splitlines()
    taken = WatchedLink.objects.filter(looked_at=None, due_at__lte=timezone.now() + scheduling.TAKEN_FOR)
    taken.update(due_at=timezone.now())  # as if the claim of the killed one had run out
    library.free_all()
    with check_links_in_a_process(fresh_database, tmp_path, sites) as process:
        rest = process.communicate(timeout=60)[0].splitlines()

    assert busy == ["No address is due."]
    assert rest == ["Checked 1 of 1. answers: 1"]
    assert [row.looked_at for row in WatchedLink.objects.order_by("looked_at")][:2] == before
    assert [len(server.requests) for server in sites] == [2, 2, 3]


def looked_at():
    count = WatchedLink.objects.exclude(looked_at=None).count()
    connection.close()
    return count


def test_two_watchers_at_once_ask_each_address_once_and_each_site_in_turn(fresh_database, tmp_path, sites):
    paths = [f"/{n}" for n in range(3)]
    for server in sites:
        server.pages |= {path: answer(200, b"", "application/pdf") for path in paths}
        library.cited(server, *paths)
    connection.close()

    (tmp_path / "other").mkdir()
    with (
        check_links_in_a_process(fresh_database, tmp_path, sites) as one,
        check_links_in_a_process(fresh_database, tmp_path / "other", sites) as other,
    ):
        lines = [
            line for process in (one, other) for line in process.communicate(timeout=120)[0].splitlines()
        ]
        codes = [process.returncode for process in (one, other)]

    assert codes == [0, 0]
    assert [sorted(server.asked()) for server in sites] == [[f"HEAD {path}" for path in paths]] * 3
    assert min(gap for server in sites for gap in gaps(server)) >= pacing.PAUSE * NEARLY
    assert sum(int(line.split()[1]) for line in lines if line.startswith("Checked")) == 9
