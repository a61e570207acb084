"""What a sheet names is there: colours in one place, no token and no class that nothing uses."""

import re

import pytest
from django.conf import settings

SHEETS = sorted((settings.BASE_DIR / "static").rglob("*.css"))
TOKENS = settings.BASE_DIR / "static" / "tokens.css"
SKIN = settings.BASE_DIR / "static" / "staff" / "skin.css"
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
