"""Does the database still refuse to change what is written once? Asked by the system check, `verify`, `tick` and publishing."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from evidence import triggers
from evidence.audit_trail import is_trail
from evidence.frozen import FrozenModel

PUTS_IT_BACK = "`manage.py migrate` puts it back"


class Weakness(NamedTuple):
    """`code` is that of the system check."""

    code: str
    where: str
    wrong: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: {self.wrong}; {self.fix}"


def weaknesses(connection: BaseDatabaseWrapper) -> Iterator[Weakness]:
    for name in triggers.missing(connection):
        yield Weakness("evidence.E002", f"trigger {name}", "missing or altered", PUTS_IT_BACK)
    for table, name in triggers.strange(connection):
        wrong = f"on {table}, and none of ours: it could change what is being written"
        yield Weakness("evidence.E005", f"trigger {name}", wrong, "look who made it, and drop it")
    yield from (_sqlite if connection.vendor == "sqlite" else _postgresql)(connection)


def _sqlite(connection: BaseDatabaseWrapper) -> Iterator[Weakness]:
    for pragma, danger in (
        ("recursive_triggers", "REPLACE can delete rows that are written once"),
        ("foreign_keys", "what evidence points at can be deleted"),
    ):
        if not _rows(connection, f"PRAGMA {pragma}")[0][0]:
            fix = f"put `PRAGMA {pragma}=ON` into the database's init_command"
            yield Weakness(
                "evidence.E003", f"connection {connection.alias}", f"{pragma} is off, so {danger}", fix
            )


FOREIGN_KEYS_OFF = """
SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgisinternal AND t.tgenabled NOT IN ('O', 'A') AND pg_table_is_visible(c.oid) ORDER BY 1
"""
RULES = (
    "SELECT tablename, rulename FROM pg_rules WHERE schemaname = ANY (current_schemas(false)) ORDER BY 1, 2"
)


def _postgresql(connection: BaseDatabaseWrapper) -> Iterator[Weakness]:
    [[role]] = _rows(connection, "SHOW session_replication_role")
    if role != "origin":
        wrong = f"session_replication_role is {role}, so what evidence points at can be deleted"
        fix = "see which role or database sets it, and reset it"
        yield Weakness("evidence.E003", f"connection {connection.alias}", wrong, fix)
    for (table,) in _rows(connection, FOREIGN_KEYS_OFF):
        yield Weakness(
            "evidence.E006",
            f"table {table}",
            "its foreign keys are switched off",
            f"`ALTER TABLE {table} ENABLE TRIGGER ALL`, then `manage.py migrate`",
        )
    frozen = {model._meta.db_table for model in triggers.frozen_models()}
    for table, name in _rows(connection, RULES):
        if table in frozen:
            wrong = f"on {table}, and none of ours: it could change what is being written"
            yield Weakness("evidence.E005", f"rule {name}", wrong, "look who made it, and drop it")


def _rows(connection: BaseDatabaseWrapper, sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def evidence_is_guarded(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    # Registered with deploy=True: `migrate` runs the other database checks first, and would refuse to repair the
    # triggers.
    return [
        Error(f"{found.where}: {found.wrong} (database {alias}).", hint=f"{found.fix}.", id=found.code)
        for alias in databases or ()
        for found in weaknesses(connections[alias])
    ]


def trails_are_frozen(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The audit trail {model._meta.label} could be changed afterwards.",
            hint="Write `history = AuditTrail()`, of evidence.audit_trail, instead of HistoricalRecords().",
            obj=model,
            id="evidence.E004",
        )
        for model in apps.get_models()
        if is_trail(model) and not issubclass(model, FrozenModel)
    ]
