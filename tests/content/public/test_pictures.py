"""Pictures on public pages: readers see those of live publications, whole and unchanged, and no other."""

import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from content.editions import submitting
from content.models import Article, Edition, Section
from content.pictures import storing
from content.snapshots import snapshot
from reviews import publishing
from tests import cast
from tests.content.drawing import drawn, upload
from tests.content.public.reading import document, signed_words
from tests.content.public.test_article_page import words_of

pytestmark = pytest.mark.django_db

PAGE = "/articles/immunotherapy-kaposi/"
WORDS = {
    "image_alt": "A round cell with a dark middle",
    "image_caption": "A cell of the skin",
    "image_credit": "Credit: Example Studio",
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "pictures"


@pytest.fixture
def people():
    return cast.cast()


def stored(people, colour="teal"):
    return storing.upload(upload(drawn(colour=colour)), by=people["ann"])


def figure(article, people, picture, **changed):
    with cast.saving(article, people["ann"]):
        given = {"kind": "figure", "position": 9, "image": picture, **WORDS, **changed}
        Section(article=article, **given).save()
    return Article.objects.get(pk=article.pk)


def published(people, picture, **kwargs):
    article = figure(cast.article(people["ann"], **kwargs), people, picture)
    edition = submitting.submit(article, by=people["ann"], change="major")
    return cast.publish(cast.signed(edition, people), people["dora"])


def public(picture):
    return f"/pictures/{picture.digest}.{picture.ending}"


def staff(picture):
    return f"/admin/content/picture/{picture.digest}.{picture.ending}"


def statuses(client, *pictures):
    return [client.get(public(picture)).status_code for picture in pictures]


def test_public_page_shows_the_picture_with_its_words(people, client):
    picture = stored(people)
    published(people, picture)

    (shown,) = document(client.get(PAGE)).xpath("//article//figure")

    assert dict(shown.find("img").attrib) == {
        "src": public(picture),
        "alt": "A round cell with a dark middle",
        "width": "40",
        "height": "20",
        "loading": "lazy",
    }
    assert (
        shown.find("figcaption").text_content().split() == "A cell of the skin Credit: Example Studio".split()
    )


def test_public_page_with_a_picture_has_the_words_of_its_edition(people, client):
    publication = published(people, stored(people))
    revised = publication.last_revised_on

    root = document(client.get(PAGE))

    signed = snapshot.parsed(publication.edition.snapshot)
    day = f"{revised:%B} {revised.day}, {revised.year}"
    assert signed_words(root.xpath("//article")[0]) == words_of(signed, day)
    assert words_of(signed, day).count("middle") == 1


def test_picture_of_a_live_page_is_sent_as_it_was_signed(people, client, folder):
    picture = stored(people)
    published(people, picture)

    response = client.get(public(picture))

    assert response.status_code == 200
    assert response.content == (folder / f"{picture.digest}.png").read_bytes()
    headers = ("Content-Type", "Cache-Control", "X-Content-Type-Options", "ETag")
    assert [response[name] for name in headers] == [
        "image/png",
        "public, max-age=31536000, immutable",
        "nosniff",
        f'"{picture.digest}"',
    ]
    assert (response.cookies, response.has_header("Vary")) == ({}, False)
    assert client.post(public(picture)).status_code == 405


def test_picture_a_browser_has_is_not_sent_again(people, client):
    picture = stored(people)
    published(people, picture)

    response = client.get(public(picture), headers={"If-None-Match": f'"{picture.digest}"'})

    assert (response.status_code, response.content) == (304, b"")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_picture_no_live_page_shows_is_not_found(people, client):
    """Live, only uploaded, in a draft, in review, in the newer draft of a public article, withdrawn, superseded."""
    colours = ("red", "green", "blue", "gold", "pink", "grey", "navy")
    live, alone, drafted, in_review, newer, gone, old = (stored(people, colour) for colour in colours)
    figure(published(people, live).article, people, newer, position=10)
    figure(cast.article(people["ann"], title="Draft", slug="draft"), people, drafted)
    review = figure(cast.article(people["ann"], title="Review", slug="review"), people, in_review)
    submitting.submit(review, by=people["ann"], change="major")
    withdrawn = published(people, gone, title="Gone", slug="gone")
    superseded = published(people, old, title="Old", slug="old").article
    before = statuses(client, live, alone, drafted, in_review, newer, gone, old)

    publishing.withdraw(withdrawn, by=people["dora"], reason="unsafe", note="We are checking a picture.")
    with cast.saving(superseded, people["ann"]):
        superseded.sections.get(kind="figure").delete()
        superseded.public_note = "We took a picture out."
        superseded.save()
    second = submitting.submit(superseded, by=people["ann"], change="major")
    cast.publish(cast.signed(second, people), people["dora"])

    assert before == [200, 404, 404, 404, 404, 200, 200]
    assert statuses(client, live, alone, drafted, in_review, newer, gone, old) == [200, *[404] * 6]


def test_picture_is_found_as_soon_as_its_page_is_live(people, client):
    picture = stored(people)
    article = figure(cast.article(people["ann"]), people, picture)
    edition = cast.signed(submitting.submit(article, by=people["ann"], change="major"), people)
    before = statuses(client, picture)

    cast.publish(edition, people["dora"])

    assert (before, statuses(client, picture)) == ([404], [200])


@pytest.mark.parametrize(
    "address", ["/pictures/{}.jpg", "/pictures/{}.svg", "/pictures/{}", "/pictures/../{}.png"]
)
def test_picture_has_one_address(people, client, address):
    picture = stored(people)
    published(people, picture)

    assert client.get(address.format(picture.digest)).status_code == 404


def test_picture_that_was_never_stored_is_not_found(client):
    assert client.get(f"/pictures/{'0' * 64}.png").status_code == 404


@pytest.mark.parametrize("data", [None, b"", drawn(colour="red")], ids=["missing", "empty", "altered"])
def test_picture_that_is_not_the_signed_one_is_not_served(people, client, folder, data):
    picture = stored(people)
    published(people, picture)
    file = folder / f"{picture.digest}.png"
    os.unlink(file)
    if data is not None:
        file.write_bytes(data)

    response = client.get(public(picture), headers={"If-None-Match": f'"{picture.digest}"'})

    assert (response.status_code, response["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert response.content.decode() == (
        "We cannot show this picture just now, because its file is not the one that was signed. Please try again later.\n"
    )
    assert [response.has_header(name) for name in ("ETag", "Cache-Control")] == [False, False]


def test_published_picture_stays_when_its_section_gets_another(people, client):
    first, second = stored(people, "red"), stored(people, "blue")
    article = published(people, first).article
    before = client.get(public(first)).content

    with cast.saving(article, people["ann"]):
        section = article.sections.get(kind="figure")
        section.image_id = second.digest
        section.save()

    assert document(client.get(PAGE)).xpath("//article//img/@src") == [public(first)]
    assert client.get(public(first)).content == before
    assert statuses(client, first, second) == [200, 404]


def test_another_picture_under_the_same_words_is_another_edition(people):
    first, second = stored(people, "red"), stored(people, "blue")
    article = figure(cast.article(people["ann"]), people, first)
    submitting.submit(article, by=people["ann"], change="major")

    with cast.saving(article, people["ann"]):
        section = article.sections.get(kind="figure")
        section.image_id = second.digest
        section.save()
    submitting.submit(article, by=people["ann"], change="major")

    one, two = Edition.objects.order_by("number")
    assert [part for part in one.parts if one.parts[part] != two.parts[part]] == ["figures"]


@pytest.mark.parametrize(
    ("who", "status"), [("ann", 200), ("bob", 200), ("dora", 200), ("gus", 200), ("eve", 403), (None, 302)]
)
def test_picture_of_a_draft_is_for_staff_who_may_read_drafts(people, client, who, status):
    picture = stored(people)
    figure(cast.article(people["ann"]), people, picture)
    if who:
        client.force_login(people[who])

    response = client.get(staff(picture))

    assert response.status_code == status
    assert (response.get("X-Content-Type-Options"), response["Content-Type"] == "image/png") == (
        "nosniff",
        status == 200,
    )


def test_previews_show_pictures_at_the_address_for_staff(people, client):
    picture = stored(people)
    article = figure(cast.article(people["ann"]), people, picture)
    edition = submitting.submit(article, by=people["ann"], change="major")
    client.force_login(people["ann"])
    previews = [f"/admin/articles/{article.pk}/preview/", f"/admin/editions/{edition.pk}/"]

    sources = [
        html.fromstring(client.get(page).content.decode()).xpath("//article//img/@src") for page in previews
    ]

    assert sources == [[staff(picture)]] * 2
    assert client.get(staff(picture)).status_code == 200


def test_pages_with_three_pictures_ask_the_database_no_more_than_with_one(
    people, client, django_assert_num_queries
):
    pictures = [stored(people, colour) for colour in ("red", "green", "blue")]
    published(people, pictures[0], title="One", slug="one")
    three = cast.article(people["ann"], title="Three", slug="three")
    for picture in pictures:
        three = figure(three, people, picture)
    edition = submitting.submit(three, by=people["ann"], change="major")
    cast.publish(cast.signed(edition, people), people["dora"])

    with CaptureQueriesContext(connection) as one:
        client.get("/articles/one/")
    with django_assert_num_queries(len(one)):
        root = document(client.get("/articles/three/"))

    assert root.xpath("//article//img/@src") == [public(picture) for picture in pictures]
