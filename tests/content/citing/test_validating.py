import json
from pathlib import Path

import pytest

from content.citing import validating

CASES = json.loads(Path(__file__).with_name("reference_cases.json").read_text())
SOUND = {"type": "webpage", "title": "Tumors"}
DATE_SHAPE = "“issued” must have either “date-parts” or a “literal” text, and nothing else."
ONE_DATE = "“issued” must be one date: [[year, month, day]], [[year, month]] or [[year]]."


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_problems_finds_nothing_in_sound_items(case):
    assert validating.problems(case["csl"]) == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"title": " \x00"}, "“title” contains a character that cannot be shown. Type the text again."),
        ({"title": "\ud800"}, "“title” contains a character that cannot be shown. Type the text again."),
        ({"title": ""}, "“title” is missing: enter the title of the source."),
        ({"type": ""}, "“type” is missing: say what the source is, such as webpage or article-journal."),
        ({"type": "blog"}, f"“type” is “blog”. Write one of: {', '.join(validating.TYPES)}."),
        ({"volume": 3.5}, "“volume” must be text."),
        ({"volume": True}, "“volume” must be text."),
        ({"version": 2}, "“version” must be text."),
        ({"publisher": None}, "“publisher” must be text."),
        ({"shoe-size": "7"}, "“shoe-size” is not a field of a reference here. Leave it out."),
        ({"url": "https://a.example"}, "“url” is not a field of a reference here. Leave it out."),
        ({"author": "Roe A"}, "“author” must be a list of names."),
        (
            {"author": ["Roe A"]},
            "“author 1” must have a “family” name, or a “literal” one for an organisation.",
        ),
        (
            {"author": [{"family": "Roe"}, {"given": "A"}]},
            "“author 2” has neither a “family” name nor a “literal” one for an organisation.",
        ),
        ({"editor": [{"family": "Roe", "ORCID": "0"}]}, "“editor 1” has a part “ORCID” that no name has."),
        ({"editor": [{"family": "Roe", "given": 7}]}, "“editor 1 given” must be text."),
        ({"issued": "2025"}, DATE_SHAPE),
        ({"issued": {"date-parts": [[2025]], "literal": "2025"}}, DATE_SHAPE),
        ({"issued": {"literal": 2025}}, "“issued literal” must be text."),
        ({"issued": {"date-parts": []}}, ONE_DATE),
        ({"issued": {"date-parts": [[2025], [2026]]}}, ONE_DATE),
        ({"issued": {"date-parts": [[]]}}, "“issued” is not a calendar date: []."),
        ({"issued": {"date-parts": [[2025, 2, 29]]}}, "“issued” is not a calendar date: [2025, 2, 29]."),
        (
            {"issued": {"date-parts": [[2025, 1, 1, 1]]}},
            "“issued” is not a calendar date: [2025, 1, 1, 1].",
        ),
        ({"issued": {"date-parts": [[2025.0]]}}, "“issued” is not a calendar date: [2025.0]."),
        ({"issued": {"date-parts": [[True]]}}, "“issued” is not a calendar date: [True]."),
        (
            {"issued": {"date-parts": [[20250]]}},
            "“issued” is not a calendar date: [20250].",
        ),
        (
            {"issued": {"date-parts": [[10**20]]}},
            "“issued” is not a calendar date: [100000000000000000000].",
        ),
        ({"issued": {"date-parts": [["²"]]}}, "“issued” is not a calendar date: ['²']."),
        ({"accessed": {"date-parts": [[2025, 0]]}}, "“accessed” is not a calendar date: [2025, 0]."),
        ({"URL": "nccn"}, "“URL”: “nccn” is not a web address: it names no site such as www.example.org."),
        ({"DOI": "x"}, "“DOI”: “x” is not a DOI. A DOI looks like 10.1000/xyz123."),
        ({"PMID": "x"}, "“PMID”: “x” is not a PubMed number. One looks like 27863194."),
        ({"ISBN": "x"}, "“ISBN”: “x” is not an ISBN: a digit is wrong or missing."),
    ],
)
def test_problems_names_each_fault(fields, problem):
    assert validating.problems(SOUND | fields) == [problem]


def test_problems_names_all_faults_at_once():
    assert validating.problems({"x": 1, "volume": []}) == [
        "“type” is missing: say what the source is, such as webpage or article-journal.",
        "“title” is missing: enter the title of the source.",
        "“x” is not a field of a reference here. Leave it out.",
        "“volume” must be text.",
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"volume": 34, "PMID": 27863194},
        {"issued": {"date-parts": [["2025", "02", "28"]]}},
        {"issued": {"literal": "Spring 2025"}},
        {"custom": {"anything": [1]}},
        {"author": [{"literal": "Example Society"}], "title": "Two\nlines"},
    ],
)
def test_problems_accepts_what_csl_allows(fields):
    assert validating.problems(SOUND | fields) == []
