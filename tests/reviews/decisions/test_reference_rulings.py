"""A new version of a cited work, ruled once to change nothing that any page says."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.access_checks import recording
from content.access_checks.recording import Answer
from content.editions import submitting
from content.integrity import article_integrity
from content.library import updates
from content.models import Article, Notice, Reference, Section
from evidence.findings import Refused
from evidence.models import LedgerEvent, Refusal
from reviews import gate
from reviews.approvals import validity
from reviews.decisions import withdrawing
from reviews.models import ReferenceRuling
from tests import cast
from tests.saved_states import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def pages(people):
    return citing_pages(people)


@standing.kept
def citing_pages(people):
    """Two public pages that cite one guideline."""
    row = cast.reference(people["lib"])
    with cast.as_person(people["lib"]):
        row.type, row.version = "guideline", "2.2026"
        row.save()
    return [
        cast.published(people),
        cast.published(people, title="Another page", slug="another-page"),
    ]


def new_version(people, **columns):
    row = Reference.objects.get()
    with cast.as_person(people["lib"]):
        for name, value in {"version": "3.2026", **columns}.items():
            setattr(row, name, value)
        row.save()
    return row


def next_edition(publication, people, *, body=""):
    """The draft takes what the library has now, and is handed in."""
    draft = Article.objects.get(pk=publication.article_id)
    keys = [offer.key for offer in updates.takeable(draft)]
    updates.take(draft, keys, by=people["ann"], saves=draft.saves)
    opened_anew(draft, people["ann"])
    if body:
        with cast.saving(draft, people["ann"]):
            section = draft.sections.first()
            section.body = body
            section.save()
    return submitting.submit(Article.objects.get(pk=draft.pk), by=people["ann"], change="minor")


def opened_anew(draft, by):
    """Nobody had opened the new version: an access date of the one before is not printed beside it."""
    source = draft.citations.get().reference
    newest = recording.newest_recorded(source)
    day = timezone.localdate() - timedelta(days=1)
    recording.recorded(draft, source, by=by, answer=Answer(day, "unchanged", "yes", newest=newest.pk))


def rule(by, kind="medical-review", **given):
    return cast.rule_on(
        Reference.objects.get(), by, kind, **{"reason": "Only the numbering changed.", **given}
    )


def refused(by, kind="medical-review", **given):
    with pytest.raises(Refused) as caught:
        rule(by, kind, **given)
    return caught.value.codes


def missing(edition):
    return [finding.code for finding in gate.blockers(edition)]


def test_one_ruling_carries_the_review_of_every_citing_page(people, pages):
    new_version(people)
    next_ones = [next_edition(page, people) for page in pages]
    assert [missing(edition) for edition in next_ones] == [
        ["editorial-review-missing", "medical-review-missing"]
    ] * 2

    [stored] = rule(people["cid"])

    assert ("2.2026" in stored.old["text"][0], "3.2026" in stored.new["text"][0]) == (True, True)
    assert [missing(edition) for edition in next_ones] == [["editorial-review-missing"]] * 2
    [approval] = validity.approvals(next_ones[0])
    assert (approval.signoff.signed_by, approval.before_minor_corrections) == (people["bob"], True)


def test_it_carries_nothing_over_a_change_of_the_text(people, pages):
    new_version(people)
    edition = next_edition(pages[0], people, body="<p>Medicines, taken as 40 mg pills.</p>")

    rule(people["cid"])

    assert "medical-review-missing" in missing(edition)


def test_it_carries_nothing_over_another_change_of_the_references(people, pages):
    new_version(people)
    edition = next_edition(pages[0], people)
    rule(people["cid"])
    assert missing(edition) == ["editorial-review-missing"]

    new_version(people, title="Other words")

    assert "medical-review-missing" in missing(next_edition(pages[0], people))


def test_it_carries_nothing_for_another_kind_or_organisation(people, pages):
    new_version(people)
    edition = next_edition(pages[0], people)

    rule(people["asa"])

    assert "medical-review-missing" in missing(edition)


def test_it_reaches_no_page_that_its_maker_helped_to_write(people, pages):
    new_version(people)
    with cast.saving(pages[0].article, people["cid"]):
        Section(article=pages[0].article, position=9, heading="More", body="<p>More.</p>").save()
    own, other = (next_edition(page, people) for page in pages)
    with cast.saving(pages[0].article, people["cid"]):
        pages[0].article.sections.get(heading="More").delete()
    own = next_edition_without_offers(pages[0], people)

    rule(people["cid"])

    assert "medical-review-missing" in missing(own)
    assert missing(other) == ["editorial-review-missing"]


def next_edition_without_offers(page, people):
    return submitting.submit(Article.objects.get(pk=page.article_id), by=people["ann"], change="minor")


def test_the_same_form_again_rules_nothing_more(people, pages):
    new_version(people)
    first, second = rule(people["cid"]), rule(people["cid"])

    assert first == second
    assert ReferenceRuling.objects.count() == 1


REFUSED = {
    "an editor": ("ann", {}, ["no-right"]),
    "on behalf of another": ("cid", {"organisation": "asco"}, ["no-right"]),
    "without a reason": ("cid", {"reason": " "}, ["reason-missing"]),
    "not as shown": ("cid", {"stated": {"reprints": "0" * 64}}, ["stale-reference"]),
    "a kind that takes none": ("edi", {"kind": "editorial-review"}, ["kind-takes-no-ruling"]),
}


@pytest.mark.parametrize(("name", "given", "codes"), REFUSED.values(), ids=REFUSED)
def test_ruling_is_refused_with_every_reason(people, pages, name, given, codes):
    new_version(people)
    if "organisation" in given:
        given = {**given, "organisation": cast.asco()}

    assert refused(people[name], **given) == codes
    assert ReferenceRuling.objects.count() == 0


def test_what_is_printed_as_it_is_needs_no_ruling(people, pages):
    assert refused(people["cid"]) == ["nothing-changed"]


def test_a_retracted_work_is_ruled_on_by_nobody(people, pages):
    new_version(
        people, retraction="retracted", retracted_on="2025-01-02", retraction_source="https://example.org/n"
    )

    assert refused(people["cid"]) == ["ruled-on-retracted"]


def test_withdrawn_it_carries_nothing_and_the_page_that_rested_on_it_says_so(people, pages):
    new_version(people)
    edition = next_edition(pages[0], people)
    [stored] = rule(people["cid"])
    cast.sign(edition, people["edi"], "editorial-review")
    live = cast.publish(edition, people["dora"])
    assert live.before_minor_corrections

    withdrawing.withdraw_from_reference(stored, by=people["cid"], reason="I read the wrong one.")

    assert "medical-review-missing" in missing(edition)
    [notice] = Notice.objects.all()
    assert (notice.publication, notice.last_medical_review_on) == (live, None)
    assert not article_integrity.of(live.article)


def test_it_stands_in_the_ledger(people, pages):
    new_version(people)

    [stored] = rule(people["cid"])

    event = LedgerEvent.objects.order_by("-number").first()
    assert (event.verb, [row["key"] for row in event.evidence_rows]) == ("rule on reference", [stored.pk])


def test_the_page_shows_what_changed_where_and_takes_the_ruling(people, pages):
    row = new_version(people)
    edition = next_edition(pages[0], people)
    client = Client()
    client.force_login(people["cid"])
    address = reverse("reference-ruling", args=[row.pk])

    assert address in client.get(reverse("edition", args=[edition.pk])).content.decode()
    shown = client.get(address).context["carried"]
    answer = client.post(
        address, {"shown": shown, "kind": "medical-review", "reason": "Numbering."}, follow=True
    )

    assert (
        "Your ruling is stored. Approvals of pages that cite this work stay valid for their next editions."
        in answer.content.decode()
    )
    assert missing(edition) == ["editorial-review-missing"]


def test_a_stale_page_is_refused_and_the_refusal_kept(people, pages):
    row = new_version(people)
    client = Client()
    client.force_login(people["cid"])

    address = reverse("reference-ruling", args=[row.pk])
    carried = client.get(address).context["carried"]
    new_version(people, version="4.2026")

    answer = client.post(address, {"shown": carried, "kind": "medical-review", "reason": "x"})

    assert answer.status_code == 409
    assert [reason["code"] for reason in Refusal.objects.get().reasons] == ["stale-reference"]


def test_nobody_else_withdraws_it(people, pages):
    new_version(people)
    [stored] = rule(people["cid"])

    with pytest.raises(Refused) as caught:
        withdrawing.withdraw_from_reference(stored, by=people["bob"], reason="x")

    assert caught.value.codes == ["no-right"]
