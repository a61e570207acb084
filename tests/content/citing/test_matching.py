"""Two references that are one work are found and told; two works that look alike are not."""

from types import SimpleNamespace

import pytest

from content.citing import matching, normalising

PEOPLE = [{"family": "Polizzotto", "given": "M N"}, {"family": "Uldrick", "given": "T S"}]
TITLE = "Pomalidomide for symptomatic Kaposi's sarcoma in people with and without HIV infection: a phase I/II study"


def work(title=TITLE, type="article-journal", author=PEOPLE, issued=(2016,), **columns):
    row = {
        "version": "",
        "container_title": "",
        "more": {},
        "url": "",
        "doi": "",
        "pmid": "",
        "isbn": "",
    } | columns
    for column in ("url", "doi", "pmid", "isbn"):
        row[f"{column}_normalised"] = getattr(normalising, column)(row[column])
    return SimpleNamespace(title=title, type=type, author=list(author), issued=list(issued), **row)


def meet(one, other):
    """Whether a database would bring the two together."""
    ours, theirs = matching.keys(one), matching.keys(other)
    return any(key.meets(theirs[number]) for number, key in ours.items() if number in theirs)


def told(one, other):
    """The reasons, which must not depend on which comes first, nor be out of reach of the keys."""
    reasons = matching.reasons(one, other)
    assert matching.reasons(other, one) == reasons
    assert meet(one, other) or not reasons
    assert meet(one, other) == meet(other, one)
    return reasons


@pytest.mark.parametrize(
    ("column", "one", "other"),
    [
        ("doi", "10.1200/JCO.2016.69.3812", "https://doi.org/10.1200/jco.2016.69.3812"),
        ("pmid", "27863194", "PMID: 27863194"),
    ],
)
def test_the_same_identifier_is_the_same_work_whatever_else_differs(column, one, other):
    same = told(work(**{column: one}), work("Other words", author=[], issued=[1999], **{column: other}))

    assert same == [column]


def test_both_identifiers_are_told():
    ids = {"doi": "10.1000/x", "pmid": "1"}

    assert told(work(**ids), work("Other", **ids)) == ["doi", "pmid"]


@pytest.mark.parametrize(
    "title",
    [
        "Pomalidomide for symptomatic Kaposi sarcoma in people with and without HIV infection: A phase I/II study.",
        TITLE.upper(),
        "Pomalidomide for Symptomatic Kaposi’s Sarcoma in People With and Without HIV Infection – A Phase I/II Study",
        "Pomalidomid for symptomatic Kaposi's sarcoma in people with and without HIV infection: a phase I/II study",
        "Pomalidomide for symptomatic Kapsoi's sarcoma in people with and without HIV infection: a phase I/II study",
        "Pomalidomide for symptomatic Kaposi's sarcoma in people with and without HIV infections: phase I/II study",
        "Pomalidomide for symptomatic Kaposi's sarcoma in with and without HIV infection: a phase I/II study",
        "<i>Pomalidomide</i> for symptomatic Kaposi's sarcoma in people with and without HIV infection: a phase I/II study",
    ],
    ids=["stop", "capitals", "dash", "letter", "swapped", "plural", "word", "markup"],
)
def test_nearly_the_same_title_and_year_is_the_same_work(title):
    assert told(work(), work(title)) == ["title"]
    assert told(work(issued=[2017]), work(title)) == ["title"]
    assert told(work(issued=[]), work(title)) == ["title"]
    assert told(work(author=[]), work(title)) == ["title"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Anaemia in leukaemia: randomised trial of oestrogen",
            "Anemia in leukemia: randomized trial of estrogen",
        ),
        ("Non-small-cell lung cancer in older adults", "Nonsmall cell lung cancer in older adults"),
        ("β-blockers and melanoma in the clinic", "Beta blockers and melanoma in the clinic"),
        (
            "Inmunoterapia para el sarcoma de Kaposi en adultos",
            "Inmunoterapia para el sarcoma de Kaposi en adultós",
        ),
    ],
)
def test_spellings_of_one_title_are_the_same_work(one, other):
    assert told(work(one), work(other)) == ["title"]


def pdq(title, **columns):
    return work(title, "agency-page", [{"literal": "National Cancer Institute"}], **columns)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (work(), work(TITLE.replace("I/II", "II/III"))),
        (work(), work(TITLE.replace("Pomalidomide", "Lenalidomide"))),
        (work(), work(issued=[2018])),
        (work(), work(author=[{"family": "Roe", "given": "A"}])),
        (work(), work(f"Erratum: {TITLE}")),
        (work(), work(type="paper-conference")),
        (work(doi="10.1000/x"), work(doi="10.1000/y")),
        (work(pmid="1"), work(pmid="2")),
        (work(more={"volume": "34"}), work(more={"volume": "35"})),
        (work(more={"page": "4125-4131"}), work(more={"page": "5"})),
        (
            work("Care for adults with small cell lung cancer"),
            work("Care for adults with non-small cell lung cancer"),
        ),
        (work("Trial of lapatinib in adults with breast cancer", author=[]),
         work("Trial of apatinib in adults with breast cancer", author=[])),
        (work("Editorial", author=[], issued=[]), work("Editorial", author=[], issued=[])),
        (pdq("Breast Cancer Treatment (PDQ®)–Patient Version"), pdq("Prostate Cancer Treatment (PDQ®)–Patient Version")),
        (pdq("Oral Cancer Treatment (PDQ®)–Patient Version"), pdq("Anal Cancer Treatment (PDQ®)–Patient Version")),
        (
            pdq("Kaposi Sarcoma Treatment (PDQ®)–Patient Version"),
            pdq("Kaposi Sarcoma Treatment (PDQ®)–Health Professional Version"),
        ),
        (
            pdq("Cancer Facts & Figures 2024", issued=[]),
            pdq("Cancer Facts & Figures 2025", issued=[]),
        ),
        (work("Pomalyst (pomalidomide)", "label", []), work("Pomalyst (pomalidomide)", "label", [], [2017])),
        (
            work("Guideline: Kaposi Sarcoma", "guideline", issued=[], version="2.2026"),
            work("Guideline: Kaposi Sarcoma", "guideline", issued=[], version="1.2026"),
        ),
        (
            work("Clinical oncology for everybody", "book", more={"edition": "5"}),
            work("Clinical oncology for everybody", "book", more={"edition": "6"}),
        ),
        (
            work("Melanoma of the skin", "chapter", container_title="Clinical Oncology"),
            work("Melanoma of the skin", "chapter", container_title="Dermatology in Practice"),
        ),
    ],
)  # fmt: skip
def test_works_that_look_alike_are_two(one, other):
    assert told(one, other) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"family": "Berg", "non-dropping-particle": "van der"}, {"family": "van der Berg"}, True),
        ({"literal": "Groopman JE"}, {"family": "Groopman", "given": "J E"}, True),
        ({"literal": "NCI"}, {"literal": "National Cancer Institute"}, True),
        ({"literal": "The American Cancer Society"}, {"literal": "American Cancer Society"}, True),
        (
            {"literal": "National Comprehensive Cancer Network"},
            {"literal": "National Cancer Institute"},
            False,
        ),
        ({"family": "Roe"}, {"family": "Doe"}, False),
    ],
)
def test_authors_have_somebody_in_common(one, other, same):
    assert told(work(author=[one]), work(author=[other])) == (["title"] if same else [])


def test_editors_stand_in_for_authors():
    by = {"author": [], "type": "book"}

    assert told(work(more={"editor": PEOPLE}, **by), work(more={"editor": [{"family": "Roe"}]}, **by)) == []
    assert told(work(more={"editor": PEOPLE}, **by), work(type="book")) == ["title"]


def test_one_address_is_one_work_unless_it_is_a_front_page():
    page, front = "https://www.example.org/kaposi", "www.example.org"
    one, other = "Kaposi sarcoma: what to know", "Know your Kaposi sarcoma"

    assert told(pdq(one, url=page), pdq(other, url=f"{page}/?utm_source=x")) == ["url"]
    assert told(pdq(one, url=front), pdq(other, url=front)) == []
    assert told(pdq(one, url=page), pdq("Something else entirely", url=page)) == []
    assert told(pdq(one, url=page, version="1"), pdq(one, url=page, version="2")) == []


def test_chapters_share_the_isbn_of_their_book():
    isbn = {"isbn": "978-0-306-40615-7"}
    liver, skin, book = (
        work(title, kind, **isbn)
        for title, kind in (("Liver tumors", "chapter"), ("Skin tumors", "chapter"), ("Rare tumors", "book"))
    )

    assert told(liver, skin) == []
    assert told(liver, book) == []
    assert told(liver, work("Liver tumours", "chapter", **isbn)) == ["isbn"]
    assert told(book, work("Rare tumours of the skin", "book", isbn="0-306-40615-2")) == ["isbn"]


@pytest.mark.parametrize("title", ["", "…", "I", "胰腺癌", "a" * 500, "x, y"])
def test_any_title_has_keys_that_fit_the_column(title):
    keys = matching.keys(work(title, issued=["n.d."]))

    assert all(-(2**63) <= number < 2**63 for number in keys)
    assert len(keys) < 600


def test_a_date_in_words_has_its_year():
    assert matching.year(work(issued=[], more={"issued": {"literal": "Summer 2020"}})) == 2020
    assert matching.year(work(issued=["2021", 3])) == 2021
    assert matching.year(work(issued=[])) == 0
