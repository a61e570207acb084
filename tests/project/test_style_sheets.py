"""What a sheet names is there: colours in one place, no token and no class that nothing uses."""

import re

import pytest
from django.conf import settings

SHEETS = sorted((settings.BASE_DIR / "static").rglob("*.css"))
TOKENS = settings.BASE_DIR / "static" / "tokens.css"
SKIN = settings.BASE_DIR / "static" / "staff" / "skin.css"
ROOMS = ("accounts", "content", "evidence", "reviews", "static", "templates")
# The text editor's own, and none of ours.
FROM_ELSEWHERE = {"ProseMirror-selectednode"}
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b(?=[^{}]*;)|\b(?:rgb|hsl|oklch|light-dark)a?\(", re.IGNORECASE)


def rules(sheet):
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)


def defined(sheet):
    return set(re.findall(r"^\s*(--[\w-]+):", rules(sheet), re.MULTILINE))


def used(sheet):
    return set(re.findall(r"var\((--[\w-]+)", rules(sheet)))


@pytest.mark.parametrize("sheet", [each for each in SHEETS if each != TOKENS], ids=lambda each: each.name)
def test_sheets_take_their_colours_from_the_tokens(sheet):
    assert COLOUR.findall(rules(sheet)) == []


def test_tokens_are_those_that_sheets_use():
    own = set().union(*(defined(each) for each in SHEETS if each not in (TOKENS, SKIN)))

    asked_for = set().union(*(used(each) for each in SHEETS)) - own

    assert asked_for == defined(TOKENS)


def named_by(sheet):
    selectors = re.findall(r"([^{}]+)\{", rules(sheet))
    return {
        name for each in selectors if "@" not in each for name in re.findall(r"[.#]([A-Za-z][\w-]*)", each)
    }


def what_makes_pages():
    sources = [
        each
        for room in ROOMS
        for ending in ("html", "js", "py")
        for each in (settings.BASE_DIR / room).rglob(f"*.{ending}")
    ]
    return "\n".join(each.read_text(encoding="utf-8") for each in sources)


def is_written_in(text, name):
    """In full, or as a beginning that a template or a script completes: `difference-{{ row.kind }}`."""
    beginnings = [name[: place.end()] for place in re.finditer("-", name)]
    whole = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
    return bool(whole) or any(f"{each}{mark}" in text for each in beginnings for mark in ("{{", "${"))


def test_sheets_style_nothing_that_no_page_has():
    text = what_makes_pages()
    names = set().union(*(named_by(each) for each in SHEETS if each != SKIN)) - FROM_ELSEWHERE

    assert sorted(name for name in names if not is_written_in(text, name)) == []
