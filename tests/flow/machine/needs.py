"""What an edition needs, and what stands between it and the public."""

import calendar
import re
from datetime import date, timedelta

from content.models import Article, Publication
from reviews.models import ApprovalRoute, RouteStep
from tests.flow.machine.ages import Ages
from tests.flow.machine.holds import Holds, day
from tests.flow.machine.rows import parsed

PARTS = {"text", "drugs", "references", "access_dates", "figures", "listing", "public_note"}


def months_later(start, months):
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


class Needs(Holds, Ages):
    # What is needed

    def listing(self, edition):
        content = parsed(self.editions[edition]["snapshot"])
        return {**content["parts"]["listing"], "language": content["language"]}

    def steps(self, edition):
        """Kind, organisation, order, days and late rule of each sign-off that the edition needs."""
        listing, change = self.listing(edition), self.newest_submission(edition)["change"]
        by_fit = []
        for route in self.rows[ApprovalRoute]:
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
            (row["kind_id"], row["organisation_id"], row["position"], row["days"], row["when_late"])
            for row in self.rows[RouteStep]
            if row["route_id"] == route
        ]
        partner = next(
            (key for key, row in self.organisations.items() if row["code"] == listing["co_branded_with"]),
            None,
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
        people = {row["signed_by_id"] for row in self.signers(step, approvals)}
        return len(people) >= self.newest_kind[step[0]]["how_many"]

    def open_steps(self, edition):
        approvals = self.approvals(edition)
        return [step for step in self.steps(edition) if not self.is_signed(step, approvals)]

    def overdue(self, edition):
        approvals, found = self.approvals(edition), set()
        for step in self.steps(edition):
            term, signed = self.newest_kind[step[0]]["term_months"], self.signers(step, approvals)
            if term and signed and months_later(day(signed[-1]["signed_at"]), term) < self.today:
                found.add(step[:2])
        return found

    def full_reviews(self, approvals):
        return [row for row in approvals if self.kinds[row["kind_id"]]["may_be_full"]]

    def aged(self, edition):
        overdue = {("review-overdue", step) for step in self.overdue(edition)}
        return overdue | self.aged_sources(edition)

    # The gate

    def blockers_and_follow_ups(self, edition):
        article = self.editions[edition]["article_id"]
        blockers, follow_ups = set(), set()
        candidate, live = self.candidate(article), self.live(article)
        was_public = any(row["edition_id"] == edition for row in self.publications(article))
        if candidate != edition and not was_public:
            blockers.add("not-the-newest" if candidate else "not-in-review")
        for step in self.open_steps(edition):
            if not self.requests(edition, step[0]):
                handed_in = day(self.newest_submission(edition)["recorded_at"])
                is_late = step[4] == "without" and self.today > handed_in + timedelta(days=step[3])
                (follow_ups if is_late else blockers).add(f"{step[0]}-missing")
        is_said = any(code.endswith("-missing") for code in blockers)
        if any(self.requests(edition, code) for code in self.newest_kind):
            blockers.add("changes-requested")
            is_said = True
        if not is_said:
            blockers |= self.floor(edition)
        aged = self.aged(edition)
        if aged:
            newer = live is None or any(
                row["signed_at"] > live["from_at"] for row in self.full_reviews(self.approvals(edition))
            )
            excused = set() if newer else self.aged(live["edition_id"])
            for each in aged:
                (follow_ups if each in excused else blockers).add(each[0])
        if live and not was_public and self.newest_submission(edition)["change"] == "major":
            old, new = (parsed(self.editions[key]["snapshot"]) for key in (live["edition_id"], edition))
            note = new["parts"]["public_note"]["text"]
            if not note or note == old["parts"]["public_note"]["text"]:
                blockers.add("public-note-missing")
        blockers |= self.unsafe(edition)
        found = self.faults(parsed(self.editions[edition]["snapshot"])) | self.faulty_sources(edition)
        return blockers | found, follow_ups | self.dangling(edition) | self.ageing_sources(edition)

    def unsafe(self, edition):
        """What came down because it could harm comes back only with a newer review of the whole page."""
        published = self.publications(self.editions[edition]["article_id"])
        if not published or published[-1]["end_reason"] != "unsafe":
            return set()
        down, full = published[-1]["until_at"], self.full_reviews(self.approvals(edition))
        return set() if any(row["signed_at"] > down for row in full) else {"unsafe-without-new-review"}

    def floor(self, edition):
        """Below all routes."""
        approvals, codes = self.approvals(edition), set()
        covered = {part for row in approvals for part in row["covered"]}
        if not covered >= PARTS:
            codes.add("part-unsigned")
        if not self.full_reviews(approvals):
            codes.add("no-full-medical-review")
        if approvals and {row["signed_by_id"] for row in approvals} <= self.contributors(edition):
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
        wanted = set(
            re.findall(
                r'href="article:([^"]+)"',
                parsed(self.editions[edition]["snapshot"])["parts"]["text"]["sections"][0]["body"],
            )
        )
        return {"link-without-target"} if wanted - self.public_uids() else set()
