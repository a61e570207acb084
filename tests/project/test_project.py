"""What every file of the project keeps to."""

import re
import subprocess
from pathlib import Path

import pytest

from reviews.demo.people import LOGINS
from tests.conftest import ON_BOTH

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"[A-Za-z0-9_-]+(\[[a-z,]+\])?~=\d+\.\d+(\.\d+)*")
READ_BY_SETTINGS = re.compile(r"""(?:environ\.get|environ\[|env_\w+)\(?\s*["'](\w+)["']""")
LOGIN_IN_README = re.compile(r"^\| ([a-z, ]+) \| ([^|]+) \|", re.MULTILINE)
NAMED_IN_README = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
# In brackets, so that this file does not find itself.
WORKPLACE = re.compile(r"/[w]ork/|/[r]oot/|/[h]ome/\w|/[U]sers/\w|\b[T]ODO\b|\b[F]IXME\b|\b[X]XX\b")


def files_of_the_project() -> list[Path]:
    """Every file that is, or would be, committed."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("Needs git and a checkout, to know which files belong to the project.")
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:  # a picture, a font
        return ""


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_have_upper_bounds(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", "-r "))]

    unpinned = [line for line in packages if not PINNED.fullmatch(line)]

    assert packages != []
    assert unpinned == []


def test_files_name_no_workplace() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {match.group()}"
        for file in files_of_the_project()
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        for match in WORKPLACE.finditer(line)
    ]

    assert found == []


def test_settings_are_documented_in_the_readme() -> None:
    settings = set(READ_BY_SETTINGS.findall((ROOT / "cms" / "settings.py").read_text()))
    documented = set(NAMED_IN_README.findall((ROOT / "README.md").read_text()))

    assert len(settings) > 5
    assert settings - documented == set()


def test_readme_documents_only_settings_something_reads() -> None:
    documented = NAMED_IN_README.findall((ROOT / "README.md").read_text())
    readers = [ROOT / "cms" / "settings.py", ROOT / "run.py", ROOT / "tests" / "conftest.py"]
    code = "".join(reader.read_text() for reader in readers)

    unread = [name for name in documented if f'"{name}"' not in code]

    assert unread == []


def test_readme_lists_the_logins_of_the_demonstration() -> None:
    table = LOGIN_IN_README.findall(
        (ROOT / "README.md").read_text().split("| log in as |")[1].split("\n## ")[0]
    )

    listed = {(name, role) for names, role in table for name in names.split(", ")}

    assert listed == {(login.username, login.role) for login in LOGINS}


def test_settings_say_beside_each_what_it_is_for() -> None:
    lines = (ROOT / "cms" / "settings.py").read_text().splitlines()
    comments = " ".join(line for line in lines if line.lstrip().startswith("#"))
    settings = {name for line in lines for name in READ_BY_SETTINGS.findall(line)} - {
        "PORT"
    }  # run.py's, borrowed

    silent = {name for name in settings if name not in comments}

    assert silent == set()


@pytest.mark.parametrize("place", ON_BOTH)
def test_what_both_databases_are_asked_is_where_it_is_said_to_be(place: str) -> None:
    assert (ROOT / place).exists()
