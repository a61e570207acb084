"""Uploading a picture in the article form, and what an editor is told about it."""

import pytest
from django.contrib.messages import get_messages
from lxml import html

from content.models import Article, Picture, Section
from content.pictures import storing
from content.snapshots import snapshot
from evidence.models import LedgerEvent, Refusal
from tests import cast
from tests.content.drawing import drawn, upload

pytestmark = pytest.mark.django_db

STORED = "The picture of “A cell” is stored. Some readers cannot see it, so write what it shows " \
    "in “What the picture shows” before you submit the article."  # fmt: skip


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "pictures"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    made = cast.article(people["ann"])
    with cast.saving(made, people["ann"]):
        Section(article=made, kind="figure", position=3, heading="A cell").save()
    return Article.objects.get(pk=made.pk)


def address(article):
    return f"/admin/content/article/{article.pk}/change/"


def form_of(client, article):
    """What a browser would send back of the form as it stands."""
    root = html.fromstring(client.get(address(article)).content.decode())
    (form,) = root.xpath("//form[@id='article_form']")
    return {name: value for name, value in form.form_values() if not name.startswith("_")}


def post(client, article, **changed):
    return client.post(address(article), {**form_of(client, article), "_continue": "", **changed})


def messages(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


ERRORS = "//*[contains(@class, 'field-picture_file')]//ul[contains(@class, 'errorlist')]/li"


def errors(response):
    return [item.text_content() for item in html.fromstring(response.content.decode()).xpath(ERRORS)]


def figure(article):
    return Section.objects.get(article=article, heading="A cell")


def test_form_stores_a_picture_and_shows_it(people, article, client):
    client.force_login(people["ann"])

    words = {"sections-2-image_alt": "A round cell", "sections-2-image_credit": "Example Studio"}
    response = post(client, article, **{"sections-2-picture_file": upload()}, **words)

    picture = Picture.objects.get()
    assert response.status_code == 302
    assert snapshot.build(article)["parts"]["figures"] == [
        {"digest": picture.digest, "alt": "A round cell", "caption": "", "credit": "Example Studio"}
    ]
    root = html.fromstring(client.get(address(article)).content.decode())
    (shown,) = root.xpath("//*[@id='sections-2']//img[@class='thumbnail']")
    assert (shown.get("src"), shown.get("alt")) == (
        f"/admin/content/picture/{picture.digest}.png",
        "A round cell",
    )
    assert client.get(shown.get("src")).status_code == 200


def test_form_names_who_uploaded_in_ledger_audit_trail_and_revision(people, article, client):
    client.force_login(people["edi"])

    post(client, article, **{"sections-2-picture_file": upload()})

    trail = figure(article).history.order_by("-history_id")
    assert LedgerEvent.objects.get(verb="upload picture").recorded_by == people["edi"]
    assert (trail[0].history_user, trail[0].image_id) == (people["edi"], Picture.objects.get().digest)
    assert trail[1].image_id is None


def test_form_reminds_kindly_of_missing_words(people, article, client):
    client.force_login(people["ann"])

    response = post(client, article, **{"sections-2-picture_file": upload()})

    assert response.status_code == 302
    assert STORED in messages(response)


def test_form_says_nothing_of_words_that_are_there(people, article, client):
    client.force_login(people["ann"])

    given = {"sections-2-picture_file": upload(), "sections-2-image_alt": "A round cell"}
    response = post(client, article, **given)

    assert [message for message in messages(response) if "picture" in message] == []


def test_form_saved_again_keeps_the_picture(people, article, client):
    client.force_login(people["ann"])
    post(client, article, **{"sections-2-picture_file": upload()})
    digest = figure(article).image_id

    post(client, article, **{"sections-2-image_alt": "A round cell"})

    assert (figure(article).image_id, figure(article).image_alt) == (digest, "A round cell")
    assert digest != ""


def test_form_replaces_a_picture(people, article, client):
    client.force_login(people["ann"])
    post(client, article, **{"sections-2-picture_file": upload()})

    post(client, article, **{"sections-2-picture_file": upload(drawn(colour="red"))})

    newest, first = Picture.objects.all()
    assert figure(article).image_id == newest.digest
    assert storing.stored(first) != storing.stored(newest)


def test_form_says_beside_the_file_what_is_wrong_with_it(people, article, client):
    client.force_login(people["ann"])

    given = {"sections-2-picture_file": upload(b"<svg/>", "cell.svg"), "sections-2-image_alt": "Typed"}
    response = post(client, article, **given)

    assert response.status_code == 200
    assert errors(response) == [
        "“cell.svg” is an SVG drawing. Save it as PNG or JPEG, and upload what you saved."
    ]
    root = html.fromstring(response.content.decode())
    assert root.xpath("//*[@id='id_sections-2-image_alt']/@value") == ["Typed"]
    assert (Picture.objects.count(), figure(article).image_id) == (0, None)
    refusal = Refusal.objects.get()
    assert (refusal.verb, refusal.requested_by, refusal.article_uid) == (
        "upload picture",
        people["ann"],
        article.uid,
    )


def test_form_asks_for_the_file_again_when_something_else_is_wrong(people, article, client):
    client.force_login(people["ann"])

    response = post(client, article, **{"title": "", "sections-2-picture_file": upload()})

    root = html.fromstring(response.content.decode())
    (help_text,) = root.xpath("//*[@id='id_sections-2-picture_file_helptext']")
    assert help_text.text_content().split(", ")[0].strip() == "“cell.png” has to be chosen again"
    assert figure(article).image_id is None


def test_form_takes_a_picture_for_a_figure_only(people, article, client):
    client.force_login(people["ann"])

    response = post(client, article, **{"sections-0-picture_file": upload()})

    assert errors(response) == [
        "Only a section of the kind “figure” shows a picture. Choose that kind, or upload it in a section of its own."
    ]
    assert Picture.objects.count() == 0


def test_form_takes_a_picture_with_a_new_section(people, article, client):
    client.force_login(people["ann"])

    given = {
        "sections-TOTAL_FORMS": "4",
        "sections-3-article": str(article.pk),
        "sections-3-kind": "figure",
        "sections-3-level": "2",
        "sections-3-heading": "Another",
        "sections-3-image_alt": "Another cell",
        "sections-3-picture_file": upload(),
    }
    response = post(client, article, **given)

    assert response.status_code == 302
    assert article.sections.get(heading="Another").image_id == Picture.objects.get().digest


def test_form_for_somebody_who_may_only_look_shows_the_picture_and_takes_none(people, article, client):
    picture = storing.upload(upload(), by=people["ann"])
    with cast.saving(article, people["ann"]):
        Section.objects.filter(article=article, kind="figure").update(image_id=picture.digest)
    client.force_login(people["gus"])

    root = html.fromstring(client.get(address(article)).content.decode())

    assert root.xpath("//*[@id='sections-2']//img/@src") == [f"/admin/content/picture/{picture.digest}.png"]
    assert root.xpath("//input[@type='file'] | //*[contains(@class, 'field-picture_file')]") == []
    assert (
        client.post(address(article), {"sections-2-picture_file": upload(drawn(colour="red"))}).status_code
        == 403
    )
    assert Picture.objects.count() == 1


@pytest.mark.parametrize(("who", "status"), [("ann", 200), ("bob", 200), ("gus", 200), ("eve", 403)])
def test_list_of_pictures_is_for_readers_of_drafts(people, client, who, status):
    picture = storing.upload(upload(), by=people["ann"])
    client.force_login(people[who])

    answers = [
        client.get("/admin/content/picture/").status_code,
        client.get(f"/admin/content/picture/{picture.pk}/change/").status_code,
    ]

    assert answers == [status] * 2
