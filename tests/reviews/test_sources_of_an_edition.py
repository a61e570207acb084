"""The page of an edition tells who opened each source, and takes an opening for the next edition."""

from datetime import timedelta

import lxml.html
import pytest
from django.utils import timezone

from content.access_checks import provenance, recording
from content.editions import submitting
from content.models import AccessCheck, Article, Citation, Edition
from content.snapshots import snapshot
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def publication(people):
    return cast.published(people)


def page(client, edition):
    return lxml.html.fromstring(client.get(f"/admin/editions/{edition.pk}/").content.decode())


def words(client, edition):
    [row] = page(client, edition).xpath("//section[@id='sources']//tbody/tr")
    return [" ".join(cell.text_content().split()) for cell in row]


def press(client, edition, shown=None):
    [form] = (page(client, edition) if shown is None else shown).xpath("//section[@id='sources']//form")
    return client.post(form.get("action"), dict(form.form_values()))


def written(days_ago=0):
    return f"{timezone.localdate() - timedelta(days=days_ago):%B %-d, %Y}"


def test_it_says_which_day_is_printed_and_who_opened_the_source(people, publication, client):
    client.force_login(people["bob"])

    assert words(client, publication.edition) == [
        "1. Kaposi sarcoma: how it is treated Open source 1 in a new tab",
        written(7),
        "Ann Example: unchanged",
    ]


def test_one_press_changes_the_draft_and_not_the_edition(people, publication, client):
    client.force_login(people["edi"])
    edition = publication.edition

    answer = press(client, edition)

    [check] = AccessCheck.objects.filter(opened_by=people["edi"])
    citation = edition.article.citations.get()
    assert answer["Location"] == f"/admin/editions/{edition.pk}/#sources"
    assert (citation.access_check, citation.supports, check.opened_for) == (check, "yes", edition.article)
    assert Edition.objects.get().digest == edition.digest
    shown = words(client, edition)
    assert shown[1] == written(7)
    assert shown[2] == f"Ann Example: unchanged Since then: Edi Example, {written()}: unchanged."


def test_it_applies_to_the_next_edition(people, publication, client):
    client.force_login(people["edi"])
    press(client, publication.edition)

    second = submitting.submit(Article.objects.get(), by=people["edi"], change="minor")

    assert words(client, second)[1:3] == [written(), "Edi Example: unchanged"]


def test_a_source_that_the_draft_cites_no_more_is_refused_in_words(people, publication, client):
    client.force_login(people["edi"])
    shown = page(client, publication.edition)
    with cast.saving(publication.article, people["ann"]):
        publication.article.citations.get().delete()

    answer = press(client, publication.edition, shown)

    assert answer.status_code == 409
    assert [str(message) for message in answer.context["messages"]] == [
        "The draft no longer cites this source. Open the source that it cites now."
    ]


def test_whoever_may_not_record_is_offered_no_button(people, publication, client):
    client.force_login(people["bob"])

    assert page(client, publication.edition).xpath("//section[@id='sources']//form") == []


def carried_edition(people):
    """Of an article whose one source was opened for another."""
    first = cast.article(people["ann"])
    other = cast.article(people["ann"], title="Another article", slug="another")
    reference = first.citations.get().reference
    check = recording.opened(
        reference, by=people["edi"], on=timezone.localdate(), found="unchanged", opened_for=other
    )
    with cast.saving(first, people["ann"]):
        citation = first.citations.get()
        citation.access_check = check
        citation.save()
    return submitting.submit(Article.objects.get(pk=first.pk), by=people["ann"], change="major")


def test_what_was_carried_says_from_where_on_every_page_for_staff(people, client):
    edition = carried_edition(people)
    client.force_login(people["bob"])

    draft, as_public = (
        lxml.html.fromstring(client.get(address).content.decode()).xpath("normalize-space(//aside)")
        for address in (
            f"/admin/articles/{edition.article_id}/preview/",
            f"/admin/editions/{edition.pk}/page/",
        )
    )

    assert words(client, edition)[2] == "Edi Example: unchanged Shared from “Another article”"
    said = "Reference 1: its access date is shared from “Another article”."
    assert (draft.endswith(said), as_public.endswith(said)) == (True, True)


def test_readers_are_told_nothing_of_it(people, client):
    edition = carried_edition(people)

    cast.publish(cast.signed(edition, people), people["dora"])

    assert "shared from" not in client.get("/articles/immunotherapy-kaposi/").content.decode().lower()


def test_the_page_asks_no_more_for_more_sources(people, client, django_assert_num_queries):

    draft = cast.article(people["ann"])
    counts = []
    for number in range(3):
        with cast.saving(draft, people["ann"]):
            for extra in range(number * 2):
                source = cast.reference(
                    people["lib"],
                    title=f"Source {number} {extra}",
                    url=f"https://example.org/{number}/{extra}",
                )
                check = recording.opened(source, by=people["ann"], on=timezone.localdate(), found="unchanged")
                Citation(
                    article=draft, reference=source, position=9, access_check=check, supports="yes"
                ).save()
        edition = submitting.submit(Article.objects.get(), by=people["ann"], change="major")
        with django_assert_num_queries(6):
            counts.append(len(provenance.in_edition(edition, snapshot.parsed(edition.snapshot))))

    assert counts == [1, 3, 7]
