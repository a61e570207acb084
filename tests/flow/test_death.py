"""A process is killed (SIGKILL) before the statements of every verb, and between its COMMIT and its answer.

Each next child of a series is also the one that tries again: it comes one statement further on the same database.
How many died, and what they left, is logged: `pytest --log-cli-level=INFO`. IMPRIMATUR_LONG leaves out no read,
and kills ten times as many at moments of chance.
"""

import logging
import random
from collections import Counter

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from content.models import Notification
from tests.conftest import LONG
from tests.flow.acts import SAYS_IT_WAS_DONE, VERBS
from tests.flow.all_rows import all_rows, changed, evidence, next_keys, set_back
from tests.flow.conftest import where
from tests.flow.dying import AFTER_COMMIT, BEFORE_COMMIT

log = logging.getLogger(__name__)
each_verb = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)


@pytest.fixture
def attempts(people_there, edition, copies, family, tmp_path):
    return lambda verb: Attempts(verb, verb(people_there, edition, tmp_path), copies, family)


class Attempts:
    """One verb, tried again and again: what the database holds before and after it, and what was seen of both."""

    def __init__(self, verb, act, copies, family):
        self.verb, self.act, self.copies, self.family, self.seen = verb, act, copies, family, Counter()
        family.warm_up(copies(), act)
        self.url, self.keys = copies(), next_keys()
        self.before = all_rows()
        self.whole = family.live(self.url, act)
        self.after = all_rows()
        self.url = copies()

    def die(self, **how):
        """One more child, and a look at what it left: the state before, or the state after."""
        life = self.family.live(self.url, self.act, **how)
        now = all_rows()
        assert now in (self.before, self.after), (how, changed(now, self.before), changed(now, self.after))
        if now == self.before:
            self.seen["before"] += life.was_killed
            set_back(self.keys)
            return "before"
        self.seen["after"] += life.was_killed
        self.finish(SAYS_IT_WAS_DONE.get(self.verb, self.whole.status))
        self.url = self.copies()
        return "after"

    def finish(self, status):
        """Tried again to its end it is done once; `tick` sends its mail, and everything verifies."""
        last = self.family.live(self.url, self.act)
        assert last.status == status
        assert evidence(all_rows()) == evidence(self.after)
        waiting = Notification.objects.filter(sent_at=None).count()
        mail.outbox.clear()
        call_command("tick")
        assert len(mail.outbox) == waiting
        call_command("verify")
        connection.close()

    def end(self):
        """The database on which so many died is none the worse for it."""
        self.finish(self.whole.status)
        log.info("%s: %s killed, %s", self.verb.__name__, self.seen.total(), dict(self.seen))


def expected(steps, numbers):
    """After the COMMIT of the verb, whatever comes; else before."""
    commit = steps.index(AFTER_COMMIT) + 1
    return ["before" if number < commit else "after" for number in numbers]


@each_verb
def test_verb_killed_before_a_statement_is_done_or_not_begun(attempts, verb):
    series = attempts(verb)
    steps = series.whole.steps

    left = [series.die(at=number) for number in where(steps)]

    assert changed(series.before, series.after) != set()
    assert steps.count(BEFORE_COMMIT) == 1
    assert left == expected(steps, where(steps))
    assert series.seen == Counter(left)
    series.end()


@pytest.mark.parametrize("verb", VERBS if LONG else VERBS[6:7], ids=lambda verb: verb.__name__)
def test_verb_killed_at_any_moment_is_done_or_not_begun(attempts, verb):
    series = attempts(verb)
    chance = random.Random(verb.__name__)

    for _ in range(200 if LONG else 20):
        series.die(dies_after=chance.uniform(0.001, 1.1 * series.whole.seconds))

    assert series.seen["before"] > 0
    series.end()
