"""Rights are named in one file. A name that no permission has would be a right that nobody can ever hold."""

import ast
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission

from accounts import permissions
from reviews import initial_data

ROOMS = ("cms", "reviews", "content", "accounts", "evidence")
PLACE = "accounts/permissions.py"
BASE = Path(__file__).parents[2]

NAMED = {
    name: value for name, value in vars(permissions).items() if name.isupper() and isinstance(value, str)
}


@pytest.fixture
def existing(db):
    found = Permission.objects.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def sources():
    return [
        path
        for room in ROOMS
        for path in sorted((BASE / room).rglob("*.py"))
        if "migrations" not in path.parts and path.relative_to(BASE).as_posix() != PLACE
    ]


def strings(tree):
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_every_named_right_exists(existing):
    assert len(NAMED) >= 16
    assert {name for name, right in NAMED.items() if right not in existing} == set()


def test_no_right_has_two_names():
    assert sorted(NAMED.values()) == sorted(set(NAMED.values()))


@pytest.mark.parametrize("role", initial_data.RIGHTS)
def test_every_right_of_a_role_exists_and_is_listed_once(existing, role):
    rights = initial_data.RIGHTS[role]

    assert set(rights) - existing == set()
    assert sorted(rights) == sorted(set(rights))


def test_no_other_module_spells_a_right(existing):
    begun = re.compile(rf"({'|'.join(ROOMS)})\.((view|add|change|delete)_)?")  # of an f-string
    spelt = {
        (path.relative_to(BASE).as_posix(), text)
        for path in sources()
        for text in strings(ast.parse(path.read_text()))
        if text in existing or begun.fullmatch(text)
    }

    assert len(sources()) > 200
    assert spelt == set()


def test_templates_ask_for_rights_that_exist(existing):
    asked = {
        right
        for path in (BASE / "templates").rglob("*.html")
        for right in re.findall(r"\bperms\.(\w+\.\w+)", path.read_text())
    }

    assert len(asked) >= 5
    assert asked - existing == set()
