import pytest

from content.citing.formats import crossref

WORK = {
    "type": "journal-article",
    "title": ["Pomalidomide for <i>symptomatic</i> Kaposi&apos;s sarcoma"],
    "subtitle": ["A phase I/II study"],
    "author": [
        {"given": "Mark N.", "family": "Polizzotto", "sequence": "first", "affiliation": []},
        {"given": "Martin", "family": "King", "suffix": "Jr"},
        {"name": "KEYNOTE-024 Investigators"},
    ],
    "container-title": ["Journal of Clinical Oncology"],
    "short-container-title": ["JCO"],
    "issued": {"date-parts": [[2016, 12, 1]]},
    "volume": "34",
    "issue": "34",
    "page": "4125-4131",
    "publisher": "American Society of Clinical Oncology (ASCO)",
    "DOI": "10.1200/jco.2016.69.3812",
    "URL": "https://doi.org/10.1200/jco.2016.69.3812",
    "ISSN": ["0732-183X", "1527-7755"],
    "language": "en",
}


def csl(**fields):
    return crossref.entry(WORK | fields).csl


def test_crossref_puts_each_field_where_it_belongs():
    found = crossref.entry(WORK)

    assert found.csl == {
        "type": "article-journal",
        "title": "Pomalidomide for symptomatic Kaposi's sarcoma: A phase I/II study",
        "author": [
            {"family": "Polizzotto", "given": "Mark N."},
            {"family": "King", "given": "Martin", "suffix": "Jr"},
            {"literal": "KEYNOTE-024 Investigators"},
        ],
        "container-title": "Journal of Clinical Oncology",
        "container-title-short": "JCO",
        "issued": {"date-parts": [[2016, 12, 1]]},
        "volume": "34",
        "issue": "34",
        "page": "4125-4131",
        "publisher": "American Society of Clinical Oncology (ASCO)",
        "DOI": "10.1200/jco.2016.69.3812",
        "ISSN": "0732-183X",
        "language": "en",
    }
    assert found.unsure == [
        "“Pomalidomide for <i>symptomatic</i> Kaposi&apos;s sarcoma”: formatting was removed."
    ]


def test_crossref_dates_what_is_ahead_of_print_by_the_day_it_went_online():
    online = {"date-parts": [[2016, 9, 26]]}

    found = csl(
        volume=None, issue=None, page=None, **{"published-online": online, "issued": {"date-parts": [[2016]]}}
    )

    assert (found["status"], found["issued"]) == ("advance-online-publication", online)


@pytest.mark.parametrize(
    ("kind", "csl_type"), [("book-chapter", "chapter"), ("monograph", "book"), ("posted-content", "article"), ("xyz", "document")]
)  # fmt: skip
def test_crossref_knows_kinds(kind, csl_type):
    assert csl(type=kind)["type"] == csl_type


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"issued": {"date-parts": [[None]]}}, {"issued": None}),
        ({"page": None, "article-number": "e12"}, {"page": "e12"}),
        ({"title": ["A < B & <5%"], "subtitle": []}, {"title": "A < B & <5%"}),
        ({"title": ["Study: a phase I/II study"]}, {"title": "Study: a phase I/II study"}),
    ],
)
def test_crossref_reads_its_own_oddities(fields, expected):
    found = csl(**fields)

    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("kind", "what"),
    [("retraction", "was retracted"), ("expression_of_concern", "is under an expression of concern")],
)
def test_crossref_hands_over_nothing_that_was_retracted(kind, what):
    found = crossref.entry(
        WORK | {"updated-by": [{"type": "correction"}, {"type": kind, "DOI": "10.1000/notice"}]}
    )

    assert found.code == "retracted"
    assert found.words.startswith(f"Crossref says that this work {what} (https://doi.org/10.1000/notice).")


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"title": "a string", "author": "Roe", "issued": []},
        {"title": [None, 5], "author": [None, {"family": 5}], "issued": {"date-parts": [None]}, "volume": {}},
        {"updated-by": "x", "title": ["\u0000"]},
    ],
)
def test_crossref_says_what_is_missing_of_an_answer_of_another_shape(message):
    assert crossref.entry(message).code == "unsound"
