"""Takes a step, holds the verb to the oracle's word, and looks at all that must be true afterwards."""

from evidence.findings import Refused
from tests.flow.machine import audit, drafting, rows
from tests.flow.machine.oracle import Oracle
from tests.flow.machine.world import now


class Walker:
    """A step is a few small numbers: what is done to which article, by whom, and which twist it has."""

    def __init__(self, world, seen, done):
        self.world, self.seen, self.done = world, seen, done
        self.people = world.people
        self.rows = rows.read()
        self.forms = []
        audit.whole(self.rows)

    # A step

    def step(self, act, article, who, pick, twist):
        self.oracle = Oracle(self.rows, now())
        self.article = self.world.articles[article]
        self.who, self.pick, self.twist = who, pick, twist
        form = getattr(self, act)()
        if form:
            self.attempt(form(self.world, self.oracle))
            self.forms.append(form)
        self.done["steps"] += 1

    def attempt(self, attempt):
        before = self.rows
        try:
            result, codes, words = attempt.do(), set(), ""
        except Refused as refused:
            result, codes, words = None, set(refused.codes), str(refused)
        self.rows = rows.read()
        assert codes == attempt.codes, (
            f"{attempt.verb}: refused for {sorted(codes)}, and oracle.py and needs.py say {sorted(attempt.codes)}: {words}"
        )
        self.seen.update(codes)
        if codes or attempt.is_replay:
            assert self.rows == before, f"{attempt.verb} changed rows though it was refused or done before"
            return
        self.done[attempt.verb] += 1
        attempt.then(result)
        self.audited(before)

    def audited(self, before):
        audit.grown(before, self.rows)
        after = Oracle(self.rows, now())
        self.done["superseded"] += audit.count_superseded(self.rows) - audit.count_superseded(before)
        audit.everything(after)
        if any(before[model] != self.rows[model] for model in audit.SHOWN):
            for article in self.world.articles:
                audit.page(after, article)
                audit.offered_bytes(after, article)
        else:
            audit.page(after, self.article)

    # Who and what

    def by(self, suitable):
        if self.twist == "whoever":
            return self.people[self.who]
        return self.people[self.who if self.who in suitable else suitable[self.pick % len(suitable)]]

    def editions(self):
        return [row["id"] for row in self.oracle.of_article(self.article)]

    def candidate(self):
        return self.oracle.candidate(self.article)

    def saves(self):
        return drafting.oracle_saves(self.oracle, self.article) - (self.twist == "stale")
