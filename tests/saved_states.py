"""States that many tests begin with: reached by the verbs once, kept as rows, and put back wherever nobody wrote.

`cast` asks for those of hundreds of tests; `kept` is for what the tests of one file begin with. A test that wrote anything
before, or whose clock was set, gets there by the verbs as before.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple

import time_machine
from django.db import connection, transaction
from django.utils import timezone

from evidence.agreements import models_with_agreements

Row = dict[str, Any]
Rows = dict[str, dict[Any, Row]]
ARTICLE, SUBMITTED, SIGNED, PUBLISHED = range(1, 5)
# What signing in writes is in none of the states.
SIGNING_IN = re.compile(r'(INSERT INTO|UPDATE) "django_session"|UPDATE "accounts_user" SET "last_login"')
WRITES = re.compile(r"INSERT|UPDATE|DELETE|REPLACE|DROP|CREATE|ALTER|TRUNCATE|WITH", re.IGNORECASE)
SAVEPOINT = re.compile(r'(SAVEPOINT|ROLLBACK TO SAVEPOINT|ROLLBACK TO) "?([^"]+)"?')


class Layer(NamedTuple):
    """What one act wrote, and the row or rows it gave."""

    inserted: list[tuple[str, list[Row]]]
    updated: list[tuple[str, str, list[Row]]]
    given: Any


class After(NamedTuple):
    """What there is after a function made something of what there was before."""

    before: "int | After"
    made: Callable[..., Any]


class Standing:
    def __init__(self) -> None:
        self.layers: list[Layer] = []
        self.day = timezone.localdate()
        self.others: dict[After, Layer] = {}
        # How many layers this database holds and nothing else; None where it holds something else.
        self.at: int | After | None = None
        self.savepoints: dict[str, int | After | None] = {}

    def record(self, *acts: Callable[[], Any]) -> None:
        """Carry out each act, keep what it wrote, and leave nothing behind."""
        self.layers, self.day = [], timezone.localdate()
        keys = primary_keys()
        with transaction.atomic():
            before = rows_by_key(keys)
            for act in acts:
                given = act()
                after = rows_by_key(keys)
                self.layers.append(between(keys, before, after, given))
                before = after
            transaction.set_rollback(True)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """From here on the test's own transaction is seen, which begins with the cast and nothing else."""
        self.at, self.savepoints = 0, {}
        with connection.execute_wrapper(self.see):
            yield
        self.at = None

    def see(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := SAVEPOINT.match(sql):
            if found[1] == "SAVEPOINT":
                self.savepoints[found[2]] = self.at
            else:
                self.at = self.savepoints[found[2]]
        elif WRITES.match(sql) and not SIGNING_IN.match(sql):
            self.at = None
        return execute(sql, params, many, context)

    def reached(self, wanted: int, *, since: int = 0) -> int | None:
        """The key of what the act gave, once its rows are there; None where the verbs must be asked."""
        at = self.at
        if not isinstance(at, int) or not since <= at < wanted <= len(self.layers) or not self.is_its_day():
            return None
        for each in self.layers[at:wanted]:
            put_back(each)
        self.at = wanted
        key: int = self.layers[wanted - 1].given.pk
        return key

    def is_key(self, wanted: int, key: Any) -> bool:
        return len(self.layers) >= wanted and self.layers[wanted - 1].given.pk == key

    def is_its_day(self) -> bool:
        return not time_machine.escape_hatch.is_travelling() and timezone.localdate() == self.day

    def kept(self, made: Callable[..., Any]) -> Callable[..., Any]:
        """Decorates what makes a row, or a list of rows, always the same; gives them as they stand in the database."""

        @wraps(made)
        def as_it_stands(*given: Any) -> Any:
            if self.at is None or not self.is_its_day():
                return read_again(made(*given))
            after = After(self.at, made)
            if after in self.others:
                put_back(self.others[after])
            else:
                self.others[after] = layer_of(made, *given)
            self.at = after
            return read_again(self.others[after].given)

        return as_it_stands


def layer_of(made: Callable[..., Any], *given: Any) -> Layer:
    keys = primary_keys()
    before = rows_by_key(keys)
    rows = made(*given)
    return between(keys, before, rows_by_key(keys), rows)


def read_again(rows: Any) -> Any:
    if isinstance(rows, list):
        return [read_again(row) for row in rows]
    return type(rows)._default_manager.get(pk=rows.pk)


def primary_keys() -> dict[str, str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = {name: connection.introspection.get_primary_key_column(cursor, name) for name in names}
    return {name: key for name, key in found.items() if key and name != "django_migrations"}


def rows_by_key(keys: dict[str, str]) -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table, key in keys.items():
            cursor.execute(f"SELECT * FROM {quoted(table)}")
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, values, strict=True)) for values in cursor.fetchall()]
            found[table] = {row[key]: row for row in rows}
    return found


def between(keys: dict[str, str], before: Rows, after: Rows, given: Any) -> Layer:
    inserted, updated = [], []
    for table, rows in after.items():
        old = before[table]
        assert rows.keys() >= old.keys(), f"{table} lost rows"
        if new := [row for pk, row in rows.items() if pk not in old]:
            inserted.append((table, new))
        if changed := [row for pk, row in rows.items() if pk in old and old[pk] != row]:
            updated.append((table, keys[table], changed))
    return Layer(agreeing_last(inserted), updated, given)


def agreeing_last(inserted: list[tuple[str, list[Row]]]) -> list[tuple[str, list[Row]]]:
    """Triggers compare rows with those that they point at, and do not wait for the end of a transaction."""
    compared = {model._meta.db_table for model in models_with_agreements()}
    return sorted(inserted, key=lambda named: named[0] in compared)


def put_back(kept: Layer) -> None:
    with connection.cursor() as cursor:
        for table, rows in kept.inserted:
            columns = ", ".join(map(quoted, rows[0]))
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(
                f"INSERT INTO {quoted(table)} ({columns}) VALUES ({places})",
                [list(row.values()) for row in rows],
            )
        for table, key, rows in kept.updated:
            for row in rows:
                columns = ", ".join(f"{quoted(column)} = %s" for column in row)
                cursor.execute(
                    f"UPDATE {quoted(table)} SET {columns} WHERE {quoted(key)} = %s",
                    [*row.values(), row[key]],
                )


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


standing = Standing()
