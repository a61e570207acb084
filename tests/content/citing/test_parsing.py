import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from content.citing import validating
from content.citing.formatting import date_text, formatted
from content.citing.parsing import parsed

EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "examples" / "kaposi-immunotherapy.txt"
NO_ADDRESS = "There is no “Accessed at” with a web address."
ET_AL = "“et al.”: only the authors printed here are known. Add the others."

UNDERSTOOD = """
Roe A. Rare tumors of the liver: What to expect. LiverBase. 2024. Accessed at https://liver.example/rare on May 1, 2025.
Roe AB, Doe JC, van der Berg M. Rare tumors. LiverBase. 2024. Accessed at https://liver.example on October 31, 2025.
O'Neil-Ng ÉK, García Márquez G, Smith JA Jr. Rare tumors. 2024. Accessed at https://liver.example/a_b on May 1, 2025.
St. John A. Rare tumors. LiverBase. 2024. Accessed at https://liver.example/rare on May 1, 2025.
Example Liver Society. Rare Tumors (LIVERBASE®)–Nurses’ Version. 2024. Accessed at https://liver.example on May 1, 2025.
Example Liver Society. Liver Guidelines: Rare Tumors. Version 3.2026. Accessed at www.liver.example on May 1, 2025.
Example Liver Society. Liver Guidelines. Version 3. March 2026. Accessed at www.liver.example on May 1, 2025.
Cancer Research UK. Rare tumors. Accessed at https://liver.example/list/ on May 1, 2025.
Department of Health, Labour and Welfare. Rare tumors. Accessed at https://liver.example/list/ on May 1, 2025.
Roe A. Living on the edge at home: on dose, at work. 2024. Accessed at https://liver.example/rare on May 1, 2025.
Roe A. Records Accessed at night on Monday. 2024. Accessed at https://liver.example/rare on May 1, 2025.
Roe A. Is the new drug safe? 2024. Accessed at https://liver.example/rare?a=1&b=2 on May 1, 2025.
Example Agency. Approval for <5% of U.S. patients. May 15, 2020. Accessed at https://a.example on May 1, 2025.
Roe A. Surgery vs. radiation. LiverBase. 2024. Accessed at https://liver.example/rare on May 2025.
Roe A. Wait and see... LiverBase. 2024. Accessed at https://liver.example/rare on 2025.
Roe A, Doe J. Rare tumors. J Rare Tumor. 2016;34(16_suppl):4125-4131. doi:10.1200/JRT.2016.69.3812. PMID: 27863194.
Roe A, Doe J. Rare tumors. J Rare Tumor. 2016;34:e12. Accessed at https://jrt.example/e12 on May 1, 2025.
Roe A, Doe J. Rare tumors. J Rare Tumor. Published online June 3, 2025. doi:10.1016/example.
Roe A, Doe J. Rare tumors. J Rare Tumor. 2025. doi:10.1016/example.
Roe A. They “stop.” and go on. LiverBase. 2024. Accessed at https://liver.example/rare on May 1, 2025.
""".strip().splitlines()


def read_back(found):
    return found.accessed_text.join(formatted(found.csl))


@pytest.mark.parametrize("line", UNDERSTOOD)
def test_parsed_reads_back_as_it_was_written(line):
    found = parsed(line)

    assert read_back(found) == line
    assert found.unsure == []
    assert validating.problems(found.csl) == []


def test_parsed_reads_the_real_references_back():
    if not EXAMPLES.exists():
        pytest.skip("The real example page is not part of the project.")
    lines = [line for line in EXAMPLES.read_text().splitlines() if " Accessed at " in line]

    found = [parsed(line) for line in lines]

    assert len(lines) == 4
    assert [read_back(reference) for reference in found] == lines
    assert [reference.unsure for reference in found] == [[], [], [], []]
    assert {reference.accessed for reference in found} == {(2025, 10, 6)}


def test_parsed_puts_each_element_into_its_field():
    found = parsed(UNDERSTOOD[1])

    assert found.csl == {
        "type": "webpage",
        "author": [
            {"family": "Roe", "given": "A B"},
            {"family": "Doe", "given": "J C"},
            {"family": "van der Berg", "given": "M"},
        ],
        "title": "Rare tumors",
        "container-title": "LiverBase",
        "issued": {"date-parts": [[2024]]},
        "URL": "https://liver.example",
    }
    assert found.accessed == (2025, 10, 31)
    assert found.accessed_text == "October 31, 2025"


def test_parsed_takes_a_versioned_document_for_a_report():
    found = parsed(UNDERSTOOD[6])

    assert found.csl == {
        "type": "report",
        "author": [{"literal": "Example Liver Society"}],
        "title": "Liver Guidelines",
        "version": "3",
        "issued": {"date-parts": [[2026, 3]]},
        "URL": "www.liver.example",
    }


def test_parsed_puts_journal_elements_into_their_fields():
    found = parsed(UNDERSTOOD[15])

    assert found.csl == {
        "type": "article-journal",
        "author": [{"family": "Roe", "given": "A"}, {"family": "Doe", "given": "J"}],
        "title": "Rare tumors",
        "container-title": "J Rare Tumor",
        "issued": {"date-parts": [[2016]]},
        "volume": "34",
        "issue": "16_suppl",
        "page": "4125-4131",
        "DOI": "10.1200/JRT.2016.69.3812",
        "PMID": "27863194",
    }


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Smith JA Jr", [{"family": "Smith", "given": "J A", "suffix": "Jr"}]),
        ("García Márquez G", [{"family": "García Márquez", "given": "G"}]),
        ("Kim US", [{"family": "Kim", "given": "U S"}]),
        ("Cancer Research UK", [{"literal": "Cancer Research UK"}]),
        ("Society of Nurses SN", [{"literal": "Society of Nurses SN"}]),
        (
            "Department of Health, Labour and Welfare",
            [{"literal": "Department of Health, Labour and Welfare"}],
        ),
        ("U.S. Example Agency", [{"literal": "U.S. Example Agency"}]),
    ],
)
def test_parsed_tells_people_from_organizations(authors, names):
    found = parsed(f"{authors}. Rare tumors. 2024. Accessed at https://liver.example on May 1, 2025.")

    assert found.csl["author"] == names
    assert found.csl["title"] == "Rare tumors"
    assert found.unsure == []


@pytest.mark.parametrize(
    ("words", "parts"), [("May 1, 2025", (2025, 5, 1)), ("May 2025", (2025, 5)), ("2025", (2025,))]
)
def test_parsed_keeps_the_precision_of_the_access_date(words, parts):
    found = parsed(f"Roe A. Rare tumors. Accessed at https://liver.example on {words}.")

    assert found.accessed == parts
    assert found.accessed_text == words == date_text(parts)


DOUBTFUL = [
    (
        "Roe A, Doe J, Poe B, et al. Rare tumors. 2024. Accessed at https://liver.example on May 1, 2025.",
        [ET_AL],
    ),
    (
        "Roe A, LIVER Group. Rare tumors. 2024. Accessed at https://liver.example on May 1, 2025.",
        ["“LIVER Group” among the authors is taken for an organisation."],
    ),
    (
        "Rare tumors of the liver. LiverBase. 2024. Accessed at https://liver.example on May 1, 2025.",
        ["“Rare tumors of the liver” is taken for the organisation that wrote it; it may be the title."],
    ),
    (
        "Roe A. Is it safe? LiverBase. 2024. Accessed at https://liver.example on May 1, 2025.",
        ["“LiverBase.” is taken for where it appeared; it may belong to the title “Is it safe?”."],
    ),
    (
        "Roe A. Asked “why me?” LiverBase. 2024. Accessed at https://liver.example on May 1, 2025.",
        ["“LiverBase.” is taken for where it appeared; it may belong to the title “Asked “why me?””."],
    ),
    (
        "Roe A. One. Two. Three. 2024. Accessed at https://liver.example on May 1, 2025.",
        ["Where the title ends could not be told: all that follows the author is in the title."],
    ),
    (
        "Rare tumors. Accessed at https://liver.example on May 1, 2025.",
        ["The author could not be separated from the title, so all of it is in the title."],
    ),
    ("Roe A. Rare tumors. 2024.", [NO_ADDRESS]),
    ("Roe A. Records Accessed at home on weekends.", [NO_ADDRESS]),
    (
        "Roe A. Chapter 2: Liver. In: Doe J, ed. Rare Tumors. 2nd ed. Boston, MA: Example Press; 2020.",
        [
            "This looks like a book, a chapter or a label: all is in the title. Divide it into the fields by hand.",
            NO_ADDRESS,
        ],
    ),
    (
        "Roe A. Rare tumors. Accessed at the Liver page on May 1, 2025.",
        ["“the Liver page” does not look like a web address."],
    ),
    (
        "Roe A. Rare tumors. Accessed at the page on livers on May 1, 2025.",
        ["“the page on livers” does not look like a web address."],
    ),
    (
        "Roe A. Rare tumors. Accessed at https://liver.example on February 30, 2025.",
        ["“February 30, 2025” is not a date. Write the date of access like October 6, 2025."],
    ),
    (
        "Roe A. Rare tumors. Accessed at https://liver.example on 5/1/2025.",
        ["“5/1/2025” is not a date. Write the date of access like October 6, 2025."],
    ),
]


@pytest.mark.parametrize(("line", "unsure"), DOUBTFUL)
def test_parsed_says_what_is_doubtful_though_it_reads_back(line, unsure):
    found = parsed(line)

    assert read_back(found) == line
    assert found.unsure == unsure


@pytest.mark.parametrize(
    ("line", "reading"),
    [
        (
            "Roe A.  Rare tumors. 2024. Accessed at https://liver.example on May 1, 2025.",
            "Roe A. Rare tumors. 2024. Accessed at https://liver.example on May 1, 2025.",
        ),
        (
            "Roe A. Rare tumors. 2024. Accessed at https://liver.example on May 1, 2025",
            "Roe A. Rare tumors. 2024. Accessed at https://liver.example on May 1, 2025.",
        ),
        (
            "Roe A. Rare\x00 tumors. 2024. Accessed at https://liver.example on May 1, 2025.",
            "Roe A. Rare tumors. 2024. Accessed at https://liver.example on May 1, 2025.",
        ),
        (
            "A A, B A, C A, D A, E A, F A, G A. Rare. 2024. Accessed at https://liver.example on May 1, 2025.",
            "A A, B A, C A, et al. Rare. 2024. Accessed at https://liver.example on May 1, 2025.",
        ),
        (
            "Roe A. Rare tumors. J Rare Tumor. 2016;34:12–15.",
            "Roe A. Rare tumors. J Rare Tumor. 2016;34:12-15.",
        ),
    ],
)
def test_parsed_shows_how_it_reads_back_where_that_differs(line, reading):
    found = parsed(line)

    assert found.unsure == [f"The reference reads back as: {reading}"]


def test_parsed_says_that_the_access_date_is_missing():
    found = parsed("Roe A. Rare tumors. Accessed at https://liver.example.")

    assert found.csl["URL"] == "https://liver.example"
    assert (found.accessed, found.accessed_text) == (None, "")
    assert found.unsure == [
        "After the web address there is no date on which it was accessed.",
        "The reference reads back as: Roe A. Rare tumors. Accessed at https://liver.example on .",
    ]


def test_parsed_leaves_words_that_name_no_address_in_the_title():
    found = parsed("Accessed at  on May 1, 2025.")

    assert found.csl == {"type": "webpage", "title": "Accessed at  on May 1, 2025"}
    assert (found.accessed, found.accessed_text) == (None, "")


def words(text):
    return set(re.findall(r"\w+", text))


def words_of(value):
    if isinstance(value, dict):
        return set().union(*map(words_of, value.values()))
    if isinstance(value, list):
        return set().union(*map(words_of, value))
    return words(str(value))


FRAGMENTS = [
    *(
        "Roe A",
        "Doe JC Jr",
        ", ",
        "et al",
        ". ",
        "? ",
        ".. ",
        ": ",
        "U.S. ",
        "tumors of",
        "<b>",
        "\u00a0",
        "\n",
        "\ufffc",
    ),
    *("Version ", "2.2026", "2024", "2016;3(4):5", ";2020", "Published online ", "doi:10.1/x", "PMID: 7"),
    *("Accessed at ", " Accessed at ", " on ", "May 1, 2025", "May 2025", "https://a.example"),
]


@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=14).map("".join))
@example("Accessed at  on May 1, 2025.")
@example(". Roe A")
@example("Roe A, . Roe A")
@example("Roe A. Version . ")
@example("Roe A. T. J. 0000;1.")
@example("\ud800")
def test_parsed_never_fails_and_never_loses_a_word(line):
    found = parsed(line)

    kept = words_of(found.csl) | words(found.accessed_text) | words(read_back(found))
    shown = "".join(character for character in line if validating.is_shown(character))
    initials = {"".join(name.get("given", "").split()) for name in found.csl.get("author", [])}
    issued = [words(date_text(parts)) for parts in found.csl.get("issued", {}).get("date-parts", [])]
    assert words(shown) - kept.union(initials, *issued) - words("Accessed at on") == set()
    assert validating.malformed(found.csl) == []
    assert (read_back(found) == line.strip()) != any("reads back as" in doubt for doubt in found.unsure)
