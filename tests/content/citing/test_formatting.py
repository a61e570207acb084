import datetime
import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from citeproc import CitationStylesStyle

from content.citing import formatting
from content.citing.formatting import date_text, formatted, in_ama

CASES = json.loads(Path(__file__).with_name("reference_cases.json").read_text())
# Compared once with citeproc-js, which agrees but for curling the apostrophes that were typed straight.
STYLE_CASES = json.loads(Path(__file__).with_name("style_cases.json").read_text())
ACCESSED = {"en": "October 6, 2025", "es": "6 de octubre de 2025"}
STYLES = ("house-en", "house-es", "ama-11")
WEBPAGE = {"type": "webpage", "title": "Living with a rare tumor", "URL": "https://clinic.example/rare"}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_formatted_gives_the_house_style_exactly(case):
    parts = formatted(case["csl"])

    assert "October 6, 2025".join(parts) == case["expect"]


@pytest.mark.parametrize("language", formatting.LANGUAGES)
@pytest.mark.parametrize("case", STYLE_CASES, ids=[case["en"] for case in STYLE_CASES])
def test_formatted_gives_each_type_in_each_language(case, language):
    assert ACCESSED[language].join(formatted(case["csl"], language=language)) == case[language]


@pytest.mark.parametrize("case", STYLE_CASES, ids=[case["en"] for case in STYLE_CASES])
def test_in_ama_gives_each_type(case):
    assert in_ama(case["csl"], ACCESSED["en"]) == case["ama"]


def test_each_type_has_three_cases():
    counted = Counter(case["type"] for case in STYLE_CASES)

    assert {kind: count for kind, count in counted.items() if count < 3} == {}


def test_in_ama_prints_the_address_alone_where_nobody_opened_it():
    assert in_ama(WEBPAGE) == "Living with a rare tumor. https://clinic.example/rare"


@pytest.mark.parametrize("kind", ["webpage", "book", "report"])
def test_in_ama_prints_a_hostile_title_as_it_was_typed(kind):
    title = "<script>alert(1)</script> &amp; mTOR <5% {0}"

    assert in_ama({"type": kind, "title": title}) == f"{title}."


@pytest.mark.parametrize(
    ("pages", "printed"),
    [
        ("1519-38", "1519-1538"),
        ("1519–38", "1519-1538"),
        ("12-5", "12-15"),
        ("99-1002", "99-1002"),
        ("12345-1234567", "12345-1234567"),
        ("1519-10", "1519-10"),
        ("S12-S18", "S12-S18"),
        ("12-5, 1519-38", "12-15, 1519-1538"),
        ("9" * 5000 + "-1", "9" * 5000 + "-1"),
    ],
)
def test_formatted_writes_the_last_page_in_full(pages, printed):
    item = {"type": "article-journal", "title": "Tumors", "volume": "2", "page": pages}

    assert formatted(item) == [f"Tumors. 2:{printed}."]


def test_formatted_is_cut_where_the_access_date_goes():
    assert formatted(WEBPAGE) == [
        "Living with a rare tumor. Accessed at https://clinic.example/rare on ",
        ".",
    ]


def test_formatted_without_url_is_one_string():
    item = {"type": "webpage", "title": "Tumors", "accessed": {"date-parts": [[2025, 10, 6]]}}

    assert formatted(item) == ["Tumors."]


def test_formatted_ignores_the_accessed_of_the_item():
    assert formatted(WEBPAGE | {"accessed": {"date-parts": [[1999, 1, 2]]}}) == formatted(WEBPAGE)


@pytest.mark.parametrize(
    "title",
    [
        "Braces {0} {accessed} %s",
        "Accessed at https://other.example on October 6, 2025",
        formatting.SLOT,
        f"Twice {formatting.SLOT}{formatting.SLOT} and on ",
        "<script>alert(1)</script> &amp; &lt;5% or <5%",
        '<span class="nocase">HER2</span> & more',
        "C\\textbf{x} _y_ *z*",
    ],
)
def test_formatted_prints_any_title_as_it_was_typed(title):
    printed = title.strip()

    assert formatted(WEBPAGE | {"title": title}) == [
        f"{printed}. Accessed at https://clinic.example/rare on ",
        ".",
    ]


@pytest.mark.parametrize("title", ["Is it safe?", "Call at once!", "Wait and see."])
def test_formatted_puts_no_full_stop_after_another_mark(title):
    assert formatted({"type": "webpage", "title": title, "container-title": "Rare Tumors"}) == [
        f"{title} Rare Tumors."
    ]


@pytest.mark.parametrize("said", ["“why me?”", "“stop!”", "“no.”", '"no."'])
def test_formatted_ends_what_somebody_said_without_a_second_full_stop(said):
    item = WEBPAGE | {"title": f"Asked {said}", "container-title": "Liver"}

    assert formatted(item)[0] == f"Asked {said} Liver. Accessed at https://clinic.example/rare on "


def test_formatted_ends_a_lone_question_without_full_stop():
    assert formatted({"type": "book", "title": "Is it safe?"}) == ["Is it safe?"]


def test_formatted_leaves_the_url_as_typed():
    item = WEBPAGE | {"URL": "www.clinic.example/?.a=%7Bx%7D&B=2#Top/"}

    assert (
        formatted(item)[0]
        == "Living with a rare tumor. Accessed at www.clinic.example/?.a=%7Bx%7D&B=2#Top/ on "
    )


def test_formatted_works_without_type_and_with_keys_it_does_not_know():
    item = {"title": "Tumors", "id": "ÄB", "custom": {"a": 1}, "shoe-size": [7], "language": 5}

    assert formatted(item) == ["Tumors."]


def test_formatted_of_nothing_is_empty():
    assert formatted({}) == [""]


def test_formatted_takes_blank_values_for_missing():
    assert formatted({"title": "Tumors", "URL": " ", "author": [], "version": ""}) == ["Tumors."]


def test_formatted_joins_broken_lines_and_keeps_no_break_spaces():
    assert formatted({"title": "Tumors\r\n  of the\tliver\u00a0(2)"}) == ["Tumors of the liver\u00a0(2)."]


@pytest.mark.parametrize(
    ("csl", "words"),
    [
        ({"title": ["a"]}, "“title” must be text."),
        (
            {"title": "a", "issued": {"date-parts": [[2025, 13]]}},
            "“issued” is not a calendar date: [2025, 13].",
        ),
        ({"title": "a", "author": "Roe A"}, "“author” must be a list of names."),
    ],
)
def test_formatted_refuses_what_has_the_wrong_shape(csl, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        formatted(csl)


@pytest.mark.parametrize(
    ("count", "names"), [(6, "A A, B A, C A, D A, E A, F A"), (7, "A A, B A, C A, et al")]
)
def test_formatted_shortens_seven_authors(count, names):
    people = [{"family": family, "given": "Anna"} for family in "ABCDEFG"[:count]]

    assert formatted({"title": "Tumors", "author": people}) == [f"{names}. Tumors."]


def test_formatted_writes_initials_particles_and_suffixes():
    author = [
        {"family": "Berg", "given": "Jean-Paul", "non-dropping-particle": "van der"},
        {"family": "Smith", "given": "J. A.", "suffix": "Jr"},
        {"literal": "KEYNOTE Group"},
    ]

    assert formatted({"title": "Tumors", "author": author}) == [
        "van der Berg JP, Smith JA Jr, KEYNOTE Group. Tumors."
    ]


@pytest.mark.parametrize(
    ("editor", "printed"),
    [([], ""), ([{"family": "Roe", "given": "A"}], "In: Roe A, ed. ")],
    ids=["none", "one"],
)
def test_formatted_chapter_counts_its_editors(editor, printed):
    item = {
        "type": "chapter",
        "author": [{"family": "Doe", "given": "J"}],
        "title": "Liver",
        "chapter-number": 3,
        "container-title": "Rare Tumors",
        "editor": editor,
        "edition": 2,
        "publisher": "Example Press",
        "issued": {"date-parts": [["2020"]]},
    }

    assert formatted(item) == [f"Doe J. Chapter 3: Liver. {printed}Rare Tumors. 2nd ed. Example Press; 2020."]


def test_formatted_in_spanish():
    item = WEBPAGE | {
        "type": "report",
        "title": "¿Es seguro?",
        "version": "3.2025",
        "issued": {"date-parts": [[2025, 5, 15]]},
    }

    parts = formatted(item, language="es-mx")

    assert date_text(datetime.date(2025, 10, 6), "es").join(parts) == (
        "¿Es seguro? Versión 3.2025. 15 de mayo de 2025. "
        "Consultado en https://clinic.example/rare el 6 de octubre de 2025."
    )


def test_formatted_chapter_in_spanish():
    item = {
        "type": "chapter",
        "author": [{"family": family, "given": "A"} for family in "ABCDEFG"],
        "title": "Hígado",
        "chapter-number": "3",
        "container-title": "Tumores raros",
        "editor": [{"family": "Roe", "given": "A"}, {"family": "Doe", "given": "J"}],
        "edition": "6",
    }

    assert formatted(item, language="es") == [
        "A A, B A, C A, et al. Capítulo 3: Hígado. En: Roe A, Doe J, eds. Tumores raros. 6.ª ed."
    ]


def test_formatted_refuses_a_language_without_style():
    words = "There is no house style for references in “fr”, only for: en, es."

    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        formatted(WEBPAGE, language="fr")


def test_formatted_is_the_same_from_many_threads():
    items = [case["csl"] for case in CASES] * 5
    expected = [formatted(item) for item in items]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(formatted, items))

    assert found == expected


def test_style_is_another_in_another_thread():
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(lambda: formatting.styles["house-en"]).result()

    assert other is not formatting.styles["house-en"]


@pytest.mark.parametrize("language", formatting.LANGUAGES)
def test_style_is_loaded_once_in_a_thread(language):
    formatted(WEBPAGE, language=language)

    first = formatting.styles[f"house-{language}"]
    assert formatting.styles[f"house-{language}"] is first
    assert first.root.get("default-locale")[:2] == language


@pytest.mark.parametrize("name", STYLES)
def test_style_is_valid_csl(name):
    path = Path(formatting.__file__).with_name(f"{name}.csl")

    style = CitationStylesStyle(str(path), validate=True)

    assert style.schema.validate(style.xml)


@pytest.mark.parametrize(
    ("date", "language", "text"),
    [
        (datetime.date(2025, 10, 6), "en", "October 6, 2025"),
        (datetime.date(2025, 10, 6), "es", "6 de octubre de 2025"),
        ((2025, 1), "en", "January 2025"),
        ([2025, 12], "es", "diciembre de 2025"),
        ([2025], "en", "2025"),
        ([2025], "es", "2025"),
    ],
)
def test_date_text_keeps_order_and_precision(date, language, text):
    assert date_text(date, language) == text
