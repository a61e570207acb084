import json

import pytest

from content.citing.formats import csl_json, reading

MARKED_UP = '<i>BRAF</i> in <span class="nocase">mTOR</span>'
ITEM = {"type": "webpage", "title": "Tumors"}


def entries(*items):
    read = reading.read(json.dumps(items).encode(), name="library.json")
    assert read.faults == []
    return read.entries


def entry(fields):
    return entries(ITEM | fields)[0]


def csl(fields):
    found = entry(fields).csl
    return {key: value for key, value in found.items() if found[key] != ITEM.get(key)}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"volume": 34, "PMID": 27863194}, {"volume": 34, "PMID": 27863194}),
        ({"issued": {"date-parts": [["2016", "12", 1]]}}, {"issued": {"date-parts": [[2016, 12, 1]]}}),
        ({"issued": {"raw": "2016-12-01"}}, {"issued": {"date-parts": [[2016, 12, 1]]}}),
        ({"issued": "2016-12"}, {"issued": {"date-parts": [[2016, 12]]}}),
        ({"issued": {"literal": "Spring 2016"}}, {"issued": {"literal": "Spring 2016"}}),
        ({"issued": {"date-parts": [[None]]}}, {}),
        ({"issued": {"date-parts": [[2016, 12, None]]}}, {"issued": {"date-parts": [[2016, 12]]}}),
        ({"author": [{"given": "WHO"}]}, {"author": [{"literal": "WHO"}]}),
        ({"journalAbbreviation": "J Rare"}, {"container-title-short": "J Rare"}),
        (
            {"journalAbbreviation": "J", "container-title-short": "J Rare"},
            {"container-title-short": "J Rare"},
        ),
        ({"title": "Two\n  lines"}, {"title": "Two lines"}),
        ({"publisher": None, "author": [], "note": ""}, {}),
        (
            {"DOI": "https://doi.org/10.1000/ABC", "URL": "http://dx.doi.org/10.1000/abc"},
            {"DOI": "10.1000/ABC"},
        ),
        ({"type": "report"}, {"type": "report"}),
    ],
)
def test_csl_json_reads_the_habits_of_many_programs(fields, expected):
    assert csl(fields) == expected


@pytest.mark.parametrize(
    ("fields", "unsure"),
    [
        ({"type": "speech"}, ["The type “speech” is not known here, so it is stored as “another document”."]),
        ({"title": MARKED_UP}, [f"“title” loses its formatting: {MARKED_UP}"]),
        ({"issued": {"date-parts": [[2016], [2017]]}}, ["“issued”: of “[[2016], [2017]]” only the first date is kept."]),
        ({"issued": "2016/2017"}, ["“issued”: of “2016/2017” only the beginning is kept."]),
        ({"issued": {"date-parts": [[2016]], "season": 1}}, ["“issued”: its “season” is not kept."]),
    ],
)  # fmt: skip
def test_csl_json_says_what_is_doubtful(fields, unsure):
    assert entry(fields).unsure == unsure


def test_csl_json_takes_markup_out_of_titles():
    assert entry({"title": MARKED_UP}).csl["title"] == "BRAF in mTOR"


def test_csl_json_leaves_hostile_words_as_they_are():
    title = "<script>alert(1)</script> & <5% </title>"

    assert entry({"title": title}).csl["title"] == title


def test_csl_json_says_what_was_not_taken():
    found = entry(
        {
            "abstract": "…",
            "custom": {"a": [1]},
            "author": [{"family": "Roe", "ORCID": "0", "affiliation": []}],
        }
    )

    assert found.left_out == ["abstract", "custom", "author: ORCID", "author: affiliation"]
    assert found.csl == ITEM | {"author": [{"family": "Roe"}]}


def test_csl_json_takes_a_lone_item_and_knows_lines():
    lone = reading.read(b'\xef\xbb\xbf\n {"type": "book",\n "title": "Tumors"}\n')
    two = reading.read(b'[{"type": "book",\n"title": "One"}\n\n,\n {"type": "book", "title": "Two"}]')

    assert [(each.number, each.line) for each in lone.entries] == [(1, 2)]
    assert [(each.number, each.line) for each in two.entries] == [(1, 1), (2, 5)]


def test_csl_json_reads_an_entry_longer_than_its_first_look():
    title = "é" * 20_000

    assert [each.csl["title"] for each in entries(ITEM | {"title": title}, ITEM)] == [title, "Tumors"]


def test_csl_json_writes_what_it_reads():
    items = [ITEM | {"id": "1", "issued": {"date-parts": [[2016, 12]]}, "author": [{"literal": "É"}]}, ITEM]

    assert [each.csl for each in reading.read(csl_json.write(items).encode()).entries] == items
