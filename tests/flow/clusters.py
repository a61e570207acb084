"""A PostgreSQL of the test's own, to be stopped and started without anybody else noticing."""

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import without


def programs():
    """The folder of the newest server programs; Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        without("Needs the server programs of PostgreSQL (apt install postgresql).")
    return found[-1] if found else Path(on_path).parent


def as_server(*command):
    """PostgreSQL refuses to run as root."""
    words = [str(word) for word in command]
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


def run(*command, **how):
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", **how)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    def __init__(self, folder, *options):
        """`folder` must be one that the user postgres may write."""
        self.programs, self.folder, self.port = programs(), folder / "cluster", free_port()
        self.server, self.copies = f"postgres://postgres@127.0.0.1:{self.port}", 0
        how = "-U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --wal-segsize=1"
        run(*as_server(self.programs / "initdb", "-D", self.folder, *how.split()))
        # Not in /dev/shm, which may be the small disk that another test has filled.
        own_memory = "-c dynamic_shared_memory_type=mmap"
        settings = [f"-p {self.port} -h 127.0.0.1 -k {self.folder}", "-c fsync=off", own_memory, *options]
        self.options = ["-o", " ".join(settings), "-l", self.folder / "log"]
        self.control("start")

    def control(self, *words):
        run(*self.control_line(*words))

    def control_line(self, *words):
        return as_server(self.programs / "pg_ctl", "-w", "-D", self.folder, *self.options, *words)

    @contextmanager
    def down(self, mode="fast"):
        self.control("stop", "-m", mode)
        try:
            yield
        finally:
            self.control("start")

    def take_in(self, url, *where):
        """A database as the one at `url` was when it was first asked for; gives its DATABASE_URL."""
        if not self.copies:
            self.make("first", "template1")
            dump = run(self.programs / "pg_dump", "--no-owner", "-d", url).stdout
            run(
                self.programs / "psql",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                f"{self.server}/first",
                input=dump,
            )
        self.copies += 1
        return self.make(f"copy_{self.copies}", "first", *where)

    def make(self, name, template, *where):
        own = ("--maintenance-db", f"{self.server}/postgres")
        run(self.programs / "createdb", *own, "-T", template, *where, name)
        return f"{self.server}/{name}"

    def say(self, statement):
        run(self.programs / "psql", "-q", "-d", f"{self.server}/postgres", "-c", statement)

    def end(self):
        """However it stands."""
        subprocess.run(self.control_line("stop", "-m", "immediate"), capture_output=True, cwd="/")
