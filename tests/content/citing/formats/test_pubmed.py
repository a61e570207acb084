import pytest

from content.citing.formats import reading

ARTICLE = """\
PMID- 27863194
OWN - NLM
STAT- MEDLINE
IS  - 1527-7755 (Electronic)
IS  - 0732-183X (Print)
VI  - 34
IP  - 34
DP  - 2016 Dec
TI  - Pomalidomide for Symptomatic Kaposi's Sarcoma in People With and Without HIV
      Infection: A Phase I/II Study.
PG  - 4125-31
LID - 10.1200/JCO.2016.69.3812 [doi]
AB  - Purpose Kaposi sarcoma is a multicentric tumor.
FAU - Polizzotto, Mark N
AU  - Polizzotto MN
AD  - Example Institute.
CN  - KEYNOTE-024 Investigators
FAU - King, Martin Luther Jr
AU  - King ML Jr
LA  - eng
PT  - Journal Article
DEP - 20160926
PL  - United States
TA  - J Clin Oncol
JT  - Journal of clinical oncology : official journal of the American Society of
      Clinical Oncology
PMC - PMC5791845
AID - JCO693812 [pii]
AID - 10.1200/JCO.2016.69.3812 [doi]
PST - ppublish
SO  - J Clin Oncol. 2016 Dec;34(34):4125-31. doi: 10.1200/JCO.2016.69.3812.
"""
CHAPTER = """\
PMID- 30521260
CDAT- 2018/12/06 06:00
IS  - 
PB  - StatPearls Publishing
DP  - 2024 Jan
TI  - Kaposi Sarcoma
BTI - StatPearls
FAU - Bishop, B N
FED - Roe, Anna
ISBN- 9780323476744 (print)
LA  - eng
PL  - Treasure Island (FL)
EN  - 2
SO  - In: StatPearls. Treasure Island (FL): StatPearls Publishing; 2024 Jan.
"""  # noqa: W291


def entries(text):
    read = reading.read(text.encode(), name="pubmed.nbib")
    assert read.faults == []
    return read.entries


def entry(*lines, without=()):
    kept = [line for line in ARTICLE.splitlines() if line[:4].strip() not in without]
    return entries("\n".join([*kept[:-1], *lines, kept[-1]]))[0]


def test_pubmed_puts_each_element_where_it_belongs():
    found = entries(ARTICLE)[0]

    assert found.csl == {
        "type": "article-journal",
        "title": "Pomalidomide for Symptomatic Kaposi's Sarcoma in People With and Without HIV "
        "Infection: A Phase I/II Study",
        "author": [
            {"family": "Polizzotto", "given": "Mark N"},
            {"literal": "KEYNOTE-024 Investigators"},
            {"family": "King", "given": "Martin Luther", "suffix": "Jr"},
        ],
        "container-title": "Journal of clinical oncology : official journal of the American Society of Clinical Oncology",
        "container-title-short": "J Clin Oncol",
        "issued": {"date-parts": [[2016, 12]]},
        "volume": "34",
        "issue": "34",
        "page": "4125-31",
        "DOI": "10.1200/JCO.2016.69.3812",
        "PMID": "27863194",
        "PMCID": "PMC5791845",
        "ISSN": "1527-7755",
        "language": "en",
    }
    assert found.unsure == []


def test_pubmed_knows_a_chapter_of_a_book():
    found = entries(f"{ARTICLE}\n{CHAPTER}")[1]

    assert (found.number, found.line) == (2, 33)
    assert found.csl == {
        "type": "chapter",
        "title": "Kaposi Sarcoma",
        "container-title": "StatPearls",
        "author": [{"family": "Bishop", "given": "B N"}],
        "editor": [{"family": "Roe", "given": "Anna"}],
        "publisher": "StatPearls Publishing",
        "publisher-place": "Treasure Island (FL)",
        "edition": "2",
        "ISBN": "9780323476744",
        "issued": {"date-parts": [[2024, 1]]},
        "PMID": "30521260",
        "language": "en",
    }


def test_pubmed_dates_what_is_ahead_of_print_by_the_day_it_went_online():
    found = entry("PST - aheadofprint", without=("PST", "VI", "IP", "PG"))

    assert found.csl["status"] == "advance-online-publication"
    assert found.csl["issued"] == {"date-parts": [[2016, 9, 26]]}


def test_pubmed_takes_short_names_where_there_are_no_full_ones():
    found = entry(without=("FAU",))

    assert [name.get("given") for name in found.csl["author"]] == ["M N", None, "M L"]


@pytest.mark.parametrize(
    ("date", "parts", "unsure"),
    [
        ("2016 Dec 1", [2016, 12, 1], []),
        ("2016", [2016], []),
        ("2016 Nov-Dec", [2016], ["Of the date “2016 Nov-Dec” only “2016” is kept."]),
        ("2016 Winter", [2016], ["Of the date “2016 Winter” only “2016” is kept."]),
        ("Winter", None, ["Of the date “Winter” only “” is kept."]),
    ],
)
def test_pubmed_keeps_the_precision_of_its_dates(date, parts, unsure):
    found = entry(f"DP  - {date}", without=("DP",))

    assert found.csl.get("issued") == ({"date-parts": [parts]} if parts else None)
    assert found.unsure == unsure


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("RIN - Lancet. 2010 Feb 6;375(9713):445", "was retracted (Lancet. 2010 Feb 6;375(9713):445)"),
        ("PT  - Retracted Publication", "was retracted"),
        ("ECI - Lancet. 2004;363:750", "is under an expression of concern (Lancet. 2004;363:750)"),
    ],
)  # fmt: skip
def test_pubmed_hands_over_nothing_that_was_retracted(line, words):
    read = reading.read(ARTICLE.replace("PST -", f"{line}\nPST -").encode())

    assert read.entries == []
    assert [(fault.code, fault.entry, fault.line) for fault in read.faults] == [("retracted", 1, 1)]
    assert f"this article {words}." in read.faults[0].words


def test_pubmed_takes_the_notice_of_a_retraction_which_is_no_retracted_article():
    assert entry("PT  - Retraction of Publication").csl["PMID"] == "27863194"


def test_pubmed_says_that_there_is_a_correction():
    assert entry("EIN - J Clin Oncol. 2017;35:1").unsure == [
        "PubMed names a correction: J Clin Oncol. 2017;35:1"
    ]


def test_pubmed_calls_a_meeting_abstract_one():
    assert entry("PT  - Meeting Abstract").csl["type"] == "paper-conference"
