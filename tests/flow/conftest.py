"""What the tests of death have in common: copies of a database, and children that die over them."""

import os
import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection, connections
from django.utils import timezone

from cms.settings import database
from tests import cast, databases
from tests.conftest import LONG, name_of_a_copy
from tests.flow.children import Children
from tests.flow.clusters import Cluster


def where(steps):
    """Numbers of the steps to die at.

    Of a transaction's reads, one is like the other: CI takes every fourth, on each database another.
    """
    everywhere = range(1, len(steps) + 1)
    if LONG:
        return list(everywhere)
    turn = {"sqlite": 1, "postgresql": 3}[connection.vendor]
    return [
        number for number in everywhere if number % 4 == turn or not steps[number - 1].startswith("SELECT")
    ]


@pytest.fixture
def copies(fresh_database, folder_of_databases):
    """Makes the connection one to a new copy of `fresh_database` as that is now; gives its DATABASE_URL."""
    settings, made = connection.settings_dict, []
    whole = settings["NAME"]

    def copy():
        made.append(name_of_a_copy(folder_of_databases))
        databases.copy(whole, made[-1])
        settings["NAME"] = made[-1]
        return databases.database_url(settings)

    yield copy
    connections.close_all()
    settings["NAME"] = whole
    for name in made:
        databases.drop(name)


@pytest.fixture
def family(fresh_database, settings, tmp_path):
    """Children whose clock stands a minute from now, later than all that a test has written."""
    settings.MEDIA_ROOT = tmp_path / "media"
    environment = {"DATABASE_URL": fresh_database, "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    children = Children(environment, timezone.now() + timedelta(minutes=1))
    yield children
    children.end()


@pytest.fixture(scope="module")
def cluster():
    """A PostgreSQL of our own, in a folder that the user postgres may enter, as pytest's may not be."""
    with TemporaryDirectory() as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        started = Cluster(Path(folder))
        yield started
        started.end()


@contextmanager
def connected_to(url):
    """The connection of this process is one to another server for a while."""
    settings = connection.settings_dict
    shared = {name: settings[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    connections.close_all()
    settings.update({name: database(url)[name] for name in shared})
    yield url
    connections.close_all()
    settings.update(shared)


@pytest.fixture
def edition(people_there):
    return cast.submitted(people_there["ann"])
