"""What the rows say of one moment, and which approvals hold by them (rule 2 of the design)."""

from zoneinfo import ZoneInfo

from accounts.models import Organisation
from content.models import Contributor, Edition, Publication, Submission
from reviews.models import DecisionWithdrawal, KindVersion, Ruling, Signoff

HOUSE_TIME = ZoneInfo("America/New_York")


def day(moment):
    return moment.astimezone(HOUSE_TIME).date()


class Holds:
    """The rules about one moment's rows."""

    def __init__(self, rows, now):
        self.rows, self.now, self.today = rows, now, day(now)
        self.editions = {row["id"]: row for row in rows[Edition]}
        self.kinds = {row["id"]: row for row in rows[KindVersion]}
        self.newest_kind = {row["kind_id"]: row for row in rows[KindVersion]}
        self.organisations = {row["id"]: row for row in rows[Organisation]}
        self.withdrawn_signoffs = {row["signoff_id"] for row in rows[DecisionWithdrawal]}
        self.withdrawn_rulings = {row["ruling_id"] for row in rows[DecisionWithdrawal]}

    # What is there

    def of_article(self, article):
        return [row for row in self.rows[Edition] if row["article_id"] == article]

    def publications(self, article):
        return [row for row in self.rows[Publication] if row["article_id"] == article]

    def live(self, article):
        return next((row for row in self.publications(article) if row["until_at"] is None), None)

    def submissions(self, article):
        return [
            row for row in self.rows[Submission] if self.editions[row["edition_id"]]["article_id"] == article
        ]

    def candidate(self, article):
        """The key of the edition of the newest submission, if that was not taken back."""
        newest = self.submissions(article)[-1:]
        return newest[0]["edition_id"] if newest and newest[0]["act"] == "submitted" else None

    def newest_submission(self, edition):
        found = [
            row for row in self.rows[Submission] if row["edition_id"] == edition and row["act"] == "submitted"
        ]
        return found[-1]

    def contributors(self, edition, until=None):
        submissions = {
            row["id"]
            for row in self.rows[Submission]
            if row["edition_id"] == edition and (until is None or row["recorded_at"] <= until)
        }
        return {row["person_id"] for row in self.rows[Contributor] if row["submission_id"] in submissions}

    def decisions(self, article, code=None, until=None):
        return [
            row
            for row in self.rows[Signoff]
            if self.editions[row["edition_id"]]["article_id"] == article
            and code in (None, self.code(row))
            and (until is None or row["signed_at"] <= until)
        ]

    def code(self, row):
        return self.kinds[row["kind_id"]]["kind_id"]

    # Rule 2: what holds

    def agreeing(self, digests, code, article, until):
        """Decisions about the very same words, declines apart."""
        return [
            row
            for row in self.decisions(article, code, until)
            if row["decision"] != "decline"
            and all(row["covered"][part] == digests[part] for part in row["covered"].keys() & digests.keys())
        ]

    def signer(self, row):
        """Who changes employer speaks for another organisation from then on, and takes nothing back for the first."""
        return row["signed_by_id"], row["organisation_id"]

    def asking(self, decisions):
        newest = {self.signer(row): row for row in decisions}
        return [
            row
            for row in newest.values()
            if row["decision"] == "request-changes" and row["id"] not in self.withdrawn_signoffs
        ]

    def requests(self, edition, code, until=None):
        row = self.editions[edition]
        return self.asking(self.agreeing(row["parts"], code, row["article_id"], until))

    def stands(self, signoff, writers, article, until):
        if signoff["id"] in self.withdrawn_signoffs:
            return False
        if self.kinds[signoff["kind_id"]]["independent"] and signoff["signed_by_id"] in writers:
            return False
        about_it = self.agreeing(signoff["covered"], self.code(signoff), article, until)
        own = [row for row in about_it if self.signer(row) == self.signer(signoff)]
        return own[-1]["id"] == signoff["id"] and not self.asking(about_it)

    def bridges(self, code, organisation, writers, article, until, *, with_rulings):
        """Pairs of editions, with the parts that may differ between them: somebody answers for these who is no writer."""
        for row in self.rows[Ruling] if with_rulings else ():
            start, end = row["from_edition_id"], row["to_edition_id"]
            if (
                (self.code(row), row["organisation_id"]) == (code, organisation)
                and self.editions[end]["article_id"] == article
                and row["id"] not in self.withdrawn_rulings
                and row["signed_by_id"] not in writers
                and (until is None or row["signed_at"] <= until)
            ):
                yield start, end, set(row["parts"]) & {"text", "references"}
        for row in self.decisions(article, code, until):
            if (
                (row["decision"], row["scope"], row["organisation_id"])
                == ("approve", "changes-only", organisation)
                and row["signed_by_id"] not in writers
                and self.stands(row, writers, article, until)
            ):
                yield row["since_edition_id"], row["edition_id"], set(row["covered"])

    def is_shared(self, signoff, edition, writers, until, *, with_rulings=True):
        """Walk from the edition that was signed to every one that is as good as it, one whole edition after the other."""
        article = self.editions[signoff["edition_id"]]["article_id"]
        code, organisation, covered = (
            self.code(signoff),
            signoff["organisation_id"],
            signoff["covered"].keys(),
        )

        def same(one, other, but=frozenset()):
            before, after = self.editions[one]["parts"], self.editions[other]["parts"]
            return all(before[part] == after[part] for part in covered - but)

        pairs = list(self.bridges(code, organisation, writers, article, until, with_rulings=with_rulings))
        seen = {signoff["edition_id"]}
        while True:
            more = {
                row["id"] for row in self.of_article(article) if any(same(one, row["id"]) for one in seen)
            }
            more |= {end for start, end, parts in pairs if start in seen and same(start, end, parts)}
            if more <= seen:
                return edition in seen
            seen |= more

    def may_carry(self, start, edition, code, organisation):
        """Could an approval be carried on from the one edition to the other, by somebody who wrote nothing of that?"""
        article, writers = self.editions[edition]["article_id"], self.contributors(edition)
        return any(
            (row["decision"], row["scope"], row["organisation_id"]) == ("approve", "whole-page", organisation)
            and self.stands(row, writers, article, None)
            and self.is_shared(row, start, writers, None)
            for row in self.decisions(article, code)
        )

    def approvals(self, edition, until=None):
        """Whole-page approvals that hold; with `until`, those that held then, less what was withdrawn since."""
        article, writers = self.editions[edition]["article_id"], self.contributors(edition, until)
        return [
            row
            for row in self.decisions(article, until=until)
            if (row["decision"], row["scope"]) == ("approve", "whole-page")
            and self.is_shared(row, edition, writers, until)
            and self.stands(row, writers, article, until)
            and not self.requests(edition, self.code(row), until)
        ]
