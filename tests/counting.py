"""Statements asked and rows fetched: what a page costs, whatever the machine."""

from contextlib import contextmanager
from unittest import mock

from django.db import connection
from django.db.backends.utils import CursorWrapper


class Counting(CursorWrapper):
    """Counts the rows that are fetched."""

    rows = 0

    def counted(self, rows):
        type(self).rows += len(rows)
        return rows

    def fetchone(self):
        row = self.cursor.fetchone()
        self.counted([row] if row else [])
        return row

    def fetchmany(self, size):
        return self.counted(self.cursor.fetchmany(size))

    def fetchall(self):
        return self.counted(self.cursor.fetchall())


@contextmanager
def counted():
    """Statements and rows of what happens inside."""
    found = {"statements": 0, "rows": 0}

    def count(execute, sql, params, many, context):
        found["statements"] += 1
        return execute(sql, params, many, context)

    Counting.rows = 0
    wrapped = mock.patch.object(connection, "make_cursor", lambda cursor: Counting(cursor, connection))
    with wrapped, connection.execute_wrapper(count):
        yield found
    found["rows"] = Counting.rows
