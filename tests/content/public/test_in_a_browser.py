"""The public pages in Chromium: no accessibility violation, nothing refused by the browser, no scrolling sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from content.editions import submitting
from content.models import PageFrame
from reviews import publishing
from tests import cast
from tests.content.translations import spanish as translations

RULES = {"runOnly": "wcag2a wcag2aa wcag2aaa wcag21a wcag21aa wcag22aa best-practice".split()}
ADDRESSES = [
    "/",
    "/articles/pills/",
    "/articles/pills/history/",
    "/articles/gone/",
    "/content-usage/",
    "/no-such-page/",
    "/es/",
    "/es/articles/inmunoterapia-kaposi/",
    "/es/articles/inmunoterapia-kaposi/history/",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@pytest.fixture
def site(live_site):
    """One article that is public, its translation (behind it), one that is no more, and a frame with everything in it."""
    people = cast.cast()
    pills = published_with_markers(people, title="Pills for Kaposi Sarcoma", slug="pills")
    translations.published(people, pills.edition)
    translations.republished(people, pills.article, translations.new_lead)
    gone = cast.published(people, title="Interferon for Kaposi Sarcoma", slug="gone")
    publishing.withdraw(gone, by=people["dora"], reason="outdated", note="A newer page says more.")
    texts = {
        "banner": "Our nurse line is open day and night.",
        "newsletter_heading": "News",
        "newsletter_text": "Twice a month.",
    }
    policy = {
        "rights_line": "These pages are copyrighted.",
        "usage_policy": "<p>Ask us before you reprint.</p>",
    }
    now = timezone.now()
    frame = PageFrame(
        site_name="Example Society",
        **texts,
        **policy,
        proposed_by_name="shipped",
        proposed_at=now,
        approved_at=now,
    )
    cast.entered(frame, "load initial data")
    return live_site


def published_with_markers(people, **given):
    draft = cast.article(people["ann"], **given)
    marker = f'<a href="reference:{draft.citations.get().reference.uid}">※</a>'
    with cast.saving(draft, people["ann"]):
        first = draft.sections.first()
        first.body = f"<p>Medicines, taken as pills.{marker} Swallow them.{marker}</p>"
        first.save()
    edition = cast.signed(submitting.submit(draft, by=people["ann"], change="major"), people)
    return cast.publish(edition, people["dora"])


def violations(page):
    found = Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 15
    return [(rule["id"], node["html"]) for rule in found["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_have_no_accessibility_violations(site, page, scheme) -> None:
    page.emulate_media(color_scheme=scheme)

    found = []
    for address in ADDRESSES:
        page.goto(site + address)
        found += [(address, *violation) for violation in violations(page)]

    assert found == []


def test_public_pages_fit_a_narrow_screen(site, page) -> None:
    page.set_viewport_size(NARROW)

    too_wide = {}
    for address in ADDRESSES:
        page.goto(site + address)
        too_wide[address] = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert too_wide == dict.fromkeys(ADDRESSES, 0)


def test_public_pages_ask_for_nothing_the_browser_refuses(site, page) -> None:
    refused = []
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None,
    )
    page.on("requestfailed", lambda request: refused.append(request.url))

    for address in ADDRESSES:
        page.goto(site + address)

    assert refused == []


def test_keyboard_comes_to_the_text_first(site, page) -> None:
    page.set_viewport_size(WIDE)
    page.goto(f"{site}/articles/pills/")

    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert first == "Skip to the text"
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_a_marker_leads_to_its_reference_and_back(site, page) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{site}/articles/pills/")

    page.get_by_role("link", name="Reference 1").nth(1).click()
    assert page.evaluate("document.querySelector(':target').tagName") == "LI"
    page.get_by_role("link", name="Back to the text, place 2").click()

    assert page.evaluate("document.querySelector(':target').id") == "marker-1-2"


def test_printed_page_is_the_article_alone(site, page) -> None:
    page.goto(f"{site}/articles/pills/")

    page.emulate_media(media="print")

    seen = {
        name: page.locator(name).first.is_visible()
        for name in ("header", "footer", "nav", "article", ".references")
    }
    assert seen == {"header": False, "footer": False, "nav": False, "article": True, ".references": True}
