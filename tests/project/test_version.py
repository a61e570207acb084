"""One version, in cms/__init__.py, and where it is shown."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cms import __version__
from tests import cast

ROOT = Path(__file__).resolve().parents[2]
SECTION_OF_A_VERSION = re.compile(r"^## (\d+\.\d+\.\d+), \d{4}-\d{2}-\d{2}$", re.MULTILINE)


def test_changelog_tells_of_this_version_first():
    versions = SECTION_OF_A_VERSION.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))

    assert versions[0] == __version__


def test_run_says_its_version():
    told = subprocess.run([sys.executable, "run.py", "--version"], cwd=ROOT, capture_output=True, text=True)

    assert (told.stdout, told.returncode) == (f"Imprimatur {__version__}\n", 0)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/admin/sources/", "/admin/content/article/"])
def test_staff_pages_end_with_the_version(client, path):
    client.force_login(cast.person("ann", "Editors"))

    page = client.get(path).text

    assert re.findall(r"<footer[^>]*>(.*)</footer>", page) == [f"<p>Imprimatur {__version__}</p>"]


@pytest.mark.django_db
def test_visitors_are_not_told_the_version(client):
    page = client.get("/admin/login/").text

    assert re.findall(r"<footer[^>]*>(.*)</footer>", page) == [""]
