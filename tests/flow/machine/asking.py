"""Steps that ask a verb: which edition, by whom, saying what, and sometimes wrongly on purpose."""

from datetime import timedelta
from functools import partial

from content.library import updates
from content.models import Article, Edition
from content.snapshots.snapshot import PARTS
from reviews import publishing
from reviews.decisions import overruling
from reviews.decisions.signing import Answer
from reviews.models import Ruling, Signoff
from tests import cast
from tests.flow.machine import attempts, drafting, offering
from tests.flow.machine.writing import Writing

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
    ("editorial-review", {"covers": [part for part in PARTS if part != "listing"]}),
    ("medical-review", {"covers": MEDICAL}),
    ("medical-review", {"covers": ["text", "drugs"]}),
    ("medical-review", {"may_be_full": True}),
    ("medical-review", {"may_be_full": False}),
    ("medical-review", {"term_months": 12}),
    ("medical-review", {"independent": False}),
    ("medical-review", {"how_many": 0}),
    ("contribution", {"meaning": "We agree to be named."}),
)


class Asking(Writing):
    def submit(self):
        change = "enormous" if self.twist == "unknown" else "major" if self.pick % 4 == 3 else "minor"
        by = self.by(("ann", "edi", "lib"))
        return partial(drafting.submit, article=self.article, by=by, change=change, saves=self.saves())

    def take_back(self):
        editions = self.editions()
        if not editions:
            return self.submit()
        edition = self.candidate() if self.candidate() and self.twist != "stale" else editions[0]
        return partial(drafting.take_back, edition=edition, by=self.by(("ann", "edi", "lib")))

    def sign(self):
        editions = self.editions()
        if not editions:
            return self.submit()
        edition = self.candidate() or editions[-1]
        if self.twist == "stale" and self.pick % 5 == 4:
            edition = editions[0]
        code = KINDS[self.pick % 3]
        given = {}
        if self.pick // 3 % 8 in (5, 6, 7):
            decision = "decline" if self.pick // 3 % 8 == 7 else "request-changes"
            given = {"decision": decision, "reason": "The dose."}
        elif self.pick // 24 % 3 == 2:
            others = [other for other in editions if other != edition]
            if others:
                since = Edition.objects.get(pk=others[-1 - self.pick % 2 if len(others) > 1 else 0])
                given = {"scope": "changes-only", "since": since}
        return self.signing(edition, code, self.by(SIGNERS[code]), given)

    def signing(self, edition, code, by, given=()):
        decisions = self.oracle.decisions(self.article, code)
        stated = {
            "digest": self.oracle.editions[edition]["digest"],
            "newest": str(decisions[-1]["id"]) if decisions else "",
            "kind": f"{code} {self.oracle.newest_kind[code]['version']}",
        }
        answer = {"decision": "approve", "conflict": "none", **dict(given)}
        organisation = by.organisation
        if self.twist == "stale":
            name, value = (
                ("digest", "0" * 64),
                ("newest", "-1"),
                ("kind", f"{code} 0"),
                ("kind", f"{code} 99"),
                ("newest", ""),
            )[self.pick % 5]
            stated[name] = value
        elif self.twist == "mute":
            name, value = (("conflict", "never-asked"), ("conflict", "declared"), ("reason", " "))[
                self.pick // 3 % 3
            ]
            answer[name] = value
        elif self.twist == "unknown":
            answer |= self.unknown(edition)
        elif self.twist == "whoever" and self.pick % 2:
            organisation = cast.asco() if organisation == cast.house() else cast.house()
        page = cast.shown_to(Edition.objects.get(pk=edition), code, by, organisation)
        answer["shown"] = cast.with_stated(page, stated)
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
            {"scope": "changes-only", "since": None},
            {"scope": "changes-only", "since": other},
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
            shown=self.ruling_page(start, end, code, by),
            reason=" " if self.twist == "mute" else "A comma.",
        )

    def ruling_page(self, start, end, code, by):
        first, second = Edition.objects.get(pk=start), Edition.objects.get(pk=end)
        stated = {"digest": self.oracle.editions[end]["digest"]}
        if self.twist == "stale":
            stated |= ({"digest": "0" * 64}, {"kind": f"{code} 0"})[self.pick // 2 % 2]
        return cast.with_stated(cast.shown_to_rule(second, first, code, by), stated)

    def withdraw_decision(self):
        signoffs = [(Signoff, row["id"], row["signed_by_id"]) for row in self.oracle.decisions(self.article)]
        rulings = [
            (Ruling, row["id"], row["signed_by_id"])
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

    def overrule(self):
        raised = [row for row in self.oracle.decisions(self.article) if row["decision"] == "request-changes"]
        if not raised:
            return self.sign()
        objection = raised[-1 - self.pick // 5 % min(len(raised), 3)]
        edition = self.candidate() or self.editions()[-1]
        if self.twist == "unknown":
            edition = self.editions()[0]
        return self.overruling(objection, edition, self.by(("cid", "bob", "asa", "edi")))

    def overruling(self, objection, edition, by):
        answer, stated = {"reason": " " if self.twist == "mute" else "It is right."}, {}
        if self.twist == "stale":
            stated = ({"digest": "0" * 64}, {"newest": "-1"}, {"live": "-1"})[self.pick % 3]
        row, read = Signoff.objects.get(pk=objection["id"]), Edition.objects.get(pk=edition)
        answer["shown"] = cast.with_stated(cast.shown_to_overrule(row, read, by), stated)
        return partial(
            attempts.overrule,
            objection=objection["id"],
            edition=edition,
            by=by,
            organisation=by.organisation,
            answer=overruling.Answer(**answer),
        )

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
        by, stated = self.by(("dora",)), {"digest": digest, "live": str(shown) if shown else ""}
        page = publishing.shown_to(Edition.objects.get(pk=edition), by=by)
        given = {"shown": cast.with_stated(page, stated), "page": self.oracle.public_page(edition)}
        return partial(attempts.publish, edition=edition, by=by, **given)

    def withdraw(self):
        publications = self.oracle.publications(self.article)
        if not publications or (not self.twist and self.pick % 3):  # rarely, or little would stay public
            return self.publish()
        ended = [row for row in publications if row["until_at"]]
        chosen = ended[0] if ended and self.twist == "stale" else publications[-1]
        return partial(
            attempts.withdraw_publication,
            publication=chosen["id"],
            by=self.by(("dora",)),
            reason="a whim" if self.twist == "unknown" else "outdated",
            note=" " if self.twist == "mute" else "Ask your care team.",
        )

    def take(self):
        return self.decide("take", updates.takeable(self.row()))

    def leave(self):
        return self.decide("leave", updates.pins.updates(self.row()))

    def row(self):
        return Article.objects.get(pk=self.article)

    def decide(self, word, offered):
        keys = [offer.key for offer in offered]
        assert set(keys) == offering.offered(self.world, self.oracle, self.article, word)
        keys = [] if self.twist == "mute" else ["product-1-0"] if self.twist == "unknown" else keys
        keys = keys[:1] if self.pick % 3 == 2 else keys
        by = self.by(("ann", "edi", "lib"))
        return partial(drafting.decide, word=word, article=self.article, keys=keys, by=by, saves=self.saves())

    def restore(self):
        article = self.world.articles[0] if self.twist == "unknown" else self.article
        revisions = sorted(self.world.revisions[article], reverse=True)
        by = self.by(("ann", "edi", "lib"))
        version = revisions[self.pick % min(len(revisions), 6)]
        return partial(drafting.restore, article=self.article, by=by, version=version, saves=self.saves())

    def open_source(self):
        on = self.oracle.today + timedelta(days=1 if self.twist == "stale" else -(self.pick % 3))
        found = ("unchanged", "unchanged", "changed", "gone")[self.pick // 3 % 4]
        found = "who knows" if self.twist == "unknown" else found
        return partial(drafting.open_source, by=self.by(("ann", "edi", "lib")), on=on, found=found)

    def revise(self):
        code, columns = REVISIONS[self.pick % len(REVISIONS)]
        if self.twist in ("unknown", "mute"):
            columns = {"covers": ["the weather"] if self.twist == "unknown" else []}
        return partial(attempts.revise, code=code, by=self.by(("root",)), columns=columns)

    def again(self):
        """The same form posted once more: a second click, or a page left open for long."""
        return self.forms[-1 - self.pick % min(len(self.forms), 5)] if self.forms else self.submit()
