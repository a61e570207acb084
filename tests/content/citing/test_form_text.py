"""What editors type for names and dates, and how what is stored is shown to them."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.citing import form_text

CASES = json.loads(Path(__file__).with_name("reference_cases.json").read_text())

NAMES = [
    ("Groopman, J E", {"family": "Groopman", "given": "J E"}),
    ("van der Berg, A", {"family": "Berg", "given": "A", "non-dropping-particle": "van der"}),
    ("Smith, J A, Jr", {"family": "Smith", "given": "J A", "suffix": "Jr"}),
    ("La Fontaine, Jean de", {"family": "La Fontaine", "given": "Jean", "dropping-particle": "de"}),
    ("von Braun, W, III", {"family": "Braun", "given": "W", "non-dropping-particle": "von", "suffix": "III"}),
    ("National Cancer Institute", {"literal": "National Cancer Institute"}),
    ("KEYNOTE-001 Investigators", {"literal": "KEYNOTE-001 Investigators"}),
    ('"Health, Education, and Welfare"', {"literal": "Health, Education, and Welfare"}),
    ('""Quoted""', {"literal": '"Quoted"'}),
    ("Plato,", {"family": "Plato"}),
]


@pytest.mark.parametrize(("line", "name"), NAMES)
def test_a_name_is_read_and_written_back_as_it_was_typed(line, name):
    assert form_text.name_read(line) == name
    assert form_text.name_written(name) == line


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Roe, A,", {"family": "Roe", "given": "A"}),
        ("“Merck & Co., Inc.”", {"literal": "Merck & Co., Inc."}),
        ("hooks, bell", {"family": "hooks", "given": "bell"}),
        ("de la, X", {"family": "la", "given": "X", "non-dropping-particle": "de"}),
    ],
)
def test_other_ways_to_type_a_name_are_read(line, name):
    assert form_text.name_read(line) == name


def test_bodies_stand_beside_persons_one_a_line():
    text = "Roe, A\n\n  KEYNOTE   Group \r\nDoe, J, Sr"

    assert form_text.names_read(text) == [
        {"family": "Roe", "given": "A"},
        {"literal": "KEYNOTE Group"},
        {"family": "Doe", "given": "J", "suffix": "Sr"},
    ]


def test_a_line_that_was_not_touched_keeps_its_parts():
    stored = [{"family": "van der Berg", "given": "A"}, {"family": "Roe", "given": "B"}]
    text = form_text.names_written(stored)

    assert form_text.names_read(text, stored) == stored
    assert form_text.names_read(text.replace("Roe, B", "Roe, C"), stored) == [
        stored[0],
        {"family": "Roe", "given": "C"},
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_names_and_dates_of_real_references_come_back_as_they_were(case):
    csl = case["csl"]
    for key in ("author", "editor"):
        assert form_text.names_read(form_text.names_written(csl.get(key, []))) == csl.get(key, [])
    issued = csl.get("issued", {})
    assert form_text.date_read(form_text.date_written(issued.get("date-parts", [[]])[0])) == issued


line_text = st.text(st.characters(categories=("L", "Nd", "P", "Zs")), min_size=1)


@given(line_text)
def test_no_line_is_lost_or_changed_by_being_opened_again(text):
    line = " ".join(text.split())
    if line:
        name = form_text.name_read(line)
        if any(name.values()):
            written = form_text.name_written(name)
            assert form_text.name_read(written) == name


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("", {}),
        ("2025", {"date-parts": [[2025]]}),
        ("2025-10", {"date-parts": [[2025, 10]]}),
        ("2025-10-06", {"date-parts": [[2025, 10, 6]]}),
        ("2025/1/2", {"date-parts": [[2025, 1, 2]]}),
        ("October 6, 2025", {"date-parts": [[2025, 10, 6]]}),
        ("Oct. 2025", {"date-parts": [[2025, 10]]}),
        ("Summer 2020", {"literal": "Summer 2020"}),
        ("Jul-Aug 2013", {"literal": "Jul-Aug 2013"}),
        ("Marginal 2020", {"literal": "Marginal 2020"}),
    ],
)
def test_a_date_is_read_with_the_precision_that_was_typed(text, date):
    assert form_text.date_read(text) == date


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2025-13", "is not a calendar date"),
        ("2025-02-30", "is not a calendar date"),
        ("February 30, 2025", "is not a calendar date"),
        ("soon", "is not a date"),
        ("20251006", "is not a date"),
        ("10/06/2025", "is not a date"),
        ("2025-10-06-01", "is not a date"),
    ],
)
def test_what_is_no_date_is_refused_and_says_how_to_write_one(text, why):
    with pytest.raises(
        ValueError, match=f"^“{re.escape(text)}” {why}. {re.escape(form_text.DATE_IS_WRITTEN)}$"
    ):
        form_text.date_read(text)
