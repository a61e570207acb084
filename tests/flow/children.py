"""Children as the test sees them: a warmed-up process (dying.py) forks one for each act, and it dies where it is told."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Timer

ROOT = Path(__file__).resolve().parents[2]
GIVEN_UP_AFTER = 60
DIES = "dies"
LOSES_THE_ANSWER = "loses the answer of the database"


@dataclass
class Act:
    """A form as a browser sends it, with the paths of its files (without `data`, a page that is opened), or a command."""

    path: str = ""
    data: dict | None = None
    files: dict = field(default_factory=dict)
    session: str = ""
    command: list[str] = field(default_factory=list)


@dataclass
class Answer:
    """Of a page: its status, text and headers. Of a command: 0 or 1, and what it printed."""

    status: int
    text: str
    headers: dict = field(default_factory=dict)


@dataclass
class Task:
    """What one child does. Before step number `at` it does `then`: DIES, LOSES_THE_ANSWER, or a command of the system.

    `dies_after` are seconds; `most_pages` and `largest_file` (bytes) leave it no room.
    """

    acts: list[Act]
    database: str
    moment: str
    at: int = 0
    then: str | list[str] = DIES
    dies_after: float = 0
    most_pages: int = 0
    largest_file: int = 0
    in_parent: bool = False


@dataclass
class Life:
    """What became of it. Of one that was killed nobody knows the steps and answers."""

    was_killed: bool
    steps: list[str]
    answers: list[Answer]
    seconds: float = 0

    @property
    def status(self):
        return self.answers[0].status

    @property
    def text(self):
        return self.answers[0].text


class Children:
    def __init__(self, environment, moment):
        self.moment = moment.isoformat()
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115  open for as long as they live
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.flow.dying"],
            cwd=ROOT,
            env=os.environ | {"IMPRIMATUR_DEBUG": "0"} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def live(self, database, *acts, **how):
        """Let one do the acts, and wait until it ends."""
        task = Task(list(acts), database, **{"moment": self.moment, **how})
        self.process.stdin.write(json.dumps(asdict(task)) + "\n")
        self.process.stdin.flush()
        timer = Timer(GIVEN_UP_AFTER, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        assert line, f"It ended, or said nothing for {GIVEN_UP_AFTER} seconds. {self.logged()}"
        said = json.loads(line)
        assert said["was_killed"] or said["answers"], self.logged()
        return Life(**said | {"answers": [Answer(**answer) for answer in said["answers"]]})

    def warm_up(self, database, *acts):
        """Load what the acts need, so that no child has to."""
        self.live(database, *acts, in_parent=True)

    def logged(self):
        self.log.seek(0)
        return self.log.read()[-4000:]

    def end(self):
        self.process.kill()
        self.process.communicate()
        self.log.close()
