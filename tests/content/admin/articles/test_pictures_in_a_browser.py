"""A picture's way in Chromium: chosen in the form, seen there, seen by readers."""

import pytest
from playwright.sync_api import expect

from content.editions import submitting
from content.models import Article, Section
from tests import cast
from tests.content.drawing import halves, saved


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def photo(tmp_path):
    made = tmp_path / "cell.jpg"
    made.write_bytes(saved(halves(size=(3000, 1500)), "JPEG"))
    return made


def complaints(page):
    return page.complaints + page.evaluate("window.violations")


def width_seen(image):
    """Of the picture that arrived: 0 where none did."""
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    return image.evaluate("image => image.naturalWidth")


def test_form_asks_about_a_picture_where_there_is_a_figure(at, people_there):
    article = cast.article(people_there["ann"])
    page = at("ann", f"/admin/content/article/{article.pk}/change/")
    of_text, of_new = (page.locator(f"#sections-{number} fieldset.picture") for number in (0, 2))

    page.get_by_role("button", name="Add another Section").click()
    before = of_text.is_visible(), of_new.is_visible()
    page.locator("#id_sections-2-kind").select_option("figure")

    assert before == (False, False)
    assert (of_text.is_visible(), of_new.is_visible()) == (False, True)


def test_picture_chosen_in_the_form_is_seen_there_and_by_readers(at, people_there, photo):
    ann, dora = people_there["ann"], people_there["dora"]
    article = cast.article(ann)
    with cast.saving(article, ann):
        words = {"image_alt": "Two halves", "image_credit": "Example Studio"}
        Section(article=article, kind="figure", position=3, heading="A cell", **words).save()

    form = at("ann", f"/admin/content/article/{article.pk}/change/")
    form.locator("#id_sections-2-picture_file").set_input_files(photo)
    form.get_by_role("button", name="Save and continue editing").first.click()
    in_form = width_seen(form.get_by_role("img", name="Two halves"))
    edition = submitting.submit(Article.objects.get(), by=ann, change="major")
    cast.publish(cast.signed(edition, people_there), dora)
    page = at("visitor", article.get_absolute_url())
    on_page = width_seen(page.get_by_role("img", name="Two halves"))

    assert (in_form, on_page) == (2400, 2400)
    assert complaints(form) + complaints(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
