import pytest

from content.citing import formatting
from content.citing.formats import reading

LINE = "Roe A. Rare tumors. 2024. Accessed at https://liver.example on May 1, 2025."


def read(text):
    return reading.read(text.encode(), wanted="lines")


def test_house_lines_reads_one_a_line_and_gives_them_back():
    found = read(f"{LINE}\n\n  {LINE.replace('2024', '2023')}\n").entries

    assert [(each.number, each.line) for each in found] == [(1, 1), (2, 3)]
    assert ["May 1, 2025".join(formatting.formatted(each.csl)) for each in found] == [
        LINE,
        LINE.replace("2024", "2023"),
    ]
    assert found[0].csl["accessed"] == {"date-parts": [[2025, 5, 1]]}
    assert found[0].unsure == []


@pytest.mark.parametrize("count", ["1. ", "12) ", "[3] ", "• ", "– "])
def test_house_lines_passes_over_how_a_list_counts(count):
    assert read(count + LINE).entries[0].csl == read(LINE).entries[0].csl


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("10.1200/JCO.2016.69.3812", "a DOI"),
        ("https://doi.org/10.1200/JCO.2016.69.3812", "a DOI"),
        ("PMID: 27863194", "a PubMed number"),
        ("www.nccn.org", "a web address"),
    ],
)
def test_house_lines_refuses_an_identifier_alone(line, what):
    found = read(f"{LINE}\n{line}")

    assert [(fault.code, fault.entry, fault.line) for fault in found.faults] == [("identifier-alone", 2, 2)]
    assert found.faults[0].words.startswith(f"“{line}” is {what} and nothing more.")
    assert len(found.entries) == 1
