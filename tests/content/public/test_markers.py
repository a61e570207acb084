"""Citation markers on the page of an article: their numbers, the way to the reference and back, in its language."""

import pytest
from lxml import html

from content.editions import submitting
from content.models import Citation
from content.public import pages
from content.snapshots import snapshot
from tests import cast
from tests.content.public.reading import document, signed_words
from tests.content.public.test_article_page import content, rendered, section

pytestmark = pytest.mark.django_db

ONE, TWO, THREE, GONE = (f"c0ffee00-0000-4000-8000-00000000000{number}" for number in (1, 2, 3, 4))


def marker(uid):
    return f'<a href="reference:{uid}">※</a>'


def cited(*uids):
    return [
        ({"uid": uid, "text": [f"Source {uid[-1]}."], "url": "", "href": ""}, {"printed": ""}) for uid in uids
    ]


def article(lead, *bodies, references=(ONE, TWO, THREE), language="en", heading="Heading"):
    sections = [section(heading, body) for body in bodies]
    made = content(*sections, lead=lead, references=cited(*references))
    return rendered({**made, "language": language}, pages.Facts())


def signs(page):
    return [sign.text_content() for sign in page.xpath("//sup[@class='marker']")]


def test_markers_are_numbered_by_the_order_of_the_references() -> None:
    page = article(
        f"<p>One.{marker(TWO)}</p>", f"<p>Two{marker(ONE)}, three.{marker(TWO)}{marker(THREE)}</p>"
    )

    assert signs(page) == ["2", "1", "2, 3"]


def test_numbers_follow_the_references_while_the_text_stays() -> None:
    lead = f"<p>One.{marker(TWO)}</p>"

    assert [signs(article(lead, references=order)) for order in ((ONE, TWO), (TWO, ONE))] == [["2"], ["1"]]


def test_each_marker_leads_to_its_reference_and_the_reference_back_to_each() -> None:
    page = article(f"<p>One.{marker(TWO)}</p>", f"<p>Two{marker(ONE)}, three.{marker(TWO)}</p>")

    there = [
        (a.get("id"), a.get("href"), a.get("aria-label")) for a in page.xpath("//sup[@class='marker']/a")
    ]
    assert there == [
        ("marker-2-1", "#reference-2", "Reference 2"),
        ("marker-1-1", "#reference-1", "Reference 1"),
        ("marker-2-2", "#reference-2", "Reference 2"),
    ]
    back = {
        li.get("id"): [(a.get("href"), a.get("aria-label"), a.text) for a in li.xpath("a[@class='back']")]
        for li in page.xpath("//ol/li")
    }
    assert back == {
        "reference-1": [("#marker-1-1", "Back to the text", "↩")],
        "reference-2": [
            ("#marker-2-1", "Back to the text, place 1", "↩1"),
            ("#marker-2-2", "Back to the text, place 2", "↩2"),
        ],
        "reference-3": [],
    }


def test_markers_are_named_in_the_language_of_the_page() -> None:
    page = article(f"<p>Uno.{marker(ONE)}</p>", f"<p>Dos.{marker(TWO)} Tres.{marker(TWO)}</p>", language="es")

    named = [a.get("aria-label") for a in page.xpath("//a[@aria-label]")]
    assert named == [
        "Referencia 1",
        "Referencia 2",
        "Referencia 2",
        "Volver al texto",
        "Volver al texto, lugar 1",
        "Volver al texto, lugar 2",
    ]


def test_no_heading_takes_the_place_of_a_marker_or_reference() -> None:
    page = article(f"<p>One.{marker(ONE)}</p>", "", heading="Reference 1")

    ids = page.xpath("//@id")
    assert sorted(ids) == sorted(set(ids))
    assert [li.tag for li in page.xpath("//*[@id='reference-1']")] == ["li"]


def test_marker_without_its_reference_leads_nowhere_and_tells_no_uid() -> None:
    page = article(f"<p>One.{marker(GONE)}{marker(ONE)}</p>")

    assert signs(page) == ["[?], 1"]
    assert GONE not in html.tostring(page, encoding="unicode")


def test_page_without_markers_has_no_numbers() -> None:
    page = article("<p>One. ※</p>")

    assert page.xpath("//ol[@class != 'references'] | //li[@id] | //a[@class] | //sup") == []


def test_numbers_are_not_among_the_signed_words() -> None:
    with_markers, without = article(f"<p>One.{marker(ONE)}</p>"), article("<p>One.</p>")

    assert signed_words(with_markers) == signed_words(without)


@pytest.fixture
def people(db):
    return cast.cast()


def marked(people):
    """A draft whose text has a marker of its only source."""
    draft = cast.article(people["ann"])
    with cast.saving(draft, people["ann"]):
        first = draft.sections.first()
        first.body = f"<p>Take 4 mg.{marker(draft.citations.get().reference.uid)}</p>"
        first.save()
    return draft


def test_public_page_and_preview_show_the_number_and_no_uid(client, people) -> None:
    draft = marked(people)
    uid = str(draft.citations.get().reference.uid)
    edition = cast.signed(submitting.submit(draft, by=people["ann"], change="major"), people)
    cast.publish(edition, people["dora"])
    client.force_login(people["ann"])

    for address in (draft.get_absolute_url(), f"/admin/articles/{draft.pk}/preview/"):
        response = client.get(address)
        assert signs(document(response)) == ["1"]
        assert uid not in response.content.decode()


def test_another_order_of_references_leaves_the_text_part_as_it_was(people) -> None:
    draft = marked(people)
    second = cast.reference(people["lib"], title="Another", url="https://example.org/another")
    with cast.saving(draft, people["ann"]):
        Citation(article=draft, reference=second, position=2).save()
    before = snapshot.part_digests(snapshot.build(draft))

    with cast.saving(draft, people["ann"]):
        draft.citations.filter(reference=second).update(position=0)

    after = snapshot.part_digests(snapshot.build(draft))
    assert [part for part in before if before[part] != after[part]] == ["references", "access_dates"]
