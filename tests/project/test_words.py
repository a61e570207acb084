"""What staff read: Django's own words in ours, every time with its zone, and no heading that needs explaining."""

import re
from datetime import UTC, datetime
from pathlib import Path

import django
import lxml.html
import polib
import pytest
import time_machine

from content.drafts import revisions
from content.models import AccessPolicy
from tests import cast

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES_OF_DJANGO = (
    Path(django.__file__).parent / "contrib" / "admin" / "locale" / "en" / "LC_MESSAGES" / "django.po",
    Path(django.__file__).parent / "conf" / "locale" / "en" / "LC_MESSAGES" / "django.po",
)
HOURS = re.compile(r'date:"([^"]*(?:[gGhHP]|DATETIME)[^"]*)"')
TIME = re.compile(
    r"[A-Z][a-z]+ \d+, \d{4}, \d+:[\d:]+[^<.]*[ap]\.m\.(?: E[DS]T)?|\d+:\d\d[:\d]* [AP]M|\d\d:\d\d"
)
STRFTIME = re.compile(r"%-?[YHI]")


@pytest.fixture
def people(db):
    return cast.cast()


def test_every_english_word_of_ours_takes_the_place_of_one_of_django():
    ours = {entry.msgid for entry in polib.pofile(ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po")}

    theirs = {entry.msgid for path in CATALOGUES_OF_DJANGO for entry in polib.pofile(path)}

    assert ours - theirs == set()


def test_every_time_in_a_template_has_its_zone():
    bare = [
        (path.name, found)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for found in HOURS.findall(path.read_text())
        if found != "DATETIME_FORMAT" and not found.endswith(" T")
    ]

    assert bare == []


def test_days_and_times_are_written_by_the_functions_that_know_the_zone():
    # Python's own way of writing a time takes the zone that the row came with, which is not that of the house.
    written = {
        path.relative_to(ROOT).as_posix()
        for room in ("accounts", "cms", "content", "evidence", "reviews")
        for path in (ROOT / room).rglob("*.py")
        if STRFTIME.search(path.read_text())
    }

    # A date as a browser's field wants it, and the number of a mail.
    assert written == {"content/admin/references/reference_admin.py", "content/outbox.py"}


@time_machine.travel(datetime(2026, 3, 2, 1, 5, 7, tzinfo=UTC), tick=False)
def test_the_pages_of_a_revision_and_of_the_audit_trail_say_the_zone_of_their_times(client, people):
    article = cast.written(people["ann"], slug="another-address")
    client.force_login(people["ann"])
    version = revisions.versions(article)[0].pk
    history, audit = (f"/admin/content/article/{article.pk}/{name}/" for name in ("history", "audit"))
    pages = {
        "revisions": history,
        "revision": f"{history}{version}/",
        "comparison": f"{history}compare/?one={version}&other=draft",
        "restoring": f"{history}{version}/restore/",
        "audit trail": audit,
        "its row": f"{audit}{article.history.last().pk}/",
    }

    said = {name: set(TIME.findall(client.get(page).content.decode())) for name, page in pages.items()}

    of_a_revision, of_a_row = {"March 1, 2026, 8:05:07 p.m. EST"}, {"March 1, 2026, 8:05 p.m. EST"}
    assert said == {
        "revisions": of_a_revision,
        "revision": of_a_revision,
        "comparison": of_a_revision,
        "restoring": of_a_revision,
        "audit trail": of_a_row,
        "its row": of_a_row,
    }


def test_the_audit_trail_says_what_a_value_means(client, people):
    article = cast.written(people["ann"], slug="another-address")
    article.retired_at, article.type = datetime(2026, 3, 2, 1, 5, tzinfo=UTC), "side-effects"
    article.save()
    policy = AccessPolicy.objects.get(type="book")
    policy.exempt, policy.follow_up_after_days = not policy.exempt, 0
    policy.save()
    client.force_login(people["gus"])

    def said(row, path):
        page = client.get(f"/admin/content/{row._meta.model_name}/{row.pk}/audit/{row.history.latest().pk}/")
        found = lxml.html.fromstring(page.content.decode()).xpath(path)
        return [" ".join(each.text_content().split()) for each in found]

    changes, facts = "//ul[@class='changes']/li", "//dl[@class='facts']/div"
    assert said(article, changes) == ["Type: from treatment → to side effects"]
    assert {"Typeside effects", "Retired atMarch 1, 2026, 8:05 p.m. EST"} < set(said(article, facts))
    assert said(policy, changes) == [
        "Exempt: from yes → to no",
        "Follow-up after (days): from empty → to 0",
    ]


def test_a_list_says_what_it_holds_what_its_search_finds_and_the_zone_of_its_times(client, people):
    cast.reference(people["ann"])
    client.force_login(people["gus"])

    references = lxml.html.fromstring(client.get("/admin/content/reference/").content)
    events = lxml.html.fromstring(client.get("/admin/evidence/ledgerevent/").content)

    times = [cell.text_content() for cell in events.xpath("//td[contains(@class, 'field-recorded_at')]")]
    assert [heading.text_content() for heading in references.xpath("//h1")] == ["References"]
    assert references.xpath("//label[@for='searchbar']")[0].text_content() == "Search the references"
    assert [time for time in times if not re.search(r"[ap]\.m\. E[DS]T$", time)] == []
    assert times != []


def test_the_ledger_says_who_did_what_and_shows_no_data(client, people):
    edition = cast.submitted(people["ann"])
    client.force_login(people["gus"])

    events = lxml.html.fromstring(client.get("/admin/evidence/ledgerevent/?verb=submit").content)

    headings = [" ".join(each.text_content().split()) for each in events.xpath("//thead//th")]
    cells = [each.text_content() for each in events.xpath("//td[contains(@class, 'field-facts_in_words')]")]
    assert headings == ["Number", "Recorded at", "Verb", "Who", "What"]
    assert cells == [f"edition: {edition.number}; change: major"]


def test_a_save_says_what_was_saved(client, people):
    client.force_login(people["lib"])

    answer = client.post("/admin/content/condition/add/", {"name": "Melanoma", "_continue": "1"}, follow=True)

    assert [re.sub(r"<[^>]*>", "", str(message)) for message in answer.context["messages"]] == [
        "“Melanoma” is saved as a new condition. You can go on editing it below."
    ]
