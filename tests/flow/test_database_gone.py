"""The database is restarted under a verb and between two requests, and is away for a while."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from tests.conftest import LONG
from tests.flow import acts
from tests.flow.all_rows import all_rows, changed, evidence, next_keys, set_back
from tests.flow.children import LOSES_THE_ANSWER, Act
from tests.flow.clusters import free_port
from tests.flow.conftest import connected_to
from tests.flow.dying import AFTER_COMMIT, BEFORE_COMMIT
from tests.flow.sites import heading, served

ROOT = Path(__file__).resolve().parents[2]
NOT_STORED, LOOK = "Your form was not stored", "Please check whether your form was stored"
# On PostgreSQL each restart takes a second, so CI takes the verbs of which most depends.
RESTARTED = (
    acts.submitting_it, acts.signing, acts.publishing_a_second_edition, acts.rolling_back, acts.withdrawing_page,
    acts.importing,
)  # fmt: skip


@pytest.fixture
def fresh_database(request, fresh_database):
    """On PostgreSQL the same in a cluster that only this module sees."""
    if connection.vendor == "sqlite":
        yield fresh_database
        return
    with connected_to(request.getfixturevalue("cluster").take_in(fresh_database)) as url:
        yield url


# Under a verb.


def turns(steps):
    """Numbers of steps before which the database is restarted, and how."""
    writes = [number for number, step in enumerate(steps, 1) if step.startswith(("INSERT", "UPDATE"))]
    commit = steps.index(BEFORE_COMMIT) + 1
    if not LONG:
        return [(writes[-1], "immediate"), (commit, "fast")]
    numbers = (1, writes[0], writes[-1], commit, commit + 1)
    return [(number, mode) for number in numbers for mode in ("fast", "immediate")]


@pytest.mark.postgres
@pytest.mark.parametrize("verb", acts.VERBS if LONG else RESTARTED, ids=lambda verb: verb.__name__)
def test_verb_under_which_the_database_is_restarted_is_done_or_not_begun(
    people_there, edition, copies, family, cluster, tmp_path, verb
):
    act = verb(people_there, edition, tmp_path)
    family.warm_up(copies(), act)
    url = copies()
    before, keys = all_rows(), next_keys()
    whole = family.live(url, act)
    after = all_rows()

    for number, mode in turns(whole.steps):
        url, is_done = copies(), number > whole.steps.index(AFTER_COMMIT)
        restart = cluster.control_line("restart", "-m", mode)
        life = family.live(url, act, Act("/healthz"), at=number, then=restart)

        assert changed(all_rows(), after if is_done else before) == set()
        # The same process answers the next request, on a new connection.
        assert [answer.status for answer in life.answers] == [life.status, 200]
        assert was_told(life, act, is_done=is_done)
        if not is_done:
            set_back(keys)
        again = acts.SAYS_IT_WAS_DONE.get(verb, whole.status) if is_done else whole.status
        assert family.live(url, act).status == again
        assert changed(evidence(all_rows()), evidence(after)) == set()
    call_command("verify")


def was_told(life, act, *, is_done):
    if act.command:
        return (life.status == 1 and "does not answer" in life.text) or (is_done and life.status == 0)
    return (life.status == 503 and heading(life.text) in (NOT_STORED, LOOK)) or (
        is_done and life.status == 302
    )


@pytest.mark.postgres
@pytest.mark.parametrize("verb", acts.VERBS if LONG else RESTARTED[2:4], ids=lambda verb: verb.__name__)
def test_verb_of_whose_commit_the_answer_is_lost_is_told_to_look(
    people_there, edition, copies, family, tmp_path, verb
):
    act = verb(people_there, edition, tmp_path)
    family.warm_up(copies(), act)
    url = copies()
    whole = family.live(url, act)
    after = all_rows()

    url = copies()
    cut = family.live(url, act, at=whole.steps.index(BEFORE_COMMIT) + 1, then=LOSES_THE_ANSWER)

    assert changed(all_rows(), after) == set()
    assert was_told(cut, act, is_done=False)
    if not act.command:
        assert heading(cut.text) == LOOK
    assert family.live(url, act).status == acts.SAYS_IT_WAS_DONE.get(verb, whole.status)
    assert changed(evidence(all_rows()), evidence(after)) == set()


# Away for a while.


ARTICLE = Act("/articles/immunotherapy-kaposi/")
NOT_NOW = (503, "We cannot show this page just now", "60")


@pytest.mark.postgres
def test_site_outlives_a_database_that_goes_and_comes_back(
    people_there, edition, fresh_database, cluster, tmp_path
):
    act = acts.withdrawing_page(people_there, edition, tmp_path)
    desk, title = Act("/admin/", session=act.session), edition.article.title
    before = all_rows()

    with served(fresh_database, tmp_path) as site:
        assert site.asked(ARTICLE) == (200, title, None)
        cluster.control("restart", "-m", "fast")
        assert site.statuses(ARTICLE, desk) == [200, 200]

        with cluster.down("immediate"):
            assert [site.asked(page) for page in (ARTICLE, desk, Act("/healthz"))] == [NOT_NOW] * 3
            assert site.asked(act) == (503, NOT_STORED, "60")

        assert changed(all_rows(), before) == set()
        assert site.statuses(ARTICLE, desk, act, ARTICLE) == [200, 200, 302, 410]
    call_command("verify")


@pytest.mark.sqlite
def test_site_says_so_while_the_file_of_the_database_is_away(people_there, edition, family, tmp_path):
    act = acts.publishing(people_there, edition, tmp_path)
    away = f"sqlite:///{tmp_path / 'away' / 'db.sqlite3'}"

    page, desk, posted = family.live(away, ARTICLE, Act("/admin/", session=act.session), act).answers

    assert [(a.status, heading(a.text), a.headers["Retry-After"]) for a in (page, desk)] == [NOT_NOW, NOT_NOW]
    assert (posted.status, heading(posted.text), posted.headers["Retry-After"]) == (503, NOT_STORED, "60")


def test_spanish_page_says_so_in_spanish(people_there, family):
    answer = family.live(nowhere(), Act("/es/articles/inmunoterapia/"))

    assert (answer.status, heading(answer.text)) == (503, "No podemos mostrar esta página en este momento")


def nowhere():
    """Of a server that is not there, or in a folder that is not."""
    if connection.vendor == "sqlite":
        return "sqlite:////nowhere/db.sqlite3"
    return f"postgres://postgres@127.0.0.1:{free_port()}/imprimatur"


COMMANDS = {
    "tick": [],
    "verify": [],
    "import_article": [str(ROOT / "README.md"), "--by", "ann"],
    "export_article": ["pills", "--format", "html", "--output", "/tmp/never-written.html"],
    "demo": [],
}


def managed(url, *words):
    """A command as somebody calls it; its exit code and the lines of its complaint."""
    environment = os.environ | {"DATABASE_URL": url, "IMPRIMATUR_DEMO": "1", "IMPRIMATUR_DEBUG": "0"}
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.returncode, done.stderr.splitlines()


@pytest.mark.parametrize("command", COMMANDS)
def test_command_without_database_names_it_in_one_sentence(command):
    url = nowhere()

    code, complaint = managed(url, command, *COMMANDS[command])

    name = url.partition("@")[2] or url.removeprefix("sqlite:///")
    assert (code, len(complaint)) == (1, 1)
    assert complaint[0].startswith(f"The database {name} does not answer: ")


def test_command_on_an_empty_database_says_what_to_run_first(tmp_path):
    code, complaint = managed(f"sqlite:///{tmp_path / 'new.sqlite3'}", "verify")

    assert (code, complaint) == (
        1,
        [
            f"The database {tmp_path / 'new.sqlite3'} is not set up, so run `manage.py migrate` first: "
            "no such table: content_edition"
        ],
    )
