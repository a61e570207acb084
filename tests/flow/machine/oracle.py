"""The rules once more, told naively from the design and from raw rows: nothing here asks the code that it judges.

A question about a verb answers with the codes for which it must be refused; an empty set means that it must be done.
"""

import calendar
import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from content.models import (
    Article,
    Contributor,
    Edition,
    Organisation,
    Publication,
    Submission,
)
from reviews.models import KindVersion, Route, RouteStep, Ruling, Signoff, Withdrawal
from tests.flow.machine.rows import parsed

PARTS = {"text", "drugs", "references", "access_dates", "figures", "listing", "public_note"}
HOUSE_TIME = ZoneInfo("America/New_York")
MAY = {
    "edit": {"ann", "edi", "lib"},
    "submit": {"ann", "edi", "lib"},
    "open": {"ann", "edi", "lib"},
    "editorial-review": {"ann", "edi", "lib"},
    "medical-review": {"bob", "cid", "asa"},
    "contribution": {"asa"},
    "publish": {"dora"},
    "revise": {"dora"},
}
DEVELOPED = "Developed by the American Cancer Society medical and editorial content team"
ASCO = "the American Society of Clinical Oncology (ASCO)"
# What ASCO holds, and the whole sentence; what the house holds is never repeated.
CREDIT = {
    frozenset(): f"{DEVELOPED}.",
    frozenset({"medical-review"}): f"{DEVELOPED} with medical review by {ASCO}.",
    frozenset({"contribution"}): f"{DEVELOPED} with contribution by {ASCO}.",
    frozenset({"medical-review", "contribution"}): f"{DEVELOPED} with medical review and contribution by {ASCO}.",
}
UNITS, NEGATIONS, MODALS = {"mg", "mcg", "pills"}, {"not", "no", "never"}, {"may", "must", "should"}


def day(moment):
    return moment.astimezone(HOUSE_TIME).date()


def months_later(start, months):
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


class Oracle:
    """The rules about one moment's rows."""

    def __init__(self, rows, now):
        self.rows, self.now, self.today = rows, now, day(now)
        self.editions = {row["id"]: row for row in rows[Edition]}
        self.kinds = {row["id"]: row for row in rows[KindVersion]}
        self.newest_kind = {row["code"]: row for row in rows[KindVersion]}
        self.organisations = {row["id"]: row for row in rows[Organisation]}
        self.withdrawn_signoffs = {row["signoff_id"] for row in rows[Withdrawal]}
        self.withdrawn_rulings = {row["ruling_id"] for row in rows[Withdrawal]}

    # What is there

    def of_article(self, article):
        return [row for row in self.rows[Edition] if row["article_id"] == article]

    def publications(self, article):
        return [row for row in self.rows[Publication] if row["article_id"] == article]

    def live(self, article):
        return next((row for row in self.publications(article) if row["until_at"] is None), None)

    def submissions(self, article):
        return [row for row in self.rows[Submission] if self.editions[row["edition_id"]]["article_id"] == article]

    def candidate(self, article):
        """The key of the edition of the newest submission, if that was not taken back."""
        newest = self.submissions(article)[-1:]
        return newest[0]["edition_id"] if newest and newest[0]["act"] == "handed in" else None

    def newest_handing_in(self, edition):
        found = [
            row for row in self.rows[Submission] if row["edition_id"] == edition and row["act"] == "handed in"
        ]
        return found[-1]

    def contributors(self, edition, until=None):
        submissions = {
            row["id"]
            for row in self.rows[Submission]
            if row["edition_id"] == edition and (until is None or row["at"] <= until)
        }
        return {row["person_id"] for row in self.rows[Contributor] if row["submission_id"] in submissions}

    def decisions(self, article, code=None, until=None):
        return [
            row
            for row in self.rows[Signoff]
            if self.editions[row["edition_id"]]["article_id"] == article
            and code in (None, self.code(row))
            and (until is None or row["at"] <= until)
        ]

    def code(self, row):
        return self.kinds[row["kind_id"]]["code"]

    # Rule 2: what holds

    def agreeing(self, digests, code, article, until):
        """Decisions about the very same words, declines apart."""
        return [
            row
            for row in self.decisions(article, code, until)
            if row["decision"] != "decline"
            and all(row["covered"][part] == digests[part] for part in row["covered"].keys() & digests.keys())
        ]

    def asking(self, decisions):
        newest = {row["person_id"]: row for row in decisions}
        return [
            row
            for row in newest.values()
            if row["decision"] == "request changes" and row["id"] not in self.withdrawn_signoffs
        ]

    def requests(self, edition, code, until=None):
        row = self.editions[edition]
        return self.asking(self.agreeing(row["parts"], code, row["article_id"], until))

    def stands(self, signoff, writers, article, until):
        if signoff["id"] in self.withdrawn_signoffs:
            return False
        if self.kinds[signoff["kind_id"]]["independent"] and signoff["person_id"] in writers:
            return False
        about_it = self.agreeing(signoff["covered"], self.code(signoff), article, until)
        own = [row for row in about_it if row["person_id"] == signoff["person_id"]]
        return own[-1]["id"] == signoff["id"] and not self.asking(about_it)

    def steps_over(self, code, organisation, writers, article, until, *, with_rulings):
        """Triples of part, digest before and digest after: whoever holds the one holds the other."""
        for row in self.rows[Ruling] if with_rulings else ():
            start, end = self.editions[row["from_edition_id"]], self.editions[row["to_edition_id"]]
            if (
                (self.code(row), row["organisation_id"], end["article_id"]) == (code, organisation, article)
                and row["id"] not in self.withdrawn_rulings
                and (until is None or row["at"] <= until)
            ):
                for part in set(row["parts"]) & {"text", "references"}:
                    yield part, start["parts"][part], end["parts"][part]
        for row in self.decisions(article, code, until):
            if (row["decision"], row["scope"], row["organisation_id"]) == (
                "approve",
                "changes only",
                organisation,
            ) and self.stands(row, writers, article, until):
                for part, digest in row["covered"].items():
                    yield part, self.editions[row["since_edition_id"]]["parts"][part], digest

    def is_carried(self, signoff, edition, writers, until, *, with_rulings=True):
        target = self.editions[edition]
        over = set(
            self.steps_over(
                self.code(signoff),
                signoff["organisation_id"],
                writers,
                target["article_id"],
                until,
                with_rulings=with_rulings,
            )
        )
        held = set(signoff["covered"].items())
        while True:
            more = {(part, after) for part, before, after in over if (part, before) in held} - held
            if not more:
                break
            held |= more
        return all((part, target["parts"][part]) in held for part in signoff["covered"])

    def approvals(self, edition, until=None):
        """Whole-page approvals that hold; with `until`, those that held then, less what was withdrawn since."""
        article, writers = self.editions[edition]["article_id"], self.contributors(edition, until)
        return [
            row
            for row in self.decisions(article, until=until)
            if (row["decision"], row["scope"]) == ("approve", "whole page")
            and self.is_carried(row, edition, writers, until)
            and self.stands(row, writers, article, until)
            and not self.requests(edition, self.code(row), until)
        ]

    # What is needed

    def listing(self, edition):
        content = parsed(self.editions[edition]["snapshot"])
        return {**content["parts"]["listing"], "language": content["language"]}

    def steps(self, edition):
        """Kind, organisation, order, days and late rule of each sign-off that the edition needs."""
        listing, change = self.listing(edition), self.newest_handing_in(edition)["change"]
        by_fit = []
        for route in self.rows[Route]:
            partner = self.organisations.get(route["co_branded_with_id"], {}).get("code", "")
            asked = [
                (route["type"], listing["type"]),
                (route["language"], listing["language"]),
                (route["change"], change),
                (partner, listing["co_branded_with"]),
            ]
            asked = [pair for pair in asked if pair[0]]
            if route["condition_id"] is None and all(wanted == given for wanted, given in asked):
                by_fit.append((len(asked), -route["id"]))
        route = -max(by_fit)[1] if by_fit else None
        steps = [
            (row["kind"], row["organisation_id"], row["order"], row["days"], row["when_late"])
            for row in self.rows[RouteStep]
            if row["route_id"] == route
        ]
        partner = next(
            (key for key, row in self.organisations.items() if row["code"] == listing["co_branded_with"]), None
        )
        if partner and partner not in {step[1] for step in steps}:
            steps.append(("contribution", partner, 1, 14, "wait"))
        return steps

    def signers(self, step, approvals):
        kind = self.newest_kind[step[0]]
        return [
            row
            for row in approvals
            if self.code(row) == step[0]
            and step[1] in (None, row["organisation_id"])
            and set(kind["covers"]) <= set(row["covered"])
        ]

    def is_signed(self, step, approvals):
        people = {row["person_id"] for row in self.signers(step, approvals)}
        return len(people) >= self.newest_kind[step[0]]["how_many"]

    def open_steps(self, edition):
        approvals = self.approvals(edition)
        return [step for step in self.steps(edition) if not self.is_signed(step, approvals)]

    def overdue(self, edition):
        approvals, found = self.approvals(edition), set()
        for step in self.steps(edition):
            term, signed = self.newest_kind[step[0]]["term_months"], self.signers(step, approvals)
            if term and signed and months_later(day(signed[-1]["at"]), term) < self.today:
                found.add(step[:2])
        return found

    def full_reviews(self, approvals):
        return [row for row in approvals if self.kinds[row["kind_id"]]["may_be_full"]]

    # The gate

    def blockers_and_debts(self, edition):
        article = self.editions[edition]["article_id"]
        blockers, debts = set(), set()
        candidate, live = self.candidate(article), self.live(article)
        was_public = any(row["edition_id"] == edition for row in self.publications(article))
        if candidate != edition and not was_public:
            blockers.add("not-the-newest" if candidate else "not-handed-in")
        for step in self.open_steps(edition):
            if not self.requests(edition, step[0]):
                handed_in = day(self.newest_handing_in(edition)["at"])
                is_late = step[4] == "without" and self.today > handed_in + timedelta(days=step[3])
                (debts if is_late else blockers).add(f"{step[0]}-missing")
        is_said = any(code.endswith("-missing") for code in blockers)
        if any(self.requests(edition, code) for code in self.newest_kind):
            blockers.add("changes-requested")
            is_said = True
        if not is_said:
            blockers |= self.floor(edition)
        overdue = self.overdue(edition)
        if overdue:
            newer = live is None or any(
                row["at"] > live["from_at"] for row in self.full_reviews(self.approvals(edition))
            )
            worse = newer or overdue - self.overdue(live["edition_id"])
            (blockers if worse else debts).add("review-overdue")
            if worse and not newer and overdue & self.overdue(live["edition_id"]):
                debts.add("review-overdue")
        if live and not was_public and self.newest_handing_in(edition)["change"] == "major":
            old, new = (parsed(self.editions[key]["snapshot"]) for key in (live["edition_id"], edition))
            note = new["parts"]["public_note"]["text"]
            if not note or note == old["parts"]["public_note"]["text"]:
                blockers.add("public-note-missing")
        found = self.faults(parsed(self.editions[edition]["snapshot"]))
        return blockers | found, debts | self.dangling(edition)

    def floor(self, edition):
        """Below all routes."""
        approvals, codes = self.approvals(edition), set()
        covered = {part for row in approvals for part in row["covered"]}
        if not covered >= PARTS:
            codes.add("part-unsigned")
        if not self.full_reviews(approvals):
            codes.add("no-full-medical-review")
        if approvals and {row["person_id"] for row in approvals} <= self.contributors(edition):
            codes.add("nobody-independent")
        if not approvals:
            codes.add("credit-unearned")
        return codes

    def faults(self, content):
        """What is wrong with the words themselves, as far as this world's editors know how to write it."""
        codes, level, parts = set(), 1, content["parts"]
        text = parts["text"]
        if not text["title"]:
            codes.add("title-missing")
        for section in text["sections"]:
            if not section["heading"]:
                codes.add("heading-empty")
                continue
            if section["level"] - level > 1:
                codes.add("heading-level-skipped")
            level = section["level"]
        for reference, access in zip(parts["references"], parts["access_dates"], strict=True):
            if reference["url"] and not access["on"]:
                codes.add("access-date-missing")
            if access["supports"] == "no":
                codes.add("reference-does-not-support")
        words = " ".join(section["body"] for section in text["sections"])
        if "â€™" in words:
            codes.add("mojibake")
        if "\u200b" in words:
            codes.add("hidden-characters")
        return codes

    def public_uids(self):
        live = {row["article_id"] for row in self.rows[Publication] if row["until_at"] is None}
        return {str(row["uid"]) for row in self.rows[Article] if row["id"] in live}

    def dangling(self, edition):
        wanted = set(re.findall(r'href="article:([^"]+)"', parsed(self.editions[edition]["snapshot"])["parts"]["text"]["sections"][0]["body"]))
        return {"link-without-target"} if wanted - self.public_uids() else set()

    # What a publication of this edition, made now, must say

    def credit(self, approvals):
        held = {
            self.code(row)
            for row in approvals
            if self.organisations[row["organisation_id"]]["code"] == "asco" and self.kinds[row["kind_id"]]["earns"]
        }
        return CREDIT[frozenset(held)]

    def last_medical_review(self, approvals):
        return max((day(row["at"]) for row in self.full_reviews(approvals)), default=None)

    def before_minor_corrections(self, edition, approvals, until=None):
        """True, False, or None where both may be said: a ruling leads there, and signed reviews of the changes do too."""
        reviews = self.full_reviews(approvals)
        if not reviews:
            return False
        newest, parts = max(reviews, key=lambda row: row["at"]), self.editions[edition]["parts"]
        if all(parts[part] == digest for part, digest in newest["covered"].items()):
            return False
        writers = self.contributors(edition, until)
        return None if self.is_carried(newest, edition, writers, until, with_rulings=False) else True

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

    def may_carry(self, edition, code, organisation):
        return any(
            (self.code(row), row["organisation_id"]) == (code, organisation) for row in self.approvals(edition)
        )

    def sign(self, edition, code, by, organisation, answer):
        kind, row, codes = self.newest_kind[code], self.editions[edition], set()
        decisions = self.decisions(row["article_id"], code)
        if by.username not in MAY[code] or by.organisation_id != organisation:
            codes.add("no-right")
        if kind["independent"] and answer.decision == "approve" and by.pk in self.contributors(edition):
            codes.add("not-independent")
        if not self.is_signable(edition):
            codes.add("stale-edition")
        if answer.version != kind["version"]:
            codes.add("stale-kind")
        if answer.digest != row["digest"]:
            codes.add("stale-digest")
        if answer.newest != (decisions[-1]["id"] if decisions else None):
            codes.add("stale-decision")
        if answer.decision not in ("approve", "request changes", "decline"):
            codes.add("decision-missing")
        if answer.decision != "approve" and not answer.reason.strip():
            codes.add("reason-missing")
        return codes | self.left_unsaid(edition, code, organisation, answer)

    def left_unsaid(self, edition, code, organisation, answer):
        codes, approves = set(), answer.decision == "approve"
        if answer.conflict not in ("none", "declared", *(() if approves else ("never asked",))):
            codes.add("conflict-not-answered")
        if answer.conflict == "declared" and not answer.conflict_text.strip():
            codes.add("conflict-not-named")
        if answer.scope not in ("whole page", "changes only"):
            codes.add("scope-missing")
        since = answer.since
        if (since is not None) != (answer.scope == "changes only"):
            codes.add("scope-without-start")
        if since is not None:
            same_article = self.editions[since.pk]["article_id"] == self.editions[edition]["article_id"]
            if not same_article or since.pk == edition:
                codes.add("scope-start-wrong")
            elif approves and not self.may_carry(since.pk, code, organisation):
                codes.add("nothing-to-carry")
        steps, approvals = self.steps(edition), self.approvals(edition)
        own = min((step[2] for step in steps if step[0] == code), default=0)
        if approves and any(step[2] < own and not self.is_signed(step, approvals) for step in steps):
            codes.add("too-early")
        return codes

    def is_posted_again(self, edition, code, by, answer):
        decisions = self.decisions(self.editions[edition]["article_id"], code)
        if not decisions:
            return False
        newest = decisions[-1]
        return (newest["edition_id"], newest["person_id"], newest["shown_id"], newest["edition_digest"]) == (
            edition,
            by.pk,
            answer.newest,
            answer.digest,
        ) and (newest["decision"], newest["reason"], newest["scope"], newest["conflict"]) == (
            answer.decision,
            answer.reason,
            answer.scope,
            answer.conflict,
        )

    def rule(self, start, end, code, by, organisation, digest, reason):
        kind, codes = self.newest_kind[code], set()
        first, second = self.editions[start], self.editions[end]
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
        if not kind["may_be_ruled_minor"]:
            codes.add("kind-takes-no-ruling")
        changed = {part for part in kind["covers"] if first["parts"][part] != second["parts"][part]}
        if not changed:
            codes.add("nothing-changed")
        if not self.may_carry(start, code, organisation):
            codes.add("nothing-to-carry")
        names = drug_names(first) | drug_names(second)
        if changed - {"text", "references"} or guarded(first, names) != guarded(second, names):
            codes.add("not-minor")
        return codes

    def withdraw_decision(self, row, by, reason):
        is_ruling = "from_edition_id" in row
        withdrawn = self.withdrawn_rulings if is_ruling else self.withdrawn_signoffs
        return {
            *(["no-right"] if by.pk != row["person_id"] and by.username not in MAY["publish"] else []),
            *(["already-withdrawn"] if row["id"] in withdrawn else []),
            *(["reason-missing"] if not reason.strip() else []),
        }

    def publish(self, edition, by, digest, shown):
        row = self.editions[edition]
        live = self.live(row["article_id"])
        codes, _ = self.blockers_and_debts(edition)
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


def drug_names(edition):
    drugs = parsed(edition["snapshot"])["parts"]["drugs"]
    brands = {product["brand"].lower() for drug in drugs for product in drug["products"]}
    return brands | {drug["name"].lower() for drug in drugs}


def guarded(edition, names):
    """Numbers, units, drug names, negations with their word, modals and link targets, in their order."""
    parts = parsed(edition["snapshot"])["parts"]
    texts = [parts["text"]["title"], parts["text"]["lead"]]
    for section in parts["text"]["sections"]:
        texts += [section["heading"], section["body"]]
    texts += ["".join(reference["text"]) for reference in parts["references"]]
    found = []
    for text in texts:
        found += re.findall(r'href="([^"]*)"', text)
        words = re.findall(r"[\w-]+", re.sub(r"<[^>]*>", " ", text).lower())
        for word, following in zip(words, [*words[1:], ""], strict=False):
            if word in NEGATIONS:
                found.append(f"{word} {following}")
            elif re.search(r"\d", word) or word in UNITS | MODALS | names:
                found.append(word)
    return found
