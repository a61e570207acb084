"""Databases and browser for the tests.

`db` (or the mark django_db) is pytest-django's: one transaction, rolled back. `fresh_database` is for tests that need
several connections, real commits or a server: a copy of their own. Both hold the cast, which takes longer to make than
most tests to run; `empty_database` is for those that need nobody there. Emptying tables, as Django's
TransactionTestCase and live_server do, is refused: the triggers on frozen tables would not let them.
"""

import gc
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests import databases

# Playwright's synchronous interface keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# How many minutes random steps go on for; with any, nothing is left out elsewhere either (`make long`).
LONG = float(os.environ.get("IMPRIMATUR_LONG") or 0)
NO_SKIP = os.environ.get("IMPRIMATUR_NO_SKIP") == "1"
EMPTIES_TABLES = {
    "transactional_db",
    "live_server",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
}
OWN_COPIES = {"fresh_database", "empty_database"}
# What hangs on the database most: verbs, evidence, stories, and whatever goes wrong. CI asks PostgreSQL for these folders
# and for files with the mark `both`; pages, forms, files, refresh batches and the link watcher it sees on SQLite.
ON_BOTH = (
    "tests/flow/",
    "tests/evidence/",
    *(f"tests/content/{room}/" for room in "access_checks drafts editions integrity library".split()),
    *(f"tests/reviews/{room}/" for room in "approvals decisions".split()),
)
numbers = itertools.count(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    refused = [item.nodeid for item in items if empties_tables(item) or mixes_databases(item)]
    if refused:
        raise pytest.UsageError(
            "These tests would empty frozen tables, or ask for db and a copy of their own at once. "
            "Use one of the fixtures: " + ", ".join(refused)
        )
    for item in items:
        if "chromium_path" in fixtures_of(item):
            item.add_marker(pytest.mark.browser)
        needs_one = item.get_closest_marker("django_db") or "django_db_setup" in fixtures_of(item)
        if needs_one and "chromium_path" not in fixtures_of(item) and item.nodeid.startswith(ON_BOTH):
            item.add_marker(pytest.mark.both)
    # What takes minutes begins first: begun last, it would keep everybody else waiting.
    items.sort(key=lambda item: item.path.name != "test_machine.py")
    leave_to_the_other_database(config, items)


def pytest_collection_finish() -> None:
    """The thousands of tests found stay to the end: the garbage collector need not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def leave_to_the_other_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what this run's database cannot show. CI runs on both, so there it is left to the other run."""
    other = {"sqlite": "postgres", "postgresql": "sqlite"}[connection.vendor]
    elsewhere = [item for item in items if item.get_closest_marker(other)]
    if NO_SKIP:
        items[:] = [item for item in items if item not in elsewhere]
        config.hook.pytest_deselected(items=elsewhere)
    for item in elsewhere:
        item.add_marker(
            pytest.mark.skip(reason=f"Runs on {other} only; DATABASE_URL names another database.")
        )


def fixtures_of(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def empties_tables(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return bool(EMPTIES_TABLES & fixtures_of(item) or (mark and mark.kwargs.get("transaction")))


def mixes_databases(item: pytest.Item) -> bool:
    rolled_back = item.get_closest_marker("django_db") or "db" in fixtures_of(item)
    return bool(rolled_back and OWN_COPIES & fixtures_of(item))


def without(tool: str) -> NoReturn:
    if NO_SKIP:
        pytest.fail(f"{tool} IMPRIMATUR_NO_SKIP=1 forbids going on without it.", pytrace=False)
    pytest.skip(tool)


@pytest.fixture(scope="session")
def folder_of_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with databases.quick_folder(otherwise=tmp_path_factory.mktemp("database")) as folder:
        yield folder


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, folder_of_databases: Path
) -> Iterator[None]:
    """One migrated database for each process of each run, so that two runs in one checkout never meet.

    pytest-django's own makes none where it sees neither `db` nor its mark: `fresh_database` alone would then copy the
    database people work in.
    """
    settings = connection.settings_dict
    own = settings["NAME"]
    name = name_of_a_copy(folder_of_databases)
    with django_db_blocker.unblock():
        databases.make_originals()
        databases.copy(databases.original(databases.USED), name)
        settings["NAME"] = name
        databases.remember_states()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        settings["NAME"] = own
        databases.drop(name)


@pytest.fixture(autouse=True)
def usual_states(request: pytest.FixtureRequest) -> Iterator[None]:
    """See tests/saved_states.py: what `cast` makes is put back as rows where this test has written nothing yet."""
    if not (request.node.get_closest_marker("django_db") or "db" in request.fixturenames):
        yield
        return
    request.getfixturevalue("db")
    from tests.saved_states import standing  # not before the settings are

    with standing.watched():
        yield


@pytest.fixture
def fresh_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, folder_of_databases: Path
) -> Iterator[str]:
    """A database of this test's own, with the cast, for all its threads; gives its DATABASE_URL for child processes."""
    with django_db_blocker.unblock():
        yield from own_copy_of(databases.CAST, folder_of_databases)


@pytest.fixture
def empty_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, folder_of_databases: Path
) -> Iterator[str]:
    """As `fresh_database`, but with nothing in it that the migrations did not put there."""
    with django_db_blocker.unblock():
        yield from own_copy_of(databases.EMPTY, folder_of_databases)


def own_copy_of(original: str, folder: Path) -> Iterator[str]:
    settings = connection.settings_dict  # one dictionary for the connections of all threads
    shared, own = settings["NAME"], name_of_a_copy(folder)
    databases.copy(databases.original(original), own)
    settings["NAME"] = own
    try:
        yield databases.database_url(settings)
    finally:
        connections.close_all()
        settings["NAME"] = shared
        databases.drop(own)


def name_of_a_copy(folder: Path) -> str:
    if connection.vendor == "sqlite":
        return str(folder / f"test-{next(numbers)}.sqlite3")
    return f"test_{os.getpid()}_{next(numbers)}"


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """A browser test asks for hundreds of files; the report of a failed one should not begin with them."""


@pytest.fixture
def live_site(fresh_database: str) -> Iterator[str]:
    """The whole site on a free port over `fresh_database`; gives its address, without a slash at the end."""
    with ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler) as server:
        server.set_app(get_wsgi_application())
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    if not shutil.which(path):
        without(
            f"Needs Chromium, and there is none at {path}: apt install chromium, or name yours in CHROMIUM."
        )
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium_path: str) -> dict[str, Any]:
    quiet = "--disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
    return {"executable_path": chromium_path, "args": ["--no-sandbox", "--disable-gpu", *quiet.split()]}


# The page stands as its scripts leave it: each writing area of the text editor is there and named, the readiness has come.
AS_SCRIPTS_LEAVE_IT = """() => {
    const isEdited = (text) => Object.keys(text.dataset).some((name) => name.startsWith("djangoProseEditor"));
    const texts = [...document.querySelectorAll("textarea:not([id*=__prefix__])")].filter(isEdited);
    return texts.every((text) => text.closest(".prose-editor")?.querySelector(".ProseMirror[aria-label]"))
        && !document.querySelector("[data-readiness] [data-failed][hidden]");
}"""
WRITES_DOWN_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def people_there(fresh_database: str) -> dict[str, Any]:
    """The cast, committed to `fresh_database`."""
    from tests import cast  # needs the models, which are not there yet when this file is read

    return cast.cast()


@pytest.fixture
def at(live_site: str, people_there: dict[str, Any], browser: Any) -> Iterator[Any]:
    """Opens a page of the site, signed in as somebody; `page.complaints` holds what its scripts and policy said."""
    contexts: dict[str, Any] = {}

    def open_page(who: str, path: str) -> Any:
        if who not in contexts:
            contexts[who] = browser.new_context(base_url=live_site)
            contexts[who].add_init_script(WRITES_DOWN_VIOLATIONS)
            if who != "visitor":
                contexts[who].add_cookies([session_of(people_there[who], live_site)])
        page = contexts[who].new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.goto(path)
        page.wait_for_function(AS_SCRIPTS_LEAVE_IT)
        return page

    yield open_page
    for context in contexts.values():
        context.close()


def session_of(person: Any, site: str) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
