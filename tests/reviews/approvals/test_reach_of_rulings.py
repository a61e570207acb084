"""How far a ruling on a reference reaches: never to what its maker wrote, and never less far than was promised."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.access_checks import recording
from content.editions import authorship, submitting
from content.models import Article, Notice, Reference
from reviews import initial_data
from reviews.approvals import validity
from reviews.decisions import withdrawing
from reviews.models import Scope
from tests import cast
from tests.reviews.decisions.test_reference_rulings import (
    citing_pages,
    missing,
    new_version,
    next_edition,
    rule,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def page(people):
    return citing_pages(people)[0]


def doctor_and_editor(people, name="cid"):
    """One person in both groups, as a small house has them."""
    people[name] = cast.person(name, initial_data.MEDICAL_REVIEWERS, initial_data.EDITORS)
    return people[name]


def handed_in(page, by, change="minor"):
    return submitting.submit(Article.objects.get(pk=page.article_id), by=by, change=change)


def test_withdrawing_something_else_takes_no_date_away_that_the_ruler_lost_later(people, page):
    """The ruler hands the live edition in again afterwards: written since, so it does not count for the live page."""
    cid = doctor_and_editor(people)
    new_version(people)
    edition = next_edition(page, people)
    rule(cid)
    cast.sign(edition, people["edi"], "editorial-review")
    contribution = cast.sign(edition, people["asa"], "contribution")
    live = cast.publish(edition, people["dora"])
    assert live.last_medical_review_on
    assert "contribution" in live.credit
    assert handed_in(page, cid, change="major") == edition

    withdrawing.withdraw(contribution, by=people["asa"], reason="ASCO asks to.")

    [notice] = Notice.objects.all()
    assert notice.last_medical_review_on == live.last_medical_review_on


def test_nobody_rules_on_their_own_change_by_way_of_a_later_edition(people, page):
    """cid edits the guideline, bob's review of that edition is withdrawn, and an edition on top of it forgets who wrote."""
    cid = doctor_and_editor(people)
    row = Reference.objects.get()
    with cast.as_person(cid):
        row.version = "3.2026"
        row.save()
    second = next_edition(page, people)
    assert cid.pk in authorship.contributors(second)
    cast.sign(second, people["edi"], "editorial-review")
    review = cast.sign(second, people["bob"], "medical-review")
    cast.publish(second, people["dora"])
    withdrawing.withdraw(review, by=people["bob"], reason="I had version 2 before me.")
    # What page 2 prints is the old version still, so that there is something to rule on.
    rule(cid)
    assert "medical-review-missing" in missing(second)

    draft = Article.objects.get(pk=page.article_id)
    with cast.saving(draft, people["ann"]):
        citation = draft.citations.get()
        citation.access_check = recording.opened(
            row, by=people["ann"], on=recording.timezone.localdate(), found="unchanged"
        )
        citation.save()
    third = handed_in(page, people["ann"])

    assert third != second
    assert third.parts["references"] == second.parts["references"]
    assert "medical-review-missing" in missing(third)


def test_what_changed_since_a_page_that_rests_on_a_ruling_can_be_reviewed(people, page):
    """The review is taken and says that it carries, but counts for nothing."""
    new_version(people)
    second = next_edition(page, people)
    rule(people["cid"])
    cast.sign(second, people["edi"], "editorial-review")
    cast.publish(second, people["dora"])
    draft = Article.objects.get(pk=page.article_id)
    other = cast.reference(people["lib"], title="Another source", url="https://example.org/other")
    with cast.saving(draft, people["ann"]):
        check = recording.opened(
            other, by=people["ann"], on=recording.timezone.localdate(), found="unchanged"
        )
        draft.citations.create(reference=other, position=2, access_check=check, supports="yes")
        draft.public_note = "A source was added."
        draft.save()
    third = handed_in(page, people["ann"])

    cast.sign(third, people["bob"], "medical-review", scope=Scope.CHANGES_ONLY, since=second)

    assert "medical-review-missing" not in missing(third)


def test_a_ruling_makes_no_query_for_each_earlier_edition(people, page):
    new_version(people)
    next_edition(page, people)
    rule(people["cid"])

    def asked():
        newest = Article.objects.get(pk=page.article_id).editions.order_by("-number")[0]
        with CaptureQueriesContext(connection) as queries:
            validity.evidence(newest)
        return len(queries)

    before = asked()
    draft = Article.objects.get(pk=page.article_id)
    for number in range(6):
        with cast.saving(draft, people["ann"]):
            section = draft.sections.first()
            section.body = f"<p>Words {number}.</p>"
            section.save()
        handed_in(page, people["ann"])

    assert asked() == before
