"""The page that brings references in: what it shows before anything is stored, and what it then stores."""

import json
import re
from html import unescape

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from content.admin.references import importing
from content.citing.formats import reading
from content.models import Reference
from evidence.models import LedgerEvent, Refusal
from tests import cast
from tests.content.citing.formats import test_reading, test_ris

pytestmark = pytest.mark.django_db

PAGE = "/admin/content/reference/import/"
LINES = """\
Roe A. Rare tumors. LiverBase. 2024. Accessed at https://liver.example/rare on May 1, 2025.
Roe A. <script>alert(1)</script> & <5%. 2023. Accessed at https://liver.example/xss on May 1, 2025.
Example Cancer Institute. Kaposi sarcoma: how it is treated. 2025. Accessed at https://example.org/kaposi on May 1, 2025.
Roe A. Rare tumors, again. 2024. Accessed at https://liver.example/rare on May 1, 2025.
10.1000/xyz
"""


@pytest.fixture
def ann(client):
    person = cast.person("ann", "Editors")
    client.force_login(person)
    return person


def rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def pasted(client, text):
    return client.post(PAGE, {"pasted": text})


def uploaded(client, name, data):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def add(client, page, chosen):
    """Press the button of the page that was shown, with these ticked."""
    hidden = {
        name: unescape(re.search(f'name="{name}" value="([^"]*)"', page.content.decode())[1])
        for name in ("file_name", "entries")
    }
    return client.post(PAGE, {**hidden, "chosen": chosen})


def test_the_page_shows_what_each_entry_would_be_and_stores_nothing(ann, client):
    there = cast.reference(ann)
    before = rows()

    page = pasted(client, LINES)

    assert (page.status_code, rows()) == (200, before)
    assert [(each["entry"].number, each["number"]) for each in page.context["new"]] == [(1, 1), (2, 2)]
    assert [(each["already"], each["same_as"]) for each in page.context["again"]] == [(there, 0), (None, 1)]
    assert [(fault.code, fault.entry) for fault in page.context["faults"]] == [("identifier-alone", 5)]
    assert "<script>alert" not in page.content.decode()


def test_the_page_adds_only_what_was_ticked(ann, client):
    shown = pasted(client, LINES)

    answer = add(client, shown, ["2"])

    assert (answer.status_code, answer["Location"]) == (302, "/admin/content/reference/")
    row = Reference.objects.get()
    assert row.title == "<script>alert(1)</script> & <5%"
    assert (row.history.get().history_user, row.history.get().history_change_reason) == (
        ann,
        "Imported from the pasted text",
    )
    assert LedgerEvent.objects.order_by("-number")[0].facts == {"file": "the pasted text", "new": 1}


def test_the_page_tells_what_was_added_meanwhile(ann, client):
    shown = pasted(client, LINES)
    add(client, shown, ["1"])

    answer = client.post(PAGE, {}, follow=True) and add(client, shown, ["1", "2"])

    said = [str(message) for message in client.get(answer["Location"]).context["messages"]]
    assert said[-2:] == [
        "1 reference added to the library.",
        "1 were already in the library by then and were not added again.",
    ]
    assert Reference.objects.count() == 2


@pytest.mark.parametrize("chosen", [[], ["7"], ["x"]])
def test_the_page_asks_for_at_least_one(ann, client, chosen):
    answer = add(client, pasted(client, LINES), chosen)

    assert [str(message) for message in answer.context["messages"]] == [
        "Nothing was added: select at least one reference."
    ]
    assert Reference.objects.count() == 0


@pytest.mark.parametrize("entries", ["", "[", '[{"type": "book"}]', "\ud800", "[" * 5000])
def test_the_page_stores_nothing_of_what_it_did_not_show(ann, client, entries):
    before = rows()

    answer = client.post(PAGE, {"entries": entries.encode(errors="replace").decode(), "chosen": ["1"]})

    assert (answer.status_code, rows()) == (422, before)


@pytest.mark.parametrize(("name", "data", "faults"), test_reading.BAD.values(), ids=test_reading.BAD)
def test_the_page_refuses_a_bad_file_and_stores_nothing(ann, client, name, data, faults):
    before = rows()

    answer = uploaded(client, name, data or b" ")

    assert rows() == before
    assert [(fault.code, fault.entry, fault.line) for fault in answer.context["faults"]] == sorted(
        faults, key=lambda f: f[1:]
    )
    assert answer.status_code == (200 if answer.context["new"] else 422)


def test_the_page_says_which_line_of_which_entry(ann, client):
    page = uploaded(client, "a.ris", test_ris.ARTICLE.encode() + b"TY  - JOUR\nER  - \n").content.decode()

    assert "<strong>Entry 2, line 31:</strong> “title” is missing: enter the title of the source." in page
    assert "1 entry cannot be imported as it is" in page


@pytest.mark.parametrize(
    "given", [{}, {"pasted": "  "}, {"pasted": LINES, "file": SimpleUploadedFile("a.ris", b"x")}]
)
def test_the_page_asks_for_a_file_or_a_paste(ann, client, given):
    answer = client.post(PAGE, given)

    assert answer.status_code == 422
    assert "Either choose a file or paste references, not both." in answer.content.decode()


def test_the_page_reads_nothing_of_a_file_that_is_too_large(ann, client, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 10)
    monkeypatch.setattr(reading, "read", lambda *args, **kwargs: pytest.fail("It was read."))

    answer = uploaded(client, "a.ris", test_ris.ARTICLE.encode())

    assert [fault.code for fault in answer.context["faults"]] == ["too-large"]


def test_the_page_takes_no_more_than_can_be_looked_through(ann, client, monkeypatch):
    monkeypatch.setattr(importing, "MOST_ON_A_PAGE", 2)

    answer = pasted(client, LINES)

    assert answer.context["faults"][0].code == "too-much"
    assert (answer.context["new"], answer.context["again"], answer.status_code) == ([], [], 422)


def test_five_hundred_on_a_page_fit_into_what_is_posted_back(ann, client, settings):
    authors = [{"family": f"Family{number}", "given": "Given Name"} for number in range(20)]
    items = [
        {
            "type": "article-journal",
            "title": f"{number} {'word ' * 30}",
            "author": authors,
            "DOI": f"10.1000/{number}",
        }
        for number in range(importing.MOST_ON_A_PAGE)
    ]

    shown = uploaded(client, "a.json", json.dumps(items).encode())
    answer = add(client, shown, [str(number) for number in range(1, 501)])

    assert answer.status_code == 302
    assert Reference.objects.count() == 500
    assert importing.LONGEST_PAGE < settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@pytest.mark.parametrize(
    ("who", "groups"), [("eve", ()), ("gus", ("Auditors",)), ("bob", ("Medical reviewers",))]
)
def test_the_page_is_for_those_who_may_add_references(client, who, groups):
    client.force_login(cast.person(who, *groups))

    for answer in (
        client.get(PAGE),
        pasted(client, LINES),
        client.post(PAGE, {"entries": "[]", "chosen": ["1"]}),
    ):
        assert answer.status_code == 403
    assert Reference.objects.count() == 0


def test_somebody_whose_right_was_taken_meanwhile_adds_nothing(ann, client, monkeypatch):
    shown = pasted(client, LINES)
    monkeypatch.setattr("accounts.permissions.may", lambda person, right: False)

    answer = add(client, shown, ["1"])

    assert (answer.status_code, Reference.objects.count()) == (403, 0)
    assert Refusal.objects.get().verb == "import references"


def test_the_list_of_references_leads_to_the_page(ann, client):
    assert f'href="{PAGE}"' in client.get("/admin/content/reference/").content.decode()


def test_the_list_leads_nobody_there_who_may_only_look(client):
    client.force_login(cast.person("gus", "Auditors"))

    assert f'href="{PAGE}"' not in client.get("/admin/content/reference/").content.decode()
