"""The database's own refusal to change rows that are written once, or to write rows that disagree with one another."""

from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import NotSupportedError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import truncate_name
from django.db.models import Model

from evidence.agreements import Agreement, agreements_of, models_with_agreements
from evidence.audit_trail import is_trail
from evidence.frozen import FrozenModel

# PostgreSQL cuts longer names off without a word, and would then never find them again.
LONGEST_NAME = 63


class Trigger(NamedTuple):
    name: str
    table: str
    # What the database reports of a trigger that is as we install it.
    definition: tuple[Any, ...]
    install: tuple[str, ...]


def frozen_models() -> list[type[FrozenModel]]:
    """The models of evidence, and the audit trails that evidence is computed from."""
    return [model for model in apps.get_models() if issubclass(model, FrozenModel) and not model._meta.proxy]


def trail_models() -> list[type[FrozenModel]]:
    return [model for model in frozen_models() if is_trail(model)]


def evidence_models() -> list[type[FrozenModel]]:
    return [model for model in frozen_models() if not is_trail(model)]


def sql_for(model: type[FrozenModel], vendor: str) -> list[str]:
    return [statement for trigger in triggers_for(model, vendor) for statement in trigger.install]


def triggers_for(model: type[FrozenModel], vendor: str, *, may_end: bool = True) -> list[Trigger]:
    """List the triggers of a table. Without `may_end` not even the columns in `settable_once` may be set."""
    may_end = may_end and bool(model.settable_once)
    if vendor == "sqlite":
        return _sqlite_triggers(model, may_end)
    if vendor == "postgresql":
        return _postgresql_triggers(model, may_end)
    raise NotSupportedError(f"Rows can be frozen on SQLite and PostgreSQL, not on {vendor}.")


def agreement_triggers(model: type[Model], vendor: str) -> list[Trigger]:
    make = _sqlite_agreement if vendor == "sqlite" else _postgresql_agreement
    return [trigger for agreement in agreements_of(model) for trigger in make(model, agreement)]


def install(connection: BaseDatabaseWrapper) -> None:
    """Write every trigger that is missing or not as it should be, on the tables that exist."""
    broken = _broken(connection)
    if not broken:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for trigger in broken:
            for statement in trigger.install:
                cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Name the triggers that are missing, switched off, or different from what `install` would write."""
    return [trigger.name for trigger in _broken(connection)]


def install_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    # SQLite alters a table by building it anew, and the new one comes without its triggers.
    install(connections[using])


def let_go_before_migrate(sender: Any, using: str, plan: Any = (), **kwargs: Any) -> None:
    """SQLite renames no table while a trigger names another that is being rebuilt; `install` writes them again."""
    connection = connections[using]
    if connection.vendor != "sqlite" or not plan:
        return
    names = {
        trigger.name for model in models_with_agreements() for trigger in agreement_triggers(model, "sqlite")
    }
    with connection.cursor() as cursor:
        for name in sorted(names & {name for _, name in _present(connection)}):
            cursor.execute(f"DROP TRIGGER {_quoted(name)}")


def strange(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Table and name of each trigger on one of our tables that is none of ours: it could change what is being written."""
    ours = {(trigger.table, trigger.name) for trigger in _wanted(connection)}
    tables = {table for table, _ in ours}
    return sorted(key for key in _present(connection).keys() - ours if key[0] in tables)


def altered(connection: BaseDatabaseWrapper) -> list[str]:
    """Name the triggers that are missing or not ours.

    This takes one query, for verbs, and expects that all migrations were made.
    """
    present, wanted = _present(connection), _all_wanted(connection.vendor)
    tables = {table for table, _ in wanted}
    missing = {
        name for (table, name), definition in wanted.items() if present.get((table, name)) != definition
    }
    strange = {name for table, name in present.keys() - wanted.keys() if table in tables}
    return sorted(missing | strange)


@cache
def _all_wanted(vendor: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    found = [trigger for model in frozen_models() for trigger in triggers_for(model, vendor)]
    found += [trigger for model in models_with_agreements() for trigger in agreement_triggers(model, vendor)]
    return {(trigger.table, trigger.name): trigger.definition for trigger in found}


def _broken(connection: BaseDatabaseWrapper) -> list[Trigger]:
    present = _present(connection)
    return [
        trigger
        for trigger in _wanted(connection)
        if present.get((trigger.table, trigger.name)) != trigger.definition
    ]


def _wanted(connection: BaseDatabaseWrapper) -> list[Trigger]:
    tables = set(connection.introspection.table_names())
    return [
        trigger
        for model in frozen_models()
        if model._meta.db_table in tables
        for trigger in triggers_for(model, connection.vendor, may_end=_may_end(connection, model))
    ] + [
        trigger
        for model in models_with_agreements()
        if model._meta.db_table in tables and _is_migrated(connection, model)
        for trigger in agreement_triggers(model, connection.vendor)
    ]


def _may_end(connection: BaseDatabaseWrapper, model: type[FrozenModel]) -> bool:
    return bool(model.settable_once) and _is_migrated(connection, model)


def _is_migrated(connection: BaseDatabaseWrapper, model: type[Model]) -> bool:
    """Half way through its migrations a table may lack a column; SQLite renames nothing while a trigger names it."""
    with connection.cursor() as cursor:
        found = {
            column.name
            for column in connection.introspection.get_table_description(cursor, model._meta.db_table)
        }
    return found >= {field.column for field in model._meta.local_concrete_fields}


def _present(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQLITE_PRESENT if connection.vendor == "sqlite" else POSTGRESQL_PRESENT)
        return {(table, name): tuple(definition) for table, name, *definition in cursor.fetchall()}


def _name(model: type[Model], suffix: str) -> str:
    return truncate_name(f"{model._meta.db_table}_frozen_{suffix}", LONGEST_NAME)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _message(model: type[FrozenModel], refused: str) -> str:
    return f"'{model._meta.db_table} is written once: {refused} refused'"


def _columns(model: type[FrozenModel]) -> tuple[str, list[str]]:
    """Return the column that ends a row, and those that may not change even then."""
    columns = {field.name: _quoted(str(field.column)) for field in model._meta.local_concrete_fields}
    first = columns[model.settable_once[0]]
    return first, [column for name, column in columns.items() if name not in model.settable_once]


SQLITE_PRESENT = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"


# A migration that removes a column of a table with `settable_once` drops its UPDATE trigger first: SQLite does not
# remove a column that a trigger names. `migrate` writes the new one when it is done.
def _sqlite_triggers(model: type[FrozenModel], may_end: bool) -> list[Trigger]:
    assert model._meta.pk is not None
    table, key = _quoted(model._meta.db_table), _quoted(str(model._meta.pk.column))
    # Says REPLACE of an existing key in our words, and refuses it on connections without recursive_triggers too.
    exists = f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608
    return [
        _sqlite_trigger(model, "INSERT", exists, "REPLACE"),
        _sqlite_trigger(model, "UPDATE", _sqlite_unless_ending(model) if may_end else "", "UPDATE"),
        _sqlite_trigger(model, "DELETE", "", "DELETE"),
    ]


def _sqlite_trigger(model: type[FrozenModel], event: str, when: str, refused: str) -> Trigger:
    table, name = model._meta.db_table, _name(model, event.lower())
    create = (
        f"CREATE TRIGGER {_quoted(name)} BEFORE {event} ON {_quoted(table)} FOR EACH ROW{when} "
        f"BEGIN SELECT RAISE(ABORT, {_message(model, refused)}); END"
    )
    return Trigger(name, table, (create,), (f"DROP TRIGGER IF EXISTS {_quoted(name)}", create))


def _sqlite_unless_ending(model: type[FrozenModel]) -> str:
    first, fixed = _columns(model)
    # COLLATE BINARY: a column with another collation would take "a" and "A" for the same.
    same = [f"OLD.{column} COLLATE BINARY IS NEW.{column}" for column in fixed]
    return f" WHEN NOT ({' AND '.join([f'OLD.{first} IS NULL', f'NEW.{first} IS NOT NULL', *same])})"


POSTGRESQL_PRESENT = """
SELECT c.relname, t.tgname, t.tgtype::int, t.tgenabled::text, t.tgqual IS NULL, t.tgattr::text, p.prosrc
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE pg_table_is_visible(c.oid) AND NOT t.tgisinternal
"""

# The bits of pg_trigger.tgtype for BEFORE triggers: for each row, or (TRUNCATE) for each statement.
POSTGRESQL_TYPES = {"UPDATE": 1 + 2 + 16, "DELETE": 1 + 2 + 8, "TRUNCATE": 2 + 32}


def _postgresql_triggers(model: type[FrozenModel], may_end: bool) -> list[Trigger]:
    return [
        _postgresql_trigger(model, "UPDATE", _postgresql_ending(model) if may_end else ""),
        _postgresql_trigger(model, "DELETE", ""),
        _postgresql_trigger(model, "TRUNCATE", ""),
    ]


def _postgresql_trigger(model: type[FrozenModel], event: str, ending: str) -> Trigger:
    table, name = model._meta.db_table, _name(model, event.lower())
    # restrict_violation: Django raises IntegrityError for it, as it does for SQLite's RAISE(ABORT).
    body = (
        f" BEGIN {ending}RAISE EXCEPTION {_message(model, event)} USING ERRCODE = 'restrict_violation'; END "
    )
    function = _quoted(name)
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    return Trigger(
        name,
        table,
        (POSTGRESQL_TYPES[event], "A", True, "", body),
        (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $frozen${body}$frozen$",
            f"DROP TRIGGER IF EXISTS {_quoted(name)} ON {_quoted(table)}",
            f"CREATE TRIGGER {_quoted(name)} BEFORE {event} ON {_quoted(table)} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()",
            # ALWAYS: also in a session that has set session_replication_role to replica.
            f"ALTER TABLE {_quoted(table)} ENABLE ALWAYS TRIGGER {_quoted(name)}",
        ),
    )


def _postgresql_ending(model: type[FrozenModel]) -> str:
    first, fixed = _columns(model)
    old, new = (", ".join(f"{row}.{column}" for column in fixed) for row in ("OLD", "NEW"))
    # *= compares bytes, where IS DISTINCT FROM takes 1.0 and 1.00 for the same. It wants records, not bare rows.
    same = f"ROW({old})::record *= ROW({new})::record"
    return f"IF OLD.{first} IS NULL AND NEW.{first} IS NOT NULL AND {same} THEN RETURN NEW; END IF; "


def _written_by(model: type[Model]) -> tuple[str, ...]:
    """A frozen row is written once, so what it agrees with need not be looked at again."""
    return ("INSERT",) if issubclass(model, FrozenModel) else ("INSERT", "UPDATE")


def _sqlite_agreement(model: type[Model], agreement: Agreement) -> list[Trigger]:
    table = model._meta.db_table
    return [
        Trigger(name, table, (create,), (f"DROP TRIGGER IF EXISTS {_quoted(name)}", create))
        for event in _written_by(model)
        for name in [truncate_name(f"{table}_{agreement.name}_{event.lower()}", LONGEST_NAME)]
        for create in [
            f"CREATE TRIGGER {_quoted(name)} BEFORE {event} ON {_quoted(table)} FOR EACH ROW WHEN NOT ({agreement.holds}) "
            f"BEGIN SELECT RAISE(ABORT, '{agreement.name}'); END"
        ]
    ]


# The bits of pg_trigger.tgtype for what writes a row, beside those for BEFORE and for each row.
POSTGRESQL_WRITING = {"INSERT": 4, "UPDATE": 16}


def _postgresql_agreement(model: type[Model], agreement: Agreement) -> list[Trigger]:
    table = model._meta.db_table
    name, events = truncate_name(f"{table}_{agreement.name}", LONGEST_NAME), _written_by(model)
    # integrity_constraint_violation: Django raises IntegrityError, as it does for SQLite's RAISE(ABORT).
    body = (
        f" BEGIN IF {agreement.holds} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{agreement.name}' USING ERRCODE = 'integrity_constraint_violation'; END "
    )
    return [
        Trigger(
            name,
            table,
            (1 + 2 + sum(POSTGRESQL_WRITING[event] for event in events), "A", True, "", body),
            (
                f"CREATE OR REPLACE FUNCTION {_quoted(name)}() RETURNS trigger LANGUAGE plpgsql AS $agree${body}$agree$",
                f"DROP TRIGGER IF EXISTS {_quoted(name)} ON {_quoted(table)}",
                f"CREATE TRIGGER {_quoted(name)} BEFORE {' OR '.join(events)} ON {_quoted(table)} "
                f"FOR EACH ROW EXECUTE FUNCTION {_quoted(name)}()",
                f"ALTER TABLE {_quoted(table)} ENABLE ALWAYS TRIGGER {_quoted(name)}",
            ),
        )
    ]
