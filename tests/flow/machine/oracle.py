"""The rules once more, told naively from the design and from raw rows: nothing here asks the code that it judges.

A question about a verb answers with the codes for which it must be refused; an empty set means that it must be done.
"""

from hashlib import sha256

import rfc8785

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


def alone(codes):
    """A form of another text belongs to another page, of which nothing else is told."""
    of_the_page = {"stale-kind", "stale-decision", "stale-live", "stale-page"}
    return codes - of_the_page if "stale-digest" in codes else codes


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
        if kind["independent"] and answer.decision == "approve" and by.pk in self.contributors(edition):
            codes.add("not-independent")
        if not self.is_signable(edition):
            codes.add("stale-edition")
        newest = str(decisions[-1]["id"]) if decisions else ""
        stated = answer.shown.values
        if stated["kind"] != f"{code} {kind['version']}":
            codes.add("stale-kind")
        if stated["digest"] != row["digest"]:
            codes.add("stale-digest")
        if stated["newest"] != newest:
            codes.add("stale-decision")
        codes |= self.around(edition, code, stated)
        codes = alone(codes)
        if answer.decision != "approve":
            # What was asked for stands against what was shown, whatever came meanwhile.
            is_foreign = "stale-digest" in codes
            codes -= {code for code in codes if code.startswith("stale-")}
            codes |= {"stale-page"} if is_foreign else set()
        if answer.decision not in ("approve", "request-changes", "decline"):
            codes.add("decision-missing")
        if answer.decision != "approve" and not answer.reason.strip():
            codes.add("reason-missing")
        return codes | self.left_unsaid(edition, code, organisation, answer)

    def around(self, edition, code, stated):
        """What else a signer's page said, and says no longer."""
        article, codes = self.editions[edition]["article_id"], set()
        live = self.live(article)
        if stated["live"] != (str(live["id"]) if live else ""):
            codes.add("stale-live")
        requests = [
            row["id"]
            for row in self.decisions(article)
            if row["decision"] == "request-changes"
            and row["id"] not in self.withdrawn_signoffs
            and (self.code(row) == code) == (row["id"] in self.overruled)
        ]
        if stated["objections"] != sha256(rfc8785.dumps(sorted(requests))).hexdigest():
            codes.add("stale-page")
        return codes

    def public_page(self, edition):
        """What a public page says beside the text, as one form of a publisher carries it."""
        approvals, revised = self.approvals(edition), self.last_revised(edition)
        return (
            self.credit(approvals),
            "today" if revised == self.today else revised,
            self.last_medical_review(approvals),
            self.before_minor_corrections(edition, approvals),
        )

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
        """The same form, sent twice."""
        return any(
            (row["signed_by_id"], row["nonce"]) == (by.pk, answer.shown.nonce)
            for row in self.decisions(self.editions[edition]["article_id"], code)
        )

    def rule(self, start, end, code, by, organisation, stated, reason):
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
        if stated["digest"] != second["digest"]:
            codes.add("stale-digest")
        if stated["kind"] != f"{code} {self.newest_kind[code]['version']}":
            codes.add("stale-kind")
        codes = alone(codes | self.around(end, code, stated))
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
        codes |= self.otherwise_now(objection, row, answer.shown.values)
        if objection["id"] not in {each["id"] for each in self.requests(edition, code)}:
            codes.add("not-open")
        if not answer.reason.strip():
            codes.add("reason-missing")
        return codes

    def otherwise_now(self, objection, row, stated):
        if stated["digest"] != row["digest"] or stated["objection"] != str(objection["id"]):
            return {"stale-digest"} if stated["digest"] != row["digest"] else {"stale-page"}
        codes, live = set(), self.live(row["article_id"])
        if stated["newest"] != str(self.decisions(row["article_id"], self.code(objection))[-1]["id"]):
            codes.add("stale-decision")
        if stated["live"] != (str(live["id"]) if live else ""):
            codes.add("stale-live")
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
            and (row["nonce"], row["reason"]) == (answer.shown.nonce, answer.reason)
            for row in self.rows[Overruling]
        )

    def publish(self, edition, by, shown, page):
        row = self.editions[edition]
        live = self.live(row["article_id"])
        codes, _ = self.blockers_and_follow_ups(edition)
        if by.username not in MAY["publish"]:
            codes.add("no-right")
        if shown.values["digest"] != row["digest"]:
            codes.add("stale-digest")
        if shown.values["live"] != (str(live["id"]) if live else ""):
            codes.add("stale-live")
        if page != self.public_page(edition):
            codes.add("stale-page")
        return alone(codes)

    def is_published_again(self, edition, by, shown):
        """The same button, pressed twice."""
        live = self.live(self.editions[edition]["article_id"])
        sent = (edition, by.pk, shown.nonce)
        return bool(live) and (live["edition_id"], live["published_by_id"], live["nonce"]) == sent
