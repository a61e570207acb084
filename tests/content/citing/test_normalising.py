import re

import pytest

from content.citing import normalising


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("  ", ""),
        ("www.nccn.org", "https://www.nccn.org"),
        ("www.nccn.org:8080/x", "https://www.nccn.org:8080/x"),
        (" HTTPS://WWW.Example.ORG/Path/ ", "https://www.example.org/Path"),
        ("http://example.org/a", "http://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:80/", "http://example.org"),
        ("https://example.org:80/a", "https://example.org:80/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/a#part", "https://example.org/a"),
        ("https://example.org/a/?b=1&utm_source=x&UTM_medium=y&c=2", "https://example.org/a?b=1&c=2"),
        ("https://example.org/?utm_source=x", "https://example.org"),
        ("https://example.org/?b=%7Bx%7D&B=+", "https://example.org?b=%7Bx%7D&B=+"),
        ("https://krebs-ä.example/ü", "https://krebs-ä.example/ü"),
    ],
)
def test_url_has_one_spelling(typed, expected):
    assert normalising.url(typed) == expected
    assert normalising.url(expected) == expected


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (
            "javascript:alert(1)",
            "“javascript:alert(1)” is not a web address: it must start with https:// or http://.",
        ),
        (
            "mailto:a@b.example",
            "“mailto:a@b.example” is not a web address: it must start with https:// or http://.",
        ),
        (
            "ftp://files.example/a",
            "“ftp://files.example/a” is not a web address: it must start with https:// or http://.",
        ),
        (
            "see the site",
            "The web address “see the site” contains a blank or a character no address can have.",
        ),
        (
            "https://a.example/<b>",
            "The web address “https://a.example/<b>” contains a blank or a character no address can have.",
        ),
        ("nccn", "“nccn” is not a web address: it names no site such as www.example.org."),
        ("https://", "“https://” is not a web address: it names no site such as www.example.org."),
        ("https://[::1", "“https://[::1” is not a web address."),
        (
            "https://me:pw@a.example/",
            "The web address “https://me:pw@a.example/” contains a user name. Remove everything up to the @.",
        ),
        (
            "https://a.example:99999/",
            "The web address “https://a.example:99999/” has a port that is not a number up to 65535.",
        ),
    ],
)
def test_url_refuses_what_is_no_web_address(typed, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        normalising.url(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("10.1200/JCO.2016.69.3812", "10.1200/jco.2016.69.3812"),
        ("doi:10.1200/JCO.2016.69.3812.", "10.1200/jco.2016.69.3812"),
        ("DOI: 10.1016/example", "10.1016/example"),
        ("https://doi.org/10.1016/S0140-6736%2820%2930001-X", "10.1016/s0140-6736(20)30001-x"),
        ("http://dx.doi.org/10.1000.10/123", "10.1000.10/123"),
    ],
)
def test_doi_is_bare_and_lower_case(typed, expected):
    assert normalising.doi(typed) == expected


@pytest.mark.parametrize(
    "typed", ["11.1000/x", "10.1000", "10.1000/", "https://example.org/10.1000/x", "10.1000/a b"]
)
def test_doi_refuses_anything_else(typed):
    words = f"“{typed}” is not a DOI. A DOI looks like 10.1000/xyz123."

    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        normalising.doi(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("27863194", "27863194"),
        ("PMID: 27863194", "27863194"),
        ("pmid27863194", "27863194"),
        ("https://pubmed.ncbi.nlm.nih.gov/27863194/", "27863194"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/27863194", "27863194"),
    ],
)
def test_pmid_is_digits(typed, expected):
    assert normalising.pmid(typed) == expected


@pytest.mark.parametrize("typed", ["PMC27863194", "0123", "27863194x", "٣٤٥", "1234567890"])
def test_pmid_refuses_anything_else(typed):
    words = f"“{typed}” is not a PubMed number. One looks like 27863194."

    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        normalising.pmid(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("978-0-306-40615-7", "9780306406157"),
        ("ISBN-13: 978 0 306 40615 7", "9780306406157"),
        ("0-306-40615-2", "9780306406157"),
        ("ISBN-10: 0306406152", "9780306406157"),
        ("0-8044-2957-x", "9780804429573"),
    ],
)
def test_isbn_becomes_thirteen_digits(typed, expected):
    assert normalising.isbn(typed) == expected


@pytest.mark.parametrize("typed", ["9780306406158", "0306406153", "978030640615", "9770306406150", "x"])
def test_isbn_refuses_a_wrong_digit(typed):
    words = f"“{typed}” is not an ISBN: a digit is wrong or missing."

    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        normalising.isbn(typed)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("10.1200/JCO.2016.69.3812", "10.1200/JCO.2016.69.3812"),
        (" doi: 10.1200/JCO.2016.69.3812", "10.1200/JCO.2016.69.3812"),
        ("https://dx.doi.org/10.1016/S0140-6736%2820%2930183-5", "10.1016/S0140-6736(20)30183-5"),
        ("not a DOI", "not a DOI"),
        ("", ""),
    ],
)
def test_bare_doi_keeps_the_letters_as_typed(typed, printed):
    assert normalising.bare_doi(typed) == printed
