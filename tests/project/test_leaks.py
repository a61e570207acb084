"""Visitors find publications, and nothing else, though drafts, editions in review and notes are there to leak."""

import pytest

from content.editions import submitting
from content.models import FormerAddress
from reviews import publishing
from reviews.models import Decision
from tests import cast

pytestmark = pytest.mark.django_db

SECRETS = ("Secretword", "Secretnote", "Secretreason", "secret-slug")


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def house_with_secrets(people):
    """One public article whose draft moved on, one in review, one never handed in, each with words not to be found."""
    public = cast.published(people)
    with cast.saving(public.article, people["ann"]):
        article = public.article
        article.title = "Secretword in a newer draft"
        article.public_note = "Secretnote"
        article.save()
        section = article.sections.first()
        section.body = "<p>Secretword</p>"
        section.save()
    in_review = submitting.submit(public.article, by=people["ann"], change="major", note="Secretnote")
    cast.sign(
        in_review, people["bob"], "medical-review", decision=Decision.REQUEST_CHANGES, reason="Secretreason"
    )
    cast.article(people["ann"], title="Secretword alone", slug="secret-slug")
    cast.unsaved_text(public.article, people["edi"], title="Secretword not saved")
    return public


def public_pages(client):
    slug = "immunotherapy-kaposi"
    return {
        address: client.get(address)
        for address in (
            "/",
            f"/articles/{slug}/",
            f"/articles/{slug}/history/",
            f"/articles/{slug}/snapshot.json",
            "/content-usage/",
        )
    }


def test_public_pages_say_nothing_of_drafts_reviews_or_notes(house_with_secrets, client):
    for address, page in public_pages(client).items():
        assert page.status_code == 200, address
        assert [secret for secret in SECRETS if secret in page.content.decode()] == [], address


def test_the_index_lists_what_is_public_under_its_public_title(house_with_secrets, client):
    text = client.get("/").content.decode()

    assert "Immunotherapy for Kaposi Sarcoma" in text
    assert text.count('href="/articles/') == 1


@pytest.mark.parametrize("ending", ["", "history/", "snapshot.json"])
def test_an_article_that_never_was_public_is_not_found(house_with_secrets, client, ending):
    assert client.get(f"/articles/secret-slug/{ending}").status_code == 404
    assert client.get(f"/articles/never-heard-of/{ending}").status_code == 404


def test_a_withdrawn_article_shows_its_notice_and_no_word_of_its_text(people, client):
    publication = cast.published(people)
    publishing.withdraw(publication, by=people["dora"], reason="unsafe", note="We are checking a dose.")

    page = client.get("/articles/immunotherapy-kaposi/")

    assert page.status_code == 410
    assert "It could harm readers." in page.content.decode()
    assert "We are checking a dose." not in page.content.decode()
    assert "4 mg" not in page.content.decode()
    assert client.get("/articles/immunotherapy-kaposi/snapshot.json").status_code == 404


def test_public_pages_set_no_cookie_and_take_no_post(house_with_secrets, client):
    for address, page in public_pages(client).items():
        assert page.cookies == {}, address
        assert "Cookie" not in page.headers.get("Vary", ""), address
        assert client.post(address).status_code == 405, address


def test_a_moved_article_redirects_for_ever(people, client):
    publication = cast.published(people)
    article = publication.article
    client.force_login(people["ann"])

    from content.drafts import saving

    article.slug = "new-address"
    with cast.as_person(people["ann"]):
        saving.saved(article, old_slug="immunotherapy-kaposi")
    client.logout()
    answer = client.get("/articles/immunotherapy-kaposi/")

    assert (answer.status_code, answer["Location"]) == (301, "/articles/new-address/")
    assert client.get("/articles/new-address/").status_code == 200
    assert FormerAddress.objects.count() == 1


def test_the_snapshot_has_the_signed_bytes_and_no_internal_name(people, client):
    publication = cast.published(people)

    answer = client.get("/articles/immunotherapy-kaposi/snapshot.json")

    assert answer.content.decode() == publication.edition.snapshot
    assert [name for name in people if f"{name.title()} Example" in answer.content.decode()] == []


def test_a_tampered_page_is_not_served(people, client):
    from django.db import connection

    publication = cast.published(people)
    with connection.cursor() as cursor:
        for trigger in triggers_of(cursor, "content_edition"):
            cursor.execute(trigger)
        cursor.execute("UPDATE content_edition SET snapshot = replace(snapshot, '4 mg', '40 mg')")

    for address in ("/articles/immunotherapy-kaposi/", "/articles/immunotherapy-kaposi/snapshot.json"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "mg" not in answer.content.decode()
    assert publication.edition.digest


def test_a_tampered_credit_is_not_served(people, client):
    from django.db import connection

    cast.published(people)
    with connection.cursor() as cursor:
        for trigger in triggers_of(cursor, "content_publication"):
            cursor.execute(trigger)
        cursor.execute("UPDATE content_publication SET credit = 'Developed by a quack.'")

    answer = client.get("/articles/immunotherapy-kaposi/")

    assert answer.status_code == 503
    assert "quack" not in answer.content.decode()


def triggers_of(cursor, table):
    """Statements that drop the table's triggers."""
    from django.db import connection

    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        return [f'DROP TRIGGER "{name}"' for (name,) in cursor.fetchall()]
    cursor.execute(
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE relname = %s AND NOT tgisinternal",
        [table],
    )
    return [f'DROP TRIGGER "{name}" ON "{table}"' for (name,) in cursor.fetchall()]
