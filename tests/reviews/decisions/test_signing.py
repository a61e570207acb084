"""What a sign-off stores, and each reason for which one is refused."""

import pytest
from django.contrib.auth.models import Group

from content.editions import submitting
from content.models import Section
from evidence.findings import Refused
from reviews import initial_data
from reviews.decisions import signing
from reviews.models import ApprovalRoute, Conflict, Decision, RouteStep, Scope, Signoff
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def edition(people):
    return cast.submitted(people["ann"])


def refused(edition, by, kind, answer=None, organisation=None):
    with pytest.raises(Refused) as caught:
        signing.sign(
            edition,
            kind=kind,
            by=by,
            organisation=organisation or by.organisation,
            answer=answer or cast.answer(edition, kind, by, organisation),
        )
    return caught.value.codes


def test_sign_stores_who_what_for_whom_and_on_which_bytes(people, edition):
    signoff = cast.sign(
        edition, people["bob"], "medical-review", conflict=Conflict.DECLARED, conflict_text="Paid talks"
    )

    signoff.refresh_from_db()
    covered = {part: edition.parts[part] for part in ("text", "drugs", "references", "figures")}
    assert signoff.covered == covered
    assert signoff.edition_digest == edition.digest
    assert signoff.signature() == "Bob Example, MD"
    assert signoff.organisation_in_credit == "American Cancer Society medical and editorial content team"
    assert (signoff.conflict, signoff.conflict_text) == ("declared", "Paid talks")
    assert signoff.authentication == "session"
    assert signoff.meaning == signoff.kind.meaning


def test_sign_posted_twice_gives_one_row(people, edition):
    answer = cast.answer(edition, "medical-review")
    sign = {
        "kind": "medical-review",
        "by": people["bob"],
        "organisation": people["bob"].organisation,
        "answer": answer,
    }

    first = signing.sign(edition, **sign)
    second = signing.sign(edition, **sign)

    assert (first.pk, Signoff.objects.count()) == (second.pk, 1)


def test_sign_by_a_writer_is_refused_where_the_kind_asks_for_independence(people, edition):
    people["ann"].groups.add(Group.objects.get(name=initial_data.MEDICAL_REVIEWERS))

    assert refused(edition, people["ann"], "medical-review") == ["not-independent"]


def test_sign_by_a_writer_is_refused_though_somebody_else_handed_in(people):
    draft = cast.article(people["ann"])
    people["ann"].groups.add(Group.objects.get(name=initial_data.MEDICAL_REVIEWERS))
    edition = submitting.submit(draft, by=people["edi"], change="major")

    assert refused(edition, people["ann"], "medical-review") == ["not-independent"]


def test_sign_by_a_reviewer_who_edited_the_text_is_refused(people):
    draft = cast.article(people["ann"])
    with cast.saving(draft, people["bob"]):
        section = draft.sections.first()
        section.body = "<p>Medicines, taken as 2 mg pills.</p>"
        section.save()
    edition = submitting.submit(draft, by=people["ann"], change="major")

    assert refused(edition, people["bob"], "medical-review") == ["not-independent"]
    assert cast.sign(edition, people["cid"], "medical-review").signed_by == people["cid"]


def test_sign_by_the_keeper_of_a_library_row_it_shows_is_refused(people):
    pom = cast.drug(people["bob"], about=cast.condition(people["lib"]))
    edition = cast.submitted(people["ann"])

    assert pom.products.exists()
    assert refused(edition, people["bob"], "medical-review") == ["not-independent"]


def test_opening_a_source_is_no_authorship(people):
    draft = cast.article(people["ann"])
    people["bob"].groups.add(Group.objects.get(name=initial_data.EDITORS))
    from django.utils import timezone

    from content.access_checks import recording

    recording.opened(
        draft.citations.get().reference, by=people["bob"], on=timezone.localdate(), found="unchanged"
    )
    edition = submitting.submit(draft, by=people["ann"], change="major")

    assert cast.sign(edition, people["bob"], "medical-review").signed_by == people["bob"]


def test_a_writer_may_sign_a_kind_that_asks_for_no_independence(people, edition):
    assert cast.sign(edition, people["ann"], "editorial-review").decision == Decision.APPROVE


def test_sign_outside_the_kinds_group_is_refused(people, edition):
    assert refused(edition, people["dora"], "medical-review") == ["no-right"]


def test_sign_by_an_administrator_without_the_group_is_refused(people, edition):
    people["eve"].is_superuser = True
    people["eve"].save()

    assert refused(edition, people["eve"], "medical-review") == ["no-right"]


def test_sign_after_leaving_the_group_is_refused(people, edition):
    bob = people["bob"]
    assert bob.has_perm("content.read_editions")
    bob.groups.clear()

    assert refused(edition, bob, "medical-review") == ["no-right"]


def test_sign_by_an_inactive_person_is_refused(people, edition):
    people["bob"].is_active = False
    people["bob"].save()

    assert refused(edition, people["bob"], "medical-review") == ["no-right"]


def test_sign_on_behalf_of_another_organisation_is_refused(people, edition):
    assert refused(edition, people["bob"], "medical-review", organisation=cast.asco()) == ["no-right"]


def test_sign_an_edition_that_a_newer_one_replaced_is_refused(people, edition):
    answer = cast.answer(edition, "medical-review")
    article = edition.article
    with cast.saving(article, people["ann"]):
        Section(article=article, position=9, heading="More", body="<p>More.</p>").save()
    newer = submitting.submit(article, by=people["ann"], change="major")

    assert newer.number == 2
    assert refused(edition, people["bob"], "medical-review", answer) == ["stale-edition"]


def test_sign_an_edition_taken_back_is_refused(people, edition):
    submitting.take_back(edition, by=people["ann"])

    assert refused(edition, people["bob"], "medical-review") == ["stale-edition"]


def test_sign_with_another_editions_digest_is_refused(people, edition):
    answer = cast.answer(edition, "medical-review", stated={"digest": "0" * 64})

    assert refused(edition, people["bob"], "medical-review", answer) == ["stale-digest"]


def test_sign_without_having_seen_the_newest_decision_is_refused(people, edition):
    bobs_page = cast.answer(edition, "medical-review")
    cast.sign(edition, people["cid"], "medical-review", decision=Decision.REQUEST_CHANGES, reason="Dose?")

    assert refused(edition, people["bob"], "medical-review", bobs_page) == ["stale-decision"]
    assert Signoff.objects.count() == 1


def test_sign_names_every_reason_at_once(people, edition):
    answer = cast.answer(
        edition, "medical-review", people["ann"], stated={"digest": "0" * 64}, conflict=Conflict.NEVER_ASKED
    )

    assert refused(edition, people["ann"], "medical-review", answer) == [
        "no-right",
        "not-independent",
        "stale-digest",
        "conflict-not-answered",
    ]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"decision": "shrug"}, "decision-missing"),
        ({"decision": Decision.REQUEST_CHANGES}, "reason-missing"),
        ({"decision": Decision.DECLINE, "reason": "  "}, "reason-missing"),
        ({"conflict": Conflict.NEVER_ASKED}, "conflict-not-answered"),
        ({"conflict": Conflict.DECLARED}, "conflict-not-named"),
        ({"scope": "a glance"}, "scope-missing"),
        ({"scope": Scope.CHANGES_ONLY}, "scope-without-start"),
    ],
)
def test_sign_refuses_what_is_not_said(people, edition, given, code):
    answer = cast.answer(edition, "medical-review", **given)

    assert code in refused(edition, people["bob"], "medical-review", answer)
    assert Signoff.objects.count() == 0


def test_changes_only_must_start_from_another_edition_of_the_same_article(people, edition):
    other = cast.submitted(people["ann"], title="Another", slug="another")
    answer = cast.answer(edition, "medical-review", scope=Scope.CHANGES_ONLY, since=other)

    assert refused(edition, people["bob"], "medical-review", answer) == ["scope-start-wrong"]


def test_where_the_route_has_an_order_an_approval_waits_for_those_before(people, edition):
    RouteStep.objects.filter(kind="medical-review").update(position=2)

    assert refused(edition, people["bob"], "medical-review") == ["too-early"]

    cast.sign(edition, people["edi"], "editorial-review")
    assert cast.sign(edition, people["bob"], "medical-review").decision == Decision.APPROVE
    assert ApprovalRoute.objects.count() == 1


def test_an_unknown_organisation_phrase_is_frozen_with_the_signoff(people, edition):
    signoff = cast.sign(edition, people["asa"], "contribution")
    organisation = people["asa"].organisation
    organisation.in_credit = "somebody else"
    organisation.save()

    signoff.refresh_from_db()
    assert signoff.organisation_in_credit == "the American Society of Clinical Oncology (ASCO)"
