"""The list of sources in a real browser: answered with single keys, or without any script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from content.access_checks import recording
from content.models import AccessCheck, Citation
from tests import cast

PAGE = "/admin/sources/?whose=all"


@pytest.fixture
def articles(people_there):
    """Two drafts that cite three sources never opened, and one that was opened for both a year and a half ago."""
    ann = people_there["ann"]
    both = [cast.article(ann, title=title, slug=title.lower()) for title in ("One", "Two")]
    shown = [
        cast.reference(ann, title=title, url=f"https://{title.lower()}.example.org")
        for title in ("Red", "Sky")
    ]
    past = cast.reference(ann, title="Past", url="https://past.example.org")
    check = recording.opened(past, by=ann, on=timezone.localdate() - timedelta(days=500), found="unchanged")
    for article in both:
        with cast.saving(article, ann):
            for reference in shown:
                Citation(article=article, reference=reference, position=9).save()
            Citation(article=article, reference=past, position=9, access_check=check, supports="yes").save()
    return both


def focused(page):
    return page.evaluate("document.activeElement.querySelector('h3')?.textContent")


def answered(page, keys):
    for key in keys[:-1]:
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press(keys[-1])


def found():
    checks = AccessCheck.objects.order_by("pk").exclude(reference__title__startswith="Kaposi")
    return [(check.reference.title, check.found) for check in checks][1:]


def test_a_list_is_worked_off_with_the_keyboard(at, articles):
    page = at("ann", PAGE)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == "Red"

    with page.context.expect_page() as opened:
        page.keyboard.press("o")
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    answered(page, "s1")
    assert focused(page) == "Sky"
    expect(page.locator("[data-told]")).to_have_text("Recorded: “Red”, unchanged. Next: Sky")
    answered(page, "ss2")
    assert focused(page) == "Red"  # which nobody has opened for Two yet; so has nobody Sky
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "Past"
    answered(page, "c1")

    assert found() == [("Red", "unchanged"), ("Sky", "changed"), ("Past", "unchanged")]
    cited = Citation.objects.filter(access_check=AccessCheck.objects.latest("pk"))
    assert (cited.count(), set(cited.values_list("supports", flat=True))) == (2, {"yes"})
    assert Citation.objects.get(article=articles[0], reference__title="Sky").supports == "no"
    assert page.complaints == []


def test_the_last_answer_is_given_again_with_one_key(at, articles):
    page = at("ann", PAGE)
    answered(page, "j3")

    with page.expect_navigation():
        page.keyboard.press("u")
    assert focused(page) == "Red"
    answered(page, "s1")

    assert found() == [("Red", "gone"), ("Red", "unchanged")]
    one, two = (article.citations.get(reference__title="Red") for article in articles)
    assert (one.supports, one.access_check.found, two.access_check) == ("yes", "unchanged", None)


def test_after_the_last_answer_it_says_that_nothing_is_left(at, articles):
    page = at("ann", f"{PAGE}&site=red")

    answered(page, "j3")
    answered(page, "u")
    answered(page, "s1")
    answered(page, "js1")  # for the other article

    expect(page.locator("[data-told]")).to_have_text(
        "Recorded: “Red”, unchanged. No source has to be opened now"
    )
    assert focused(page) is None
    assert page.evaluate("document.activeElement.matches('[data-nothing]')")


def test_a_number_answers_for_nothing_that_nobody_chose(at, articles):
    page = at("ann", PAGE)

    page.keyboard.press("1")

    expect(page.locator("[data-told]")).to_have_text("Choose a source first: press j")
    assert found() == []


def test_keys_do_nothing_while_somebody_types_and_can_be_switched_off(at, articles):
    page = at("ann", PAGE)
    page.get_by_label("Address contains").click()
    page.keyboard.type("j1")
    assert (page.get_by_label("Address contains").input_value(), found()) == ("j1", [])

    page.locator("#keys summary").click()
    page.get_by_role("button", name="Keys are on").click()
    page.reload()
    page.locator("#keys summary").click()
    expect(page.get_by_role("button", name="Keys are off")).to_be_visible()
    page.keyboard.press("j")
    assert focused(page) is None


def test_the_keys_are_shown_and_hidden(at, articles):
    page = at("ann", PAGE)
    page.keyboard.press("?")
    expect(page.get_by_text("open it in a new tab")).to_be_visible()

    page.keyboard.press("?")

    expect(page.get_by_text("open it in a new tab")).to_be_hidden()


def test_everything_works_without_a_script(at, articles, browser, live_site):
    signed_in = at("ann", PAGE).context.cookies()
    context = browser.new_context(base_url=live_site, java_script_enabled=False)
    context.add_cookies(signed_in)
    page = context.new_page()
    page.goto(PAGE)

    row = page.locator(".source", has_text="Red")
    row.get_by_label("Yes").check()
    row.get_by_role("button", name="Unchanged").click()
    page.get_by_role("link", name="Answer it again").click()
    row = page.locator(".source", has_text="Red")
    row.get_by_role("button", name="Gone").click()

    assert found() == [("Red", "unchanged"), ("Red", "gone")]
    context.close()


def test_one_press_beside_a_citation_keeps_what_was_typed_and_asks_nothing(at, people_there):
    article = cast.article(people_there["ann"])
    page = at("ann", f"/admin/content/article/{article.pk}/change/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.get_by_label("Title").fill("A better title")
    with page.expect_navigation():
        page.get_by_role("button", name="I opened it today").click()
    page.get_by_label("Title").fill("An even better title")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue editing").first.click()

    article.refresh_from_db()
    assert (article.title, asked) == ("An even better title", [])
    assert article.citations.get().access_check.opened_on == timezone.localdate()
