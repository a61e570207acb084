"""The table of access checks once more, in a browser: the words that people read, and the link that they follow to fix it."""

import pytest
from playwright.sync_api import expect

from content.models import AccessCheck
from tests import cast
from tests.content.checks.test_access_table import CASES, handed_in, said

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@every_case
def test_the_browser_shows_the_words_and_leads_to_where_one_press_mends_it(at, people_there, case):
    edition = cast.signed(handed_in(case, people_there), people_there)
    publisher = at("dora", f"/admin/editions/{edition.pk}/publish/")
    button = publisher.get_by_role("button", name="Publish edition")

    if not case.code:
        expect(publisher.locator(".findings li", has_text="Reference 1")).to_have_count(0)
        expect(button).to_be_visible()
        return
    words = said(case, edition)
    expect(publisher.locator(".findings li", has_text=words)).to_have_count(1)
    expect(button).to_have_count(1 if case.is_follow_up else 0)
    editor = at("edi", f"/admin/editions/{edition.pk}/")
    with editor.expect_navigation() as opened:
        editor.locator(".findings li", has_text=words).get_by_role("link").first.click()
    assert (opened.value.status, editor.url.partition("#")[2]) == (200, "citations-0")
    with editor.expect_navigation():
        editor.locator("#citations-0").get_by_role("button", name="I opened it today").click()
    check = AccessCheck.objects.latest("pk")
    assert (check.opened_by, check.found) == (people_there["edi"], "unchanged")
    expect(editor.locator("[data-readiness]")).to_contain_text("Nothing to fix")
    assert [*publisher.complaints, *editor.complaints] == []
