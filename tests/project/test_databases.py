"""The fixtures that give a test a database of its own."""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from threading import Thread

import pytest
from django.contrib.auth.models import Group
from django.db import connection

pytestmark = pytest.mark.both

ROOT = Path(__file__).resolve().parents[2]
COUNT = "from django.contrib.auth.models import Group; print(Group.objects.filter(name__startswith='ours-').count())"


def names() -> list[str]:
    return list(Group.objects.filter(name__startswith="ours-").values_list("name", flat=True))


# Twice: what the first run commits, the second must not find.
@pytest.mark.parametrize("round", [1, 2])
def test_fresh_database_holds_nothing_of_another_test(fresh_database: str, round: int) -> None:
    before = names()
    Group.objects.create(name=f"ours-{round}")

    assert (before, names()) == ([], [f"ours-{round}"])
    assert connection.in_atomic_block is False


def test_fresh_database_is_one_for_all_threads(fresh_database: str) -> None:
    def write() -> None:
        Group.objects.create(name="ours-thread")
        connection.close()

    thread = Thread(target=write)
    thread.start()
    thread.join()

    assert names() == ["ours-thread"]


def test_fresh_database_is_named_for_child_processes(fresh_database: str) -> None:
    Group.objects.create(name="ours-parent")

    child = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", COUNT],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": fresh_database},
        capture_output=True,
        text=True,
        check=True,
    )

    assert child.stdout.strip() == "1"


def test_fresh_database_is_whole_after_the_browser_started(
    django_db_setup, page, fresh_database: str
) -> None:
    assert Group.objects.exists() is True


@pytest.mark.django_db
def test_ordinary_database_is_not_the_one_people_work_in() -> None:
    name = Path(str(connection.settings_dict["NAME"])).name

    assert name.startswith("test") is True


def test_live_site_serves_the_fresh_database(live_site: str) -> None:
    with urllib.request.urlopen(f"{live_site}/healthz") as answer:
        status = answer.status

    assert status == 200


def test_page_opens_in_the_browser(live_site: str, page) -> None:
    answer = page.goto(f"{live_site}/healthz")

    assert answer.status == 200
