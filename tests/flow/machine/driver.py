"""Turns a step, which is a few small numbers, into an attempt by somebody, and holds the verb to the oracle's word."""

from datetime import timedelta
from functools import partial

from content import offers
from content.findings import Refused
from content.models import AccessCheck, Article, Edition
from content.snapshot import PARTS
from reviews.models import Ruling, Signoff
from reviews.signing import Answer
from tests import cast
from tests.flow.machine import attempts, audit, rows
from tests.flow.machine.oracle import MAY, Oracle
from tests.flow.machine.world import EDITS, LIBRARY, TEXT, now

KINDS = ("editorial-review", "medical-review", "contribution")
# Who signs each kind when nobody in particular is asked for.
SIGNERS = {
    "editorial-review": ("edi", "ann", "lib"),
    "medical-review": ("bob", "cid", "asa"),
    "contribution": ("asa",),
}
MEDICAL = ["text", "drugs", "references", "figures"]
REVISIONS = (
    ("medical-review", {"how_many": 1}),
    ("medical-review", {"how_many": 2}),
    ("editorial-review", {"covers": list(PARTS)}),
    ("editorial-review", {"covers": [part for part in PARTS if part != "public_note"]}),
    ("medical-review", {"covers": MEDICAL}),
    ("medical-review", {"covers": ["text", "drugs"]}),
    ("medical-review", {"may_be_full": True}),
    ("medical-review", {"may_be_full": False}),
    ("medical-review", {"term_months": 12}),
    ("contribution", {"meaning": "We agree to be named."}),
)
DAYS = (1, 2, 4, 1, 2, 4, 30, 400)
MENDS = {
    "title-missing": ("title", 0),
    "heading-empty": ("heading", 0),
    "heading-level-skipped": ("level", 0),
    "access-date-missing": ("access", 0),
    "reference-does-not-support": ("supports", 0),
    "mojibake": ("body", 0),
    "hidden-characters": ("body", 1),
}


class Driver:
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
            result, codes = attempt.do(), set()
        except Refused as refused:
            result, codes = None, set(refused.codes)
        self.rows = rows.read()
        assert codes == attempt.codes, f"{attempt.verb}: refused for {codes}, the rules say {attempt.codes}"
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
        return attempts.oracle_saves(self.oracle, self.article) - (self.twist == "stale")

    # Writing. Nothing refuses a save here, so these are no attempts.

    def edit(self):
        name = list(EDITS)[self.pick % len(EDITS)]
        return self.write(name, self.pick // len(EDITS))

    def write(self, name, which):
        writer = self.who if self.who in ("ann", "edi", "lib", "bob") or self.pick % 20 == 0 else "ann"
        before, value = self.rows, EDITS[name][which % len(EDITS[name])]
        article = Article.objects.get(pk=self.article)
        with cast.saving(article, self.people[writer]):
            if name in ("title", "public_note"):
                setattr(article, name, value)
                article.save()
            elif name in ("supports", "access"):
                self.cite(article.citations.get(), name, value)
            else:
                section = article.sections.first()
                setattr(section, name, self.body(value) if name == "body" else value)
                section.save()
        self.world.saved(self.article, writer)
        self.rows = rows.read()
        self.audited(before)

    def body(self, text):
        """Now and then with a link to another article of this house."""
        if self.pick % 5 == 4:
            other = self.world.articles[(self.world.articles.index(self.article) + 1) % 3]
            return text.replace("https://example.org/a", f"article:{Article.objects.get(pk=other).uid}")
        return text

    def cite(self, citation, name, value):
        if name == "supports":
            citation.supports = value
        else:
            newest = AccessCheck.objects.order_by("-opened_on", "-pk").first()
            citation.access_check = newest if value == "kept" else None
        citation.save()

    def library(self):
        table = list(LIBRARY)[self.pick % len(LIBRARY)]
        column, values = LIBRARY[table]
        keeper = self.who if self.who in ("lib", "bob") else "edi"
        before, drafts = self.rows, [self.world.content(article) for article in self.world.articles]
        row = type(self.world.shared[table]).objects.get()
        with cast.as_person(self.people[keeper]):
            setattr(row, column, values[self.pick // len(LIBRARY) % len(values)])
            row.save()
        self.world.library_changed(table, keeper, row)
        assert [self.world.content(article) for article in self.world.articles] == drafts
        self.rows = rows.read()
        self.audited(before)

    def wait(self):
        self.done["days"] += DAYS[self.pick % len(DAYS)]
        self.world.clock.shift(timedelta(days=DAYS[self.pick % len(DAYS)]))
        audit.page(Oracle(self.rows, now()), self.article)

    # Verbs

    def submit(self):
        change = "enormous" if self.twist == "unknown" else "major" if self.pick % 4 == 3 else "minor"
        by = self.by(("ann", "edi", "lib"))
        return partial(attempts.submit, article=self.article, by=by, change=change, saves=self.saves())

    def take_back(self):
        editions = self.editions()
        if not editions:
            return self.submit()
        edition = self.candidate() if self.candidate() and self.twist != "stale" else editions[0]
        return partial(attempts.take_back, edition=edition, by=self.by(("ann", "edi", "lib")))

    def sign(self):
        editions = self.editions()
        if not editions:
            return self.submit()
        edition = self.candidate() or editions[-1]
        if self.twist == "stale" and self.pick % 5 == 4:
            edition = editions[0]
        code = KINDS[self.pick % 3]
        given = {}
        if self.pick // 3 % 8 in (6, 7):
            given = {"decision": ("request changes", "decline")[self.pick // 3 % 2], "reason": "The dose."}
        elif self.pick // 24 % 3 == 2:
            others = [other for other in editions if other != edition]
            if others:
                since = Edition.objects.get(pk=others[-1 - self.pick % 2 if len(others) > 1 else 0])
                given = {"scope": "changes only", "since": since}
        return self.signing(edition, code, self.by(SIGNERS[code]), given)

    def signing(self, edition, code, by, given=()):
        decisions = self.oracle.decisions(self.article, code)
        answer = {
            "digest": self.oracle.editions[edition]["digest"],
            "newest": decisions[-1]["id"] if decisions else None,
            "version": self.oracle.newest_kind[code]["version"],
            "decision": "approve",
            "conflict": "none",
            **dict(given),
        }
        organisation = by.organisation
        if self.twist == "stale":
            name, value = (("digest", "0" * 64), ("newest", -1), ("version", 0), ("digest", ""), ("newest", None))[
                self.pick % 5
            ]
            answer[name] = value
        elif self.twist == "mute":
            name, value = (("conflict", "never asked"), ("conflict", "declared"), ("reason", " "))[self.pick // 3 % 3]
            answer[name] = value
        elif self.twist == "unknown":
            answer |= self.unknown(edition)
        elif self.twist == "whoever" and self.pick % 2:
            organisation = cast.asco() if organisation == cast.house() else cast.house()
        return partial(
            attempts.sign,
            edition=edition,
            code=code,
            by=by,
            organisation=organisation,
            answer=Answer(**answer),
        )

    def unknown(self, edition):
        elsewhere = [key for key, row in self.oracle.editions.items() if row["article_id"] != self.article]
        other = Edition.objects.get(pk=(elsewhere or [edition])[-1])
        return (
            {"decision": "shrug"},
            {"scope": "a glance"},
            {"scope": "changes only", "since": None},
            {"scope": "changes only", "since": other},
        )[self.pick // 3 % 4]

    def rule(self):
        editions = self.editions()
        if not editions:
            return self.submit()
        end = editions[0] if self.twist == "stale" and self.pick % 2 else self.candidate() or editions[-1]
        others = [edition for edition in editions if edition < end] or editions
        start = others[-1] if self.pick % 4 else others[self.pick // 4 % len(others)]
        code = KINDS[(1, 2, 1, 0)[self.pick % 4]]
        by = self.by(SIGNERS[code])
        return partial(
            attempts.rule,
            start=start,
            end=end,
            code=code,
            by=by,
            organisation=by.organisation,
            digest="0" * 64 if self.twist == "stale" else self.oracle.editions[end]["digest"],
            reason=" " if self.twist == "mute" else "A comma.",
        )

    def withdraw_decision(self):
        signoffs = [(Signoff, row["id"], row["person_id"]) for row in self.oracle.decisions(self.article)]
        rulings = [
            (Ruling, row["id"], row["person_id"])
            for row in self.oracle.rows[Ruling]
            if row["to_edition_id"] in self.editions()
        ]
        decisions = rulings if rulings and self.pick % 2 else signoffs
        if not decisions:
            return self.sign()
        model, key, person = decisions[-1 - self.pick // 2 % min(len(decisions), 6)]
        signer = next(each for each in self.people.values() if each.pk == person)
        by = self.people[self.who] if self.twist == "whoever" else signer
        by = self.people["dora"] if self.twist == "stale" else by
        reason = " " if self.twist == "mute" else "I was wrong."
        return partial(attempts.withdraw_decision, model=model, key=key, by=by, reason=reason)

    def publish(self):
        editions = self.editions()
        if not editions:
            return self.submit()
        edition = self.candidate() or editions[-1]
        public = [row["edition_id"] for row in self.oracle.publications(self.article)]
        if public and self.pick % 3 == 2:
            edition = public[self.pick // 3 % len(public)]
        if self.twist == "unknown":
            edition = editions[self.pick % len(editions)]
        return self.publishing(edition)

    def publishing(self, edition):
        live = self.oracle.live(self.article)
        shown, digest = live["id"] if live else None, self.oracle.editions[edition]["digest"]
        if self.twist == "stale":
            shown, digest = (-1, digest) if self.pick % 2 else (shown, "0" * 64)
        return partial(attempts.publish, edition=edition, by=self.by(("dora",)), digest=digest, shown=shown)

    def withdraw(self):
        publications = self.oracle.publications(self.article)
        if not publications:
            return self.publish()
        chosen = publications[0] if self.twist == "stale" else publications[-1]
        return partial(
            attempts.withdraw_publication,
            publication=chosen["id"],
            by=self.by(("dora",)),
            reason="a whim" if self.twist == "unknown" else "outdated",
            note=" " if self.twist == "mute" else "Ask your care team.",
        )

    def take(self):
        return self.decide("take", offers.takeable)

    def leave(self):
        return self.decide("leave", offers.pins.updates)

    def decide(self, word, offered):
        keys = [offer.key for offer in offered(Article.objects.get(pk=self.article))]
        keys = [] if self.twist == "mute" else ["product-1-0"] if self.twist == "unknown" else keys
        by = self.by(("ann", "edi", "lib"))
        return partial(
            attempts.decide, word=word, article=self.article, keys=keys, by=by, saves=self.saves()
        )

    def open_source(self):
        on = self.oracle.today + timedelta(days=1 if self.twist == "stale" else -(self.pick % 3))
        found = ("unchanged", "unchanged", "changed", "gone")[self.pick // 3 % 4]
        found = "who knows" if self.twist == "unknown" else found
        return partial(attempts.open_source, by=self.by(("ann", "edi", "lib")), on=on, found=found)

    def revise(self):
        code, columns = REVISIONS[self.pick % len(REVISIONS)]
        if self.twist in ("unknown", "mute"):
            columns = {"covers": ["the weather"] if self.twist == "unknown" else []}
        return partial(attempts.revise, code=code, by=self.by(("dora",)), columns=columns)

    def again(self):
        """The same form posted once more: a second click, or a page left open for long."""
        return self.forms[-1 - self.pick % min(len(self.forms), 5)] if self.forms else self.submit()

    # The driver helps an article on its way, or nothing would ever be public

    def advance(self):
        self.twist = ""
        edition, live = self.candidate(), self.oracle.live(self.article)
        if edition is None or self.world.known[self.article].get(self.world.content(self.article)) != edition:
            return self.submit()
        codes, _ = self.oracle.blockers_and_debts(edition)
        if codes:
            return self.help_with(sorted(codes)[self.pick % len(codes)], edition)
        if live and live["edition_id"] == edition:
            return self.write("body", self.pick)
        return self.publishing(edition)

    def help_with(self, code, edition):
        if code in MENDS:
            return self.write(*MENDS[code])
        if code == "public-note-missing":
            return self.write("public_note", self.pick)
        if code == "changes-requested":
            return self.answer_request(edition)
        if code in ("part-unsigned", "no-full-medical-review"):
            self.pick = 2 if code == "part-unsigned" else 6
            return self.revise()
        kind = "medical-review" if code == "review-overdue" else code.removesuffix("-missing")
        return self.sign_missing(edition, kind if kind in KINDS else "medical-review")

    def sign_missing(self, edition, code):
        """By somebody who may, and has not; in the order of the route."""
        steps = sorted(self.oracle.open_steps(edition), key=lambda step: step[2])
        if steps and code in {step[0] for step in steps}:
            first = [step for step in steps if step[2] == steps[0][2]]
            code = code if code in {step[0] for step in first} else first[0][0]
        wrote = self.oracle.contributors(edition)
        signed = {row["person_id"] for row in self.oracle.approvals(edition) if self.oracle.code(row) == code}
        able = [self.people[name] for name in SIGNERS[code] if code != "medical-review" or self.people[name].pk not in wrote]
        fresh = [person for person in able if person.pk not in signed] or able
        if not fresh:
            return self.write("body", self.pick)
        person = fresh[self.pick % len(fresh)]
        return self.carry(edition, code, person) or self.signing(edition, code, person)

    def carry(self, edition, code, by):
        """Often there is an earlier review to be carried on: by a ruling, or by a review of what changed."""
        for start in reversed([other for other in self.editions() if other != edition]):
            if self.pick % 4 == 3 or not self.oracle.may_carry(start, code, by.organisation_id):
                continue
            digest = self.oracle.editions[edition]["digest"]
            if not self.oracle.rule(start, edition, code, by, by.organisation_id, digest, "A comma."):
                asked = {"by": by, "organisation": by.organisation, "digest": digest, "reason": "A comma."}
                return partial(attempts.rule, start=start, end=edition, code=code, **asked)
            given = {"scope": "changes only", "since": Edition.objects.get(pk=start)}
            return self.signing(edition, code, by, given)
        return None

    def answer_request(self, edition):
        """Whoever asked for changes is content now; or, where that person may not sign any more, takes it back."""
        for code in KINDS:
            for request in self.oracle.requests(edition, code):
                asker = next(each for each in self.people.values() if each.pk == request["person_id"])
                if self.pick % 2 and asker.username in MAY[code]:
                    return self.signing(edition, code, asker)
                return partial(
                    attempts.withdraw_decision, model=Signoff, key=request["id"], by=asker, reason="It is right."
                )
        raise AssertionError("nobody asks for changes")
