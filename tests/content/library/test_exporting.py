import json
from datetime import date

import pytest

from content.citing.formats import reading
from content.editions import submitting
from content.library import exporting
from content.models import Article, Citation, Edition, Reference
from content.snapshots import pins, snapshot
from tests import cast

pytestmark = pytest.mark.django_db

TITLE = "Kaposi sarcoma: how it is treated"


@pytest.fixture
def ann():
    return cast.person("ann", "Editors")


@pytest.fixture
def article(ann):
    """Cites a page, opened on a known day, and a guideline that nobody has opened."""
    article = cast.article(ann)
    with cast.as_person(ann):
        guideline = Reference(
            type="guideline",
            author=[{"literal": "Example Cancer Network"}],
            title="Rare tumors",
            version="2.2026",
            url="www.guidelines.example",
            more={"note": "not printed"},
        )
        guideline.save()
    with cast.saving(article, ann):
        Citation(article=article, reference=guideline, position=2).save()
    return Article.objects.get(pk=article.pk)


def renamed(ann, title):
    row = Reference.objects.get(url="https://example.org/kaposi")
    with cast.as_person(ann):
        row.title = title
        row.save()


def titles(cited):
    return [each.csl["title"] for each in cited]


def test_of_draft_gives_the_references_in_their_order_with_their_days(article):
    page, guideline = exporting.of_draft(article)

    on = article.citations.first().access_check.opened_on
    assert page.csl["accessed"] == {"date-parts": [[on.year, on.month, on.day]]}
    assert page.printed == (
        f"Example Cancer Institute. {TITLE}. 2025. Accessed at https://example.org/kaposi on {on:%B} {on.day}, {on.year}."
    )
    assert (guideline.csl["version"], guideline.csl["type"], guideline.csl["note"]) == (
        "2.2026",
        "report",
        "not printed",
    )
    assert "accessed" not in guideline.csl


def test_of_draft_shows_what_the_draft_pins(article, ann):
    renamed(ann, "Another title")

    assert titles(exporting.of_draft(article)) == [TITLE, "Rare tumors"]


def test_of_edition_shows_what_was_handed_in_whatever_came_after(article, ann):
    edition = submitting.submit(article, by=ann, change="major")
    renamed(ann, "Another title")
    renamed(ann, TITLE)  # and its newest version prints the same again
    renamed(ann, "A third title")

    assert titles(exporting.of_edition(edition)) == [TITLE, "Rare tumors"]


def test_what_is_printed_is_read_where_no_version_prints_it_any_more(article):
    content = snapshot.build(article)

    page, guideline = exporting.cited(content, [])

    on = article.citations.first().access_check.opened_on
    assert page.csl == {
        "id": content["parts"]["references"][0]["uid"],
        "type": "webpage",
        "author": [{"literal": "Example Cancer Institute"}],
        "title": TITLE,
        "issued": {"date-parts": [[2025]]},
        "URL": "https://example.org/kaposi",
        "accessed": {"date-parts": [[on.year, on.month, on.day]]},
    }
    assert guideline.csl["version"] == "2.2026"


def test_of_edition_asks_no_more_for_ten_references_than_for_two(article, ann, django_assert_num_queries):
    edition = submitting.submit(article, by=ann, change="major")
    with django_assert_num_queries(1):
        exporting.of_edition(edition)
    for number in range(8):
        row = cast.reference(ann, title=f"Page {number}", url=f"https://example.org/{number}")
        with cast.saving(article, ann):
            Citation(article=article, reference=row, position=number + 3).save()
    more = submitting.submit(Article.objects.get(pk=article.pk), by=ann, change="major")

    with django_assert_num_queries(1):
        assert len(exporting.of_edition(more)) == 10


def test_every_form_of_the_same_references(article):
    cited = exporting.of_draft(article)
    on = article.citations.first().access_check.opened_on
    day = f"{on:%B} {on.day}, {on.year}"

    assert exporting.FORMS["text"].write(cited).splitlines() == [
        f"Example Cancer Institute. {TITLE}. 2025. Accessed at https://example.org/kaposi on {day}.",
        "Example Cancer Network. Rare tumors. Version 2.2026. Accessed at www.guidelines.example on (no date).",
    ]
    assert exporting.FORMS["ama"].write(cited).splitlines() == [
        f"1. Example Cancer Institute. {TITLE}. 2025. Accessed {day}. https://example.org/kaposi",
        "2. Example Cancer Network. Rare tumors. Version 2.2026. www.guidelines.example",
    ]
    for form in ("ris", "csl-json"):
        back = reading.read(exporting.FORMS[form].write(cited).encode(), wanted=form)
        assert back.faults == []
        assert titles(back.entries) == [TITLE, "Rare tumors"]
        assert back.entries[0].csl["accessed"] == {"date-parts": [[on.year, on.month, on.day]]}


def test_a_day_in_spanish_is_told_in_english_in_ama(article, ann):
    Article.objects.filter(pk=article.pk).update(language="es")

    page = exporting.of_draft(Article.objects.get(pk=article.pk))[0]

    on = article.citations.first().access_check.opened_on
    assert page.accessed == f"{on:%B} {on.day}, {on.year}"
    assert page.printed.endswith(f"Consultado en https://example.org/kaposi el {page_day(on)}.")


def page_day(on: date) -> str:
    months = (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
    )
    return f"{on.day} de {months[on.month - 1]} de {on.year}"


@pytest.mark.parametrize("form", list(exporting.FORMS))
def test_the_files_of_a_draft_and_of_an_edition(article, ann, client, form):
    edition = submitting.submit(article, by=ann, change="major")
    client.force_login(ann)

    for address, name in (
        (f"/admin/articles/{article.pk}/references/{form}/", "immunotherapy-kaposi"),
        (f"/admin/editions/{edition.pk}/references/{form}/", "immunotherapy-kaposi-edition-1"),
    ):
        answer = client.get(address)
        made = exporting.FORMS[form]
        assert answer["Content-Disposition"] == f'attachment; filename="{name}-{made.file_name}"'
        assert answer["Content-Type"] == made.media_type
        assert answer.content.decode() == made.write(exporting.of_edition(edition))
    assert Edition.objects.count() == 1


def test_there_is_no_file_of_another_form(article, ann, client):
    client.force_login(ann)

    assert client.get(f"/admin/articles/{article.pk}/references/bibtex/").status_code == 404


def test_the_pages_lead_to_the_files(article, ann, client):
    edition = submitting.submit(article, by=ann, change="major")
    client.force_login(ann)

    for page, files in (
        (f"/admin/content/article/{article.pk}/change/", f"/admin/articles/{article.pk}/references"),
        (f"/admin/editions/{edition.pk}/", f"/admin/editions/{edition.pk}/references"),
    ):
        text = client.get(page).content.decode()
        assert [form for form in exporting.FORMS if f'href="{files}/{form}/"' not in text] == []


def test_a_hostile_title_comes_out_as_it_was_typed(article, ann):
    hostile = "<script>alert(1)</script> & <5%"
    renamed(ann, hostile)
    with cast.as_person(ann):
        pins.take(article, pins.updates(article), by=ann)

    cited = exporting.of_draft(article)

    assert titles(cited) == [hostile, "Rare tumors"]
    assert json.loads(exporting.FORMS["csl-json"].write(cited))[0]["title"] == hostile
    assert all(hostile in form.write(cited) for form in exporting.FORMS.values())
