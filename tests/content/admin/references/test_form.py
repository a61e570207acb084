"""The form of a reference: what an editor types is what the library keeps, and nothing changes by being looked at."""

import json
import re
from pathlib import Path

import pytest

from content.admin.references.form import ReferenceForm
from content.admin.references.form_fields import USED_BY, VARIABLES
from content.citing import formatting
from content.models import Reference, ReferenceType, columns_of, csl_of, csl_type
from tests import cast
from tests.content import citing

pytestmark = pytest.mark.django_db

CASES = json.loads(Path(citing.__file__).with_name("reference_cases.json").read_text())
ODD = [
    {"type": "article-journal", "title": "Numbers", "volume": 34, "issue": 2, "page": 5, "PMID": 7},
    {"type": "webpage", "title": "In words", "issued": {"literal": "Summer 2020"}},
    {"type": "chapter", "title": "Digits in quotes", "issued": {"date-parts": [["2020", "1"]]}, "edition": 2},
    {"type": "article-journal", "title": "In press", "status": "in press", "volume": ""},
    {"type": "report", "title": "Report", "author": [{"family": "van der Berg", "given": "A"}, {"literal": "A, B"}]},
    {"type": "book", "title": "More", "ISSN": "0732-183X", "custom": {"a": [1]}, "translator": [{"family": "Roe"}]},
    {"type": "pamphlet", "title": "Label", "genre": "package insert", "title-short": "L"},
]  # fmt: skip
ADD = "/admin/content/reference/add/"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def lib(people, client):
    client.force_login(people["lib"])
    return client


def page_of(reference):
    return f"/admin/content/reference/{reference.pk}/change/"


def filled(form):
    """What a browser would send of an untouched form."""
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def opened(client, address):
    return filled(client.get(address).context["adminform"].form)


def typed(client, reference=None, **given):
    """Fill in and save; gives what the form complains of, by field."""
    stored = Reference.objects.get(pk=reference.pk) if reference else None
    untouched = filled(ReferenceForm(instance=stored))
    answer = client.post(page_of(reference) if reference else ADD, {**untouched, **given})
    return complaints(answer)


def complaints(answer):
    return answer.context["adminform"].form.errors if answer.status_code == 200 else {}


def columns(reference):
    return Reference.objects.filter(pk=reference.pk).values().get()


@pytest.mark.parametrize("csl", [case["csl"] for case in CASES] + ODD, ids=lambda csl: csl["title"][:20])
def test_opening_and_saving_a_reference_changes_nothing(people, lib, csl):
    reference = Reference(**columns_of(csl))
    reference.save()
    before, trail = columns(reference), reference.history.count()

    assert complaints(lib.post(page_of(reference), opened(lib, page_of(reference)))) == {}

    assert columns(reference) == before
    assert reference.history.count() == trail


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_what_is_typed_anew_prints_as_the_house_style_asks(lib, case):
    csl = case["csl"]
    kind = columns_of(csl)["type"]
    given = filled(ReferenceForm(instance=Reference(**columns_of(csl))))

    assert typed(lib, **given) == {}

    reference = Reference.objects.get()
    assert "October 6, 2025".join(formatting.formatted(csl_of(reference))) == case["expect"]
    assert reference.type == kind


VALUES = {
    "container_title": "Container", "container_title_short": "Cont", "volume": "771", "issue": "772", "page": "773",
    "status": "advance-online-publication", "version": "774", "chapter_number": "775", "edition": "6",
    "publisher_place": "Place", "publisher": "Publisher", "genre": "Genre",
}  # fmt: skip


@pytest.mark.parametrize("field", VALUES)
def test_a_field_is_offered_to_the_types_that_print_it(field):
    variable = VARIABLES.get(field, field.replace("_", "-"))
    assert USED_BY[field] != ()

    for kind in ReferenceType:
        item = {
            "type": csl_type(kind),
            "title": "Title",
            "author": [{"family": "Roe"}],
            "issued": {"date-parts": [[2020]]},
        }
        is_printed = formatting.formatted(item) != formatting.formatted({**item, variable: VALUES[field]})
        assert is_printed == (kind in USED_BY[field]), kind


def test_authors_and_editors_are_typed_one_a_line(lib):
    errors = typed(
        lib,
        type="chapter",
        title="Melanoma",
        authors="van der Berg, A\nKEYNOTE Group\nSmith, J A, Jr",
        editors='"Merck & Co., Inc."',
    )

    reference = Reference.objects.get()
    assert errors == {}
    assert reference.author == [
        {"family": "Berg", "given": "A", "non-dropping-particle": "van der"},
        {"literal": "KEYNOTE Group"},
        {"family": "Smith", "given": "J A", "suffix": "Jr"},
    ]
    assert reference.more == {"editor": [{"literal": "Merck & Co., Inc."}]}


def test_a_changed_field_changes_that_alone(people, lib):
    csl = {
        **ODD[0],
        "custom": {"a": 1},
        "status": "in press",
        "author": [{"family": "de Vries", "given": "B"}],
    }
    reference = Reference(**columns_of(csl))
    reference.save()

    assert typed(lib, reference, volume="35", authors="de Vries, B\nRoe, A") == {}

    reference.refresh_from_db()
    assert reference.more == {"volume": "35", "issue": 2, "page": 5, "custom": {"a": 1}, "status": "in press"}
    assert reference.author == [{"family": "de Vries", "given": "B"}, {"family": "Roe", "given": "A"}]


def test_an_emptied_field_is_gone(people, lib):
    reference = Reference(
        **columns_of({**ODD[0], "editor": [{"family": "Roe"}], "issued": {"literal": "Summer 2020"}})
    )
    reference.save()

    assert typed(lib, reference, volume="", editors="", issued_on="2020-02") == {}

    reference.refresh_from_db()
    assert (reference.more, reference.issued) == ({"issue": 2, "page": 5}, [2020, 2])


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("title", "", "This field is required."),
        ("issued_on", "2025-13", "“2025-13” is not a calendar date."),
        ("authors", ",", "“author 1” has neither a “family” name nor a “literal” one for an organisation."),
        ("authors", "Roe\x01, A", "“author 1 family” contains a character that cannot be shown."),
        ("editors", "Roe, A\n,", "“editor 2” has neither a “family” name"),
        ("volume", "3\x01", "“volume” contains a character that cannot be shown."),
        ("url", "see there", "The web address “see there” contains a blank"),
        ("doi", "11.1/x", "“11.1/x” is not a DOI."),
        ("pmid", "PMC7", "“PMC7” is not a PubMed number."),
        ("isbn", "123", "“123” is not an ISBN: a digit is wrong or missing."),
        ("further", "[1]", "Write it as {…}"),
        ("further", "{", "Enter a valid JSON."),
        ("further", '{"volume": "3"}', "“volume” has a field of its own. Enter it there."),
        ("further", '{"shoe-size": "3"}', "“shoe-size” is not a field of a reference here."),
        ("further", '{"ISSN": 3}', "“ISSN” must be text."),
        ("retracted_on", "2025-01-02", None),
    ],
)
def test_each_complaint_stands_at_its_field(lib, field, text, words):
    errors = typed(lib, **{"title": "Tumors", field: text})

    if words is None:
        assert list(errors) == ["retraction"]
    else:
        assert list(errors) == [field]
        assert errors[field][0].startswith(words)
    assert not Reference.objects.exists()


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"retraction": "retracted"}, ["retracted_on", "retraction_source"]),
        ({"retraction": "retracted", "retracted_on": "2020-01-02"}, ["retraction_source"]),
        ({"retraction_source": "https://example.org"}, ["retraction"]),
        (
            {
                "retraction": "retracted",
                "retracted_on": "2999-01-02",
                "retraction_source": "https://example.org",
            },
            ["retracted_on"],
        ),
    ],
)
def test_a_retraction_has_a_past_day_and_a_source(lib, given, fields):
    assert list(typed(lib, title="Tumors", **given)) == fields


def test_a_retraction_is_kept(lib):
    said = {
        "retraction": "retracted",
        "retracted_on": "2020-01-02",
        "retraction_source": "https://example.org",
    }

    assert typed(lib, title="Tumors", **said) == {}
    assert Reference.objects.get().retraction == "retracted"


def test_what_supersedes_a_reference_neither_leads_back_to_it_nor_is_an_alias(people, lib):
    one, two, three, alias = (cast.reference(people["ann"], title=name, url="") for name in "ABCD")
    assert typed(lib, one, superseded_by=two.pk) == {}
    assert typed(lib, two, superseded_by=three.pk) == {}
    alias.merged_into = three
    alias.save()

    for newer in (one, two, three, alias):
        assert list(typed(lib, three, superseded_by=newer.pk)) == ["superseded_by"]


# Works that the library has already.

PAPER = {
    "type": "article-journal",
    "title": "Pomalidomide for symptomatic Kaposi sarcoma in adults",
    "authors": "Polizzotto, M N",
    "issued_on": "2016",
}


def test_a_work_that_the_library_has_is_stored_only_when_somebody_says_it_is_another(people, lib):
    first = cast.reference(people["ann"], url="https://example.org/a")
    given = {"title": first.title, "url": "http://example.org", "authors": "", "issued_on": "2025"}

    answer = lib.post(ADD, {**filled(ReferenceForm()), **given})

    form = answer.context["adminform"].form
    assert [(match.reference, match.words) for match in form.alike] == [
        (first, "nearly the same title and year")
    ]
    assert Reference.objects.count() == 1
    assert re.findall(r'name="anyway" value="(\d+)"', answer.content.decode()) == [str(first.pk)]
    assert typed(lib, **given, anyway=first.pk) == {}
    assert Reference.objects.count() == 2


def test_saying_so_of_one_work_does_not_cover_another_that_came_meanwhile(people, lib):
    typed(lib, **PAPER)
    [first] = Reference.objects.all()
    typed(lib, **PAPER, anyway=first.pk)

    assert "__all__" in typed(lib, **PAPER, anyway=first.pk)
    assert Reference.objects.count() == 2


def test_a_change_asks_only_of_works_that_it_brings_about(people, lib):
    typed(lib, **PAPER)
    [first] = Reference.objects.all()
    typed(lib, **PAPER, anyway=first.pk)
    second = Reference.objects.exclude(pk=first.pk).get()
    other = cast.reference(people["ann"], title="Something else", url="")

    assert typed(lib, second, title=PAPER["title"] + ".") == {}
    assert typed(lib, second, publisher="Elsevier") == {}
    assert "__all__" in typed(lib, second, title=other.title, authors="", issued_on="2025")
    assert "__all__" in typed(lib, other, doi="10.1000/x", **PAPER)


# How it will be printed.

PREVIEW = "/admin/content/reference/preview/?panel"


def test_the_preview_prints_what_is_in_the_form_in_both_languages_and_stores_nothing(people, lib):
    first = cast.reference(people["ann"], url="https://example.org/a")
    given = {
        **filled(ReferenceForm()), "type": "report", "title": first.title, "version": "2.2026", "url": "EXAMPLE.org/a/",
        "doi": "doi:10.1000/X",
    }  # fmt: skip

    answer = lib.post(PREVIEW, given)

    text = " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())
    assert text == (
        "Kaposi sarcoma: how it is treated. Version 2.2026. Accessed at EXAMPLE.org/a/ on [access date] . "
        "In Spanish Kaposi sarcoma: how it is treated. Versión 2.2026. Consultado en EXAMPLE.org/a/ el [fecha de consulta] . "
        "Recognised as DOI: 10.1000/x (opens a new tab) Address: https://example.org/a (opens a new tab) "
        "Is this already in the library? Kaposi sarcoma: how it is treated (opens a new tab) : the same address."
    )
    assert Reference.objects.count() == 1


def test_the_preview_of_a_stored_reference_shows_the_form_not_the_row(people, lib):
    reference = cast.reference(people["ann"])
    address = f"/admin/content/reference/{reference.pk}/preview/"

    answer = lib.post(address, {**filled(ReferenceForm(instance=reference)), "title": "Another <b>title</b>"})

    assert "Another &lt;b&gt;title&lt;/b&gt;. 2025." in answer.content.decode()
    assert "Nothing was saved" in answer.content.decode()
    reference.refresh_from_db()
    assert reference.title == "Kaposi sarcoma: how it is treated"


@pytest.mark.parametrize("given", [{}, {"title": ""}, {"title": "x", "issued_on": "soon"}, {"further": "{"}])
def test_the_preview_takes_a_form_that_is_not_finished(lib, given):
    answer = lib.post(PREVIEW, given)

    assert answer.status_code == 200
    assert "cannot be understood yet" in answer.content.decode()


def test_the_preview_is_for_those_who_may_fill_in_the_form(people, client):
    reference = cast.reference(people["ann"])
    own = f"/admin/content/reference/{reference.pk}/preview/"

    for name in ("eve", "gus", "bob"):
        client.force_login(people[name])
        assert {client.post(address, {}).status_code for address in (PREVIEW, own)} == {403}
    client.force_login(people["lib"])
    assert {client.get(address).status_code for address in (PREVIEW, own)} == {405}


def test_whoever_may_only_look_sees_all_that_is_known(people, client):
    reference = Reference(**columns_of(CASES[6]["csl"]))
    reference.retraction, reference.retracted_on, reference.retraction_source = (
        "retracted",
        "2020-01-02",
        "there",
    )
    reference.save()
    client.force_login(people["gus"])

    page = client.get(page_of(reference)).content.decode()

    said = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert said["Editors"].startswith("Niederhuber, J E; Armitage, J O")
    assert (said["Chapter number"], said["Standing"]) == ("66", "retracted on January 2, 2020")
    assert "Chapter 66: Melanoma. In: Niederhuber JE" in page
    assert 'name="title"' not in page
