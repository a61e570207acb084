"""The process that forks children and the life of a child.

Every child has the same clock and the same chance, so that what is done again comes out the same to the last byte.
"""

import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
import traceback
from dataclasses import asdict
from datetime import datetime
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import django
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.db import Error, connection
from django.db.backends.signals import connection_created
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from cms.settings import database
from content import outages
from tests.flow.children import DIES, LOSES_THE_ANSWER, Act, Answer, Task

BEFORE_COMMIT, AFTER_COMMIT = "COMMIT", "after COMMIT"
TOKEN = "t" * 32


class Steps:
    """Counts statements, COMMITs and files that get their name; before the one it is told, it does what it is told."""

    def __init__(self, at, then):
        self.at, self.then, self.names = at, then, []

    def watch(self):
        commit = connection._commit

        def watched():
            self.reached(BEFORE_COMMIT)
            commit()
            self.reached(AFTER_COMMIT)

        connection._commit = watched
        connection.execute_wrappers.append(self)
        sys.addaudithook(lambda event, given: event == "os.rename" and self.reached(f"rename {given[1]}"))

    def __call__(self, execute, sql, params, many, context):
        self.reached(sql)
        return execute(sql, params, many, context)

    def reached(self, name):
        self.names.append(name)
        if len(self.names) == self.at:
            self.do()

    def do(self):
        if self.then == DIES:
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.then == LOSES_THE_ANSWER:
            lose_the_answer()
        else:
            subprocess.run(self.then, check=True, stdout=subprocess.DEVNULL, cwd="/")


def lose_the_answer():
    """PostgreSQL carries the COMMIT out, and the line is cut before anybody hears of it."""
    server = connection.connection.pgconn
    server.send_query(b"COMMIT")
    server.flush()
    time.sleep(0.3)
    with socket.socket(fileno=os.dup(server.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)


def same_chance():
    os.urandom = random.Random(1).randbytes


def die_after(seconds):
    """At any instruction, also in the middle of writing to the disk."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def leave_no_room(task):
    def no_more_pages(connection, **kwargs):
        connection.connection.execute(f"PRAGMA max_page_count={task.most_pages}")

    if task.most_pages:
        connection_created.connect(no_more_pages, weak=False)
    if task.largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (task.largest_file,) * 2)


def lived(task):
    connection.settings_dict["NAME"] = database(task.database)["NAME"]
    steps, began = Steps(task.at, task.then), time.monotonic()
    if not task.in_parent:
        steps.watch()
        same_chance()
        leave_no_room(task)
        die_after(task.dies_after)
    with time_machine.travel(datetime.fromisoformat(task.moment), tick=False):
        answers = [asdict(done(act)) for act in task.acts]
    connection.close()
    seconds = time.monotonic() - began
    return {"was_killed": False, "steps": steps.names, "answers": answers, "seconds": seconds}


def done(act):
    return called(act.command) if act.command else answered(act)


def called(command):
    printed = StringIO()
    try:
        call_command(*command, stdout=printed)
    except CommandError as error:
        return Answer(1, f"{printed.getvalue()}{error}")
    except Error as error:  # as manage.py does
        return Answer(1, f"{printed.getvalue()}{outages.in_words(error)}")
    return Answer(0, printed.getvalue())


@cache
def site():
    return get_wsgi_application()


def answered(act):
    """By the whole site as a web server calls it: Django's test client would not close connections as that does."""
    answer = Answer(0, "")

    def start(status, headers, error=None):
        answer.status, answer.headers = int(status[:3]), dict(headers)

    response = site()(environ(act), start)
    answer.text = b"".join(response).decode()
    response.close()
    return answer


def environ(act):
    files = {
        name: SimpleUploadedFile(Path(path).name, Path(path).read_bytes()) for name, path in act.files.items()
    }
    body = encode_multipart(BOUNDARY, {**(act.data or {}), **files, "csrfmiddlewaretoken": TOKEN})
    made = {}
    setup_testing_defaults(made)
    return made | {
        "REQUEST_METHOD": "GET" if act.data is None else "POST",
        "PATH_INFO": act.path,
        "CONTENT_TYPE": MULTIPART_CONTENT,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": f"sessionid={act.session}; csrftoken={TOKEN}",
        "wsgi.input": BytesIO(body),
    }


def forked(task):
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        be_the_child(task, mouth)
    os.close(mouth)
    with os.fdopen(ear) as listener:
        said = listener.read()
    _, status = os.waitpid(child, 0)
    was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGKILL, signal.SIGALRM}
    # Killed by the clock it may have been in the middle of a word.
    is_whole = said and not was_killed
    return json.loads(said) if is_whole else {"was_killed": was_killed, "steps": [], "answers": []}


def be_the_child(task, mouth):
    try:
        with os.fdopen(mouth, "w") as speaker:
            speaker.write(json.dumps(lived(task)))
    except BaseException:  # noqa: BLE001  or the child would go on as its parent
        traceback.print_exc()
    finally:
        os._exit(0)


def serve():
    for line in sys.stdin:
        task = Task(**json.loads(line))
        task.acts = [Act(**act) for act in task.acts]
        said = lived(task) if task.in_parent else forked(task)
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    serve()
