import pytest

from content.citing.formats import csl_json
from content.library import import_candidates, lookups, prefill
from content.models import Reference
from tests import cast

pytestmark = pytest.mark.django_db

LINE = "Roe A. Rare tumors. LiverBase. 2024. Accessed at https://liver.example/rare on May 1, 2025."
OFF = "Looking up {} is switched off on this site. Fill in the other fields yourself."


@pytest.mark.parametrize(
    ("text", "columns", "notes"),
    [
        ("www.liver.example/rare", {"type": "webpage", "url": "www.liver.example/rare"}, []),
        ("978-0-323-47674-4", {"type": "book", "isbn": "978-0-323-47674-4"}, []),
        (
            "https://doi.org/10.1000/XYZ",
            {"type": "article-journal", "doi": "10.1000/XYZ"},
            [OFF.format("a DOI")],
        ),
        ("PMID: 27863194", {"type": "article-journal", "pmid": "27863194"}, [OFF.format("a PubMed number")]),
        (
            LINE,
            {
                "type": "webpage",
                "author": [{"family": "Roe", "given": "A"}],
                "title": "Rare tumors",
                "container_title": "LiverBase",
                "issued": [2024],
                "url": "https://liver.example/rare",
            },
            [],
        ),
    ],
)
def test_filled_knows_what_was_typed(text, columns, notes):
    found = prefill.filled(text)

    shown = "type author title container_title issued url doi pmid isbn".split()
    assert {name: value for name in shown if (value := getattr(found.row, name))} == columns
    assert (found.notes, found.already) == (notes, None)
    assert Reference.objects.count() == 0


def test_filled_passes_doubts_on():
    found = prefill.filled("Roe A. One. Two. Three. 2024.")

    assert found.notes == [
        "Where the title ends could not be told: all that follows the author is in the title.",
        "There is no “Accessed at” with a web address.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "https://EXAMPLE.org/kaposi/",
        "Roe A. Kaposi sarcoma. LiverBase. 2024. Accessed at https://example.org/kaposi on May 1, 2025.",
    ],
)
def test_filled_finds_the_work_that_the_library_has(text):
    there = cast.reference(cast.person("ann", "Editors"))

    assert prefill.filled(text).already == there


def test_filled_finds_by_doi_without_asking_anybody():
    cast.reference(cast.person("ann", "Editors"))
    there = Reference.objects.get()
    there.doi = "10.1000/XYZ"
    there.save()

    assert prefill.filled("doi:10.1000/xyz").already == there


def test_filled_asks_about_a_work_that_is_only_alike():
    ann = cast.person("ann", "Editors")
    there = cast.reference(ann, title="Treating rare tumours of the liver", url="https://other.example/page")
    there.author, there.issued = [{"family": "Roe", "given": "A"}], [2024]
    with cast.as_person(ann):
        there.save()

    found = prefill.filled(LINE.replace("Rare tumors", "Treating rare tumors of the liver"))

    assert found.already is None
    assert found.notes == [
        f"The library has “{import_candidates.printed(there)}”, with nearly the same title and year. Is it the same work?"
    ]


def test_filled_with_what_was_looked_up(monkeypatch):
    item = {"type": "article-journal", "title": "T", "volume": "3", "DOI": "10.1000/xyz"}
    monkeypatch.setattr(lookups, "look_up", lambda kind, number: csl_json.entry(item, 1, 1))

    found = prefill.filled("10.1000/xyz")

    assert (found.row.title, found.row.more) == ("T", {"volume": "3"})
