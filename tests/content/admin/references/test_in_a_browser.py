"""The form of a reference in a real browser: what the type does not use is out of sight, and the print is beside it."""

import pytest
from playwright.sync_api import expect

from content.models import Reference
from tests import cast

ADD = "/admin/content/reference/add/"
FIELDS = ("volume", "status", "version", "edition", "editors", "genre", "isbn", "chapter_number")


def in_sight(page):
    return {name for name in FIELDS if page.locator(f"#id_{name}").is_visible()}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("webpage", {"version"}),
        ("guideline", {"version"}),
        ("article-journal", {"volume", "status"}),
        ("chapter", {"edition", "editors", "isbn", "chapter_number"}),
        ("label", {"edition", "genre"}),
    ],
)
def test_only_the_fields_of_the_type_are_in_sight(at, kind, fields):
    page = at("ann", ADD)

    page.get_by_label("Type").select_option(kind)

    assert in_sight(page) == fields
    assert page.get_by_text("Book, chapter or label").is_visible() == (kind in ("chapter", "label"))
    assert page.get_by_text("For a supplement: 15_suppl.").is_visible() == (kind == "article-journal")


def test_what_is_filled_in_stays_in_sight_whatever_the_type(at, people_there):
    with cast.as_person(people_there["ann"]):
        reference = Reference(title="Odd", more={"volume": "3"})
        reference.save()

    page = at("ann", f"/admin/content/reference/{reference.pk}/change/")

    assert in_sight(page) == {"volume", "version"}


def test_the_print_follows_what_is_typed(at):
    page = at("ann", ADD)

    page.get_by_label("Type").select_option("article-journal")
    page.get_by_label("Title").fill("Tumors <5%")
    page.get_by_label("Authors").fill("van der Berg, A")
    page.get_by_label("Volume").fill("34")
    page.get_by_label("Issued").fill("2016")

    expect(page.locator("[data-preview] > p").first).to_have_text("van der Berg A. Tumors <5%. 2016;34.")
    assert page.evaluate("window.violations") + page.complaints == []


def test_a_work_that_is_there_is_told_while_typing_and_asked_about_when_saved(at, people_there):
    first = cast.reference(people_there["ann"])
    page = at("ann", ADD)

    page.get_by_label("Title").fill(first.title)
    page.get_by_label("Issued").fill("2025")
    expect(page.locator("[data-preview]").get_by_text("nearly the same title and year")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("This is another work. Save it as a new entry.").check()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("is saved as a new reference")).to_be_visible()
    assert Reference.objects.count() == 2
