"""An edition that was taken from the public is not offered again as if nothing had happened."""

import pytest

from content.editions import submitting
from reviews import publishing
from reviews.desk.article_status import standing
from reviews.desk.desk import desk
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def withdrawn(people):
    publication = cast.published(people)
    publishing.withdraw(publication, by=people["dora"], reason="unsafe", note="The dose was wrong.")
    return publication


def next_one(withdrawn, people):
    with cast.saving(withdrawn.article, people["ann"]):
        section = withdrawn.article.sections.first()
        section.body = "<p>Medicines, taken as 2 mg pills.</p>"
        section.save()
    return cast.signed(submitting.submit(withdrawn.article, by=people["ann"], change="minor"), people)


def test_the_desk_lists_it_apart_with_the_reason(people, withdrawn, client):
    client.force_login(people["dora"])

    page = client.get("/admin/").content.decode()

    mine = desk(people["dora"])
    assert (mine.to_publish, mine.withdrawn) == ([], [withdrawn])
    assert "Ready to publish" not in page
    assert "It could harm readers" in page


def test_whoever_would_publish_it_again_reads_why_it_was_withdrawn(people, withdrawn, client):
    client.force_login(people["dora"])

    page = client.get(f"/admin/editions/{withdrawn.edition_id}/publish/").content.decode()

    assert "This edition was withdrawn" in page
    assert "It could harm readers. Do not act on what you may have read here before." in page
    assert "Nothing is in the way" not in page
    assert "It can come back only with a medical review of the whole page that was signed since." in page
    cast.sign(withdrawn.edition, people["cid"], "medical-review")
    page = client.get(f"/admin/editions/{withdrawn.edition_id}/publish/").content.decode()
    assert "Publish edition 1 again" in page


def test_its_pages_say_where_it_stands(people, withdrawn, client):
    client.force_login(people["bob"])

    assert standing(withdrawn.article) == "Edition 1 was withdrawn"
    assert "was withdrawn" in client.get(f"/admin/editions/{withdrawn.edition_id}/").content.decode()
    assert "no longer public" in client.get(f"/admin/publications/{withdrawn.pk}/").content.decode()


def test_the_next_edition_is_ready_like_any_other(people, withdrawn, client):
    edition = next_one(withdrawn, people)
    client.force_login(people["dora"])

    page = client.get(f"/admin/editions/{edition.pk}/publish/").content.decode()

    mine = desk(people["dora"])
    assert (mine.to_publish, mine.withdrawn) == ([edition], [])
    assert "Nothing is in the way" in page
    assert "was withdrawn" not in page
