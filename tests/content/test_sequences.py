from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sequences import Budget, Run, runs, spans
from tests.fuzzing import SAMPLE, soon

WORDS = st.lists(st.sampled_from("the a of and dose 15".split()), max_size=30)


@SAMPLE
@given(WORDS, WORDS)
def test_runs_are_those_of_difflib_where_the_budget_suffices(old, new):
    expected = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()[:-1]

    assert runs(old, new, Budget()) == [Run(*each) for each in expected]


@SAMPLE
@given(WORDS, WORDS, st.integers(0, 200))
def test_spans_hold_every_item_of_both_in_order_whatever_the_budget(old, new, steps):
    found = spans(old, new, Budget(steps))

    assert [item for span in found for item in old[span.old]] == old
    assert [item for span in found for item in new[span.new]] == new
    assert all(old[span.old] == new[span.new] for span in found if span.is_same)


def test_runs_past_the_budget_are_the_two_ends():
    old, new = [*"ab", *"the of " * 50, *"yz"], [*"ab", *"of the " * 50, *"yz"]
    budget = Budget(300)

    found = runs(old, new, budget)

    assert (found[0], found[-1].at + found[-1].size) == (Run(0, 0, 2), len(old))
    assert (len(found), budget.refused) == (2, 1)


def test_budget_counts_every_stretch_it_refused():
    budget = Budget(5)

    assert (budget.pays(3), budget.pays(3), budget.pays(2)) == (True, False, True)
    assert (budget.left, budget.refused) == (0, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("the a of " * 30_000, "a the of " * 30_000),
        ("a " * 50_000, "b " + "a " * 50_000),
        (" ".join(f"w{at} x" for at in range(20_000)), " ".join(f"w{at} y" for at in range(20_000))),
    ],
    ids=["little words", "one word", "every other word"],
)
def test_runs_of_long_texts_made_to_be_slow_come_soon(old, new):
    budget = Budget()

    with soon():
        runs(old.split(), new.split(), budget)

    assert budget.refused > 0
