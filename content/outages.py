"""When the database does not do what it is asked, through no mistake of ours: it is gone, full, busy or not set up."""

import errno
from enum import StrEnum

from django.db import Error, InterfaceError, OperationalError, connection


class Outage(StrEnum):
    GONE = "gone"
    FULL = "full"
    BUSY = "busy"
    NOT_SET_UP = "not set up"


# Beginnings of SQLSTATE (PostgreSQL, appendix A) and of SQLite's names of result codes.
BEGINNINGS = {
    "08": Outage.GONE,
    "57P": Outage.GONE,
    "SQLITE_CANTOPEN": Outage.GONE,
    "SQLITE_CORRUPT": Outage.GONE,
    "SQLITE_NOTADB": Outage.GONE,
    "53100": Outage.FULL,
    "58030": Outage.FULL,
    "SQLITE_FULL": Outage.FULL,
    "SQLITE_IOERR": Outage.FULL,
    "SQLITE_READONLY": Outage.FULL,
    "40": Outage.BUSY,
    "53": Outage.BUSY,
    "55P03": Outage.BUSY,
    "57014": Outage.BUSY,
    "SQLITE_BUSY": Outage.BUSY,
    "SQLITE_LOCKED": Outage.BUSY,
    "42P01": Outage.NOT_SET_UP,
}
NO_TABLE = "no such table"  # SQLite has no code of its own for it


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def of(error: BaseException | None) -> Outage | None:
    """Tell what is the matter with the database or a disk, if that is what the error is about."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return Outage.FULL
    if not isinstance(error, Error):
        return None
    if str(error).startswith(NO_TABLE):
        return Outage.NOT_SET_UP
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if code is None:
        # The driver itself speaks: there is no server, or no line to it.
        return Outage.GONE if isinstance(error, OperationalError | InterfaceError) else None
    return next((outage for beginning, outage in BEGINNINGS.items() if code.startswith(beginning)), None)


def in_words(error: Error) -> str:
    """Say it in one sentence for whoever runs the system; empty where the database is not to blame."""
    said = (str(error).splitlines() or [type(error).__name__])[0]
    match of(error):
        case Outage.GONE:
            return f"The database {name()} does not answer: {said}"
        case Outage.FULL:
            return f"The database {name()} cannot write, so make room and call this again: {said}"
        case Outage.BUSY:
            return f"The database {name()} is busy, so call this again in a minute: {said}"
        case Outage.NOT_SET_UP:
            return f"The database {name()} is not set up, so run `manage.py migrate` first: {said}"
    return ""


def name() -> str:
    # Without its password.
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(settings["NAME"])
    return f"{settings['HOST'] or 'localhost'}:{settings['PORT'] or 5432}/{settings['NAME']}"
