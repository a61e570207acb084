import copy
import random
import time
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from content import differences, prose
from content.snapshots.snapshot import PARTS

EXAMPLE = Path(__file__).parents[4] / "shared" / "examples" / "kaposi-immunotherapy.html"
POMALIDOMIDE = {
    "uid": "d1",
    "name": "pomalidomide",
    "pronunciation": "PAH-muh-LIH-doh-mide",
    "class": {"name": "Immunomodulating drugs", "short_name": "IMiDs"},
    "products": [
        {
            "brand": "Pomalyst",
            "full_name": "pomalidomide",
            "route": "oral",
            "statuses": [{"condition": "Kaposi sarcoma", "status": "accelerated", "since": "2020-05-14"}],
        }
    ],
}


def section(heading="Pomalidomide", body="", level=2, kind="text", drug=None):
    return {"kind": kind, "level": level, "heading": heading, "drug": drug, "body": body}


def reference(
    uid="r1", text=("Rare tumors. Accessed at clinic.example on ", "."), href="https://clinic.example"
):
    return {"uid": uid, "type": "webpage", "text": list(text), "url": "clinic.example", "href": href}


def access(uid="r1", printed="October 6, 2025", on="2025-10-06"):
    return {
        "reference": uid,
        "on": on,
        "printed": printed,
        "found": "unchanged",
        "imported": False,
        "supports": "yes",
    }


def snapshot(*sections, title="Drugs", lead="", note="", **parts):
    text = {"title": title, "lead": lead, "sections": list(sections)}
    listing = {"type": "treatment", "condition": "Kaposi sarcoma", "co_branded_with": None}
    shown = {
        "text": text,
        "drugs": [],
        "references": [],
        "access_dates": [],
        "figures": [],
        "listing": listing,
    }
    return {
        "schema": 1,
        "uid": "a1",
        "language": "en",
        "parts": shown | {"public_note": {"text": note}} | parts,
    }


def of_body(old, new, **rest):
    """The difference of two bodies of one section."""
    return differences.between(snapshot(section(body=old), **rest), snapshot(section(body=new), **rest))


def changed(difference):
    return [row for part in difference.parts for row in part.blocks if row.kind != "same"]


def marked(row):
    """The row in one line: [-gone-] {+come+} <looks otherwise|note>."""
    shapes = {"same": "{0}", "del": "[-{0}-]", "ins": "{{+{0}+}}", "format": "<{0}|{1}>"}
    return "".join(shapes[piece.kind].format(piece.text, piece.note) for piece in row.pieces)


def only(difference):
    (row,) = changed(difference)
    return row


# What is shown


def test_between_equal_snapshots_is_empty():
    one = snapshot(section(body="<p>Take 4 mg.</p>"), drugs=[POMALIDOMIDE], references=[reference()])

    difference = differences.between(one, copy.deepcopy(one))

    assert difference.is_empty
    assert difference.changed_parts == []


def test_between_shows_a_changed_dose_as_whole_tokens():
    difference = of_body("<p>Take 1.5 mg with water.</p>", "<p>Take 15 mg with water.</p>")

    assert marked(only(difference)) == "Take [-1.5-]{+15+} mg with water."
    assert only(difference).place == ("Pomalidomide",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.5 mg", "15 mg", [("1.5 mg", "15 mg")]),
        ("1.5mg", "15mg", [("1.5mg", "15mg")]),
        ("1,000 IU", "1,500 IU", [("1,000 IU", "1,500 IU")]),
        ("5 mg/kg", "5 mcg/kg", [("5 mg/kg", "5 mcg/kg")]),
        ("5–10 days", "5–20 days", [("5–10 days", "5–20 days")]),
        ("5-10 days", "5–10 days", []),
        (".5 mg", "5 mg", [(".5 mg", "5 mg")]),
        ("-4 °C", "4 °C", [("-4 °", "4 °")]),
        ("½ tablet", "¼ tablet", [("½ tablet", "¼ tablet")]),
        ("take it", "take 2 tablets of it", [("", "2 tablets")]),
        ("PD-1 and PD-2", "PD-1 only", [("PD-2", "")]),
        ("old words", "new words", []),
        ("see https://a.example/1", "see https://a.example/2", []),
    ],
)
def test_numbers_changed_names_number_and_unit(old, new, expected):
    difference = of_body(f"<p>Please read on: {old}</p>", f"<p>Please read on: {new}</p>")

    assert [(each.old, each.new) for each in difference.numbers_changed] == expected
    assert {each.place for each in difference.numbers_changed} <= {"Pomalidomide"}
    assert difference.counts.numbers == len(expected)


def test_numbers_changed_leaves_out_access_dates():
    old, new = (
        snapshot(access_dates=[access()]),
        snapshot(access_dates=[access(printed="May 7, 2026", on="2026-05-07")]),
    )

    difference = differences.between(old, new)

    assert difference.numbers_changed == []
    assert [marked(row) for row in changed(difference)] == [
        "[-October 6, 2025-]{+May 7, 2026+}",
        "[-October 6, 2025-]{+May 7, 2026+}",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("do not drive", "do <strong>not</strong> drive", "do< not|now bold> drive"),
        ("do <strong>not</strong> drive", "do not drive", "do< not|no longer bold> drive"),
        ("do <em>not</em> drive", "do <strong>not</strong> drive", "do< not|italic → bold> drive"),
        (
            '<a href="https://a.example">the site</a>',
            '<a href="https://b.example">the site</a>',
            "<the site|link to https://a.example → link to https://b.example>",
        ),
        ("the site", '<a href="https://a.example">the site</a>', "<the site|now link to https://a.example>"),
        ("<strong>im</strong>mune", "im<strong>mune</strong>", "<immune|marked otherwise inside this word>"),
        ("10<sup>9</sup> cells", "10<sub>9</sub> cells", "10<9|raised → lowered> cells"),
        ("15mg", "15 mg", "15< mg|before it: no space → a space>"),
        ("15 mg", "15\u00a0mg", "15<\u00a0mg|before it: a space → a no-break space>"),
        ("one<br>two", "one two", "one< two|before it: a line break → a space>"),
    ],
)
def test_between_shows_what_only_looks_or_leads_otherwise(old, new, expected):
    difference = of_body(f"<p>{old}</p>", f"<p>{new}</p>")

    assert marked(only(difference)) == expected


CITED, OTHER = (f"c0ffee00-0000-4000-8000-00000000000{number}" for number in (1, 2))
WORKS = [reference(CITED, ["Doe J. Pills."]), reference(OTHER, ["Roe R. Cells."])]


def cites(uid):
    return f'<p>Take it.<a href="reference:{uid}">※</a> Rest.</p>'


@pytest.mark.parametrize(
    ("old", "new", "works", "expected"),
    [
        ("<p>Take it. Rest.</p>", cites(CITED), WORKS, "Take it.{+※+} Rest."),
        (cites(CITED), "<p>Take it. Rest.</p>", WORKS, "Take it.[-※-] Rest."),
        (
            cites(CITED),
            cites(OTHER),
            WORKS,
            "Take it.<※|marker of reference 1, Doe J. Pills. → marker of reference 2, Roe R. Cells.> Rest.",
        ),
        (
            cites(CITED),
            cites(OTHER),
            WORKS[:1],
            "Take it.<※|marker of reference 1, Doe J. Pills. → marker of a source that is not cited> Rest.",
        ),
    ],
)
def test_between_shows_a_citation_marker_by_the_work_it_cites(old, new, works, expected):
    assert marked(only(of_body(old, new, references=works))) == expected


def test_guards_count_a_marker_as_a_link_and_name_the_work():
    old, new = (snapshot(section(body=cites(uid)), references=WORKS) for uid in (CITED, OTHER))

    assert differences.guards(old, new) == [
        "A link target differs in Pomalidomide: “reference 1, Doe J. Pills.” became “reference 2, Roe R. Cells.”."
    ]


def test_guards_see_a_marker_that_wandered():
    sign = f'<a href="reference:{CITED}">※</a>'
    bodies = f"<p>It helps.{sign} It is easy to take.</p>", f"<p>It helps. It is easy to take.{sign}</p>"

    old, new = (snapshot(section(body=body), references=WORKS) for body in bodies)

    assert [reason.partition(":")[0] for reason in differences.guards(old, new)] == [
        "A link target is gone from Pomalidomide",
        "A link target is new in Pomalidomide",
    ]


def test_between_shows_the_target_of_a_new_link():
    row = only(of_body("<p>Call us.</p>", '<p>Call us <a href="tel:123">now</a>.</p>'))

    assert [(piece.kind, piece.text, piece.note) for piece in row.pieces] == [
        ("same", "Call us", ""),
        ("ins", " now", "link to tel:123"),
        ("same", ".", ""),
    ]


def test_between_names_a_character_nobody_sees():
    row = only(of_body("<p>Call us.</p>", "<p>Call us\u200b.</p>"))

    assert [piece.note for piece in row.pieces] == ["", "invisible character zero width space (U+200B)", ""]


def test_between_shows_a_new_level():
    difference = differences.between(snapshot(section(level=2)), snapshot(section(level=3)))

    assert marked(only(difference)) == "<|heading of level 2 → heading of level 3>Pomalidomide"
    assert only(difference).kind == "changed"


def test_between_shows_another_drug_of_a_section_but_not_its_new_name():
    renamed = POMALIDOMIDE | {"name": "pomalidomidum"}
    old = snapshot(section(drug="d1"), drugs=[POMALIDOMIDE])

    other = differences.between(old, snapshot(section(drug="d2"), drugs=[POMALIDOMIDE]))
    same = differences.between(old, snapshot(section(drug="d1"), drugs=[renamed]))

    assert marked(only(other)) == "<|about pomalidomide → about d2>Pomalidomide"
    assert [part.name for part in same.changed_parts] == ["drugs"]


def test_between_keeps_a_list_item_apart_from_its_neighbours():
    old = "<ul><li>Feeling very tired</li><li>Fever</li></ul>"
    new = "<ul><li>Feeling very tired</li><li>Rash on the skin</li><li>Fever</li></ul>"

    row = only(of_body(old, new))

    assert (row.kind, row.place) == ("added", ("Pomalidomide", "list item 2"))
    assert marked(row) == "<|bulleted list, a new list item>{+Rash on the skin+}"


def test_between_names_the_place_in_a_nested_list():
    old = "<ul><li>Common:<ul><li>Fever</li><li>Low blood counts</li></ul></li></ul>"

    row = only(of_body(old, old.replace("Low", "High")))

    assert row.place == ("Pomalidomide", "list item 1", "list item 2")
    assert marked(row) == "[-Low-]{+High+} blood counts"


def test_between_pairs_table_cells_by_their_place():
    old = "<table><thead><tr><th>Stage</th><th>Dose</th></tr></thead><tbody><tr><td>I</td><td>5</td></tr></tbody></table>"

    row = only(of_body(old, old.replace("5", "50")))

    assert row.place == ("Pomalidomide", "table row 2, cell 2")
    assert marked(row) == "[-5-]{+50+}"


def test_between_shows_which_cell_is_empty_now():
    old = "<table><tbody><tr><td>low</td><td></td><td>high</td></tr></tbody></table>"

    row = only(of_body(old, old.replace("<td></td>", "<td>5</td>")))

    assert (row.kind, row.place, marked(row)) == ("changed", ("Pomalidomide", "table row 1, cell 2"), "{+5+}")


def test_between_shows_a_blank_at_the_start():
    row = only(differences.between(snapshot(title=" Drugs"), snapshot(title="Drugs")))

    assert marked(row) == "<Drugs|before it: a space → no space>"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<ul><li>a</li></ul>", "<ol><li>a</li></ol>"),
        ("<ol><li>a</li></ol>", '<ol start="3"><li>a</li></ol>'),
        ("<ul><li>a</li></ul>", "<p>a</p>"),
        ("<p>a</p>", "<blockquote><p>a</p></blockquote>"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("<ul><li>a</li><li>b</li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
        ("<ul><li>a</li><li></li></ul>", "<ul><li>a</li></ul>"),
        (
            "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
            "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>",
        ),
        (
            "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>",
            '<table><tbody><tr><td>a</td><td>b</td></tr><tr><td colspan="2">c</td></tr></tbody></table>',
        ),
        (
            "<ul><li>a<ul><li>b</li></ul><ol><li>c</li></ol></li></ul>",
            "<ul><li>a<ul><li>b</li></ul></li></ul><ol><li>c</li></ol>",
        ),
    ],
)
def test_between_shows_another_arrangement_of_the_same_words(old, new):
    rows = changed(of_body(prose.canonical(old), prose.canonical(new)))

    assert rows
    assert all(piece.note for row in rows for piece in row.pieces[:1])


def test_between_calls_a_moved_section_moved():
    first = section("Aspirin", "<p>It thins the blood of most people.</p>")
    second = section("Steroids", "<p>They calm the immune system quickly.</p>")
    third = section("Vaccines", "<p>Ask before you have one at home.</p>")

    row = only(differences.between(snapshot(first, second, third), snapshot(third, first, second)))

    assert (row.kind, row.place) == ("moved", ("Vaccines", "heading"))
    assert row.pieces[0].note == "moved: was after “Steroids”, now after “the title”"


def test_between_calls_a_moved_paragraph_moved():
    sentence = "<p>Call your doctor at once.</p>"
    old = snapshot(section("Aspirin", sentence), section("Steroids", "<p>Taken in the morning.</p>"))
    new = snapshot(section("Aspirin"), section("Steroids", "<p>Taken in the morning.</p>" + sentence))

    row = only(differences.between(old, new))

    assert (row.kind, row.place) == ("moved", ("Steroids",))
    assert marked(row) == "<|moved: was under Aspirin>Call your doctor at once."


def test_between_does_not_call_a_word_moved_that_may_be_another():
    old = snapshot(section("Aspirin", "<p>Daily.</p>"), section("Steroids"))
    new = snapshot(section("Aspirin"), section("Steroids", "<p>Daily.</p>"))

    rows = changed(differences.between(old, new))

    assert [(row.kind, row.place) for row in rows] == [("removed", ("Aspirin",)), ("added", ("Steroids",))]


def test_between_shows_where_one_list_became_two():
    old = "<ul><li>Fever</li><li>Rash</li></ul>"

    row = only(of_body(old, old.replace("</li><li>", "</li></ul><ul><li>")))

    assert marked(row) == "<|now a new bulleted list>Rash"


def test_between_pairs_a_renamed_section_by_its_words():
    body = "<p>Taken by mouth each morning before breakfast.</p>"

    difference = differences.between(
        snapshot(section("Giving it", body)), snapshot(section("Taking it", body))
    )

    assert marked(only(difference)) == "[-Giving-]{+Taking+} it"


def test_between_shows_every_fact_of_a_drug():
    new = copy.deepcopy(POMALIDOMIDE)
    new["name"], new["pronunciation"] = "pomalidomida", "poh-mah"
    new["class"] = None
    new["products"][0] |= {"full_name": "pomalidomide capsules", "route": "other"}
    new["products"][0]["statuses"][0] |= {"status": "approved", "since": None}

    rows = changed(differences.between(snapshot(drugs=[POMALIDOMIDE]), snapshot(drugs=[new])))

    assert [(row.kind, row.place[-1]) for row in rows] == [
        ("changed", "name"),
        ("changed", "pronunciation"),
        ("removed", "class"),
        ("removed", "short name of the class"),
        ("changed", "full name"),
        ("changed", "route"),
        ("changed", "status for Kaposi sarcoma"),
        ("removed", "status for Kaposi sarcoma since"),
    ]


def test_between_shows_the_order_of_references():
    one, two = reference("r1"), reference("r2", ["A book about tumors."])

    row = only(differences.between(snapshot(references=[one, two]), snapshot(references=[two, one])))

    assert row.kind == "moved"
    assert row.pieces[0].note == "moved: was after “reference 1”, now first"


@pytest.mark.parametrize("name", ["digest", "alt", "caption", "credit"])
def test_between_shows_every_detail_of_a_picture(name):
    figure = {"digest": "ab12", "alt": "A hand", "caption": "A hand with spots", "credit": "B. Painter"}

    difference = differences.between(
        snapshot(figures=[figure]), snapshot(figures=[figure | {name: "something else"}])
    )

    assert [part.name for part in difference.changed_parts] == ["figures"]


@pytest.mark.django_db
def test_between_shows_listing_and_public_note():
    listing = {"type": "drug", "condition": "Kaposi sarcoma", "co_branded_with": "ASCO"}

    difference = differences.between(
        snapshot(note="First."), snapshot(note="First.\nNew dose.", listing=listing)
    )

    assert [(row.kind, marked(row)) for row in changed(difference)] == [
        ("changed", "[-treatment-]{+drug+}"),
        ("added", "{+ASCO+}"),
        ("added", "{+New dose.+}"),
    ]


def test_between_shows_what_it_does_not_know():
    difference = differences.between(
        snapshot(section() | {"colour": "red"}), snapshot(section() | {"colour": "blue"})
    )

    assert only(difference).pieces[0].note.startswith("Stored differently")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("e", [(True, 4), (False, 5), (True, 3)]), ("b", [(False, 1), (False, 5), (True, 6)])],
    ids=["in the middle", "one row is not folded"],
)
def test_context_folds_what_is_far_from_a_change(name, expected):
    old = "".join(f"<p>Paragraph {each} of this made-up article.</p>" for each in "abcdefghij")

    (part,) = of_body(old, old.replace(f"Paragraph {name}", f"Passage {name}")).changed_parts

    assert [(each.is_folded, len(each.rows)) for each in part.context] == expected


# What is not minor


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Take 1.5 mg.", "Take 15 mg.", ["A number differs in Pomalidomide: “1.5 mg” became “15 mg”."]),
        ("Take 5 mg.", "Take 5 mcg.", ["A unit differs in Pomalidomide: “mg” became “mcg”."]),
        ("Take 5 mg.", "Take 5 Mg.", ["A unit differs in Pomalidomide: “mg” became “Mg”."]),
        ("For 3 doses.", "For 3 cycles.", ["A unit differs in Pomalidomide: “doses” became “cycles”."]),
        ("For 3 days.", "For 3 weeks.", ["A unit differs in Pomalidomide: “days” became “weeks”."]),
        ("Take two.", "Take ten.", ["A number differs in Pomalidomide: “two” became “ten”."]),
        ("If < 5 cm.", "If > 5 cm.", ["A number differs in Pomalidomide: “<” became “>”."]),
        (
            "10<sup>9</sup> cells",
            "10<sub>9</sub> cells",
            ["A number differs in Pomalidomide: “9” became “9”."],
        ),
        ("Pomalyst helps.", "It helps.", ["A drug name is gone from Pomalidomide: “Pomalyst”."]),
        (
            "the care",
            "the pomalidomide-based care",
            ["A drug name is new in Pomalidomide: “pomalidomide-based”."],
        ),
        (
            "You drive.",
            "You don’t drive.",
            ["A word such as not, without or unless is new in Pomalidomide: “don’t drive”."],
        ),
        (
            "Do not eat; drink.",
            "Do eat; not drink.",
            [
                "A word such as not, without or unless is gone from Pomalidomide: “not eat”.",
                "A word such as not, without or unless is new in Pomalidomide: “not drink”.",
            ],
        ),
        (
            "Do not eat now.",
            "Do not smoke now.",
            ["A word such as not, without or unless differs in Pomalidomide: “not eat” became “not smoke”."],
        ),
        (
            "You may drive.",
            "You must drive.",
            ["A word such as may, must or should differs in Pomalidomide: “may” became “must”."],
        ),
        (
            '<a href="tel:1">Call</a> us.',
            '<a href="tel:2">Call</a> us.',
            ["A link target differs in Pomalidomide: “tel:1” became “tel:2”."],
        ),
    ],
)
def test_guards_names_what_is_not_minor(old, new, expected):
    reasons = differences.guards(
        snapshot(section(body=f"<p>{old}</p>"), drugs=[POMALIDOMIDE]),
        snapshot(section(body=f"<p>{new}</p>"), drugs=[POMALIDOMIDE]),
    )

    assert reasons == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>At the time of the dose.</p>", "<p>At that moment.</p>"),
        ("<p>A cap or bag.</p>", "<p>Cap (and a bag).</p>"),
        ("<p>They teh same.</p>", "<p>They the same.</p>"),
        ("<p>Take 5 mg. Do not drive.</p>", "<p>Take 5 mg.</p><p>Do not drive.</p>"),
        ("<p>For 5-10 days (a week).</p>", "<p>For 5–10 Days – a week.</p>"),
        ("<p>do not drive</p>", "<p>do <strong>not</strong> drive</p>"),
    ],
)
def test_guards_lets_a_minor_change_pass(old, new):
    drugs = [POMALIDOMIDE | {"name": "vitamin A (retinol) and zinc"}]

    reasons = differences.guards(
        snapshot(section(body=old), drugs=drugs), snapshot(section(body=new), drugs=drugs)
    )

    assert reasons == []


def test_guards_sees_that_a_section_is_about_another_drug():
    old, new = (
        snapshot(section(drug="d1"), drugs=[POMALIDOMIDE]),
        snapshot(section(drug="d2"), drugs=[POMALIDOMIDE]),
    )

    assert differences.guards(old, new) == [
        "A drug name differs in Pomalidomide › heading: “about pomalidomide” became “about d2”."
    ]


def test_guards_looks_at_references():
    old = snapshot(references=[reference()])
    new = snapshot(
        references=[
            reference(text=("Rare tumors 2. Accessed at clinic.example on ", "."), href="https://b.example")
        ]
    )

    assert differences.guards(old, new) == [
        "A number is new in reference 1 › text: “2”.",
        "A link target differs in reference 1 › link target: “https://clinic.example” became “https://b.example”.",
    ]


def test_guards_sees_a_number_that_moved():
    four, five = section("Aspirin", "<p>Take 4 mg.</p>"), section("Steroids", "<p>Take 5 mg.</p>")

    assert differences.guards(snapshot(four, five), snapshot(five, four)) != []


# What always holds

WORDS = st.sampled_from(
    "take not 1.5 15 mg, 5–10 days. the a Pomalyst (or) 2nd x\u00a0y don’t <b 10<sup>9</sup>".split(" ")
)
MARKUP = st.sampled_from(
    [
        "one<br>two ",
        "<strong>not</strong> ",
        "<strong>never drive now</strong> ",
        "<em>not</em> ",
        '<a href="https://a.example">here</a> ',
        '<a href="https://b.example">here</a> ',
        '<a href="https://b.example">15 mg</a> ',
    ]
)
INLINE = WORDS.map(lambda word: word.replace("<b", "&lt;b") + " ") | MARKUP
LINES = st.lists(INLINE, min_size=1, max_size=8).map("".join)
BOXES = st.recursive(
    LINES.map("<p>{}</p>".format),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda cells: f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
        ),
        inner.map("<blockquote>{}</blockquote>".format),
    ),
    max_leaves=3,
)
BODIES = st.lists(BOXES, max_size=3).map(lambda boxes: prose.canonical("".join(boxes)))
LEADS = st.one_of(st.just(""), LINES.map(lambda line: prose.canonical(f"<p>{line}</p>")))
SECTIONS = st.builds(
    section,
    heading=st.sampled_from(["", "Aspirin", "Pomalidomide (Pomalyst)", "Possible side effects"]),
    body=BODIES,
    level=st.integers(2, 4),
    drug=st.sampled_from([None, "d1", "d2"]),
)
REFERENCES = st.lists(
    st.builds(reference, uid=st.sampled_from("pqr"), text=st.sampled_from([("One. ", "."), ("Two 2025.",)])),
    max_size=3,
    unique_by=lambda each: each["uid"],
)
FIGURES = st.lists(
    st.fixed_dictionaries(
        {
            "digest": st.sampled_from("xy"),
            "alt": st.sampled_from(["", "A hand"]),
            "caption": st.just("c"),
            "credit": st.just(""),
        }
    ),
    max_size=2,
)


@st.composite
def two_snapshots(draw):
    """Two drawn from the same few sections, so that some stay, some move and some are there twice."""
    pool = draw(st.lists(SECTIONS, min_size=1, max_size=4))
    return tuple(
        snapshot(
            *draw(st.lists(st.sampled_from(pool), max_size=4)),
            title=draw(st.sampled_from(["Drugs", "Drugs for 2 tumors"])),
            lead=draw(LEADS),
            note=draw(st.sampled_from(["", "First.", "First.\nNew dose."])),
            drugs=draw(st.sampled_from([[], [POMALIDOMIDE], [POMALIDOMIDE | {"products": []}]])),
            references=draw(REFERENCES),
            access_dates=draw(st.lists(st.builds(access, uid=st.sampled_from("pq")), max_size=1)),
            figures=draw(FIGURES),
        )
        for _ in range(2)
    )


SHARED = settings(deadline=None, max_examples=50)


def words_of_text(one):
    """All words of a text part, without its HTML, found in another way than by the code under test."""
    text = one["parts"]["text"]
    pieces = [text["title"], prose.text(text["lead"])]
    for each in text["sections"]:
        pieces += [each["heading"], prose.text(each["body"])]
    return "".join("".join(pieces).split())


def without_blanks(lines):
    return "".join("".join(lines).split())


@SHARED
@given(two_snapshots())
def test_taking_all_changes_gives_the_new_words_and_refusing_all_the_old(both):
    old, new = both

    difference = differences.between(old, new)
    before_all, after_all = differences.between(old, old), differences.between(new, new)

    for part, before, after in zip(difference.parts, before_all.parts, after_all.parts, strict=True):
        assert part.old_text() == before.old_text()
        assert part.new_text() == after.new_text()
    assert without_blanks(difference.parts[0].old_text()) == words_of_text(old)
    assert without_blanks(difference.parts[0].new_text()) == words_of_text(new)


@SHARED
@given(two_snapshots())
def test_a_part_is_without_difference_exactly_where_it_is_equal(both):
    old, new = both

    difference = differences.between(old, new)

    empty = {part.name for part in difference.parts if part.is_empty}

    assert empty == {name for name in PARTS if old["parts"][name] == new["parts"][name]} | {"identity"}


@SHARED
@given(two_snapshots())
def test_every_changed_row_shows_something(both):
    for row in changed(differences.between(*both)):
        seen = [piece for piece in row.pieces if piece.kind != "same" and (piece.text.strip() or piece.note)]

        assert seen


@SHARED
@given(LINES.map(lambda line: prose.words(prose.canonical(line))), st.data())
def test_a_deleted_word_is_shown_as_deleted(words, data):
    at = data.draw(st.integers(0, len(words) - 1)) if words else assume(False)
    old, new = " ".join(words), " ".join(words[:at] + words[at + 1 :])

    rows = changed(differences.between(snapshot(title=old), snapshot(title=new)))

    gone = "".join(piece.text for row in rows for piece in row.pieces if piece.kind == "del")
    came = "".join(piece.text for row in rows for piece in row.pieces if piece.kind == "ins")
    assert sorted(without_blanks(gone)) == sorted(words[at] + without_blanks(came))


@SHARED
@given(two_snapshots())
def test_guards_lets_no_digit_pass(both):
    digits = [[char for char in words_of_text(one) if char.isdigit()] for one in both]
    assume(digits[0] != digits[1])

    assert differences.guards(*both) != []


def test_guards_of_equal_snapshots_has_no_reason():
    one = snapshot(
        section(body="<p>Take 4 mg. Do not drive.</p>"), references=[reference()], drugs=[POMALIDOMIDE]
    )

    assert differences.guards(one, copy.deepcopy(one)) == []


def test_between_two_long_tables_without_a_common_cell_is_quick():
    def table(word):
        rows = "".join(
            f"<tr><td>{word} cell {'x' * (n % 7)}</td><td>{n}{word[0]}</td></tr>" for n in range(500)
        )
        return f"<table><tbody>{rows}</tbody></table>"

    start = time.process_time()
    of_body(table("apple"), table("peach"))
    took = time.process_time() - start

    assert took < 3


def test_between_two_long_articles_takes_less_than_a_second():
    vocabulary = [
        f"word{number}s"
        if number % 9 == 0
        else "lorem"[: number % 5] + f"{'abcdefghij'[number % 10]}" * 3 + chr(97 + number // 20)
        for number in range(400)
    ]

    def article(seed):
        chance = random.Random(seed)
        paragraphs = [
            "<p>"
            + " ".join(chance.choices(vocabulary, weights=[1 / (n + 1) for n in range(400)], k=40))
            + "</p>"
            for _ in range(125)
        ]
        return snapshot(*(section(f"Part {n}", "".join(paragraphs[n * 5 : n * 5 + 5])) for n in range(25)))

    old, new = article(1), article(2)
    start = time.process_time()
    differences.between(old, new)
    took = time.process_time() - start

    assert took < 1


@pytest.mark.skipif(not EXAMPLE.exists(), reason="The example article is not shipped with the repository.")
def test_a_changed_word_of_the_real_example_is_the_only_change():
    body = prose.canonical(EXAMPLE.read_text())
    word = max(prose.words(body), key=len)

    difference = of_body(body, body.replace(word, "paracetamol", 1))

    assert len(changed(difference)) == 1


# How it looks on the page


def rendered(difference):
    return render_to_string("staff/_difference.html", {"difference": difference})


def test_page_shows_removed_and_added_words_in_words_too():
    page = lxml_html.fromstring(rendered(of_body("<p>Take 1.5 mg.</p>", "<p>Take 15 mg.</p>")))

    assert [each.text_content() for each in page.xpath("//p//del")] == ["[removed: 1.5]"]
    assert [each.text_content() for each in page.xpath("//p//ins")] == ["[added: 15]"]
    assert " ".join(page.xpath("//li")[0].text_content().split()) == "1.5 mg →became 15 mg in Pomalidomide"


def test_page_adds_no_blank_between_pieces():
    page = lxml_html.fromstring(rendered(of_body("<p>(5 days)</p>", "<p>(6 days)</p>")))
    for spoken in page.find_class("difference-spoken"):
        spoken.drop_tree()

    assert [each.text_content() for each in page.find_class("difference-text")][-1] == "(56 days)"


def test_page_escapes_what_it_shows():
    page = rendered(of_body("<p>a</p>", "<p>a &lt;script&gt;alert(1)&lt;/script&gt;</p>"))

    assert page.count("<script") == 0


def test_page_says_that_nothing_differs():
    page = lxml_html.fromstring(rendered(differences.between(snapshot(), snapshot())))

    assert page.text_content().split() == "Nothing differs between the two texts.".split()
