#!/usr/bin/env python3
"""Start, test and check Imprimatur from a fresh checkout: only Python 3.11 or newer is needed beforehand.

    python3 run.py demo                  install, fill an empty database with demo data, serve it
    python3 run.py test [pytest args]    install, then run the tests
    python3 run.py check                 install, then lint, types, import contracts and migrations
    python3 run.py screenshots           install, then take the pictures of docs/screenshots/ anew; needs Chromium
    python3 run.py setup                 install only
    python3 run.py --version             say which version this is

Settings are read from the environment; README.md lists them. Linux and macOS; on Windows use WSL.
"""

import sys

# Stands before every other import, and this file keeps to syntax an old Python can parse, or the reader would see a
# SyntaxError where this sentence should be.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Imprimatur needs Python 3.11 or newer; this is Python %d.%d (%s).\n"
        "Install a newer one and name it, for example: python3.12 run.py demo"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"
UNFINISHED = (
    ROOT / ".run.unfinished"
)  # there only while .venv is worked on; what a killed start left is thrown away
HOST = "127.0.0.1"
SECONDS_TO_END = 10


class Refused(Exception):
    """Something the reader has to mend; the message says what."""


class Stopped(Exception):
    """Ctrl-C, a closed terminal or `kill` asked us to end."""


def say(text: str) -> None:
    print(text, flush=True)


# --- being asked to stop -------------------------------------------------------------------------------------------

asked_to_stop = False


def remember_to_stop(number: int, frame: FrameType | None) -> None:
    # Only a flag: an exception raised here could fall between starting a child and remembering it.
    global asked_to_stop
    asked_to_stop = True


def listen_for_signals() -> None:
    signal.signal(signal.SIGINT, remember_to_stop)
    signal.signal(signal.SIGTERM, remember_to_stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # ignored means: started by nohup, which is a wish
        signal.signal(signal.SIGHUP, remember_to_stop)


def pause(seconds: float = 0.1) -> None:
    if asked_to_stop:
        raise Stopped
    time.sleep(seconds)


# --- children ------------------------------------------------------------------------------------------------------


def end_with_parent() -> Callable[[], None] | None:
    """What a child does first so that it also ends when this process is killed hard. Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG in linux/prctl.h

    def ask_the_kernel() -> None:
        prctl(set_parent_death_signal, signal.SIGTERM)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return ask_the_kernel


def start(*command: object, output: IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, so that ending it ends whatever it started."""
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        process_group=0,
        preexec_fn=end_with_parent(),  # noqa: PLW1509 - safe: this process has one thread
    )


def signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def end(*children: subprocess.Popen[bytes]) -> None:
    for child in children:
        signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_END
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        signal_group(child, signal.SIGKILL)  # also what a child left behind in its group
        child.wait()


def finish(*command: object, output: IO[bytes] | None = None) -> int:
    """Run a child to its end and give its exit code."""
    child = start(*command, output=output)
    try:
        while child.poll() is None:
            pause()
        return child.returncode
    finally:
        end(child)


# --- installing ----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Two starts at once on a fresh checkout take turns. The lock falls with its process, however that ends."""
    with (ROOT / ".run.lock").open("w") as lock:
        waiting = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not waiting:
                    say("Another run.py is preparing this checkout; waiting for it ...")
                waiting = True
                pause()
        yield


def fingerprint(requirements: Path) -> str:
    """The SHA-256 over a requirements file and those it names with -r."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    included = [line[2:].strip() for line in lines if line.startswith("-r")]
    inner = [fingerprint(requirements.parent / name) for name in included]
    return hashlib.sha256("\n".join(lines + inner).encode()).hexdigest()


def stamp_of(requirements: Path) -> Path:
    return VENV / f".installed-{requirements.stem}"


def is_installed(requirements: Path) -> bool:
    stamp = stamp_of(requirements)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint(requirements)


def install(requirements: Path) -> None:
    if is_installed(requirements):
        return
    say(f"Installing {requirements.name} into .venv (the first time takes a minute or two) ...")
    uv = shutil.which("uv")
    usable = PYTHON.exists() and not UNFINISHED.exists()
    if not usable or not (uv or any(VENV.glob("lib/python*/site-packages/pip"))):
        make_venv(uv)
    UNFINISHED.touch()
    if uv:
        code = finish(uv, "pip", "install", "--quiet", "--python", PYTHON, "-r", requirements)
    else:
        code = finish(PYTHON, "-m", "pip", "install", "-qq", "--no-input", "-r", requirements)
    UNFINISHED.unlink()
    if code:
        raise Refused(
            f"The packages in {requirements.name} could not be installed; the lines above say why.\n"
            "Most often there is no network, or a proxy stands between. Fix that and start again: "
            "what was done so far is not trusted, so nothing has to be cleaned up."
        )
    stamp_of(requirements).write_text(fingerprint(requirements))


def make_venv(uv: str | None) -> None:
    UNFINISHED.touch()
    # By ourselves: uv clears no folder that a killed start left without the marks of an environment.
    shutil.rmtree(VENV, ignore_errors=True)
    if uv:
        code = finish(uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV)
    else:
        code = finish(sys.executable, "-m", "venv", "--clear", VENV)
    if code:
        raise Refused(
            "Python could not make a virtual environment in .venv; the lines above say why.\n"
            "On Debian and Ubuntu the package python3-venv is often missing: apt install python3-venv"
        )


# --- serving -------------------------------------------------------------------------------------------------------


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise Refused(
            f"PORT is {text!r}, but must be a number from 1 to 65535, for example: PORT=8001 make demo"
        )
    return int(text)


def require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            return
        except OSError as error:
            reason = error.errno
    if reason == errno.EADDRINUSE:
        raise Refused(
            f"Port {port} on {HOST} is taken by another program, perhaps an earlier start of this one.\n"
            f"End that program, or choose another port: PORT={port % 65535 + 1} make demo"
        )
    raise Refused(
        f"Port {port} on {HOST} cannot be used here: {os.strerror(reason or 0)}. Choose another with PORT."
    )


def manage(*arguments: object, output: IO[bytes] | None = None) -> None:
    code = finish(PYTHON, "manage.py", *arguments, output=output)
    if code:
        raise Refused(f"`manage.py {arguments[0]}` failed; the lines above say why. Nothing was started.")


def load_demo() -> str:
    """Give the logins, which it prints as its result: said last, they are not scrolled away by what comes after."""
    with tempfile.TemporaryFile() as printed:
        manage("demo", output=printed)
        printed.seek(0)
        return printed.read().decode()


def start_server(port: int) -> subprocess.Popen[bytes]:
    return start(
        *(
            PYTHON,
            "-m",
            "granian",
            "cms.wsgi:application",
            "--interface",
            "wsgi",
            "--host",
            HOST,
            "--port",
            port,
        ),
        *("--workers", 1, "--blocking-threads", 4, "--no-ws", "--log-level", "warning"),
    )


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def demo() -> None:
    began = time.monotonic()
    port = chosen_port()
    require_free_port(port)
    os.environ.setdefault("IMPRIMATUR_DEMO", "1")
    with only_one_at_a_time():
        install(RUNTIME)
        manage("migrate", "--no-input", "--verbosity", 0)
        logins = load_demo()
    require_free_port(port)  # installing took time
    children = {"web server": start_server(port)}
    try:
        children["clock (manage.py tick)"] = start(PYTHON, "manage.py", "tick", "--every", 30)
        while not answers(port):
            watch(children)
        say(f"\nReady after {time.monotonic() - began:.1f} s: http://{HOST}:{port}/ is what readers see.")
        if not os.environ.get("EMAIL_URL"):
            say("E-mails are not sent, but shown here.")
        say("Ctrl-C ends everything; the data stays.")
        say(f"\n{logins}")
        while True:
            watch(children)
    finally:
        say("\nEnding ...")
        end(*children.values())


def watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    pause()
    for name, child in children.items():
        if child.poll() is not None:
            raise Refused(
                f"The {name} ended by itself (exit code {child.returncode}), so everything was ended."
            )


# --- testing and checking ------------------------------------------------------------------------------------------


def test(*arguments: str) -> None:
    with only_one_at_a_time():
        install(DEVELOPMENT)
    sys.stdout.flush()
    os.chdir(ROOT)
    # pytest takes this process over: the terminal, the signals and the exit code are its own.
    os.execv(PYTHON, [str(PYTHON), "-m", "pytest", *arguments])  # noqa: S606


def check() -> None:
    with only_one_at_a_time():
        install(DEVELOPMENT)
    checks = {
        "lint": (PYTHON, "-m", "ruff", "check", "."),
        "format": (PYTHON, "-m", "ruff", "format", "--check", "."),
        "scripts": (VENV / "bin" / "oxlint", "--deny-warnings", "static"),
        "types": (PYTHON, "-m", "mypy"),
        "import contracts": (VENV / "bin" / "lint-imports",),
        "migrations": (PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"),
    }
    failed = []
    for name, command in checks.items():
        say(f"== {name}")
        if finish(*command):
            failed.append(name)
    if failed:
        raise Refused(f"Not in order: {', '.join(failed)}.")


def screenshots() -> None:
    with only_one_at_a_time():
        install(DEVELOPMENT)
    if finish(PYTHON, "-m", "docs.screenshots.take"):
        raise Refused("Not all pictures were taken; the lines above say why.")


def version() -> None:
    from cms import __version__  # a file of this line alone: nothing has to be installed to read it

    say(f"Imprimatur {__version__}")


def setup() -> None:
    with only_one_at_a_time():
        install(RUNTIME)
    say("Everything is installed in .venv.")


# -------------------------------------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    commands: dict[str, Callable[..., None]] = {
        "demo": demo,
        "test": test,
        "check": check,
        "screenshots": screenshots,
        "setup": setup,
        "--version": version,
    }
    command, extra = arguments[0] if arguments else "", arguments[1:]
    if command in ("-h", "--help", "help"):
        say(__doc__ or "")
        return 0
    if command not in commands or (extra and command != "test"):
        print(__doc__, file=sys.stderr)
        return 2
    listen_for_signals()
    try:
        commands[command](*extra)
    except Stopped:
        return 0 if command == "demo" else 130
    except Refused as refusal:
        print(f"\n{refusal}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
