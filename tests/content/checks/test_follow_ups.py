"""Rule 11: the gate never keeps a worse page public, and what it lets pass goes with a date to the owner's desk."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from content.access_checks import recording
from content.drafts import saving
from content.editions import submitting
from content.models import Section
from reviews import gate
from reviews.decisions import withdrawing
from reviews.desk import desk
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def travel(day):
    return time_machine.travel(f"{day} 12:00:00-05:00", tick=False)


def found(edition):
    return [
        (finding.code, finding.severity.value, finding.due_on, finding.live_too)
        for finding in gate.findings(edition)
    ]


def with_link(people, **kwargs):
    draft = cast.article(people["ann"], **kwargs)
    with cast.saving(draft, people["ann"]):
        Section(
            article=draft,
            position=9,
            heading="More",
            body='<p>See <a href="unresolved:/x.html">this page</a>.</p>',
        ).save()
    return submitting.submit(draft, by=people["ann"], change="major")


def test_a_debt_is_due_ninety_days_after_publication(people):
    with travel("2025-12-05"):
        edition = cast.signed(with_link(people), people)
        assert found(edition) == [("link-without-target", "follow-up", "2026-03-05", False)]
        publication = cast.publish(edition, people["dora"])
    with travel("2026-01-20"):
        assert found(edition) == [("link-without-target", "follow-up", "2026-03-05", True)]

    assert [finding["due_on"] for finding in publication.findings] == ["2026-03-05"]


def test_an_overdue_review_is_a_debt_since_its_term_ended(people):
    with travel("2022-10-01"):
        edition = cast.signed(cast.submitted(people["ann"]), people)
        cast.publish(edition, people["dora"])
    with travel("2025-12-05"):
        assert found(edition) == [
            ("access-date-over-age", "follow-up", "2023-09-24", True),
            ("review-overdue", "follow-up", "2025-10-01", True),
        ]


def test_a_full_review_must_itself_be_within_its_term(people):
    """A minor refresh may go out beside an overdue kind; a page that claims a new full review may not."""
    with travel("2022-10-01"):
        first = cast.published(people)
    with travel("2025-12-05"):
        with cast.as_person(people["ann"]):
            citation = first.article.citations.get()
            citation.access_check = recording.opened(
                citation.reference,
                by=people["ann"],
                on=timezone.localdate() - timedelta(days=1),
                found="unchanged",
            )
            citation.save()
            saving.saved(first.article)
        second = submitting.submit(first.article, by=people["ann"], change="minor")
        cast.sign(second, people["edi"], "editorial-review")
        assert gate.blockers(second) == []

        cast.sign(second, people["cid"], "medical-review")
        assert gate.findings(second) == []


def test_what_is_wrong_with_a_live_page_is_on_its_owners_desk_with_its_date(people):
    with travel("2025-12-05"):
        publication = cast.publish(cast.signed(with_link(people), people), people["dora"])
        other = cast.publish(
            cast.signed(cast.submitted(people["edi"], title="Other", slug="other"), people), people["dora"]
        )

        [(shown, owed)] = desk.desk(people["ann"]).follow_ups
        assert (shown, [finding.due_on for finding in owed]) == (publication, ["2026-03-05"])

        withdrawing.withdraw(
            other.edition.signoffs.get(kind__kind="medical-review"), by=people["bob"], reason="No."
        )
        [(shown, owed)] = desk.desk(people["edi"]).follow_ups
        assert (shown, [finding.code for finding in owed]) == (other, ["medical-review-missing"])


def test_a_worse_page_is_refused_though_the_better_one_stays_public(people):
    with travel("2025-12-05"):
        first = cast.published(people)
        with cast.saving(first.article, people["ann"]):
            Section(article=first.article, position=9, level=5, heading="Too deep", body="<p>x</p>").save()
        worse = cast.signed(submitting.submit(first.article, by=people["ann"], change="minor"), people)

        assert [finding.code for finding in gate.blockers(worse)] == ["heading-level-skipped"]
        assert found(first.edition) == []
