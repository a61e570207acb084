"""What somebody could do who may write SQL: change rows while the triggers are away, and put the triggers back."""

from contextlib import contextmanager

from django.db import connection

from evidence import triggers


@contextmanager
def triggers_away(*models):
    connection.check_constraints()  # PostgreSQL alters no table that still has constraints to check
    for model in models:
        drop_triggers(model)
    yield
    connection.check_constraints()
    triggers.install(connection)


def drop_triggers(model):
    for trigger in triggers.triggers_for(model, connection.vendor):
        table = "" if connection.vendor == "sqlite" else f' ON "{trigger.table}"'
        execute(f'DROP TRIGGER "{trigger.name}"{table}')


def execute(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def change(row, **columns):
    """Set columns of one row, as if nobody had forbidden it."""
    names = ", ".join(f"{name} = %s" for name in columns)
    with triggers_away(type(row)):
        execute(
            f"UPDATE {row._meta.db_table} SET {names} WHERE {key_of(row)} = %s", *columns.values(), row.pk
        )


def delete(*rows):
    with triggers_away(*(type(row) for row in rows)):
        for row in rows:
            execute(f"DELETE FROM {row._meta.db_table} WHERE {key_of(row)} = %s", row.pk)


def key_of(row):
    return row._meta.pk.column


def insert(row):
    """A row made by hand, of which no verb knows."""
    row.pk, row._state.adding = None, True
    row.save()
    return row


def stored(model):
    """Every row of a table as it is stored, by its key; the first column."""
    table = model._meta.db_table
    # +: SQLite's driver would read a day that no calendar has, and fail.
    sign = "+" if connection.vendor == "sqlite" else ""
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        cursor.execute(f"SELECT {', '.join(sign + name for name in names)} FROM {table} ORDER BY 1")
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def put_back(model, rows):
    """What an operator does with a backup: rows that came are deleted, those that went or changed are as they were."""
    table, now = model._meta.db_table, stored(model)
    different = [key for key in now if now[key] != rows.get(key)]
    with triggers_away(model):
        for key in different:
            execute(f"DELETE FROM {table} WHERE {model._meta.pk.column} = %s", key)
        for row in [rows[key] for key in rows if key in different or key not in now]:
            columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
            execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", *row.values())
