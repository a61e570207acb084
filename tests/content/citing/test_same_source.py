"""What is the same address, and the same work by its words; and what only looks so."""

import pytest

from content.citing import same_source

PAGE = {
    "type": "webpage",
    "author": [{"literal": "Example Cancer Institute"}, {"family": "van der Berg", "given": "J. E."}],
    "title": "Non-small-cell lung cancer: “how it’s treated”, 1.5 mg",
    "container-title": "Example",
    "version": "2.2026",
    "issued": {"date-parts": [[2025, 10]]},
    "DOI": "10.1000/xyz",
    "URL": "https://example.org/a",
}


def is_same(**changed):
    return same_source.is_same_work(same_source.work(PAGE), same_source.work({**PAGE, **changed}))


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Non–small‐cell  Lung Cancer. how it's treated; 1.5 mg!"},
        {"author": [{"literal": "EXAMPLE Cancer Institute"}, {"family": "van der Berg", "given": "J E"}]},
        {"DOI": "https://doi.org/10.1000/XYZ"},
        {"type": "report"},
        {"container-title": "“Example”"},
    ],
)
def test_case_punctuation_white_space_dashes_and_quotes_may_differ(changed):
    assert is_same(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Non-small-cell lung cancer: how it is treated, 1.5 mg"},
        {"title": "Small-cell lung cancer: how it’s treated, 1.5 mg"},
        {"title": "Non-small-cell lung cancer: how it’s treated, 15 mg"},
        {"title": "Non-small-cell lung cancer: how it’s treated, 1,5 mg"},
        {"title": "Non-small-cell lung cancer: how it’s treated, −1.5 mg"},
        {"title": "Non-small-cell lung cancer: how it’s treated, 1.5 mg/kg"},
        {"title": "Non-small-cell lung cancer: how it’s treatéd, 1.5 mg"},
        {"author": [{"literal": "Example Cancer Institute"}]},
        {"author": [{"family": "van der Berg", "given": "J. E."}, {"literal": "Example Cancer Institute"}]},
        {"container-title": "Another"},
        {"container-title": ""},
        {"version": "22026"},
        {"version": "3.2026"},
        {"issued": {"date-parts": [[2026, 10]]}},
        {"issued": {"date-parts": [[2025]]}},
        {"issued": {}},
        {"DOI": "10.1000/xyy"},
        {"volume": "7"},
    ],
)
def test_any_other_word_is_another_work(changed):
    assert not is_same(**changed)


@pytest.mark.parametrize(
    ("one", "other"), [(".5 mg", "5 mg"), ("-5 °C", "5 °C"), ("12–15", "12 15"), ("10²", "102"), ("5%", "5")]
)
def test_signs_that_mean_something_are_words(one, other):
    assert same_source.words(one) != same_source.words(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("www.nccn.org", "https://WWW.nccn.org/", True),
        ("https://example.org/a?utm_source=x", "https://example.org/a", True),
        ("https://example.org/a", "http://example.org/a", False),
        ("https://example.org/a", "https://example.org/A", False),
        ("https://example.org/a", "https://example.org/a?page=2", False),
        ("https://example.org/#/a", "https://example.org/#/b", False),
        ("https://example.org/a", "", False),
        ("", "", True),
        ("no address at all", "no  address at all", False),
    ],
)
def test_an_address_is_the_same_in_one_spelling(one, other, same):
    assert same_source.is_same_address(one, other) == same


def test_what_has_no_address_is_known_by_its_isbn_too():
    book = {"title": "A book", "ISBN": "0-306-40615-2"}

    assert same_source.work(book) != same_source.work({**book, "ISBN": "0-306-40616-0"})
    assert same_source.is_same_work(
        same_source.work(book), same_source.work({**book, "ISBN": "978-0-306-40615-7"})
    )


def test_the_digest_tells_what_the_comparison_tells():
    one = same_source.identity("www.example.org/a", same_source.work(PAGE))

    assert one == same_source.identity(
        "https://www.example.org/a/", same_source.work({**PAGE, "version": " 2.2026 "})
    )
    assert one != same_source.identity("https://www.example.org/b", same_source.work(PAGE))
    assert one != same_source.identity(
        "https://www.example.org/a", same_source.work({**PAGE, "version": "2"})
    )
