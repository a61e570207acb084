"""Whoever pressed a button in vain is told so, where they stand."""

import lxml.html
import pytest

from tests import cast

pytestmark = pytest.mark.django_db
HOUSE = "http://testserver"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def edition(people):
    return cast.submitted(people["ann"])


@pytest.mark.parametrize(
    ("came_from", "goes_on"),
    [
        (f"{HOUSE}/admin/editions/1/?x=1", "/admin/editions/1/%3Fx%3D1"),
        ("https://elsewhere.example/admin/", "/admin/"),
        ("", "/admin/"),
    ],
)
def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(client, edition, came_from, goes_on):
    address = f"/admin/editions/{edition.pk}/sign/medical-review/"

    answer = client.post(address, {"decision": "approve"}, headers={"referer": came_from})

    assert answer.url == f"/admin/login/?next={goes_on}"
    assert "your last action was not stored" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("button", "page"),
    [
        ("/admin/editions/1/sign/medical-review/", "/admin/editions/1/"),
        ("/admin/editions/1/take-back/", "/admin/editions/1/"),
        ("/admin/refreshes/begin/", "/admin/refreshes/"),
        ("/admin/rulings/9/withdraw/", "/admin/"),
    ],
)
def test_the_address_of_a_button_leads_to_its_page(people, client, edition, button, page):
    client.force_login(people["ann"])

    assert client.get(button).url == page


def test_a_page_opened_after_the_session_ended_is_opened_after_signing_in(client, edition):
    answer = client.get(f"/admin/editions/{edition.pk}/")

    assert answer.url == f"/admin/login/?next=/admin/editions/{edition.pk}/"
    assert "not stored" not in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        (
            {"reason": ""},
            422,
            "Give the reason, so that the editors know what to change or whom to ask instead.",
        ),
        ({"reason": "?", "decision": ""}, 422, "Your decision was not stored: see below what is missing."),
    ],
)
def test_a_refused_decision_says_why_at_its_own_form_too(people, client, edition, given, status, words):
    client.force_login(people["bob"])
    page = f"/admin/editions/{edition.pk}/"
    form = lxml.html.fromstring(client.get(page).content.decode()).get_element_by_id("sign-medical-review")
    shown = {field.name: field.value or "" for field in form.xpath(".//input[@type='hidden']")}

    answer = client.post(form.action, {**shown, "decision": "request-changes", **given})

    again = lxml.html.fromstring(answer.content.decode()).get_element_by_id("sign-medical-review")
    [told] = again.xpath(".//ul[@role='alert'][@autofocus]")
    assert (answer.status_code, told.text_content().strip()) == (status, words)


def submit(client, article, change):
    return client.post(f"/admin/articles/{article.pk}/hand-in/", {"saves": article.saves, "change": change})


def test_a_major_change_of_a_public_article_is_not_frozen_without_a_note_to_readers(people, client):
    article = cast.published(people).article
    client.force_login(people["ann"])
    with cast.saving(article, people["ann"]):
        article.title = "Immunotherapy, told anew"
        article.save()
    article.refresh_from_db()

    refused = submit(client, article, "major")

    assert (refused.status_code, article.editions.count()) == (422, 1)
    assert "first tell readers what changed" in refused.content.decode()
    with cast.saving(article, people["ann"]):
        article.public_note = "We tell it in simpler words."
        article.save()
    article.refresh_from_db()
    assert submit(client, article, "major").status_code == 302
    assert article.editions.count() == 2


def test_what_was_public_before_needs_no_new_note(people, client):
    article = cast.published(people).article
    client.force_login(people["ann"])

    assert submit(client, article, "major").status_code == 302
