from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import prose
from content.decoding import BadFile, Note
from content.importing import placing
from content.importing.drug_headings import DrugNames
from content.importing.faults import Unplaceable, WordsLost

PAGE = (Path(__file__).parent / "pages" / "made-up-immunotherapy.html").read_text()
TAGS = "p div h2 ul li table tr td a b nav header figure img figcaption br blockquote dl script svg o:p x".split()
WORDS = [
    "one",
    " two ",
    "x<y",
    "&lt;",
    "<!--",
    "-->",
    "<![if",
    "<![CDATA[",
    "]]>",
    "References",
    "\n",
    "&#150;",
    "<?",
    ">",
]
SOUP = [*WORDS, *(f"<{tag} href='/x' alt='y'>" for tag in TAGS), *(f"</{tag}>" for tag in TAGS)]
UID = "8f0c7a4e-52ac-4d5c-9b7c-0a4a35c1e3d5"
LIBRARY = DrugNames(
    drugs={"tamolidomide": ["tamolidomide"], "etorinide": ["etorinide"], "velorimab": ["velorimab"]},
    names_of={
        "tamolidomide": {"tamolidomide", "quellin"},
        "etorinide": {"etorinide", "et-16"},
        "velorimab": {"velorimab", "zentyx"},
    },
)


def known_article(href):
    return UID if href == "/articles/chemo-example-sarcoma/" else None


def placed(html, drugs=LIBRARY):
    return placing.place(html, drugs=drugs, article_at=known_article)


def body(html):
    """What becomes of a piece of the body, below a title."""
    return placed(f"<h1>Title</h1>\n{html}")


def outline(imported):
    return [(section.kind, section.level, section.heading, section.drug) for section in imported.sections]


def test_place_gives_sections_levels_kinds_and_drugs():
    imported = placed(PAGE)

    assert imported.title == "Immune Treatment for Example Sarcoma"
    assert prose.text(imported.lead) == (
        "Some medicines wake up the body’s own defenses. Doctors may offer them when example sarcoma (ES) comes back."
    )
    assert outline(imported) == [
        ("text", 2, "Defense-tuning drugs (DTDs)", None),
        ("drug", 3, "Tamolidomide (Quellin)", "tamolidomide"),
        ("drug", 3, "Etorinide (ET-16)", "etorinide"),
        ("text", 2, "Checkpoint openers", None),
        ("drug", 3, "Velorimab (Zentyx, Zentyx Flow)", "velorimab"),
        ("side-effects", 3, "Possible side effects of checkpoint openers", None),
        ("see-also", 2, "More information about immune treatment", None),
    ]
    assert imported.sections[1].body == (
        "<p>This capsule is tried after chemo. It may suit people who:</p>"
        "<ul><li>Have <em>not</em> been helped by two other treatments</li>"
        "<li>Can come for blood tests every 2 weeks</li></ul>"
        "<p><strong>Possible side effects:</strong> Tired legs, a dry mouth &amp; low counts (&lt;5% of people).</p>"
    )


def test_place_gives_every_line_somebody_has_to_look_at():
    imported = placed(PAGE)

    assert list(imported.notes()) == [
        (
            8,
            "The drug library does not know “Defense-tuning drugs (DTDs)”. "
            "If it is a drug, add it there and choose it in its section.",
        ),
        (21, "“Zentyx Flow” is not a brand or other name of velorimab in the drug library."),
        (
            29,
            "The link “How the Defenses Work” leads to /types/example/defenses.html, "
            "which is no article here. It has no target yet.",
        ),
        (
            36,
            "Not imported: “Last Medical Review: May 2, 2024” (the system computes these dates itself).",
        ),
        (
            37,
            "Not imported: “Last Revised: December 5, 2025” (the system computes these dates itself).",
        ),
    ]


def test_place_reads_references_in_the_order_of_the_file():
    imported = placed(PAGE)

    assert [reference.line for reference in imported.references] == [32, 33, 34, 35]
    assert [reference.kept() for reference in imported.references] == [
        "Roe A, Doe JC. Example sarcoma: What is new. SarcomaBase. 2025. "
        "Accessed at https://sarcoma.example/new on October 6, 2025.",
        "Example Cancer Institute. Example Sarcoma Treatment (ECI®)–Nurses’ Version. 2024. "
        "Accessed at https://eci.example/nurses on October 7, 2025.",
        "Example Guideline Network. Guidelines in Example Care: Sarcoma. Version 2.2026. "
        "Accessed at www.guidelines.example on October 8, 2025.",
        "Poe E. Opening checkpoints. J Made Up Med. 2016;34(2):41-49. doi:10.1000/jmum.41.",
    ]
    assert [reference.parsed.accessed for reference in imported.references] == [
        (2025, 10, 6),
        (2025, 10, 7),
        (2025, 10, 8),
        None,
    ]


@pytest.mark.parametrize(
    ("href", "target", "notes"),
    [
        ("https://who.int/x", "https://who.int/x", []),
        ("mailto:help@example.org", "mailto:help@example.org", []),
        ("tel:18002272345", "tel:18002272345", []),
        ("//who.int/x", "https://who.int/x", []),
        ("/articles/chemo-example-sarcoma/", f"article:{UID}", []),
        (
            "/a/b.html",
            "unresolved:/a/b.html",
            ["leads to /a/b.html, which is no article here. It has no target yet."],
        ),
        (
            "/articles/none/",
            "unresolved:/articles/none/",
            ["leads to /articles/none/, which is no article here. It has no target yet."],
        ),
        (
            "#below",
            None,
            ["leads to a place on its own page (“#below”). Its words are kept, the link is not."],
        ),
        (
            "javascript:alert(1)",
            None,
            [
                "leads to “javascript:alert(1)”, an address of a kind no reader can open. Its words are kept, the link is not."
            ],
        ),
    ],
)
def test_place_gives_each_link_its_target(href, target, notes):
    imported = body(f'<p>See <a href="{href}">that page</a>.</p>')

    assert [link.href for link in prose.links(imported.lead)] == ([target] if target else [])
    assert prose.text(imported.lead) == "See that page."
    assert list(imported.notes()) == [(2, f"The link “that page” {note}") for note in notes]


def test_place_flattens_wrappers_and_keeps_loose_words():
    imported = body(
        "<main><div>Loose <b>words</b><section><p>Inside.</p>tail</section></div>"
        "<article><header><h2>First</h2></header><div><div><p>Deep.</p></div></div></article></main>"
    )

    assert imported.lead == "<p>Loose <strong>words</strong></p><p>Inside.</p><p>tail</p>"
    assert [(section.heading, section.body) for section in imported.sections] == [("First", "<p>Deep.</p>")]
    assert list(imported.notes()) == []


def test_place_keeps_tables_and_lists_in_lists_as_prose():
    html = (
        "<table><tbody><tr><td>1</td><td><ul><li>a</li><li>b</li></ul></td></tr></tbody></table>"
        "<ul><li>one<ul><li>two</li></ul></li></ul>"
    )

    assert body(html).lead == prose.canonical(html)


def test_place_reports_the_frame_of_the_page_line_by_line():
    imported = placed(
        "<nav><ul><li>Home</li><li>Types</li></ul></nav>\n<header>Gifts help</header>\n"
        "<h1>Title</h1><p>Text.</p>\n<footer><p>Call us</p></footer>"
    )

    assert imported.lead == "<p>Text.</p>"
    assert list(imported.notes()) == [
        (1, "Not imported: “Home” (stands in the page's <nav>)."),
        (1, "Not imported: “Types” (stands in the page's <nav>)."),
        (2, "Not imported: “Gifts help” (stands in the page's <header>)."),
        (4, "Not imported: “Call us” (stands in the page's <footer>)."),
    ]


def test_place_reports_what_stands_before_the_title():
    imported = placed("<p>Your gift counts</p>\n<h2>Menu</h2>\n<h1>Title</h1>\n<p>Text.</p>")

    assert imported.sections == []
    assert list(imported.notes()) == [
        (1, "Not imported: “Your gift counts” (stands before the title)."),
        (2, "Not imported: “Menu” (stands before the title)."),
    ]


def test_place_takes_the_first_level_1_heading_and_reports_another_title():
    imported = placed(
        "<title>Elsewhere</title>\n<h1>Title</h1>\n<p>Text.</p>\n<h1>Second</h1>\n<h4>Deep</h4>\n<h2></h2>"
    )

    assert imported.title == "Title"
    assert outline(imported) == [("text", 2, "Second", None), ("text", 4, "Deep", None)]
    assert list(imported.notes()) == [
        (2, "The file's <title> is “Elsewhere”; the heading “Title” was taken."),
        (4, "“Second” is a second level 1 heading; it is level 2 now. The title is the first."),
        (6, "An empty level 2 heading is not imported."),
    ]


def test_place_reports_what_a_heading_loses():
    imported = body(
        '<h2>CO<sub>2</sub> and <a href="/x">you</a></h2><p>a</p>\n<ul><li><h3>Boxed</h3>b</li></ul>'
    )

    assert [section.heading for section in imported.sections] == ["CO2 and you"]
    assert imported.sections[0].body == "<p>a</p><ul><li><p><strong>Boxed</strong></p><p>b</p></li></ul>"
    assert list(imported.notes()) == [
        (2, "The link “you” leads to /x, which is no article here. It has no target yet."),
        (2, "Headings are plain text: the heading “CO2 and you” no longer leads to unresolved:/x."),
        (
            2,
            "Headings are plain text: the superscript or subscript letters in “CO2 and you” are ordinary letters now.",
        ),
        (3, "The heading “Boxed” stands inside <ul>. It is bold text now; check it."),
    ]


def test_place_makes_a_section_of_each_picture_after_the_section_it_stood_in():
    imported = body(
        '<h2>Where</h2><p>Before.</p>\n<figure><img src="a.png" alt="A lung"><figcaption>The lungs. Credit: © A. Roe'
        '</figcaption></figure>\n<p>After.</p>\n<p><img src="dot.png" alt=""></p>\n<h2>Then</h2><p>Text.</p>'
    )

    upload = "A picture's file cannot be imported; upload it to its section, which stands after the section “Where”."
    assert outline(imported) == [
        ("text", 2, "Where", None),
        ("figure", 2, "", None),
        ("text", 2, "Then", None),
    ]
    assert imported.sections[0].body == "<p>Before.</p><p>After.</p>"
    picture = imported.sections[1]
    assert (picture.alt, picture.caption, picture.credit) == ("A lung", "The lungs.", "Credit: © A. Roe")
    assert list(imported.notes()) == [
        (3, upload),
        (5, "The picture dot.png is marked as decoration and not imported."),
    ]


def test_place_takes_a_figure_of_two_pictures_under_one_caption():
    imported = body(
        '<h2>Where</h2><p>Text.</p><figure><figcaption>Both sides</figcaption><img src="a.png" alt="Left">'
        '<img src="b.png" alt="Right"> Enlarge</figure>'
    )

    pictures = [(section.alt, section.caption) for section in imported.sections[1:]]
    assert pictures == [("Left", "Both sides"), ("Right", "")]
    assert [left.text for left in imported.left_out] == ["Enlarge"]


def test_place_reports_a_picture_before_the_title():
    imported = placed('<p><img src="logo.png" alt="Our house"></p>\n<h1>Title</h1><p>Text.</p>')

    assert imported.sections == []
    assert list(imported.notes()) == [(1, "Not imported: “Our house” (a picture before the title).")]


@given(st.lists(st.sampled_from(SOUP), max_size=30))
def test_place_takes_every_word_of_any_soup_or_says_what_is_wrong(pieces):
    """Nothing else is raised; whether all words arrived, `place` checks by itself."""
    try:
        title = placed("<h1>Title</h1><p>Text.</p>" + "".join(pieces)).title
    except BadFile:
        title = "Title"

    assert title == "Title"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Last Revised: 01/14/2016", "the system computes these dates itself"),
        (
            "Última revisión médica completa: 5 de mayo de 2024",
            "the system computes these dates itself",
        ),
        (
            "Developed by the Example Society content team with medical review by the EX.",
            "a credit is earned by signing",
        ),
    ],
)
def test_place_takes_no_dates_and_no_credit(line, why):
    imported = body(f"<p>Text.</p>\n<p>{line}</p>")

    assert imported.lead == "<p>Text.</p>"
    assert list(imported.notes()) == [(3, f"Not imported: “{line}” ({why}).")]


def test_place_keeps_prose_that_only_begins_like_a_credit_or_a_date():
    imported = body("<p>Developed by chemists in 1990, it is old.</p><p>Last revised doses are lower.</p>")

    assert (
        prose.text(imported.lead)
        == "Developed by chemists in 1990, it is old.\nLast revised doses are lower."
    )
    assert list(imported.notes()) == []


def references_of(html):
    return body(f"<p>Text.</p><h2>References</h2>\n{html}")


A = "Roe A. One. 2024. Accessed at https://a.example on May 1, 2025."
B = "Doe J. Two. 2024. Accessed at https://b.example on May 1, 2025."


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{A}</p><p>{B}</p>",
        f"<ol><li>{A}</li><li><p>{B}</p></li></ol>",
        f"<p>{A}<br>{B}</p>",
        f"{A}<p>{B}</p>",
    ],
)
def test_place_reads_references_from_paragraphs_lists_and_lines(html):
    imported = references_of(html)

    assert [reference.raw for reference in imported.references] == [A, B]


def test_place_keeps_an_unreadable_reference_whole_and_reports_it():
    imported = references_of("<p>See our list of all sources</p>")

    (reference,) = imported.references
    assert reference.parsed.csl["title"] == "See our list of all sources"
    assert [note.line for note in imported.notes()] == [3, 3, 3]


def test_place_keeps_a_reference_whole_whose_address_is_none():
    raw = "Roe A. One. 2024. Accessed at https://user@a.example on May 1, 2025."

    (reference,) = references_of(f"<p>{raw}</p>").references

    assert reference.parsed.csl == {"type": "document", "title": raw.removesuffix(".")}
    assert reference.parsed.unsure == [
        "It could not be divided into fields, so all of it is in the title, without an access check."
    ]


def test_place_reports_a_reference_that_is_listed_twice():
    imported = references_of(f"<p>{A}</p>\n<p>{A}</p>")

    assert [reference.raw for reference in imported.references] == [A]
    assert list(imported.notes()) == [(4, f"Not imported: “{A}” (is the reference of line 3 again).")]


def test_place_ends_the_references_at_the_dates_and_at_the_next_heading():
    imported = references_of(
        f"<p>{A}</p>\n<p>Last Revised: May 2, 2025</p>\n<p>Rights line.</p>\n<h2>Next</h2><p>More.</p>"
    )

    assert [reference.raw for reference in imported.references] == [A]
    assert outline(imported) == [("text", 2, "Next", None)]
    assert imported.last_revised == "Last Revised: May 2, 2025"
    assert list(imported.notes()) == [
        (4, "Not imported: “Last Revised: May 2, 2025” (the system computes these dates itself)."),
        (5, "Not imported: “Rights line.” (stands after the dates at the end)."),
    ]


def test_place_reports_an_empty_list_of_references():
    imported = references_of("")

    assert list(imported.notes()) == [(2, "There is nothing in the list of references.")]


@pytest.mark.parametrize(
    ("html", "note"),
    [
        ("<p>If x <y and z> 5</p>", "“<y and z>” was read as a tag. If it is text, write &lt; for its <."),
        ("<p>A</p><iframe src='x'></iframe>", "<iframe> is not imported: an article has no place for it."),
        (
            "<p>ther\u200bapy</p>",
            "In “ther\u200bapy” something is not what it looks like: zero width space (U+200B). "
            "Delete that word and type it again.",
        ),
    ],
)
def test_place_reports_what_an_article_cannot_hold(html, note):
    assert list(body(html).notes()) == [(2, note)]


def test_place_refuses_a_file_without_a_title():
    with pytest.raises(Unplaceable) as refused:
        placed("<title>Chemo</title><h1> </h1><h2>Text</h2>")

    assert refused.value.notes == [
        Note(
            0,
            "The file has no title: no level 1 heading (<h1>) with words in it. "
            "Its <title> is “Chemo”; if that is it, repeat it as <h1>.",
        )
    ]


def test_place_refuses_everything_that_has_no_room_at_once():
    with pytest.raises(Unplaceable) as refused:
        placed(f"<h1>{'t' * 251}</h1>\n<h2>{'h' * 301}</h2>\n<h2>References</h2>\n<p>{'r' * 501}</p>")

    assert refused.value.notes == [
        (
            1,
            f"There is room for 250 characters of article title, and here are 251: “{'t' * 60}…”. Shorten it.",
        ),
        (
            2,
            f"There is room for 300 characters of section heading, and here are 301: “{'h' * 60}…”. Shorten it.",
        ),
        (
            4,
            f"There is room for 500 characters of reference title, and here are 501: “{'r' * 60}…”. Shorten it.",
        ),
    ]


def test_place_refuses_where_broken_markup_would_join_or_lose_words():
    deep = "<i>" * 3000 + "hidden dose" + "</i>" * 3000

    with pytest.raises(WordsLost) as refused:
        body(f"<p>Seen.</p>\n<p>{deep}</p>")

    assert refused.value.notes == [
        Note(
            3,
            "These words would be lost: “hidden dose”. The markup here may be broken. Nothing was imported.",
        )
    ]
