"""Runners of a race: each is a process with its own connection, signed in as somebody, about to send one POST.

A runner may be told to pause before a statement, or right after its COMMIT, while it holds whatever it has locked; and
to leave out the lock of a function, so that a test can show what would happen without it.
"""

import inspect
import json
import os
import pkgutil
import re
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

ROOT = Path(__file__).resolve().parents[2]
FIRST_WRITE = r"^(INSERT|UPDATE|DELETE)"
AFTER_COMMIT = "COMMIT"
LOCKS = r"FOR UPDATE$|^BEGIN IMMEDIATE$"
GIVEN_UP_AFTER = 90


@dataclass
class Post:
    """What one runner sends. `without_lock` names a function, as package.module:Class.function."""

    who: str
    path: str
    data: dict = field(default_factory=dict)
    pause: str = ""
    without_lock: str = ""


class Runner:
    """The process, seen from the test."""

    def __init__(self, database, post):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.flow.runners", json.dumps(vars(post))],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": database, "IMPRIMATUR_DEBUG": "0"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.timer = Timer(GIVEN_UP_AFTER, self.process.kill)
        self.timer.start()

    def until(self, what):
        """What it says with this word; what it says before is passed over."""
        for line in self.process.stdout:
            word, said = json.loads(line)
            if word == what:
                return said
        raise AssertionError(f"It ended before “{what}”: {self.process.stderr.read()[-3000:]}")

    def go(self):
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def end(self):
        self.timer.cancel()
        self.process.kill()
        self.process.communicate()


def said(word, what=None):
    sys.stdout.write(json.dumps([word, what]) + "\n")
    sys.stdout.flush()


def wait_for_go():
    if not sys.stdin.readline():
        sys.exit("The test has gone.")


class Watch:
    """Sees every statement of the connection: pauses once, tells of locks, remembers when each began and ended."""

    def __init__(self, pause):
        self.pause, self.statements = pause, []

    def __call__(self, execute, sql, params, many, context):
        if self.pause and re.search(self.pause, sql):
            self.stop()
        if self.pause == AFTER_COMMIT and context["connection"].in_atomic_block:
            self.pause = ""
            context["connection"].on_commit(self.stop)
        if re.search(LOCKS, sql):
            said("asks for a lock")
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            self.statements.append((sql, began, time.monotonic()))

    def stop(self):
        self.pause = ""
        said("pauses")
        wait_for_go()


def leave_out_the_lock(name):
    function = pkgutil.resolve_name(name)
    source = textwrap.dedent(inspect.getsource(function))
    unlocked = source.replace(".select_for_update()", "")
    assert unlocked != source, f"{name} locks nothing"
    made = {}
    exec(compile(unlocked, name, "exec"), function.__globals__, made)
    function.__code__ = made[function.__name__].__code__


def run(post):
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(username=post.who))
    if post.without_lock:
        leave_out_the_lock(post.without_lock)
        # SQLite has no row locks: the whole transaction is one, taken at its beginning.
        connection.transaction_mode = "DEFERRED"
    said("is ready", backend())
    wait_for_go()
    watch = Watch(post.pause)
    with connection.execute_wrapper(watch):
        answer = client.post(post.path, post.data)
    said("is done", {"status": answer.status_code, "statements": watch.statements})


def backend():
    """Which connection this is, as the database knows it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return os.getpid()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    run(Post(**json.loads(sys.argv[1])))
