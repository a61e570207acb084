"""What staff read: Django's own words in ours, every time with its zone, and no heading that needs explaining."""

import re
from pathlib import Path

import django
import lxml.html
import polib
import pytest

from tests import cast

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES_OF_DJANGO = (
    Path(django.__file__).parent / "contrib" / "admin" / "locale" / "en" / "LC_MESSAGES" / "django.po",
    Path(django.__file__).parent / "conf" / "locale" / "en" / "LC_MESSAGES" / "django.po",
)
HOURS = re.compile(r'date:"([^"]*(?:[gGhHP]|DATETIME)[^"]*)"')


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
