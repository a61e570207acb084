"""Runners of a race: each is a process with its own connection, signed in as somebody, about to send one POST.

A runner may be told to pause before a statement, or right after its COMMIT, while it holds whatever it has locked; and
to leave out the lock of a function, so that a test can show what would happen without it.
"""

import inspect
import multiprocessing
import os
import pkgutil
import re
import sys
import textwrap
import time
from dataclasses import dataclass, field
from threading import Timer

# Each is forked from one process that has read all the code, but has no connection.
forks = multiprocessing.get_context("forkserver")
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
        forks.set_forkserver_preload(["tests.flow.warmed_up"])
        self.line, theirs = forks.Pipe()
        self.process = forks.Process(target=run, args=(theirs, database, post))
        self.process.start()
        theirs.close()
        self.timer = Timer(GIVEN_UP_AFTER, self.process.kill)
        self.timer.start()

    def until(self, what):
        """What it says with this word; what it says before is passed over."""
        try:
            while True:
                word, said = self.line.recv()
                if word == what:
                    return said
        except EOFError as error:
            raise AssertionError(f"It ended before “{what}”; its error is on stderr.") from error

    def go(self):
        self.line.send("go")

    def end(self):
        self.timer.cancel()
        self.process.kill()
        self.process.join()
        self.line.close()


class Line:
    """To the test, seen from the process."""

    def __init__(self, ours):
        self.ours = ours

    def say(self, word, what=None):
        self.ours.send([word, what])

    def wait_for_go(self):
        try:
            self.ours.recv()
        except EOFError:
            sys.exit("The test has gone.")


class Watch:
    """Sees every statement of the connection: pauses once, tells of locks, remembers when each began and ended."""

    def __init__(self, pause, line):
        self.pause, self.line, self.statements = pause, line, []

    def __call__(self, execute, sql, params, many, context):
        if self.pause and re.search(self.pause, sql):
            self.stop()
        if self.pause == AFTER_COMMIT and context["connection"].in_atomic_block:
            self.pause = ""
            context["connection"].on_commit(self.stop)
        if re.search(LOCKS, sql):
            self.line.say("asks for a lock")
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            self.statements.append((sql, began, time.monotonic()))

    def stop(self):
        self.pause = ""
        self.line.say("pauses")
        self.line.wait_for_go()


def leave_out_the_lock(name):
    function = inspect.unwrap(pkgutil.resolve_name(name))
    source = textwrap.dedent(inspect.getsource(function))
    unlocked = source.replace(".select_for_update()", "")
    assert unlocked != source, f"{name} locks nothing"
    made = {}
    exec(compile(unlocked, name, "exec"), function.__globals__, made)
    function.__code__ = inspect.unwrap(made[function.__name__]).__code__


def run(ours, url, post):
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    from cms.settings import database

    line = Line(ours)
    connection.settings_dict.update(database(url))
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(username=post.who))
    if post.without_lock:
        leave_out_the_lock(post.without_lock)
        # SQLite has no row locks: the whole transaction is one, taken at its beginning.
        connection.transaction_mode = "DEFERRED"
    line.say("is ready", backend())
    line.wait_for_go()
    watch = Watch(post.pause, line)
    with connection.execute_wrapper(watch):
        answer = client.post(post.path, post.data)
    line.say("is done", {"status": answer.status_code, "statements": watch.statements})


def backend():
    """Which connection this is, as the database knows it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return os.getpid()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
