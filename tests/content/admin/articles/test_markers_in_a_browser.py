"""Citation markers in the text editor: set with a button or typed, numbered as the form stands, stored as one sign."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from content.models import Citation, Section
from tests import cast
from tests.choosing import choose_source

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def people(people_there):
    return people_there


@pytest.fixture
def article(people):
    """Two sources, and a section whose text has a marker of the second."""
    made = cast.article(people["ann"])
    second = cast.reference(people["lib"], title="A second source", url="https://example.org/second")
    with cast.saving(made, people["ann"]):
        Citation(article=made, reference=second, position=2).save()
        Section(article=made, position=3, heading="Marked", body=f"<p>One.{sign(second)} Two.</p>").save()
    return made


@pytest.fixture
def form(at, article):
    return at("ann", f"/admin/content/article/{article.pk}/change/")


def sign(reference):
    return f'<a href="reference:{reference.uid}">※</a>'


def sources(article):
    return [citation.reference for citation in article.citations.order_by("position")]


def text(form, number):
    return form.locator(f".prose-editor:has(#id_sections-{number}-body)")


def write_at_the_end_of(form, number, words=""):
    text(form, number).locator(".ProseMirror p").last.click()
    form.keyboard.press("End")
    form.keyboard.type(words)


def cite(form, number):
    text(form, number).get_by_role("button", name="Cite a source").click()


def save(form):
    with form.expect_navigation():
        form.get_by_role("button", name="Save and continue editing").first.click()


def body(heading):
    return Section.objects.get(heading=heading).body


def markers(form):
    return form.locator(".ProseMirror .marker").all_inner_texts()


def test_a_source_is_cited_where_the_cursor_stands(form, article):
    first, _ = sources(article)
    write_at_the_end_of(form, 0, "More. Last.")
    for _ in " Last.":
        form.keyboard.press("ArrowLeft")

    cite(form, 0)
    form.get_by_role("button", name="1. Kaposi sarcoma: how it is treated").click()
    form.keyboard.type("?")
    assert markers(form) == ["1", "2"]
    save(form)

    assert body("What it is") == f"<p>Medicines, taken as 4 mg pills.More.{sign(first)}? Last.</p>"
    assert markers(form) == ["1", "2"]


def test_a_source_is_cited_with_the_keyboard_alone(form, article):
    _, second = sources(article)
    write_at_the_end_of(form, 0)

    text(form, 0).get_by_role("button", name="Cite a source").press("Enter")
    form.keyboard.press("Tab")
    form.keyboard.press("Enter")
    save(form)

    assert body("What it is") == f"<p>Medicines, taken as 4 mg pills.{sign(second)}</p>"


def test_words_that_are_selected_stay(form, article):
    first, _ = sources(article)
    write_at_the_end_of(form, 0)
    form.keyboard.press("Shift+Home")

    cite(form, 0)
    form.get_by_role("button", name="1. Kaposi").click()
    save(form)

    assert body("What it is") == f"<p>Medicines, taken as 4 mg pills.{sign(first)}</p>"


def test_a_number_in_double_brackets_becomes_a_marker(form, article):
    _, second = sources(article)
    write_at_the_end_of(form, 0, "[[2]] And [[9]].")
    save(form)

    assert body("What it is") == f"<p>Medicines, taken as 4 mg pills.{sign(second)} And [[9]].</p>"


def test_numbers_follow_the_sources_on_the_form(form):
    assert markers(form) == ["2"]

    form.locator("#citations-1").get_by_role("button", name="Move up").click()
    expect(form.locator(".ProseMirror .marker")).to_have_text("1")
    form.locator("#citations-1 input[name$='-DELETE']").check()
    expect(form.locator(".ProseMirror .marker")).to_have_text("?")


def test_only_stored_sources_are_offered(form, people):
    form.get_by_role("button", name="Add another Citation").click()
    choose_source(form, 0, "A second source")
    cite(form, 0)

    offered = form.get_by_role("dialog").get_by_role("listitem").all_inner_texts()
    assert offered == ["2. A second source"]
    form.keyboard.press("Escape")
    expect(form.get_by_role("dialog")).to_have_count(0)


def test_a_text_that_nobody_changed_keeps_its_markers_to_the_byte(form, article):
    before = body("Marked")

    write_at_the_end_of(form, 0, "x")
    save(form)

    assert body("Marked") == before
    assert Section.history.filter(heading="Marked").count() == 1


def test_only_articles_offer_to_cite(at, people):
    page = at("ann", "/admin/content/pageframe/add/")

    expect(page.locator(".prose-menubar").first).to_be_visible()
    expect(page.get_by_role("button", name="Cite a source")).to_have_count(0)


def test_citing_breaks_neither_the_policy_nor_wcag(form):
    write_at_the_end_of(form, 0)
    cite(form, 0)
    against_policy = form.evaluate("window.violations") + form.complaints

    found = Axe().run(form, options=WCAG).response["violations"]

    assert against_policy + [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == []
