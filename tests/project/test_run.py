"""run.py, run for real in a folder of its own, over a site that answers "ok" and commands that do nothing."""

import ast
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import ModuleType

import pytest

RUN = Path(__file__).resolve().parents[2] / "run.py"
PAUSE = "import sys, time\nif sys.argv[1] == 'tick':\n    time.sleep(60)\n"
ENDS_ONCE_THERE_IS_AN_ANSWER = """
import os, socket, sys, time
if sys.argv[1] == "tick":
    while socket.socket().connect_ex(("127.0.0.1", int(os.environ["PORT"]))):
        time.sleep(0.1)
    time.sleep(1)
    sys.exit(7)
"""
SITE = """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with run.py where everything is installed already: its Python is the one that runs the tests."""
    shutil.copy(RUN, tmp_path)
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "requirements-dev.txt").write_text("-r requirements.txt\n")
    (tmp_path / "manage.py").write_text(PAUSE)
    (tmp_path / "cms").mkdir()
    (tmp_path / "cms" / "wsgi.py").write_text(SITE)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    run = load(tmp_path)
    run.stamp_of(run.RUNTIME).write_text(run.fingerprint(run.RUNTIME))
    return tmp_path


def load(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_of_a_test", folder / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(checkout: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "run.py", *words],
        cwd=checkout,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def start_demo(checkout: Path, port: int) -> subprocess.Popen[str]:
    process = start(checkout, "demo", PORT=str(port))
    seen = ""
    for line in process.stdout:
        seen += line
        if line.startswith("Ready after"):
            return process
    raise AssertionError(f"The demonstration never got ready:\n{seen}")


def running_in(folder: Path) -> list[str]:
    """Command lines of the processes whose working directory is this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve(strict=True) == folder:
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # ended meanwhile, or somebody else's
            continue
    return found


def running_soon(folder: Path) -> list[str]:
    """What still runs there after the ten seconds a child is given."""
    deadline = time.monotonic() + 12
    while (found := running_in(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


linux = pytest.mark.skipif(sys.platform != "linux", reason="Reads /proc, which only Linux has.")


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_demo_ends_with_everything_it_started(checkout: Path, number: signal.Signals) -> None:
    port = free_port()
    process = start_demo(checkout, port)
    answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/").read()
    started = len(running_in(checkout))

    process.send_signal(number)
    process.communicate(timeout=60)

    assert (answer, started, process.returncode, running_in(checkout)) == (b"ok", 4, 0, [])


def test_demo_says_the_logins_last(checkout: Path) -> None:
    (checkout / "manage.py").write_text(
        PAUSE
        + "if sys.argv[1] == 'demo':\n    print('ann imprimatur-demo'); print('Loading …', file=sys.stderr)\n"
    )
    port = free_port()
    process = start(checkout, "demo", PORT=str(port))
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("ann"):
            break
    process.terminate()
    rest, _ = process.communicate(timeout=60)

    lines[2] = lines[2].replace(lines[2].split()[2], "0.1", 1)  # how many seconds it took
    assert lines == [
        "Loading …",
        "",
        f"Ready after 0.1 s: http://127.0.0.1:{port}/ is what readers see.",
        "E-mails are not sent, but shown here.",
        "Ctrl-C ends everything; the data stays.",
        "",
        "ann imprimatur-demo",
    ]
    assert rest.split() == ["Ending", "..."]


@linux
def test_demo_killed_hard_leaves_nothing_behind(checkout: Path) -> None:
    process = start_demo(checkout, free_port())

    process.kill()
    process.communicate(timeout=60)

    assert running_soon(checkout) == []


@linux
def test_demo_ends_and_says_so_when_a_child_ends(checkout: Path) -> None:
    (checkout / "manage.py").write_text(ENDS_ONCE_THERE_IS_AN_ANSWER)
    process = start_demo(checkout, free_port())

    output, _ = process.communicate(timeout=60)

    last = output.strip().splitlines()[-1]
    assert last == "The clock (manage.py tick) ended by itself (exit code 7), so everything was ended."
    assert (process.returncode, running_in(checkout)) == (1, [])


def test_demo_starts_nothing_when_a_command_fails(checkout: Path) -> None:
    (checkout / "manage.py").write_text("import sys\nsys.exit(sys.argv[1] == 'migrate')\n")

    process = start(checkout, "demo", PORT=str(free_port()))
    output, _ = process.communicate(timeout=60)

    assert output.strip() == "`manage.py migrate` failed; the lines above say why. Nothing was started."
    assert process.returncode == 1


def test_demo_names_a_port_in_use_before_anything_else(checkout: Path) -> None:
    (checkout / "manage.py").write_text("raise SystemExit('Nobody should have called me.')\n")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = start(checkout, "demo", PORT=str(port))
        output, _ = process.communicate(timeout=60)

    first = output.strip().splitlines()[0]
    assert (
        first
        == f"Port {port} on 127.0.0.1 is taken by another program, perhaps an earlier start of this one."
    )
    assert process.returncode == 1


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1", "８０"])
def test_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    run = load(RUN.parent)
    monkeypatch.setenv("PORT", text)

    with pytest.raises(run.Refused) as refusal:
        run.chosen_port()

    expected = f"PORT is {text!r}, but must be a number from 1 to 65535, for example: PORT=8001 make demo"
    assert str(refusal.value) == expected


def test_stamp_falls_when_an_included_file_changes(checkout: Path) -> None:
    run = load(checkout)
    run.stamp_of(run.DEVELOPMENT).write_text(run.fingerprint(run.DEVELOPMENT))
    before = run.is_installed(run.DEVELOPMENT)

    (checkout / "requirements.txt").write_text("# something else\n")

    assert (before, run.is_installed(run.DEVELOPMENT)) == (True, False)


def test_setup_that_fails_is_tried_again(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    (checkout / "requirements.txt").write_text("./no-such-folder\n")
    failed = start(checkout, "setup")
    output, _ = failed.communicate(timeout=240)
    (checkout / "requirements.txt").write_text("# nothing\n")
    fixed = start(checkout, "setup")
    fixed.communicate(timeout=240)

    last = output.strip().splitlines()[-1]
    assert last.startswith("Most often there is no network, or a proxy stands between.")
    assert (failed.returncode, fixed.returncode) == (1, 0)


def test_setup_throws_away_what_a_killed_one_left(checkout: Path) -> None:
    run = load(checkout)
    (checkout / "requirements.txt").write_text("# changed\n")
    packages = checkout / ".venv" / "lib" / "python3" / "site-packages"
    (packages / "pip").mkdir(parents=True)
    half_unpacked = packages / "half-unpacked"
    half_unpacked.mkdir()
    run.UNFINISHED.touch()

    process = start(checkout, "setup")
    process.communicate(timeout=240)

    left = (half_unpacked.exists(), run.UNFINISHED.exists(), run.is_installed(run.RUNTIME))
    assert (process.returncode, *left) == (0, False, False, True)


def test_setup_waits_for_another_one(checkout: Path) -> None:
    with load(checkout).only_one_at_a_time():
        process = start(checkout, "setup")
        waiting = process.stdout.readline()
    output, _ = process.communicate(timeout=60)

    assert waiting == "Another run.py is preparing this checkout; waiting for it ...\n"
    assert (output, process.returncode) == ("Everything is installed in .venv.\n", 0)


def test_old_python_is_told_what_it_needs() -> None:
    pretend = "import sys; sys.version_info = (3, 6, 15, 'final', 0); exec(open('run.py').read())"

    told = subprocess.run([sys.executable, "-c", pretend], cwd=RUN.parent, capture_output=True, text=True)

    first = told.stderr.splitlines()[0]
    assert first == f"Imprimatur needs Python 3.11 or newer; this is Python 3.6 ({sys.executable})."
    assert told.returncode == 1


def test_old_python_can_read_the_file() -> None:
    ast.parse(RUN.read_text(), feature_version=(3, 6))


def test_unknown_command_is_answered_with_the_known_ones(checkout: Path) -> None:
    process = start(checkout, "dmeo")
    output, _ = process.communicate(timeout=60)

    assert (output.strip(), process.returncode) == (load(checkout).__doc__.strip(), 2)
