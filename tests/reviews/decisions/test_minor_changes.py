"""A change ruled minor: what carries, and what the machine refuses whoever rules."""

import pytest

from content.editions import submitting
from content.models import Section
from evidence.findings import Refused
from reviews import gate, statements
from reviews.approvals import validity
from reviews.decisions import minor_changes, withdrawing
from reviews.models import Ruling
from tests import cast
from tests.saved_states import standing

pytestmark = pytest.mark.django_db

BEFORE = "<p>You may take 4 mg pills for 21 days. Do not stop alone. See <a href='https://example.org/a'>more</a>.</p>"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def signed(people):
    return signed_by_everybody(people)


@standing.kept
def signed_by_everybody(people):
    """An edition signed by everybody, ASCO included."""
    draft = cast.article(people["ann"], co_branded_with=cast.asco())
    rewrite(draft, people["ann"], BEFORE)
    return cast.signed(submitting.submit(draft, by=people["ann"], change="major"), people, contribution="asa")


def rewrite(article, by, body):
    with cast.saving(article, by):
        section = article.sections.first()
        section.body = body
        section.save()


def next_edition(signed, people, body):
    rewrite(signed.article, people["ann"], body)
    return submitting.submit(signed.article, by=people["ann"], change="minor")


def rule(end, start, by, kind="medical-review", **given):
    return cast.rule(end, start, by, kind, **given)


def refused(end, start, by, kind="medical-review", **given):
    with pytest.raises(Refused) as caught:
        rule(end, start, by, kind, **given)
    return caught.value.codes


TYPO = BEFORE.replace("You may take", "You may take,").replace("alone", "alone!")


def test_a_typo_ruled_minor_carries_the_approval_and_says_so(signed, people):
    second = next_edition(signed, people, TYPO)

    stored = rule(second, signed, people["bob"])

    assert stored.parts == ["text"]
    assert "[ins" in stored.difference
    [approval] = validity.approvals(second)
    assert (approval.signoff.signed_by, approval.before_minor_corrections) == (people["bob"], True)


def test_each_kind_and_organisation_rules_for_itself(signed, people):
    second = next_edition(signed, people, TYPO)

    rule(second, signed, people["bob"])
    assert [finding.code for finding in gate.blockers(second)] == [
        "editorial-review-missing",
        "contribution-missing",
    ]

    rule(second, signed, people["asa"], "contribution")
    assert [finding.code for finding in gate.blockers(second)] == ["editorial-review-missing"]


def test_an_editorial_review_is_never_carried_by_a_ruling(signed, people):
    second = next_edition(signed, people, TYPO)
    people["lib"].save()

    assert refused(second, signed, people["lib"], "editorial-review") == ["kind-takes-no-ruling"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("4 mg", "40 mg", id="a digit"),
        pytest.param("4 mg", "4 mcg", id="a unit"),
        pytest.param("days", "weeks", id="a unit of time"),
        pytest.param("Do not stop", "Do stop", id="a not"),
        pytest.param("may", "must", id="a may"),
        pytest.param("example.org/a", "example.org/b", id="a link"),
        pytest.param("pills", "pomalidomide pills", id="a drug name"),
    ],
)
def test_a_ruling_is_refused_by_the_machine(signed, people, old, new):
    second = next_edition(signed, people, BEFORE.replace(old, new))

    assert set(refused(second, signed, people["bob"])) == {"not-minor"}
    assert not Ruling.objects.exists()


def test_a_ruling_over_a_part_that_must_be_signed_is_refused(signed, people):
    article = signed.article
    with cast.saving(article, people["ann"]):
        Section(article=article, kind="figure", position=9, heading="Picture", image_alt="x").save()
    second = submitting.submit(article, by=people["ann"], change="minor")

    assert "not-minor" in refused(second, signed, people["bob"])


def test_a_ruling_by_a_writer_of_either_edition_is_refused(signed, people):
    rewrite(signed.article, people["cid"], TYPO)
    second = submitting.submit(signed.article, by=people["ann"], change="minor")

    assert refused(second, signed, people["cid"]) == ["not-independent"]
    assert rule(second, signed, people["bob"]).signed_by == people["bob"]


@pytest.mark.parametrize(
    ("name", "given", "codes"),
    [
        ("dora", {}, ["no-right"]),
        ("bob", {"stated": {"digest": "0" * 64}}, ["stale-digest"]),
        ("bob", {"reason": " "}, ["reason-missing"]),
    ],
)
def test_a_ruling_is_refused_with_every_reason(signed, people, name, given, codes):
    second = next_edition(signed, people, TYPO)

    assert refused(second, signed, people[name], **given) == codes


def test_a_ruling_for_another_organisation_is_refused(signed, people):
    second = next_edition(signed, people, TYPO)

    codes = refused(second, signed, people["bob"], organisation=cast.asco())

    assert codes == ["no-right", "nothing-to-extend"]


def test_a_ruling_where_nothing_it_covers_changed_is_refused(signed, people):
    article = signed.article
    with cast.saving(article, people["ann"]):
        article.public_note = "New."
        article.save()
    second = submitting.submit(article, by=people["ann"], change="minor")

    assert refused(second, signed, people["bob"]) == ["nothing-changed"]


def test_a_ruling_on_an_edition_that_was_replaced_is_refused(signed, people):
    second = next_edition(signed, people, TYPO)
    next_edition(signed, people, BEFORE.replace("alone", "by yourself"))

    assert refused(second, signed, people["bob"]) == ["stale-edition"]


def test_a_withdrawn_ruling_carries_nothing_and_another_may_follow(signed, people):
    second = next_edition(signed, people, TYPO)
    stored = rule(second, signed, people["bob"])

    withdrawing.withdraw(stored, by=people["bob"], reason="I misread it.")
    assert validity.approvals(second) == []

    rule(second, signed, people["bob"])
    assert len(validity.approvals(second)) == 1


def offered_to(person, edition):
    known, around = validity.evidence(edition), statements.around(edition)
    return minor_changes.open_to(edition, person, known, around)


def test_changes_that_can_be_ruled_are_offered_with_what_speaks_against_them(signed, people):
    minor = next_edition(signed, people, TYPO)
    [offered] = offered_to(people["bob"], minor)
    assert (offered.start, offered.against) == (signed, ())

    dose = next_edition(signed, people, BEFORE.replace("4 mg", "40 mg"))
    [offered] = offered_to(people["bob"], dose)
    assert len(offered.against) == 1
    assert offered_to(people["dora"], dose) == []
