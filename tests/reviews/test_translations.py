"""Translations stand on sign-offs of their own; one that fell behind is a debt, and staff see what changed."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from content.editions import submitting
from content.models import Article
from content.translations import starting
from evidence.models import Refusal
from reviews import gate, publishing
from reviews.approvals import validity
from tests import cast
from tests.content.public.reading import document, lines
from tests.content.translations import spanish as translations

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def publication(people):
    return cast.published(people)


def found(edition):
    return [(finding.code, finding.severity.value, finding.rule) for finding in gate.findings(edition)]


def buttons(root, path):
    return lines(root, f"//form[@action='{path}']//button")


# Sign-offs


def test_signoffs_of_the_source_do_not_hold_for_its_translation(people, publication):
    draft = starting.begin(publication.edition, language="es", by=people["ann"])

    edition = submitting.submit(draft, by=people["ann"], change="major")

    # The words are still those that were signed, so that nothing but the article tells them apart.
    assert edition.parts["text"] == publication.edition.parts["text"]
    assert validity.approvals(edition) == []
    assert [code for code, _, _ in found(edition)] == ["editorial-review-missing", "medical-review-missing"]


def test_signoffs_of_a_translation_hold_when_its_source_moves_on(people, publication):
    spanish = translations.published(people, publication.edition)

    translations.republished(people, publication.article, translations.new_lead)

    assert len(validity.approvals(spanish.edition)) == 2
    assert gate.blockers(spanish.edition) == []


# The gate


def test_a_translation_behind_its_source_is_a_debt(people, publication):
    spanish = translations.published(people, publication.edition)
    before = found(spanish.edition)

    newer = translations.republished(people, publication.article, translations.new_lead)

    follow_up = gate.findings(spanish.edition)[0]
    assert (before, found(spanish.edition)) == ([], [("translation-behind", "follow-up", "A31")])
    assert follow_up.words == (
        "This is a translation of edition 1 of “Immunotherapy for Kaposi Sarcoma”, and edition 2 is public now. "
        "Translate the changes, confirm that the draft follows that edition, and submit the draft. "
        "Until the new edition is public, the page tells its readers that it is behind."
    )
    assert follow_up.fix == f"/admin/articles/{spanish.article_id}/source/"
    assert follow_up.due == timezone.localdate(newer.from_at) + timedelta(days=90)


def test_the_debt_is_dated_from_the_first_change_of_the_source(people, publication):
    spanish = translations.published(people, publication.edition)
    start = timezone.now()
    with time_machine.travel(start + timedelta(days=10), tick=False):
        translations.republished(people, publication.article, translations.new_lead)
    with time_machine.travel(start + timedelta(days=20), tick=False):
        translations.republished(people, publication.article, translations.new_lead)

        due = [finding.due for finding in gate.findings(spanish.edition) if finding.rule == "A31"]

    assert due == [timezone.localdate(start + timedelta(days=100))]


def test_the_debt_goes_when_the_translation_follows(people, publication):
    spanish = translations.published(people, publication.edition)
    newer = translations.republished(people, publication.article, translations.new_lead)

    starting.renew_source(spanish.article, by=people["ann"], shown=newer.edition.digest)
    spanish.article.refresh_from_db()
    followed = translations.republished(people, spanish.article, translations.new_lead)

    assert found(followed.edition) == []


def test_a_new_note_of_the_source_is_no_debt(people, publication):
    spanish = translations.published(people, publication.edition)

    translations.republished(people, publication.article, lambda article: None)

    assert found(spanish.edition) == []


def test_a_withdrawn_source_is_a_debt_of_its_translation(people, publication):
    spanish = translations.published(people, publication.edition)

    publishing.withdraw(publication, by=people["dora"], reason="unsafe", note="We are checking a dose.")

    assert found(spanish.edition) == [("translation-source-gone", "follow-up", "A31")]


# Pages


def test_editor_begins_a_translation(people, publication, client):
    client.force_login(people["ann"])
    address = f"/admin/articles/{publication.article_id}/translate/"

    root = document(client.get(address))
    form = {"edition": root.xpath("//input[@name='edition']/@value")[0], "language": "es"}
    answer = client.post(address, form)

    draft = Article.objects.get(language="es")
    assert lines(root, "//fieldset[@class='choices']/label") == ["Español"]
    assert buttons(root, address) == ["Start the translation"]
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/content/article/{draft.pk}/change/")
    assert draft.source_digest == publication.edition.digest
    assert buttons(document(client.get(address)), address) == []


def test_translate_page_of_a_draft_asks_for_an_edition_first(people, client):
    draft = cast.article(people["ann"])
    client.force_login(people["ann"])

    root = document(client.get(f"/admin/articles/{draft.pk}/translate/"))

    assert lines(root, "//div[@id='content']/p") == [
        "No edition of this article has been public yet. "
        "Publish one first, because a translation starts from a signed edition."
    ]


def test_a_second_translation_into_the_language_is_refused_in_words(people, publication, client):
    translations.begun(publication.edition, people["ann"])
    client.force_login(people["edi"])
    form = {"edition": publication.edition_id, "language": "es"}

    answer = client.post(f"/admin/articles/{publication.article_id}/translate/", form)

    assert answer.status_code == 422
    assert lines(document(answer), "//ul[contains(@class,'messagelist')]/li") == [
        f"This article already exists in Español: “{translations.TITLE}”. Continue with that one."
    ]
    assert [refusal.verb for refusal in Refusal.objects.all()] == ["translate"]


def test_an_edition_of_another_article_is_not_translated_from_here(people, publication, client):
    other = cast.published(people, title="Other", slug="other")
    client.force_login(people["ann"])

    form = {"edition": other.edition_id, "language": "es"}
    answer = client.post(f"/admin/articles/{publication.article_id}/translate/", form)

    assert (answer.status_code, Article.objects.filter(language="es").count()) == (404, 0)


def test_source_page_shows_what_changed_and_takes_the_answer(people, publication, client):
    draft = translations.begun(publication.edition, people["ann"])
    newer = translations.republished(people, publication.article, translations.new_lead)
    client.force_login(people["ann"])
    address = f"/admin/articles/{draft.pk}/source/"

    root = document(client.get(address))
    shown = root.xpath("//input[@name='shown']/@value")[0]
    answer = client.post(f"{address}follow/", {"shown": shown})

    draft.refresh_from_db()
    assert lines(root, "//section[@class='difference']//ins")[0] == "[added: Ask your care team.]"
    assert buttons(root, f"{address}follow/") == ["Confirm: the draft follows edition 2"]
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/content/article/{draft.pk}/change/")
    assert draft.source_digest == newer.edition.digest
    assert buttons(document(client.get(address)), f"{address}follow/") == []


def test_following_another_edition_than_the_page_showed_is_refused(people, publication, client):
    draft = translations.begun(publication.edition, people["ann"])
    seen = translations.republished(people, publication.article, translations.new_lead).edition
    translations.republished(people, publication.article, translations.new_lead)
    client.force_login(people["ann"])

    answer = client.post(f"/admin/articles/{draft.pk}/source/follow/", {"shown": seen.digest})

    draft.refresh_from_db()
    root = document(answer)
    assert (answer.status_code, draft.source_digest) == (409, publication.edition.digest)
    assert buttons(root, f"/admin/articles/{draft.pk}/source/follow/") == [
        "Confirm: the draft follows edition 3"
    ]


def test_reviewers_read_what_changed_but_do_not_answer(people, publication, client):
    draft = translations.begun(publication.edition, people["ann"])
    translations.republished(people, publication.article, translations.new_lead)
    client.force_login(people["bob"])
    address = f"/admin/articles/{draft.pk}/source/"

    root = document(client.get(address))
    answer = client.post(f"{address}follow/", {"shown": "0" * 64})

    assert buttons(root, f"{address}follow/") == []
    assert lines(root, "//section[@class='difference']//ins")[0] == "[added: Ask your care team.]"
    assert answer.status_code == 403


def test_an_article_that_is_no_translation_has_no_source_page(people, publication, client):
    client.force_login(people["ann"])

    assert client.get(f"/admin/articles/{publication.article_id}/source/").status_code == 404


# The article form


def test_article_form_leads_to_translation_and_source(people, publication, client):
    draft = translations.begun(publication.edition, people["ann"])
    client.force_login(people["ann"])

    roots = [
        document(client.get(f"/admin/content/article/{pk}/change/"))
        for pk in (publication.article_id, draft.pk)
    ]

    names = [
        [
            each
            for each in lines(root, "//ul[@class='object-tools']/li")
            if each in {"Source edition", "Translate"}
        ]
        for root in roots
    ]
    assert names == [["Translate"], ["Source edition", "Translate"]]


def test_language_of_a_translation_cannot_be_changed_in_its_form(people, publication, client):
    draft = translations.begun(publication.edition, people["ann"])
    fresh = cast.article(people["ann"], title="Fresh", slug="fresh")
    client.force_login(people["ann"])

    selects = [
        document(client.get(f"/admin/content/article/{pk}/change/")).xpath("//select[@name='language']")[0]
        for pk in (draft.pk, publication.article_id, fresh.pk)
    ]

    assert ["disabled" in select.attrib for select in selects] == [True, True, False]
