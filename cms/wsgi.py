import os
from contextlib import suppress

from django.core.wsgi import get_wsgi_application
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")

application = get_wsgi_application()


def held_open() -> BaseDatabaseWrapper:
    """Open a connection that nobody uses.

    While there is one, SQLite keeps two files beside its database. Without them the database could not even be read
    on a full disk; as long as they are there, readers are served.
    """
    held = connection.copy()
    with suppress(Error):
        held.ensure_connection()
    return held


held = held_open() if connection.vendor == "sqlite" else None
