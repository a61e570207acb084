"""Every row of every table, to compare what a database holds before and after."""

from django.db import connection

OUTSIDE = "evidence_refusal"  # a refusal is kept on purpose, and is no evidence


def all_rows():
    """Of each table its rows as text. The connection is closed behind it, as behind a request."""
    with connection.cursor() as cursor:
        found = {table: rows_of(table, cursor) for table in connection.introspection.table_names(cursor)}
    connection.close()
    return found


def rows_of(table, cursor):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    return sorted(map(repr, cursor.fetchall()))


def evidence(rows):
    return {table: found for table, found in rows.items() if table != OUTSIDE}


def changed(one, other):
    """Names of the tables whose rows differ."""
    return {table for table in one if one[table] != other[table]}


def next_keys():
    """What PostgreSQL numbers the next rows by. SQLite needs none: a rollback takes its numbers back."""
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences")
        return cursor.fetchall()


def set_back(keys):
    """As if what was rolled back had never asked for a key, so that done again it gets the same one."""
    if keys:
        calls = ", ".join(f"setval('{name}', {last or 1}, {last is not None})" for name, last in keys)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {calls}")
        connection.close()
