"""Databases of a benchmark's own: migrated, thrown away at its end, beside whatever DATABASE_URL names."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.core.management import call_command
from django.db import connection, connections

from cms.settings import database


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="imprimatur-bench-") as found:
        yield Path(found)


@contextmanager
def fresh(name: str, where: Path, *, kept: Path | None = None) -> Iterator[str]:
    """A migrated database, used from now on; gives its DATABASE_URL. On the server that DATABASE_URL names, if any.

    On SQLite it begins as a copy of the file `kept`, where there is one.
    """
    own, on_a_server = connection.settings_dict["NAME"], connection.vendor == "postgresql"
    named = f"imprimatur_bench_{name}_{os.getpid()}"
    if on_a_server:
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{named}"))
        on_server(f"CREATE DATABASE {named}")
    else:
        url = f"sqlite:///{where / name}.sqlite3"
        if kept and kept.exists():
            shutil.copy(kept, where / f"{name}.sqlite3")
    try:
        use(url)
        call_command("migrate", verbosity=0)
        yield url
    finally:
        connections.close_all()
        if on_a_server:
            on_server(f"DROP DATABASE {named} WITH (FORCE)")
        connection.settings_dict["NAME"] = own


def on_server(sql: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


def use(url: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = database(url)["NAME"]
