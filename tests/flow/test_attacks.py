"""What somebody clever tried: each of these once got further than it should."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from content.drafts import restoring, revisions
from content.editions import submitting
from content.models import AccessCheck, Article, Notice, Reference
from evidence.findings import Refused
from reviews import initial_data
from reviews.decisions import signoff_kinds, withdrawing
from reviews.models import KindVersion
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def rewrite(article, by, body):
    with cast.saving(article, by):
        section = article.sections.first()
        section.body = body
        section.save()


def test_a_publisher_cannot_make_the_medical_review_their_own(people):
    with pytest.raises(Refused) as caught:
        signoff_kinds.revise("medical-review", by=people["dora"], independent=False)

    assert caught.value.codes == ["no-right", "independence-kept"]


def test_nobody_can_take_the_independence_from_a_review(people):
    people["gus"].is_superuser = True
    people["gus"].save()

    with pytest.raises(Refused) as caught:
        signoff_kinds.revise("medical-review", by=people["gus"], independent=False)

    assert caught.value.codes == ["independence-kept"]
    assert KindVersion.objects.newest("medical-review").independent


def test_a_writer_does_not_become_independent_by_having_their_text_restored(people):
    draft = cast.article(people["ann"])
    mine = "<p>By Bob alone.</p>"
    rewrite(draft, people["bob"], mine)
    written = revisions.versions(draft)[0]
    rewrite(draft, people["cid"], "<p>By Cid.</p>")
    first = cast.publish(
        cast.signed(submitting.submit(draft, by=people["ann"], change="major"), people, medical="asa"),
        people["dora"],
    )
    draft = Article.objects.get(pk=first.article_id)
    restoring.restore(draft, written, by=people["ann"], saves=draft.saves)
    second = submitting.submit(draft, by=people["ann"], change="minor")

    with pytest.raises(Refused) as caught:
        cast.sign(second, people["bob"], "medical-review")

    assert draft.sections.first().body == mine
    assert caught.value.codes == ["not-independent"]


def test_a_stale_form_records_no_opening_of_another_source(people, client):
    draft = cast.article(people["ann"])
    citation = draft.citations.get()
    shown = citation.reference_id
    with cast.saving(draft, people["edi"]):
        citation.reference = cast.reference(
            people["lib"], title="Another source", url="https://example.org/other"
        )
        citation.access_check = None
        citation.save()
    before = AccessCheck.objects.count()
    client.force_login(people["ann"])

    answer = client.post(
        f"/admin/content/article/{draft.pk}/opened/{citation.pk}/",
        {"reference": shown, "on": timezone.localdate(), "found": "unchanged", "supports": "yes"},
    )

    assert answer.status_code == 409
    assert "Another source" in answer.content.decode()
    assert AccessCheck.objects.count() == before


def test_a_withdrawn_editorial_review_is_told_on_the_page_though_it_earned_no_phrase(people, client):
    publication = cast.published(people)

    withdrawing.withdraw(
        publication.edition.signoffs.get(kind__kind="editorial-review"), by=people["edi"], reason="No."
    )

    page = client.get("/articles/immunotherapy-kaposi/").content.decode()
    assert "The editorial review of this page was withdrawn" in page


def test_a_ruling_sees_every_drug_of_the_library(people):
    cast.drug(people["lib"], name="Doxorubicin", brand="Doxil")
    cast.drug(people["lib"], name="Daunorubicin", brand="Cerubidine")
    draft = cast.article(people["ann"])
    rewrite(draft, people["ann"], "<p>Doctors often give doxorubicin first.</p>")
    first = cast.signed(submitting.submit(draft, by=people["ann"], change="major"), people)
    rewrite(draft, people["ann"], "<p>Doctors often give daunorubicin first.</p>")
    second = submitting.submit(draft, by=people["ann"], change="minor")

    with pytest.raises(Refused) as caught:
        cast.rule(second, first, people["bob"])

    assert set(caught.value.codes) == {"not-minor"}


def test_a_notice_the_ledger_knows_nothing_of_takes_the_page_down(people, client):
    publication = cast.published(people)
    forged = {
        "credit": "Developed by a quack.",
        "recorded_by": people["dora"],
        "recorded_by_name": "Dora",
        "recorded_at": timezone.now(),
    }
    Notice(publication=publication, kind="signoff-withdrawn", text="A notice.", **forged).save()

    answer = client.get("/articles/immunotherapy-kaposi/")

    assert answer.status_code == 503
    assert "quack" not in answer.content.decode()


def test_joining_a_group_leaves_a_row_in_the_audit_trail(people, client):
    people["eve"].groups.add(Group.objects.get(name=initial_data.MEDICAL_REVIEWERS))

    newest = people["eve"].history.first()
    assert [row.group.name for row in newest.groups.all()] == ["Medical reviewers"]
    people["gus"].is_superuser = True
    people["gus"].save()
    client.force_login(people["gus"])
    assert client.get(f"/admin/accounts/user/{people['eve'].pk}/audit/").status_code == 200
    group = Group.objects.get(name=initial_data.MEDICAL_REVIEWERS)
    assert client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("given", [{"more": ""}, {"more": "[]"}, {"more": "{}", "issued_on": "²"}])
def test_odd_answers_in_the_reference_form_are_no_crash(people, client, given):
    row = cast.reference(people["lib"])
    client.force_login(people["lib"])
    form = {
        "type": "webpage",
        "authors": "",
        "title": "T",
        "url": "https://example.org",
        "issued_on": "2025",
        "more": "{}",
    }

    answer = client.post(f"/admin/content/reference/{row.pk}/change/", {**form, **given})

    assert answer.status_code in (200, 302)
    assert Reference.objects.get(pk=row.pk).more == {}
