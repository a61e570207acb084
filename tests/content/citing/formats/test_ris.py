"""Our RIS, and that of reference managers; rispy, which shares no code with ours, reads what we write."""

import json
from pathlib import Path

import pytest
import rispy

from content.citing.formats import reading, ris

CASES = json.loads((Path(__file__).parent.parent / "style_cases.json").read_text())
ARTICLE = """\
TY  - JOUR
AU  - Polizzotto, Mark N.
A1  - King, Martin L., Jr.
AU  - KEYNOTE-024 Investigators
AU  - Department of Health,, Labour and Welfare
AU  - Group A,
AU  - Groopman JE
TI  - Pomalidomide for symptomatic
      Kaposi's sarcoma: A phase I/II study
T2  - Journal of Clinical Oncology
J2  - J Clin Oncol
VL  - 34
IS  - 34
SP  - 4125
EP  - 4131
PY  - 2016
DA  - 2016/12/01/
DO  - https://doi.org/10.1200/JCO.2016.69.3812
UR  - https://dx.doi.org/10.1200/jco.2016.69.3812
AN  - 27863194
DB  - MEDLINE
C2  - PMC5791845
SN  - 0732-183X
LA  - en
M3  - Clinical Trial
Y2  - 2025/10/06/
AB  - Nobody needs this here.
KW  - one
KW  - two
ER  -\x20
"""


def entries(text):
    read = reading.read(text.encode(), name="library.ris")
    assert read.faults == []
    return read.entries


def entry(*lines):
    return entries("\n".join(["TY  - JOUR", "TI  - T", *lines, "ER  - "]))[0]


def csl(*lines):
    found = entry(*lines).csl
    assert (found.pop("type"), found.pop("title")) == ("article-journal", "T")
    return found


def test_ris_puts_each_tag_where_it_belongs():
    found = entries(ARTICLE)[0]

    assert found.csl == {
        "type": "article-journal",
        "title": "Pomalidomide for symptomatic Kaposi's sarcoma: A phase I/II study",
        "author": [
            {"family": "Polizzotto", "given": "Mark N."},
            {"family": "King", "given": "Martin L.", "suffix": "Jr."},
            {"literal": "KEYNOTE-024 Investigators"},
            {"literal": "Department of Health, Labour and Welfare"},
            {"literal": "Group A"},
            {"family": "Groopman", "given": "J E"},
        ],
        "container-title": "Journal of Clinical Oncology",
        "container-title-short": "J Clin Oncol",
        "volume": "34",
        "issue": "34",
        "page": "4125-4131",
        "issued": {"date-parts": [[2016, 12, 1]]},
        "accessed": {"date-parts": [[2025, 10, 6]]},
        "DOI": "10.1200/JCO.2016.69.3812",
        "PMID": "27863194",
        "PMCID": "PMC5791845",
        "ISSN": "0732-183X",
        "language": "en",
        "genre": "Clinical Trial",
    }
    assert found.unsure == []
    assert found.left_out == ["abstract (AB)", "keywords (KW)"]


def test_ris_knows_the_number_and_line_of_each_entry():
    found = entries(f"Provider: Example\n\n{ARTICLE}\n2.\n{ARTICLE}")

    assert [(each.number, each.line) for each in found] == [(1, 3), (2, 5 + ARTICLE.count("\n"))]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_ris_takes_the_line_ends_of_every_system(ending):
    text = ARTICLE.replace("\n", ending)

    assert [each.csl for each in entries(text)] == [each.csl for each in entries(ARTICLE)]
    assert reading.read(b"\xef\xbb\xbf" + text.encode()).entries == entries(text)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["M3  - 10.1000/xyz"], {"DOI": "10.1000/xyz"}),
        (["M3  - 10.1000/xyz", "DO  - 10.1000/abc"], {"genre": "10.1000/xyz", "DOI": "10.1000/abc"}),
        (["JA  - J Rare Tumor"], {"container-title": "J Rare Tumor"}),
        (["JO  - Rare", "JF  - Rare Tumors", "JA  - R T"], {"container-title": "Rare Tumors", "container-title-short": "R T"}),
        (["SP  - e12"], {"page": "e12"}),
        (["SP  - 12", "EP  - 12"], {"page": "12"}),
        (["C7  - e12345"], {"page": "e12345"}),
        (["SN  - 0323476740 9780323476744 (hardback)"], {"ISBN": "0323476740"}),
        (["SN  - 978-0-323-47674-4", "SN  - 0732-183X"], {"ISBN": "978-0-323-47674-4", "ISSN": "0732-183X"}),
        (["ET  - 6"], {"edition": "6"}),
        (["ET  - Version 2.2026", "ET  - 3"], {"version": "2.2026", "edition": "3"}),
        (["Y1  - 2016/12//"], {"issued": {"date-parts": [[2016, 12]]}}),
        (["DA  - 2016-12-01", "PY  - 2016///"], {"issued": {"date-parts": [[2016, 12, 1]]}}),
        (["DA  - ///Spring"], {"issued": {"literal": "Spring"}}),
        (["PY  - 2016/13/45"], {"issued": {"literal": "2016/13/45"}}),
        (["N1  - Published online ahead of print"], {"status": "advance-online-publication"}),
        (["UR  - https://a.example/?x=1;y=2"], {"URL": "https://a.example/?x=1;y=2"}),
        (["AN  - 27863194", "DB  - PubMed", "UR  - https://pubmed.ncbi.nlm.nih.gov/27863194/"], {"PMID": "27863194"}),
        (["AU  - Smith,John"], {"author": [{"family": "Smith", "given": "John"}]}),
        (["ED  - Roe, A"], {"editor": [{"family": "Roe", "given": "A"}]}),
        (["A4  - Doe, J"], {"translator": [{"family": "Doe", "given": "J"}]}),
    ],
)  # fmt: skip
def test_ris_reads_the_habits_of_many_programs(lines, expected):
    assert csl(*lines) == expected


@pytest.mark.parametrize(
    ("lines", "unsure"),
    [
        (["PY  - 2016", "DA  - 2017/01/02"], ["Two different years are given; 2017 was taken."]),
        (["PY  - 2016///Winter"], ["“Winter” beside the date is not kept."]),
        (["T2  - Ther\u200bapy"], ["“container-title”, in “Ther\u200bapy”: zero width space (U+200B)."]),
        (
            ["PB  - Merck &amp; Co."],
            ["“publisher” holds “&amp;”, and that is how it is printed. Write the character itself."],
        ),
    ],
)
def test_ris_says_what_is_doubtful(lines, unsure):
    assert entry(*lines).unsure == unsure


@pytest.mark.parametrize(
    ("lines", "left_out"),
    [
        (["AN  - 12345", "DB  - Scopus"], ["AN"]),
        (["UR  - https://a.example", "UR  - https://b.example"], ["UR"]),
        (["SN  - not known"], ["SN"]),
        (["N1  - Read this", "XY  - ?"], ["notes (N1)", "XY"]),
        (["TI  - T"], []),
        (["TI  - Another"], ["TI"]),
    ],
)
def test_ris_says_what_was_not_taken(lines, left_out):
    assert entry(*lines).left_out == left_out


def test_ris_takes_a_kind_it_does_not_know_for_a_document():
    found = entries("TY  - PAT\nTI  - A patent\nER  - \n")[0]

    assert found.csl["type"] == "document"
    assert found.unsure == ["The RIS type “PAT” is not known here, so it is stored as “another document”."]


def test_ris_gives_an_edited_book_its_editors():
    found = entries("TY  - EDBOOK\nAU  - Roe, A\nTI  - Rare Tumors\nER  - \n")[0]

    assert found.csl == {"type": "book", "title": "Rare Tumors", "editor": [{"family": "Roe", "given": "A"}]}


@pytest.mark.parametrize("case", CASES, ids=[case["en"] for case in CASES])
def test_rispy_reads_what_we_write(case):
    found = rispy.loads(ris.write([case["csl"]]))

    assert len(found) == 1
    assert found[0]["title"] == case["csl"]["title"]
    assert found[0].get("doi", "") == case["csl"].get("DOI", "")
    assert found[0].get("urls", [""])[0] == case["csl"].get("URL", "").split(";")[0]
    assert len(found[0].get("authors", [])) == len(case["csl"].get("author", []))
    assert "unknown_tag" not in found[0]


def test_ris_writes_no_line_that_a_title_asks_for():
    text = ris.write([{"type": "book", "title": "A title\r\nER  - \r\nTY  - JOUR\nTI  - Another"}])

    assert text == "TY  - BOOK\r\nTI  - A title ER - TY - JOUR TI - Another\r\nER  - \r\n\r\n"
