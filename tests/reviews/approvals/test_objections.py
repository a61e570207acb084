"""Rule 15: which objections stand against an edition, and what closes them."""

import pytest

from content.editions import submitting
from reviews import publishing
from reviews.approvals import validity
from reviews.decisions import withdrawing
from tests import cast
from tests.counting import counted
from tests.reviews.approvals.test_validity import edited, held, redated

pytestmark = pytest.mark.django_db
OTHER = "<p>Medicines, taken as 40 mg pills.</p>"
THIRD = "<p>Medicines, taken as 5 mg pills.</p>"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def first(people):
    return cast.signed(cast.submitted(people["ann"]), people)


def object_to(edition, by, kind="medical-review", reason="The dose would kill a child."):
    return cast.sign(edition, by, kind, decision="request-changes", reason=reason)


def against(edition):
    return [objection.pk for objection in validity.evidence(edition).objections_to(edition)]


def body_of(edition):
    return edition.article.sections.first().body


def test_an_objection_stands_against_its_own_edition_and_every_later_one(people, first):
    objection = object_to(first, people["cid"])

    second = edited(first.article, people["ann"], OTHER)
    third = edited(first.article, people["ann"], THIRD)
    cast.sign(third, people["bob"], "medical-review")

    assert [against(each) for each in (first, second, third)] == [[objection.pk]] * 3
    assert held(third) == set()


def test_every_objection_stands_for_itself(people, first):
    one = object_to(first, people["cid"])
    two = object_to(first, people["cid"], reason="And the route is wrong.")
    three = object_to(first, people["asa"])

    withdrawing.withdraw(two, by=people["cid"], reason="The route is right.")

    assert against(first) == [one.pk, three.pk]


def test_its_author_closes_it_by_withdrawing_it(people, first):
    objection = object_to(first, people["cid"])
    second = edited(first.article, people["ann"], OTHER)

    withdrawing.withdraw(objection, by=people["cid"], reason="I misread the label.")

    assert against(second) == []


@pytest.mark.parametrize("scope", ["own edition", "later edition"])
def test_its_author_closes_it_by_approving(people, first, scope):
    object_to(first, people["cid"])
    edition = first if scope == "own edition" else edited(first.article, people["ann"], OTHER)

    cast.sign(edition, people["cid"], "medical-review")

    assert against(edition) == []
    assert against(edited(first.article, people["ann"], THIRD)) == []


def test_an_approval_of_another_kind_closes_nothing(people, first):
    objection = object_to(first, people["asa"])
    second = edited(first.article, people["ann"], OTHER)

    cast.sign(second, people["asa"], "contribution")

    assert against(second) == [objection.pk]


def test_an_approval_for_another_organisation_closes_nothing(people, first):
    objection = object_to(first, people["cid"])
    second = edited(first.article, people["ann"], OTHER)
    people["cid"].organisation = cast.asco()
    people["cid"].save()

    cast.sign(second, people["cid"], "medical-review")

    assert against(second) == [objection.pk]


def test_a_decline_closes_nothing(people, first):
    objection = object_to(first, people["cid"])

    cast.sign(first, people["cid"], "medical-review", decision="decline", reason="On leave.")

    assert against(first) == [objection.pk]


def test_an_approval_of_an_earlier_edition_closes_nothing(people, first):
    cast.publish(first, people["dora"])
    second = edited(first.article, people["ann"], OTHER)
    objection = object_to(second, people["cid"])

    cast.sign(first, people["cid"], "medical-review")

    assert against(second) == [objection.pk]


def test_a_withdrawn_approval_closes_nothing(people, first):
    objection = object_to(first, people["cid"])
    approval = cast.sign(first, people["cid"], "medical-review")
    assert against(first) == []

    withdrawing.withdraw(approval, by=people["dora"], reason="It was given in haste.")

    assert against(first) == [objection.pk]


@pytest.mark.parametrize("loss", ["account", "role"])
def test_an_objection_outlives_its_authors_account_and_role(people, first, loss):
    objection = object_to(first, people["cid"])
    if loss == "account":
        people["cid"].is_active = False
        people["cid"].save()
    else:
        people["cid"].groups.clear()

    assert against(edited(first.article, people["ann"], OTHER)) == [objection.pk]


def test_an_overruled_objection_stands_no_more_and_the_approvals_hold_again(people, first):
    objection = object_to(first, people["cid"])
    assert held(first) == {("editorial-review", "edi")}

    cast.overrule(objection, first, people["asa"])

    assert against(first) == []
    assert held(first) == {("editorial-review", "edi"), ("medical-review", "bob")}


def test_what_was_public_before_is_not_meant_by_an_objection_to_another_edition(people, first):
    cast.publish(first, people["dora"])
    second = edited(first.article, people["ann"], OTHER)
    object_to(second, people["cid"])

    submitting.submit(first.article, by=people["ann"], change="minor")

    assert against(first) == []
    assert held(first) == {("editorial-review", "edi"), ("medical-review", "bob")}


def test_an_older_text_submitted_again_after_the_objection_is_a_later_edition(people, first):
    before = body_of(first)
    second = edited(first.article, people["ann"], OTHER)
    objection = object_to(second, people["cid"])
    assert against(first) == []

    again = edited(first.article, people["ann"], before)

    assert again == first
    assert against(first) == [objection.pk]
    cast.sign(again, people["cid"], "medical-review")
    assert (against(first), against(second)) == ([], [objection.pk])


def test_the_very_words_objected_to_stay_so_though_a_later_edition_was_approved(people, first):
    before = body_of(first)
    objection = object_to(first, people["cid"])
    second = edited(first.article, people["ann"], OTHER)
    cast.sign(second, people["cid"], "medical-review")
    assert against(second) == []

    again = edited(first.article, people["ann"], before)
    assert (again, against(again)) == (first, [objection.pk])
    redated_again = redated(first.article, people["ann"])

    assert against(redated_again) == [objection.pk]


def test_an_objection_raised_after_publication_leaves_what_was_earned_then(people, first):
    page = cast.publish(first, people["dora"])

    object_to(first, people["cid"])

    then = validity.evidence(first, until=page.from_at)
    assert [approval.signoff.kind.code for approval in validity.approvals(first, then)] == [
        "editorial-review",
        "medical-review",
    ]
    assert held(first) == {("editorial-review", "edi")}


def test_another_publisher_answers_for_what_one_publisher_overruled(people, first):
    pete = cast.person("pete", "Publishers", "Medical reviewers")
    objection = object_to(first, people["cid"])
    cast.overrule(objection, first, pete)
    assert [each.code for each in publishing.own_overrulings(first, pete)] == ["own-overruling"]
    assert list(publishing.own_overrulings(first, people["dora"])) == []

    cast.publish(first, people["dora"])

    assert list(publishing.own_overrulings(first, pete)) == []


def test_who_overruled_may_publish_once_the_author_is_content_too(people, first):
    pete = cast.person("pete", "Publishers", "Medical reviewers")
    objection = object_to(first, people["cid"])
    cast.overrule(objection, first, pete)

    cast.sign(first, people["cid"], "medical-review")

    assert list(publishing.own_overrulings(first, pete)) == []


def test_objections_cost_no_further_statements(people, first):
    with counted() as none:
        validity.approvals(first)
    for who in ("cid", "asa", "bob"):
        object_to(first, people[who])
    second = edited(first.article, people["ann"], OTHER)

    with counted() as some:
        validity.approvals(second)

    assert some["statements"] == none["statements"]
