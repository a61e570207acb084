"""Random steps by random people, each held to rules that were told a second time (see oracle.py).

An ordinary run takes the same thousand and a few seconds of fresh ones. `make long MINUTES=10` takes the same three thousand,
and goes on with fresh ones for that long; a failure prints the shortest run that shows it.
"""

import logging
import time
from collections import Counter
from datetime import timedelta
from random import Random, SystemRandom

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.conftest import LONG
from tests.flow.machine.codes import SEEN
from tests.flow.machine.driver import Driver
from tests.flow.machine.world import BEGINNING, World

log = logging.getLogger(__name__)
pytestmark = pytest.mark.django_db

WEIGHTS = {
    "advance": 24,
    "edit": 7,
    "submit": 4,
    "sign": 8,
    "publish": 5,
    "rule": 7,
    "take_back": 2,
    "withdraw_decision": 4,
    "overrule": 4,
    "withdraw": 6,
    "library": 2,
    "take": 2,
    "leave": 1,
    "open_source": 2,
    "revise": 4,
    "restore": 3,
    "transfer": 2,
    "wait": 2,
    "again": 3,
}
ACTS = [act for act, weight in WEIGHTS.items() for _ in range(weight)]
PEOPLE = ["ann", "edi", "lib", "bob", "cid", "asa", "dora", "gus", "eve"]
TWISTS = ["", "", "", "", "whoever", "stale", "mute", "unknown"]
PICKS = 1000
# A run takes some days, so that dates have something to differ by.
BETWEEN_STEPS = timedelta(minutes=37)
RUNS, STEPS = 25, 120
# Those of the runs that run into every code between them, and publish most.
SAMPLE = (1, 3, 4, 7, 17, 20, 21, 24)


class Machine(RuleBasedStateMachine):
    """Each run begins with the same three articles, and leaves nothing behind."""

    seen: Counter = Counter()
    done: Counter = Counter()

    def __init__(self):
        super().__init__()
        self.travelling = time_machine.travel(BEGINNING, tick=False)
        self.clock = self.travelling.start()
        self.savepoint = transaction.savepoint()

    @initialize()
    def begin(self):
        self.driver = Driver(World.begun(self.clock), self.seen, self.done)

    @rule(
        act=st.sampled_from(ACTS),
        article=st.integers(0, 2),
        who=st.sampled_from(PEOPLE),
        pick=st.integers(0, PICKS - 1),
        twist=st.sampled_from(TWISTS),
    )
    def step(self, act, article, who, pick, twist):
        self.clock.shift(BETWEEN_STEPS)
        self.driver.step(act, article, who, pick, twist)

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)
        self.travelling.stop()


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Most addresses the machine looks at answer 404 or 410, as they should."""
    caplog.set_level("ERROR", logger="django.request")


def walk(machine, seed):
    """One run whose steps hang on the seed alone, not on the version of Hypothesis."""
    given, state, said = Random(seed), machine(), []
    try:
        state.begin()
        for _ in range(STEPS):
            step = {
                "act": given.choice(ACTS),
                "article": given.randrange(3),
                "who": given.choice(PEOPLE),
                "pick": given.randrange(PICKS),
                "twist": given.choice(TWISTS),
            }
            said.append(f"state.step({', '.join(f'{name}={value!r}' for name, value in step.items())})")
            state.step(**step)
    except BaseException as error:
        error.add_note("\n".join([f"Run {seed}:", "state = Machine()", "state.begin()", *said]))
        raise
    finally:
        state.teardown()


def wander(machine, runs):
    """Runs that Hypothesis thinks of; of one that goes wrong it prints the shortest it finds."""
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)


def with_counts():
    return type("Counting", (Machine,), {"seen": Counter(), "done": Counter()})


@pytest.mark.sqlite
def test_what_happens_in_a_thousand_steps_is_what_the_rules_say():
    """Where a code is not seen any more since a rule was changed, `make long` shows which runs see it now."""
    counting, runs = with_counts(), range(RUNS) if LONG else SAMPLE

    for seed in runs:
        walk(counting, seed)

    assert counting.done["steps"] == len(runs) * STEPS
    assert counting.done["publish"] >= 20
    assert counting.done["superseded"] >= 8
    assert counting.done["overrule"] >= 4
    assert sorted(SEEN - counting.seen.keys()) == []
    assert sorted(counting.seen.keys() - SEEN) == []


@pytest.mark.postgres
def test_what_happens_in_six_hundred_others_is_what_the_rules_say():
    counting = with_counts()

    for seed in range(RUNS, RUNS + 5):
        walk(counting, seed)

    assert counting.done["steps"] >= 600
    assert counting.done["publish"] >= 5
    assert counting.done["superseded"] >= 1
    assert sorted(counting.seen.keys() - SEEN) == []


def test_fresh_steps_do_what_the_rules_say():
    """A few seconds of them in an ordinary run."""
    counting = with_counts()
    ends_at = time.monotonic() + 60 * (LONG or 0.1)

    while time.monotonic() < ends_at:
        walk(counting, SystemRandom().randrange(2**32))
        wander(counting, 1)

    log.info("Fresh steps: %s", dict(counting.done.most_common()))
