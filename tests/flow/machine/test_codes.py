"""No code of a refusal without somebody who runs into it."""

import ast

import pytest

from tests.flow.machine.codes import SEEN, UNREACHABLE, given
from tests.flow.machine.guards import ROOT
from tests.flow.machine.refused import CASES

LISTS = "SEEN and UNREACHABLE in tests/flow/machine/codes.py"


def test_every_code_is_seen_by_the_machine_or_has_a_test_of_its_own():
    new, gone = given() - SEEN - UNREACHABLE.keys(), SEEN.union(UNREACHABLE) - given()

    assert not new, (
        f"New codes: {sorted(new)}. Write a case of each in tests/flow/machine/refused/, and add it to {LISTS}."
    )
    assert not gone, f"No code gives {sorted(gone)} any more: take them out of {LISTS}."


def test_no_code_stands_in_both_lists():
    assert sorted(SEEN & UNREACHABLE.keys()) == []


@pytest.mark.parametrize(("code", "where"), UNREACHABLE.items(), ids=UNREACHABLE)
def test_the_test_named_for_a_code_is_there(code, where):
    if "::" in where:
        path, name = where.split("::")
        tree = ast.parse((ROOT / path).read_text())
        assert name in {getattr(each, "name", "") for each in tree.body}, f"codes.py names {where} for {code}"
    else:
        codes = {story.__name__: codes for _, codes, story in CASES}
        assert where in codes, f"codes.py names {where} for {code}, and refused/ has no such case"
        assert code in codes[where], f"{where} is not refused for {code}"
