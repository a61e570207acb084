"""The real page that this system is modelled on. It is not part of the project."""

from pathlib import Path

import pytest

from content import prose
from content.importing import placing, reading, source
from content.importing.drug_headings import DrugNames

REAL = Path(__file__).resolve().parents[4] / "shared" / "examples" / "kaposi-immunotherapy.html"
pytestmark = pytest.mark.skipif(not REAL.exists(), reason="The real example page is not part of the project.")
LIBRARY = DrugNames(
    drugs={"pomalidomide": ["pomalidomide"], "lenalidomide": ["lenalidomide"]},
    names_of={"pomalidomide": {"pomalyst"}, "lenalidomide": {"revlimid"}},
    classes=frozenset({"imids"}),
)


@pytest.fixture(scope="module")
def imported():
    html = reading.read(REAL.read_bytes())
    return placing.place(html, drugs=LIBRARY, article_at=lambda href: None)


def test_real_page_is_placed_word_for_word_in_the_order_of_the_file(imported):
    stored = [*imported.title.split(), *prose.words(imported.lead)]
    for section in imported.sections:
        stored += [*section.heading.split(), *prose.words(section.body)]
    stored += imported.reference_headings
    for reference in imported.references:
        stored += reference.kept().split()

    in_file = [note.words for note in source.words(REAL.read_text())]

    assert [*stored, "Last", "Revised:", "December", "5,", "2025"] == in_file
    assert imported.last_revised == "Last Revised: December 5, 2025"


def test_real_page_has_its_sections_levels_and_drugs(imported):
    outline = [(section.level, section.kind, section.drug) for section in imported.sections]

    assert outline == [
        (2, "text", None),
        (3, "drug", "pomalidomide"),
        (3, "drug", "lenalidomide"),
        (2, "text", None),
        (3, "text", None),
        (3, "side-effects", None),
        (2, "see-also", None),
    ]


def test_real_page_has_its_references(imported):
    listed = [line[3:-4] for line in REAL.read_text().splitlines() if " Accessed at " in line]

    assert [reference.kept() for reference in imported.references] == [
        line.replace("<em>", "").replace("</em>", "") for line in listed
    ]
    assert [reference.parsed.accessed for reference in imported.references] == [(2025, 10, 6)] * 4


def test_real_page_leaves_only_its_links_and_its_date_to_look_at(imported):
    assert [note.line for note in imported.notes()] == [39, 41, 42, 48]
