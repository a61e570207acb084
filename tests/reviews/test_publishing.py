"""The door to the public: exactly these bytes, signed, or every reason why not."""

from datetime import date

import lxml.html
import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from content.access_checks import recording
from content.editions import submitting
from content.integrity import verification
from content.models import Publication, Section
from content.snapshots import pins
from evidence import ledger
from evidence.findings import Refused
from evidence.models import LedgerEvent
from reviews import gate, initial_data, publishing
from reviews.models import Decision
from tests import cast

pytestmark = [pytest.mark.both, pytest.mark.django_db]


@pytest.fixture
def people():
    return cast.cast()


def codes_of_refusal(edition, by, **stated):
    shown = cast.with_stated(publishing.shown_to(edition, by=by), stated)
    with pytest.raises(Refused) as caught:
        publishing.publish(edition, by=by, shown=shown)
    return caught.value.codes


def test_publish_freezes_dates_and_credit_as_they_were_earned(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)

    publication = cast.publish(edition, people["dora"])

    publication.refresh_from_db()
    assert (
        publication.credit == "Developed by the American Cancer Society medical and editorial content team."
    )
    assert publication.last_revised_on == timezone.localdate()
    assert publication.last_medical_review_on == timezone.localdate()
    assert publication.findings == []
    assert publication.published_by_name == "Dora Example"
    assert (publication.until_at, publication.basis) == (None, "signed")


def test_publish_without_signoffs_is_refused_with_each_missing_one(people):
    edition = cast.submitted(people["ann"], co_branded_with=cast.asco())

    assert codes_of_refusal(edition, people["dora"]) == [
        "editorial-review-missing",
        "medical-review-missing",
        "contribution-missing",
    ]
    assert Publication.objects.count() == 0


def test_publish_by_somebody_without_the_right_is_refused(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)

    assert codes_of_refusal(edition, people["ann"]) == ["no-right"]


def test_publish_with_another_digest_is_refused(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)

    assert codes_of_refusal(edition, people["dora"], digest="0" * 64) == ["stale-digest"]


def test_publish_posted_twice_gives_one_publication(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)

    shown = publishing.shown_to(edition, by=people["dora"])
    first = publishing.publish(edition, by=people["dora"], shown=shown)
    second = publishing.publish(edition, by=people["dora"], shown=shown)

    assert (first.pk, Publication.objects.count()) == (second.pk, 1)


def test_publish_when_something_else_became_public_meanwhile_is_refused(people):
    first = cast.signed(cast.submitted(people["ann"]), people)
    cast.publish(first, people["dora"])
    second = changed(first.article, people["ann"], note="We added a part.")
    cast.signed(second, people)

    assert codes_of_refusal(second, people["dora"], live="") == ["stale-live"]


def test_publish_supersedes_the_live_edition(people):
    first = cast.publish(cast.signed(cast.submitted(people["ann"]), people), people["dora"])
    second = changed(first.article, people["ann"], note="We added a part.")

    new = cast.publish(cast.signed(second, people), people["dora"])

    first.refresh_from_db()
    assert (first.until_at, first.end_kind) == (new.from_at, "superseded")
    assert list(Publication.objects.live()) == [new]


def test_publish_takes_the_signed_bytes_whatever_the_draft_says_by_then(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    with cast.saving(edition.article, people["ann"]):
        section = edition.article.sections.first()
        section.body = "<p>Something quite different.</p>"
        section.save()

    publication = cast.publish(edition, people["dora"])

    assert publication.edition.digest == edition.digest
    assert "quite different" not in publication.edition.snapshot


def test_publish_an_edition_that_a_newer_one_replaced_is_refused(people):
    first = cast.signed(cast.submitted(people["ann"]), people)
    changed(first.article, people["ann"])

    assert codes_of_refusal(first, people["dora"]) == ["not-the-newest"]


def test_publish_an_edition_taken_back_is_refused(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    submitting.take_back(edition, by=people["ann"])

    assert codes_of_refusal(edition, people["dora"]) == ["not-in-review"]


def test_publish_an_earlier_public_edition_again_is_an_ordinary_publication(people):
    first = cast.publish(cast.signed(cast.submitted(people["ann"]), people), people["dora"])
    second = changed(first.article, people["ann"], note="We added a part.")
    cast.publish(cast.signed(second, people), people["dora"])

    again = cast.publish(first.edition, people["dora"])

    assert (again.edition_id, Publication.objects.count()) == (first.edition_id, 3)


def test_publish_with_a_request_for_changes_is_refused_in_the_reviewers_words(people):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    cast.sign(
        edition,
        people["cid"],
        "medical-review",
        decision=Decision.REQUEST_CHANGES,
        reason="The dose is wrong.",
    )

    assert codes_of_refusal(edition, people["dora"]) == ["changes-requested"]
    words = [finding.words for finding in gate.blockers(edition)]
    assert words == ["Cid Example, MD requested changes (Medical review): The dose is wrong."]


def test_a_major_change_needs_a_public_note_of_its_own(people):
    first = cast.publish(cast.signed(cast.submitted(people["ann"]), people), people["dora"])
    second = cast.signed(changed(first.article, people["ann"]), people)

    assert codes_of_refusal(second, people["dora"]) == ["public-note-missing"]


def test_a_minor_change_needs_no_public_note(people):
    first = cast.publish(cast.signed(cast.submitted(people["ann"]), people), people["dora"])
    second = cast.signed(changed(first.article, people["ann"], change="minor"), people)

    assert gate.blockers(second) == []


def test_below_all_routes_every_part_and_a_medical_review_are_asked_for(people):
    from reviews.models import RouteStep

    RouteStep.objects.exclude(kind="contribution").delete()
    edition = cast.submitted(people["ann"], co_branded_with=cast.asco())
    cast.sign(edition, people["asa"], "contribution")

    assert codes_of_refusal(edition, people["dora"]) == [*["part-unsigned"] * 5, "no-full-medical-review"]


def test_somebody_who_wrote_nothing_must_be_among_the_signers(people):
    """However independent a kind claims not to be: a version that asks nobody is caught below the routes."""
    from reviews.models import KindVersion

    medical = KindVersion.objects.newest("medical-review")
    medical.pk, medical.version, medical.independent = None, 2, False
    cast.entered(medical, "change sign-off kind")
    people["ann"].groups.add(Group.objects.get(name=initial_data.MEDICAL_REVIEWERS))
    edition = cast.submitted(people["ann"])
    cast.sign(edition, people["ann"], "editorial-review")
    cast.sign(edition, people["ann"], "medical-review")

    assert codes_of_refusal(edition, people["dora"]) == ["nobody-independent"]


# Every kind of field in the snapshot: a change after signing is a new edition, and that one is refused.


def in_article(**columns):
    def change(article, people):
        for name, value in columns.items():
            setattr(article, name, value)

    return change


def in_section(of_kind, /, **columns):
    def change(article, people):
        section = article.sections.get(kind=of_kind)
        for name, value in columns.items():
            setattr(section, name, value)
        section.save()

    return change


def in_library(find, **columns):
    """A library row changes, and the draft takes the change."""

    def change(article, people):
        row = find(article)
        with cast.as_person(people["lib"]):
            for name, value in columns.items():
                setattr(row, name, value)
            row.save()
        pins.take(article, pins.updates(article), by=people["ann"])

    return change


def drug_of(article):
    return article.sections.get(kind="drug").drug


def product_of(article):
    return drug_of(article).products.get()


def reference_of(article):
    return article.citations.get().reference


def delete_section(article, people):
    article.sections.get(kind="drug").delete()


def swap_sections(article, people):
    first, second = article.sections.all()
    first.position, second.position = 5, 4
    first.save()
    second.save()


def reopen(article, people):
    citation = article.citations.get()
    citation.access_check = recording.opened(
        citation.reference, by=people["ann"], on=timezone.localdate(), found="unchanged"
    )
    citation.save()


def drop_citation(article, people):
    article.citations.get().delete()


def another_condition(article, people):
    article.condition = cast.condition(people["lib"], "Multiple myeloma")


def off_market(article, people):
    row = product_of(article)
    with cast.as_person(people["lib"]):
        row.off_market_on = date(2025, 1, 1)
        row.save()
    pins.take(article, pins.updates(article), by=people["ann"])


EDITORIAL = ["editorial-review-missing"]
ALL = ["editorial-review-missing", "medical-review-missing"]

# What is printed now was opened by nobody.
UNOPENED = [*ALL, "access-date-missing"]
FIELDS = {
    "title": (in_article(title="Immunotherapy for Kaposi"), ALL),
    "lead": (in_article(lead="<p>Immunotherapy helps your system.</p>"), ALL),
    "type": (in_article(type="drug"), EDITORIAL),
    "condition": (another_condition, ["editorial-review-missing", "medical-review-missing"]),
    "public note": (in_article(public_note="New."), EDITORIAL),
    "source of a translation": (in_article(source_digest="0" * 64), EDITORIAL),
    "co-branding": (in_article(co_branded_with="asco"), [*EDITORIAL, "contribution-missing"]),
    "heading": (in_section("text", heading="What this is"), ALL),
    "level": (in_section("drug", level=2), ALL),
    "kind": (in_section("text", kind="side-effects"), ALL),
    "a word": (in_section("text", body="<p>Medicines, taken as pills.</p>"), ALL),
    "a dose": (in_section("text", body="<p>Medicines, taken as 40 mg pills.</p>"), ALL),
    "bold": (in_section("text", body="<p><strong>Medicines</strong>, taken as 4 mg pills.</p>"), ALL),
    "a link": (
        in_section("text", body='<p><a href="https://example.org">Medicines</a>, taken as 4 mg pills.</p>'),
        ALL,
    ),
    "drug of a section": (in_section("drug", drug=None), ALL),
    "a deleted section": (delete_section, ALL),
    "order": (swap_sections, [*ALL, "heading-level-skipped"]),
    "generic name": (in_library(drug_of, generic_name="Pomalidomid"), ALL),
    "pronunciation": (in_library(drug_of, pronunciation="POM"), ALL),
    "class": (in_library(lambda a: drug_of(a).drug_class, name="Immune drugs"), ALL),
    "brand": (in_library(product_of, brand="Pomalist"), ALL),
    "full name": (in_library(product_of, full_name="pomalidomide capsules"), ALL),
    "route": (in_library(product_of, route="intravenous"), ALL),
    "status": (in_library(lambda a: product_of(a).statuses.get(), status="approved"), ALL),
    "status date": (in_library(lambda a: product_of(a).statuses.get(), since_on=date(2021, 1, 1)), ALL),
    "a product off the market": (off_market, ALL),
    "reference title": (in_library(reference_of, title="Kaposi sarcoma: how treated"), UNOPENED),
    "reference author": (in_library(reference_of, author=[{"literal": "Someone"}]), UNOPENED),
    "reference address": (in_library(reference_of, url="https://example.org/other"), UNOPENED),
    "reference version": (in_library(reference_of, version="2.2026"), UNOPENED),
    "a dropped reference": (drop_citation, [*ALL, "reference-missing"]),
    "access date": (reopen, EDITORIAL),
}


def changed(article, by, *, note="", change="major"):
    with cast.saving(article, by):
        Section(article=article, position=9, heading="More", body="<p>More.</p>").save()
        if note:
            article.public_note = note
            article.save()
    return submitting.submit(article, by=by, change=change)


@pytest.mark.parametrize("name", FIELDS)
def test_a_change_after_signing_is_refused_at_publishing(people, name):
    change, expected = FIELDS[name]
    signed = cast.signed(cast.submitted(people["ann"]), people)
    article = signed.article
    with cast.as_person(people["ann"]):
        if name == "co-branding":
            article.co_branded_with = cast.asco()
        else:
            change(article, people)
        from content.drafts import saving

        saving.saved(article)
    edition = submitting.submit(article, by=people["ann"], change="minor")

    assert edition.number == 2
    assert codes_of_refusal(edition, people["dora"]) == expected


def test_every_kind_of_field_of_the_snapshot_is_in_the_table(people):
    """A new field of the snapshot must get its row above."""
    from content.snapshots import snapshot

    content = snapshot.parsed(cast.submitted(people["ann"]).snapshot)
    parts = content["parts"]
    keys = {
        *parts["text"],
        *parts["text"]["sections"][0],
        *parts["drugs"][0],
        *parts["drugs"][0]["products"][0],
        *parts["drugs"][0]["products"][0]["statuses"][0],
        *parts["references"][0],
        *parts["access_dates"][0],
        *parts["listing"],
    }

    assert keys == {
        "title", "lead", "sections",
        "kind", "level", "heading", "drug", "body",
        "uid", "name", "pronunciation", "class", "products",
        "brand", "full_name", "route", "statuses",
        "condition", "status", "since",
        "type", "text", "url", "href",
        "reference", "on", "printed", "found", "imported", "supports",
        "co_branded_with", "source",
    }  # fmt: skip


def test_last_revised_moves_with_what_readers_read_and_not_with_access_dates(people):
    with time_machine.travel("2025-12-05 12:00:00-05:00", tick=False):
        first = cast.publish(cast.signed(cast.submitted(people["ann"]), people), people["dora"])
    with time_machine.travel("2025-12-20 12:00:00-05:00", tick=False):
        with cast.as_person(people["ann"]):
            reopen(first.article, people)
            from content.drafts import saving

            saving.saved(first.article)
        refreshed = submitting.submit(first.article, by=people["ann"], change="minor")
        cast.sign(refreshed, people["edi"], "editorial-review")
        second = cast.publish(refreshed, people["dora"])
    with time_machine.travel("2026-01-10 12:00:00-05:00", tick=False):
        third_edition = changed(first.article, people["ann"], change="minor")
        third = cast.publish(cast.signed(third_edition, people), people["dora"])

    assert [first.last_revised_on, second.last_revised_on, third.last_revised_on] == [
        date(2025, 12, 5),
        date(2025, 12, 5),
        date(2026, 1, 10),
    ]
    assert second.last_medical_review_on == date(2025, 12, 5)
    assert third.last_medical_review_on == date(2026, 1, 10)


def test_a_clock_set_back_cannot_forge_an_earlier_date(people):
    with time_machine.travel("2025-12-05 12:00:00-05:00", tick=False):
        edition = cast.signed(cast.submitted(people["ann"]), people)
    with time_machine.travel("2025-12-03 12:00:00-05:00", tick=False):
        codes = codes_of_refusal(edition, people["dora"])

    assert codes == ["last-medical-review-in-future"]


def test_an_overdue_review_blocks_where_nothing_is_public(people):
    with time_machine.travel("2022-10-01 12:00:00-05:00", tick=False):
        edition = cast.signed(cast.submitted(people["ann"]), people)
    with time_machine.travel("2025-12-05 12:00:00-05:00", tick=False):
        assert codes_of_refusal(edition, people["dora"]) == ["access-date-over-age", "review-overdue"]


def test_an_overdue_review_is_a_debt_where_the_live_page_has_it_too(people):
    with time_machine.travel("2022-10-01 12:00:00-05:00", tick=False):
        first = cast.publish(cast.signed(cast.submitted(people["ann"]), people), people["dora"])
    with time_machine.travel("2025-12-05 12:00:00-05:00", tick=False):
        with cast.as_person(people["ann"]):
            reopen(first.article, people)
            from content.drafts import saving

            saving.saved(first.article)
        refreshed = submitting.submit(first.article, by=people["ann"], change="minor")
        cast.sign(refreshed, people["edi"], "editorial-review")

        found = [(finding.code, finding.severity.value) for finding in gate.findings(refreshed)]

    assert found == [("review-overdue", "follow-up")]


def test_withdraw_ends_the_publication_and_tells_readers(people, client):
    publication = cast.published(people)

    publishing.withdraw(publication, by=people["dora"], reason="wrong", note="A dose was wrong.")

    page = client.get("/articles/immunotherapy-kaposi/")
    assert page.status_code == 410
    text = page.content.decode()
    assert "Something on it was wrong. Do not rely on what you may have read here before" in text
    assert "A dose was wrong." not in text
    assert not Publication.objects.live().exists()


def test_a_publishers_own_words_are_seen_once_somebody_else_confirmed_them(people, client):
    publication = cast.published(people)
    page = f"/admin/publications/{publication.pk}/"
    client.force_login(people["dora"])
    shown = client.get(page).content.decode()
    assert "Your own words to readers, if any" in shown
    client.post(f"{page}withdraw/", {"reason": "wrong", "note": "The dose of 40 mg was wrong."})

    offered = {
        name: "confirm-words" in page_of(client, people[name], page) for name in ("dora", "edi", "bob")
    }
    carried = lxml.html.fromstring(page_of(client, people["bob"], page)).xpath(
        "//input[@name='shown']/@value"
    )[0]
    before = Client().get("/articles/immunotherapy-kaposi/").content.decode()
    answer = client.post(f"{page}confirm-words/", {"shown": carried})
    after = Client().get("/articles/immunotherapy-kaposi/").content.decode()

    assert offered == {"dora": False, "edi": False, "bob": True}
    assert answer.status_code == 302
    assert ("The dose of 40 mg was wrong." in before, "The dose of 40 mg was wrong." in after) == (
        False,
        True,
    )
    assert (
        "The dose of 40 mg was wrong."
        in Client().get("/articles/immunotherapy-kaposi/history/").content.decode()
    )
    call_command("verify")


def page_of(client, person, path):
    client.force_login(person)
    return client.get(path).content.decode()


def test_an_unsafe_page_comes_back_with_a_medical_review_signed_since(people):
    publication = cast.published(people)
    publishing.withdraw(publication, by=people["dora"], reason="unsafe", note="")
    assert codes_of_refusal(publication.edition, people["dora"]) == ["unsafe-without-new-review"]

    cast.sign(publication.edition, people["cid"], "medical-review")

    assert cast.publish_now(publication.edition, people["dora"]).edition == publication.edition


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"by": "ann"}, "no-right"),
        ({"reason": "a whim"}, "reason-missing"),
        ({"note": "One d\u043ese was wrong."}, "words-unfit"),
    ],
)
def test_withdraw_refuses(people, given, code):
    publication = cast.published(people)
    asked = {"by": "dora", "reason": "wrong", "note": "A dose was wrong.", **given}

    with pytest.raises(Refused) as caught:
        publishing.withdraw(publication, by=people[asked.pop("by")], **asked)

    assert caught.value.codes == [code]
    assert Publication.objects.live().count() == 1


def test_withdraw_twice_is_refused(people):
    publication = cast.published(people)
    publishing.withdraw(publication, by=people["dora"], reason="wrong", note="A dose was wrong.")

    with pytest.raises(Refused) as caught:
        publishing.withdraw(publication, by=people["dora"], reason="wrong", note="Again.")

    assert caught.value.codes == ["not-live"]


def test_every_verb_leaves_one_event_and_the_chain_holds(people):
    publication = cast.published(people)
    publishing.withdraw(publication, by=people["dora"], reason="wrong", note="A dose was wrong.")

    named = {}
    assert list(verification.ledger_holds(named)) == []
    assert list(verification.evidence_holds(named)) == []
    verbs = list(LedgerEvent.objects.order_by("number").values_list("verb", flat=True))
    assert verbs[-6:] == ["record access check", "submit", "sign", "sign", "publish", "withdraw"]
    assert LedgerEvent.objects.first().previous_digest == ledger.GENESIS
