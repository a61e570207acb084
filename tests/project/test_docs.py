"""README and docs name nothing that is not there: no file, no link, no command."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from docs.screenshots import take
from tests.flow.machine.codes import COMPUTED, given
from tests.flow.machine.guards import all_guards

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page.relative_to(ROOT).as_posix()
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md"))
)
FOLDERS = (
    "cms",
    "reviews",
    "content",
    "accounts",
    "evidence",
    "templates",
    "static",
    "tests",
    "docs",
    "bench",
)
LINK = re.compile(r"(!?)\[[^]]*\]\(([^)\s]+)\)")
# In `code`: a file or folder below one of ours; `*` stands for several.
PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./*-]*|\.ci/run|\w+\.py)`")
MANAGED = re.compile(r"manage\.py ([a-z_]+)")
MADE = re.compile(r"\bmake ([a-z]+)\b(?= *(?:`|$|#|ARGS|MINUTES))", re.MULTILINE)


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def is_there(path: str) -> bool:
    """A name without a folder may be that of a file in any of ours."""
    places = [path.rstrip("/")] if "/" in path else [path, *(f"{folder}/**/{path}" for folder in FOLDERS)]
    return any(any(ROOT.glob(place)) for place in places)


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page_lead_somewhere(page):
    links = [address for picture, address in LINK.findall(text_of(page)) if not picture]
    own = [address.partition("#")[0] for address in links if "://" not in address and address[0] != "#"]

    assert [address for address in own if not ((ROOT / page).parent / address).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_pictures_of_a_page_are_there_and_taken_by_the_command(page):
    pictures = [Path(address) for picture, address in LINK.findall(text_of(page)) if picture]

    folders = [((ROOT / page).parent / picture).parent.resolve() for picture in pictures]

    assert [picture.name for picture in pictures if picture.name not in take.PICTURES] == []
    assert folders == [take.HERE] * len(pictures)
    assert [picture.name for picture in pictures if not (take.HERE / picture.name).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_that_a_page_names_are_there(page):
    named = PATH.findall(text_of(page))

    assert [path for path in named if not is_there(path)] == []


def test_commands_that_pages_name_are_there():
    pages = "\n".join(map(text_of, PAGES))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    managed, made = set(MANAGED.findall(pages)), set(MADE.findall(pages))

    assert managed - get_commands().keys() == set()
    assert made - targets == set()
    assert {"verify", "migrate"} <= managed
    assert {"demo", "test", "check"} <= made


def test_page_of_checks_has_every_code_of_the_gate_and_no_other():
    table = text_of("docs/checks.md").partition("## Asked of an edition")[2].partition("\n## ")[0]
    first_columns = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    of_gate = {
        code
        for guard in all_guards()
        if guard.module.startswith(("reviews.gate.", "content.checks."))
        for code in COMPUTED.get(guard.code, {guard.code})
    }

    listed = {code for column in first_columns for code in re.findall(r"`([a-z-]+)`", column)}

    assert of_gate - listed == set()
    assert listed - given() == set()
