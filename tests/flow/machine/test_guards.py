"""Each guard of each verb, each question of the gate and each check of the words is taken out once, and must be missed."""

import pytest
from django.db import transaction

from content import checks
from reviews.gate import gate
from tests import cast
from tests.flow.machine.codes import COMPUTED
from tests.flow.machine.guards import all_guards, codes_of, given_by_no_guard, take_out
from tests.flow.machine.refused import CASES

pytestmark = pytest.mark.django_db
# Which reasons are asked for is Python's business alone; each case itself is refused on both databases.
on_one_database = pytest.mark.sqlite


def ends(story):
    """The codes a case ends with; or what stopped, further in, what no guard had stopped."""
    try:
        return tuple(story(cast.cast()))
    except Exception as error:  # noqa: BLE001  each case was seen to end well with all guards in their places
        return type(error).__name__


def cases_of(module, code=None):
    wanted = COMPUTED.get(code, {code})
    return [
        (codes, story)
        for of_module, codes, story in CASES
        if of_module == module and (code is None or not wanted.isdisjoint(codes))
    ]


def about(function):
    """The cases of its module, those that end with one of its own codes first: most likely to miss it."""
    own = codes_of(function)
    return sorted(cases_of(function.__module__), key=lambda case: own.isdisjoint(case[0]))


def misses_it(cases, rolled_back):
    """Whether one of the cases ends otherwise than it must."""
    return any(rolled_back(story) != codes for codes, story in cases)


@pytest.fixture
def rolled_back():
    def run(story):
        savepoint = transaction.savepoint()
        try:
            return ends(story)
        finally:
            transaction.savepoint_rollback(savepoint)

    return run


@pytest.mark.parametrize(("codes", "story"), [pytest.param(c, s, id=s.__name__) for _, c, s in CASES])
def test_each_case_is_refused_with_every_reason(codes, story):
    assert tuple(story(cast.cast())) == codes


def test_every_finding_is_given_by_a_guard_that_can_be_taken_out():
    assert given_by_no_guard() == []


@on_one_database
@pytest.mark.parametrize("guard", all_guards(), ids=str)
def test_a_guard_taken_out_is_missed(guard, monkeypatch, rolled_back):
    cases = cases_of(guard.module, guard.code)
    assert cases, f"Write a case in tests/flow/machine/refused/: @case({guard.module!r}, {guard.code!r})"

    take_out(guard, monkeypatch)

    assert misses_it(cases, rolled_back), (
        f"Without {guard} every case still ends as before: {[story.__name__ for _, story in cases]}. "
        "Write one in tests/flow/machine/refused/ that only this guard stops."
    )


@on_one_database
@pytest.mark.parametrize("question", gate.QUESTIONS, ids=lambda question: question.__name__)
def test_a_question_of_the_gate_taken_out_is_missed(question, monkeypatch, rolled_back):
    others = tuple(each for each in gate.QUESTIONS if each is not question)
    monkeypatch.setattr(gate, "QUESTIONS", others)

    assert misses_it(about(question), rolled_back)


@on_one_database
@pytest.mark.parametrize("check", [*checks.ALL, *checks.OF_SOURCES], ids=lambda check: check.__name__)
def test_a_check_of_the_words_or_works_taken_out_is_missed(check, monkeypatch, rolled_back):
    for asked in ("ALL", "OF_SOURCES"):
        others = tuple(each for each in getattr(checks, asked) if each is not check)
        monkeypatch.setattr(checks, asked, others)

    assert misses_it(about(check), rolled_back)
