"""The databases of the tests: originals that are made once and kept for the next run, and copies of them.

Making them takes longer than a hundred tests, so they lie in .test-cache/ in a folder whose name hangs on everything that
decides what they hold: all the code of the rooms and of the cast, the versions of Django and of the database, and the day,
from which dates are counted. Whatever changes there has them made anew; nothing else has. On PostgreSQL they are databases
of the server, and the folder says that they are whole.
"""

import fcntl
import hashlib
import os
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import django
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import setup_databases
from django.utils import timezone

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".test-cache"
# As migrations leave it; with the cast; and the same after all that tests/saved_states.py keeps was written there and
# rolled back, so that no sequence gives a key of those rows a second time.
EMPTY, CAST, USED = ORIGINALS = ("empty", "cast", "used")
STATES = "states.pickle"
KEPT = 3
DECIDES = (
    *sorted(path.parent.name for path in ROOT.glob("*/apps.py")),
    "tests/cast.py",
    "tests/databases.py",
    "tests/saved_states.py",
    "requirements.txt",
)
MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 2**30
in_use: list[IO[str]] = []  # their locks are held as long as this process lives


@cache
def key() -> str:
    digest = hashlib.sha256()
    for path in sorted(each for name in DECIDES for each in files_of(ROOT / name)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    settings = connection.settings_dict
    server = [
        connection.vendor,
        versions_of(connection),
        *(settings[name] for name in ("HOST", "PORT", "USER")),
    ]
    digest.update(repr([ROOT, django.VERSION, server, timezone.localdate()]).encode())
    return digest.hexdigest()[:16]


def files_of(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [each for each in path.rglob("*") if each.is_file() and each.suffix != ".pyc"]


def versions_of(database: BaseDatabaseWrapper) -> Any:
    return database.Database.sqlite_version if database.vendor == "sqlite" else database.Database.__version__


def original(which: str) -> str:
    return (
        str(CACHE / key() / f"{which}.sqlite3") if connection.vendor == "sqlite" else f"test_{key()}_{which}"
    )


def make_originals() -> None:
    """See to it that they are there; of several processes one makes them while the others wait."""
    folder = CACHE / key()
    with one_at_a_time():
        if not (folder.exists() and all(exists(original(which)) for which in ORIGINALS)):
            shutil.rmtree(folder, ignore_errors=True)
            make_in(folder)
        use(folder)
        prune()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_in(folder: Path) -> None:
    unfinished = CACHE / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    settings = connection.settings_dict
    own, name = settings["NAME"], settings["TEST"]["NAME"]
    being_made = str(unfinished / "made.sqlite3") if connection.vendor == "sqlite" else original("made")
    settings["TEST"]["NAME"] = being_made
    try:
        setup_databases(verbosity=0, interactive=False, aliases=["default"], serialized_aliases=[])
        fill(being_made, unfinished)
    finally:
        connections.close_all()
        settings["NAME"], settings["TEST"]["NAME"] = own, name
    drop(being_made)
    unfinished.rename(folder)


def fill(being_made: str, folder: Path) -> None:
    from tests import cast  # needs the models, which are not there yet when this file is read
    from tests.saved_states import standing

    def keep(which: str) -> None:
        in_folder = str(folder / f"{which}.sqlite3")
        copy(being_made, in_folder if connection.vendor == "sqlite" else original(which))

    keep(EMPTY)
    cast.cast()
    keep(CAST)
    cast.keep_usual_states()
    keep(USED)
    (folder / STATES).write_bytes(pickle.dumps((standing.layers, standing.day)))


def remember_states() -> None:
    """What `keep_usual_states` recorded when the originals were made, perhaps by another process."""
    from tests.saved_states import standing

    standing.layers, standing.day = pickle.loads((CACHE / key() / STATES).read_bytes())


def use(folder: Path) -> None:
    """Keep others from throwing it away for as long as this process lives."""
    os.utime(folder)
    lock = (folder / "in-use").open("w")
    fcntl.flock(lock, fcntl.LOCK_SH)
    in_use.append(lock)


def prune() -> None:
    """Throw away what earlier code and other days left, but for the newest and what another run works with."""
    folders = [each for each in CACHE.iterdir() if (each / "in-use").exists()]
    for folder in sorted(folders, key=lambda each: each.stat().st_mtime)[:-KEPT]:
        throw_away(folder, *(f"test_{folder.name}_{which}" for which in ORIGINALS))


def throw_away(folder: Path, *databases: str) -> None:
    with (folder / "in-use").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if connection.vendor == "postgresql":
            for name in databases:
                drop(name)
        shutil.rmtree(folder)


@contextmanager
def quick_folder(otherwise: Path) -> Iterator[Path]:
    """A folder in memory where there is room: on a disk, SQLite waits for it at each COMMIT."""
    if not (
        MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY
    ):
        yield otherwise
        return
    folder = MEMORY / f"imprimatur-tests-{os.getpid()}"
    with one_at_a_time():
        for left in MEMORY.glob("imprimatur-tests-*"):  # by runs that were killed
            throw_away(left)
        folder.mkdir()
        use(folder)
    yield folder
    shutil.rmtree(folder)


def copy(name: str, new: str) -> None:
    """Copy a database. Nobody else may be connected to it.

    That is why tests get copies of an original, not of the database the `db` tests use: once Playwright has started its
    loop in this thread, Django keeps a second set of connections and can no longer close those it had opened before.
    """
    connections.close_all()
    if connection.vendor == "sqlite":
        shutil.copyfile(name, new)
    else:
        drop(new)
        on_the_server(f"CREATE DATABASE {quoted(new)} TEMPLATE {quoted(name)}")


def drop(name: str) -> None:
    if connection.vendor == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(name + ending).unlink(missing_ok=True)
    else:
        # FORCE: a thread or a child process of the test may have left its connection open.
        on_the_server(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")


def exists(name: str) -> bool:
    if connection.vendor == "sqlite":
        return Path(name).exists()
    return bool(on_the_server("SELECT 1 FROM pg_database WHERE datname = %s", name))


def on_the_server(sql: str, *params: str) -> list[Any]:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def database_url(settings: dict[str, Any]) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    user, password, host, port, name = (
        quote(settings[key], safe="") for key in "USER PASSWORD HOST PORT NAME".split()
    )
    return f"postgres://{user}:{password}@{host}:{port}/{name}"
