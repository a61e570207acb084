"""The rules once more, told naively from the design and from raw rows: nothing here asks the code that it judges.

A question about a verb answers with the codes for which it must be refused; an empty set means that it must be done.
"""

from reviews.models import Overruling
from tests.flow.machine.holds import day
from tests.flow.machine.minor import drug_names, guarded
from tests.flow.machine.needs import PARTS, Needs

MAY = {
    "edit": {"ann", "edi", "lib"},
    "submit": {"ann", "edi", "lib"},
    "open": {"ann", "edi", "lib"},
    "editorial-review": {"ann", "edi", "lib"},
    "medical-review": {"bob", "cid", "asa"},
    "contribution": {"asa"},
    "publish": {"dora"},
    "revise": {"root"},
}
DEVELOPED = "Developed by the American Cancer Society medical and editorial content team"
ASCO = "the American Society of Clinical Oncology (ASCO)"
# What ASCO holds, and the whole sentence; what the house holds is never repeated.
CREDIT = {
    frozenset(): f"{DEVELOPED}.",
    frozenset({"medical-review"}): f"{DEVELOPED} with medical review by {ASCO}.",
    frozenset({"contribution"}): f"{DEVELOPED} with contribution by {ASCO}.",
    frozenset(
        {"medical-review", "contribution"}
    ): f"{DEVELOPED} with medical review and contribution by {ASCO}.",
}


class Oracle(Needs):
    """The rules about one moment's rows."""

    # What a publication of this edition, made now, must say

    def credit(self, approvals):
        held = {
            self.code(row)
            for row in approvals
            if self.organisations[row["organisation_id"]]["code"] == "asco"
            and self.kinds[row["kind_id"]]["earns"]
        }
        return CREDIT[frozenset(held)]

    def last_medical_review(self, approvals):
        return max((day(row["signed_at"]) for row in self.full_reviews(approvals)), default=None)

    def before_minor_corrections(self, edition, approvals, until=None):
        """True, False, or None where both may be said: a ruling leads there, and signed reviews of the changes do too."""
        reviews = self.full_reviews(approvals)
        if not reviews:
            return False
        newest, parts = max(reviews, key=lambda row: row["signed_at"]), self.editions[edition]["parts"]
        if all(parts[part] == digest for part, digest in newest["covered"].items()):
            return False
        writers = self.contributors(edition, until)
        return None if self.is_shared(newest, edition, writers, until, with_rulings=False) else True

    def last_revised(self, edition):
        row = self.editions[edition]
        live = self.live(row["article_id"])
        if live:
            before = self.editions[live["edition_id"]]["parts"]
            if all(before[part] == row["parts"][part] for part in PARTS - {"access_dates", "public_note"}):
                return live["last_revised_on"]
        return self.today

    # The verbs

    def is_signable(self, edition):
        article = self.editions[edition]["article_id"]
        live = self.live(article)
        return edition == self.candidate(article) or bool(live and live["edition_id"] == edition)

    def sign(self, edition, code, by, organisation, answer):
        kind, row, codes = self.newest_kind[code], self.editions[edition], set()
        decisions = self.decisions(row["article_id"], code)
        if by.username not in MAY[code] or by.organisation_id != organisation:
            codes.add("no-right")
        bars_writers = kind["independent"] or answer.scope == "changes-only"
        if bars_writers and answer.decision == "approve" and by.pk in self.contributors(edition):
            codes.add("not-independent")
        if not self.is_signable(edition):
            codes.add("stale-edition")
        if answer.version != kind["version"]:
            codes.add("stale-kind")
        if answer.digest != row["digest"]:
            codes.add("stale-digest")
        if answer.newest != (decisions[-1]["id"] if decisions else None):
            codes.add("stale-decision")
        if answer.decision not in ("approve", "request-changes", "decline"):
            codes.add("decision-missing")
        if answer.decision != "approve" and not answer.reason.strip():
            codes.add("reason-missing")
        return codes | self.left_unsaid(edition, code, organisation, answer)

    def left_unsaid(self, edition, code, organisation, answer):
        codes, approves = set(), answer.decision == "approve"
        if answer.conflict not in ("none", "declared", *(() if approves else ("never-asked",))):
            codes.add("conflict-not-answered")
        if answer.conflict == "declared" and not answer.conflict_text.strip():
            codes.add("conflict-not-named")
        if answer.scope not in ("whole-page", "changes-only"):
            codes.add("scope-missing")
        since = answer.since
        if (since is not None) != (answer.scope == "changes-only"):
            codes.add("scope-without-start")
        if since is not None:
            same_article = self.editions[since.pk]["article_id"] == self.editions[edition]["article_id"]
            if not same_article or since.pk == edition:
                codes.add("scope-start-wrong")
            elif approves and not self.may_carry(since.pk, edition, code, organisation):
                codes.add("nothing-to-extend")
        steps, approvals = self.steps(edition), self.approvals(edition)
        own = min((step[2] for step in steps if step[0] == code), default=0)
        if approves and any(step[2] < own and not self.is_signed(step, approvals) for step in steps):
            codes.add("too-early")
        return codes

    def is_posted_again(self, edition, code, by, organisation, answer):
        decisions = self.decisions(self.editions[edition]["article_id"], code)
        if not decisions:
            return False
        newest = decisions[-1]
        if self.signer(newest) != (by.pk, organisation):
            return False
        return (newest["edition_id"], newest["shown_id"], newest["edition_digest"]) == (
            edition,
            answer.newest,
            answer.digest,
        ) and (newest["decision"], newest["reason"], newest["scope"], newest["conflict"]) == (
            answer.decision,
            answer.reason,
            answer.scope,
            answer.conflict,
        )

    def rule(self, start, end, code, by, organisation, digest, reason):
        first, second = self.editions[start], self.editions[end]
        codes = self.not_minor(first, second, self.newest_kind[code])
        if by.username not in MAY[code] or by.organisation_id != organisation:
            codes.add("no-right")
        if by.pk in self.contributors(start) | self.contributors(end):
            codes.add("not-independent")
        if first["article_id"] != second["article_id"] or start == end:
            codes.add("other-article")
        if not self.is_signable(end):
            codes.add("stale-edition")
        if digest != second["digest"]:
            codes.add("stale-digest")
        if not reason.strip():
            codes.add("reason-missing")
        if not self.may_carry(start, end, code, organisation):
            codes.add("nothing-to-extend")
        return codes

    def not_minor(self, first, second, kind):
        codes = set()
        if not kind["may_be_ruled_minor"]:
            codes.add("kind-takes-no-ruling")
        changed = {part for part in kind["covers"] if first["parts"][part] != second["parts"][part]}
        if not changed:
            codes.add("nothing-changed")
        names = drug_names(first) | drug_names(second)
        if changed - {"text", "references"} or guarded(first, names) != guarded(second, names):
            codes.add("not-minor")
        return codes

    def withdraw_decision(self, row, by, reason):
        is_ruling = "from_edition_id" in row
        withdrawn = self.withdrawn_rulings if is_ruling else self.withdrawn_signoffs
        others = set() if row.get("decision") == "request-changes" else MAY["publish"]
        return {
            *(["no-right"] if by.pk != row["signed_by_id"] and by.username not in others else []),
            *(["already-withdrawn"] if row["id"] in withdrawn else []),
            *(["reason-missing"] if not reason.strip() else []),
        }

    def overrule(self, objection, edition, by, organisation, answer):
        row, code, codes = self.editions[edition], self.code(objection), set()
        peers = MAY[code] if code == "medical-review" else MAY[code] | MAY["medical-review"]
        if by.username not in peers or by.organisation_id != organisation:
            codes.add("no-right")
        if by.pk == objection["signed_by_id"]:
            codes.add("own-objection")
        codes |= self.part_in_it(by, edition, objection["edition_id"])
        if not self.is_signable(edition):
            codes.add("stale-edition")
        if answer.digest != row["digest"]:
            codes.add("stale-digest")
        if answer.newest != self.decisions(row["article_id"], code)[-1]["id"]:
            codes.add("stale-decision")
        if objection["id"] not in {each["id"] for each in self.requests(edition, code)}:
            codes.add("not-open")
        if not answer.reason.strip():
            codes.add("reason-missing")
        return codes

    def part_in_it(self, by, edition, objected):
        codes = set()
        if by.pk in self.contributors(edition) | self.contributors(objected):
            codes.add("not-independent")
        for page in self.publications(self.editions[edition]["article_id"]):
            is_meant = page["until_at"] is None or page["edition_id"] in (edition, objected)
            if is_meant and page["published_by_id"] == by.pk:
                codes.add("own-publication")
        return codes

    def is_overruled_again(self, objection, edition, by, organisation, answer):
        return any(
            (row["objection_id"], row["edition_id"], row["signed_by_id"], row["organisation_id"])
            == (objection["id"], edition, by.pk, organisation)
            and (row["edition_digest"], row["shown_id"], row["reason"])
            == (answer.digest, answer.newest, answer.reason)
            for row in self.rows[Overruling]
        )

    def publish(self, edition, by, digest, shown):
        row = self.editions[edition]
        live = self.live(row["article_id"])
        codes, _ = self.blockers_and_follow_ups(edition)
        if by.username not in MAY["publish"]:
            codes.add("no-right")
        if digest != row["digest"]:
            codes.add("stale-digest")
        if shown != (live["id"] if live else None):
            codes.add("stale-live")
        return codes

    def is_published_again(self, edition, by, shown):
        """The same button, pressed twice."""
        found = self.publications(self.editions[edition]["article_id"])
        live = self.live(self.editions[edition]["article_id"])
        if not live or (live["edition_id"], live["published_by_id"]) != (edition, by.pk):
            return False
        replaced = [row["id"] for row in found if row["until_at"] == live["from_at"]]
        return shown == (replaced[0] if replaced else None)
