"""The driver helps an article on its way now and then, or nothing would ever be public."""

from functools import partial

from content.models import Edition
from content.snapshots.snapshot import PARTS
from reviews.decisions.overruling import Answer
from reviews.models import Signoff
from tests import cast
from tests.flow.machine import attempts
from tests.flow.machine.asking import KINDS, SIGNERS, Asking
from tests.flow.machine.oracle import MAY

FIXES = {
    "title-missing": ("title", 0),
    "heading-empty": ("heading", 0),
    "heading-level-skipped": ("level", 0),
    "access-date-missing": ("access", 0),
    "reference-does-not-support": ("supports", 0),
    "mojibake": ("body", 0),
    "hidden-characters": ("body", 1),
}


class Driver(Asking):
    def advance(self):
        self.twist = ""
        edition, live = self.candidate(), self.oracle.live(self.article)
        if edition is None or self.world.known[self.article].get(self.world.content(self.article)) != edition:
            return self.submit()
        codes, _ = self.oracle.blockers_and_follow_ups(edition)
        if codes and self.pick % 3:
            return self.help_with(sorted(codes)[self.pick % len(codes)], edition)
        if not codes and live and live["edition_id"] == edition:
            # Mostly a comma or another word for the same: what can be ruled minor.
            return self.write("body", (1, 2, 0, self.pick)[self.pick % 4])
        return self.publishing(edition)

    def help_with(self, code, edition):
        if code in FIXES:
            return self.write(*FIXES[code])
        if code == "public-note-missing":
            return self.write("public_note", self.pick)
        if code == "changes-requested":
            return self.answer_request(edition)
        if code in ("part-unsigned", "no-full-medical-review"):
            return self.repaired(code)
        if code == "contribution-missing" and self.people["asa"].organisation != cast.asco():
            self.who = "asa"
            return self.transfer()
        kind = "medical-review" if code == "review-overdue" else code.removesuffix("-missing")
        return self.sign_missing(edition, kind if kind in KINDS else "medical-review")

    def repaired(self, code):
        """An administrator gives back to a kind what an earlier step took from it."""
        kind, columns = ("medical-review", {"may_be_full": True})
        if code == "part-unsigned":
            kind, columns = ("editorial-review", {"covers": list(PARTS)})
        return partial(attempts.revise, code=kind, by=self.people["root"], columns=columns)

    def sign_missing(self, edition, code):
        """By somebody who may, and has not; in the order of the route."""
        steps = sorted(self.oracle.open_steps(edition), key=lambda step: step[2])
        if steps and code in {step[0] for step in steps}:
            first = [step for step in steps if step[2] == steps[0][2]]
            code = code if code in {step[0] for step in first} else first[0][0]
        wrote = self.oracle.contributors(edition)
        signed = {
            row["signed_by_id"] for row in self.oracle.approvals(edition) if self.oracle.code(row) == code
        }
        able = [
            self.people[name]
            for name in SIGNERS[code]
            if code != "medical-review" or self.people[name].pk not in wrote
        ]
        fresh = [person for person in able if person.pk not in signed] or able
        if not fresh:
            return self.write("body", self.pick)
        person = fresh[self.pick % len(fresh)]
        return self.carry(edition, code, person) or self.signing(edition, code, person)

    def carry(self, edition, code, by):
        """Often there is an earlier review to be carried on: by a ruling, or by a review of what changed."""
        for start in reversed([other for other in self.editions() if other != edition]):
            if self.pick % 4 == 3 or not self.oracle.may_carry(start, edition, code, by.organisation_id):
                continue
            shown = self.ruling_page(start, edition, code, by)
            if not self.oracle.rule(start, edition, code, by, by.organisation_id, shown.values, "A comma."):
                asked = {"by": by, "organisation": by.organisation, "shown": shown, "reason": "A comma."}
                return partial(attempts.rule, start=start, end=edition, code=code, **asked)
            if by.pk in self.oracle.contributors(edition):
                continue
            given = {"scope": "changes-only", "since": Edition.objects.get(pk=start)}
            return self.signing(edition, code, by, given)
        return None

    def may_overrule(self, objection, edition, by):
        row, read = Signoff.objects.get(pk=objection["id"]), Edition.objects.get(pk=edition)
        answer = Answer(cast.shown_to_overrule(row, read, by), "It is right.")
        return not self.oracle.overrule(objection, edition, by, by.organisation_id, answer)

    def answer_request(self, edition):
        """Whoever asked for changes is content now or takes it back; or somebody who has no part in it overrules it."""
        for code in KINDS:
            for request in self.oracle.requests(edition, code):
                peers = [self.people[name] for name in ("cid", "bob", "asa", "edi")]
                able = [peer for peer in peers if self.may_overrule(request, edition, peer)]
                if able and self.pick % 3 == 2:
                    return self.overruling(request, edition, able[self.pick % len(able)])
                asker = next(each for each in self.people.values() if each.pk == request["signed_by_id"])
                if self.pick % 2 and asker.username in MAY[code]:
                    return self.signing(edition, code, asker)
                return partial(
                    attempts.withdraw_decision,
                    model=Signoff,
                    key=request["id"],
                    by=asker,
                    reason="It is right.",
                )
        raise AssertionError("nobody asks for changes")
