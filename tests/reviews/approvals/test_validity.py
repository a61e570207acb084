"""Rule 2: when an approval holds for an edition. One test a clause, and those that only together make sense."""

import pytest

from accounts import permissions
from content.editions import submitting
from content.models import Section
from evidence.findings import Refused
from reviews.approvals import validity
from reviews.models import Decision, DecisionWithdrawal, Ruling, Scope
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def edited(article, by, body="<p>Medicines, taken as 40 mg pills.</p>", change="major"):
    """Change the first section's words and hand in again."""
    with cast.saving(article, by):
        section = article.sections.first()
        section.body = body
        section.save()
    return submitting.submit(article, by=by, change=change)


def redated(article, by, days=1):
    from datetime import timedelta

    from django.utils import timezone

    from content.access_checks import recording

    citation = article.citations.get()
    check = recording.opened(
        citation.reference, by=by, on=timezone.localdate() - timedelta(days=days), found="unchanged"
    )
    with cast.saving(article, by):
        citation.access_check = check
        citation.save()
    return submitting.submit(article, by=by, change="minor")


def held(edition):
    return {
        (approval.signoff.kind.code, approval.signoff.signed_by.username)
        for approval in validity.approvals(edition)
    }


def test_an_approval_holds_for_its_own_edition(people):
    first = cast.signed(cast.submitted(people["ann"]), people)

    assert held(first) == {("editorial-review", "edi"), ("medical-review", "bob")}


def test_a_changed_dose_voids_every_approval(people):
    first = cast.signed(cast.submitted(people["ann"]), people)

    second = edited(first.article, people["ann"])

    assert held(second) == set()


def test_a_source_opened_again_voids_only_the_editorial_review(people):
    first = cast.signed(cast.submitted(people["ann"]), people, contribution="asa")

    second = redated(first.article, people["ann"])

    assert second.number == 2
    assert held(second) == {("medical-review", "bob"), ("contribution", "asa")}


def test_the_same_content_again_is_the_same_edition_and_its_approvals_hold(people):
    first = cast.signed(cast.submitted(people["ann"]), people)
    before = first.article.sections.first().body
    edited(first.article, people["ann"])

    again = edited(first.article, people["ann"], body=before)

    assert again.pk == first.pk
    assert held(again) == {("editorial-review", "edi"), ("medical-review", "bob")}


def test_a_withdrawn_approval_does_not_hold(people):
    first = cast.signed(cast.submitted(people["ann"]), people)
    medical = first.signoffs.get(kind__kind="medical-review")

    DecisionWithdrawal(
        signoff=medical,
        reason="Mistake",
        withdrawn_by=people["bob"],
        withdrawn_by_name="Bob",
        withdrawn_at=medical.signed_at,
    ).save()

    assert held(first) == {("editorial-review", "edi")}


def test_a_signer_who_became_a_writer_of_a_later_submission_does_not_count(people):
    first = cast.signed(cast.submitted(people["ann"]), people)
    before = first.article.sections.first().body
    edited(first.article, people["bob"]) if people["bob"].has_perm(permissions.SUBMIT_EDITION) else None
    with cast.saving(first.article, people["bob"]):
        section = first.article.sections.first()
        section.body = "<p>Other.</p>"
        section.save()
    with cast.saving(first.article, people["bob"]):
        section.body = before
        section.save()
    again = submitting.submit(first.article, by=people["ann"], change="minor")

    assert again.pk == first.pk
    assert held(again) == {("editorial-review", "edi")}


def test_the_signers_newer_request_for_changes_ends_an_approval(people):
    first = cast.signed(cast.submitted(people["ann"]), people)

    cast.sign(first, people["bob"], "medical-review", decision=Decision.REQUEST_CHANGES, reason="Dose?")

    assert held(first) == {("editorial-review", "edi")}


def test_anybodys_request_for_changes_suspends_the_kind(people):
    first = cast.signed(cast.submitted(people["ann"]), people)

    cast.sign(first, people["cid"], "medical-review", decision=Decision.REQUEST_CHANGES, reason="Dose?")
    assert held(first) == {("editorial-review", "edi")}

    cast.sign(first, people["cid"], "medical-review")
    assert held(first) == {("editorial-review", "edi"), ("medical-review", "bob"), ("medical-review", "cid")}


def test_a_decline_counts_neither_way(people):
    first = cast.signed(cast.submitted(people["ann"]), people)

    cast.sign(first, people["cid"], "medical-review", decision=Decision.DECLINE, reason="On leave")

    assert held(first) == {("editorial-review", "edi"), ("medical-review", "bob")}


def test_a_request_for_changes_outlives_a_redated_source(people):
    first = cast.submitted(people["ann"])
    cast.sign(first, people["cid"], "medical-review", decision=Decision.REQUEST_CHANGES, reason="Dose?")

    second = redated(first.article, people["ann"])
    cast.sign(second, people["bob"], "medical-review")

    assert held(second) == set()


def test_a_ruling_carries_an_approval_of_its_kind_and_organisation(people):
    first = cast.signed(cast.submitted(people["ann"]), people, contribution="asa")
    second = edited(first.article, people["ann"], body="<p>Medicines taken as 4 mg pills.</p>")

    rule(first, second, people["bob"], "medical-review")

    assert held(second) == {("medical-review", "bob")}
    assert [approval.before_minor_corrections for approval in validity.approvals(second)] == [True]


def test_a_withdrawn_ruling_carries_nothing(people):
    first = cast.signed(cast.submitted(people["ann"]), people)
    second = edited(first.article, people["ann"], body="<p>Medicines taken as 4 mg pills.</p>")
    ruling = rule(first, second, people["bob"], "medical-review")

    DecisionWithdrawal(
        ruling=ruling,
        reason="No",
        withdrawn_by=people["bob"],
        withdrawn_by_name="Bob",
        withdrawn_at=ruling.signed_at,
    ).save()

    assert held(second) == set()


def test_a_ruling_bridges_text_and_references_only(people):
    first = cast.signed(cast.submitted(people["ann"]), people)
    article = first.article
    drug = article.sections.get(kind="drug").drug
    with cast.as_person(people["lib"]):
        drug.pronunciation = "other"
        drug.save()
    with cast.saving(article, people["ann"]):
        from content.snapshots import pins

        pins.take(article, pins.updates(article), by=people["ann"])
    second = submitting.submit(article, by=people["ann"], change="minor")

    rule(first, second, people["bob"], "medical-review", parts=["text", "references", "drugs"])

    assert second.number == 2
    assert held(second) == set()


def test_a_review_of_changes_only_carries_the_whole_page_review_it_starts_from(people):
    first = cast.signed(cast.submitted(people["ann"]), people)
    second = edited(first.article, people["ann"])

    cast.sign(second, people["bob"], "medical-review", scope=Scope.CHANGES_ONLY, since=first)

    assert held(second) == {("medical-review", "bob")}
    assert [approval.before_minor_corrections for approval in validity.approvals(second)] == [False]


def test_a_review_of_changes_only_alone_is_no_approval(people):
    first = cast.submitted(people["ann"])
    second = edited(first.article, people["ann"])

    with pytest.raises(Refused) as caught:
        cast.sign(second, people["bob"], "medical-review", scope=Scope.CHANGES_ONLY, since=first)

    assert caught.value.codes == ["nothing-to-extend"]
    assert held(second) == set()


def test_bridges_chain_over_several_editions(people):
    first = cast.signed(cast.submitted(people["ann"]), people)
    second = edited(first.article, people["ann"], body="<p>Medicines taken as 4 mg pills.</p>")
    third = edited(first.article, people["ann"], body="<p>Medicine taken as 4 mg pills.</p>")

    rule(first, second, people["bob"], "medical-review")
    assert held(third) == set()
    rule(second, third, people["cid"], "medical-review")

    assert held(third) == {("medical-review", "bob")}


def rule(start, end, by, kind, parts=("text", "references")):
    from reviews.models import KindVersion

    ruling = Ruling(
        kind=KindVersion.objects.newest(kind),
        from_edition=start,
        to_edition=end,
        parts=list(parts),
        difference="a comma",
        reason="A comma.",
        signed_by=by,
        printed_name=str(by),
        organisation=by.organisation,
        organisation_name=str(by.organisation),
        signed_at=end.created_at,
        authentication="session",
    )
    ruling.save()
    return ruling


def test_a_new_section_voids_what_covers_the_text(people):
    first = cast.signed(cast.submitted(people["ann"]), people, contribution="asa")
    with cast.saving(first.article, people["ann"]):
        Section(article=first.article, position=9, heading="More", body="<p>More.</p>").save()

    second = submitting.submit(first.article, by=people["ann"], change="minor")

    assert held(second) == set()
