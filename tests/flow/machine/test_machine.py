"""Thousands of random steps by random people, each held to rules that were told a second time (see oracle.py).

`make long MINUTES=10` goes on with fresh steps for that long; a failure prints the shortest run that shows it.
"""

import os
import time
from collections import Counter

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.flow.machine.driver import Driver
from tests.flow.machine.world import BEGINNING, World

pytestmark = pytest.mark.django_db

WEIGHTS = {
    "advance": 24,
    "edit": 6,
    "submit": 4,
    "sign": 8,
    "publish": 5,
    "rule": 6,
    "take_back": 2,
    "withdraw_decision": 2,
    "withdraw": 2,
    "library": 2,
    "take": 2,
    "leave": 1,
    "open_source": 2,
    "revise": 2,
    "wait": 2,
    "again": 3,
}
ACTS = [act for act, weight in WEIGHTS.items() for _ in range(weight)]
PEOPLE = ["ann", "edi", "lib", "bob", "cid", "asa", "dora", "gus", "eve"]
TWISTS = ["", "", "", "", "whoever", "stale", "mute", "unknown"]
RUNS, STEPS = 40, 75
SEED = 20261122


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
        pick=st.integers(0, 999),
        twist=st.sampled_from(TWISTS),
    )
    def step(self, act, article, who, pick, twist):
        self.clock.shift(420)
        self.driver.step(act, article, who, pick, twist)

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)
        self.travelling.stop()


def walk(machine, runs, **given):
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **given,
    )
    run_state_machine_as_test(machine, settings=chosen)


def fresh_counts():
    return type("Counting", (Machine,), {"seen": Counter(), "done": Counter()})


def test_what_happens_in_three_thousand_steps_is_what_the_rules_say():
    counting = seed(SEED)(fresh_counts())

    walk(counting, RUNS, phases=[Phase.generate, Phase.shrink])

    assert counting.done["steps"] >= 3000
    assert counting.done["publish"] >= 30
    assert counting.done["superseded"] >= 10


def test_fresh_steps_do_what_the_rules_say():
    """A few seconds of them in an ordinary run."""
    ends_at = time.monotonic() + 60 * float(os.environ.get("IMPRIMATUR_LONG") or 0.1)

    while time.monotonic() < ends_at:
        walk(fresh_counts(), 2)
