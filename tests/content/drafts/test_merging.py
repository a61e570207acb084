"""Three drafts side by side: what is taken by itself, what is asked, and what comes of the answers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import prose
from content.drafts import merging
from content.drafts.merging import ARTICLE, CITATION, SECTION, Choice, Draft, Row, State
from content.models import Article, Citation, Section

BLANK_SECTION = dict.fromkeys(SECTION, "") | {"level": 2, "kind": "text", "drug": None}
BLANK_CITATION = {"access_check": None, "supports": "not-stated"}


def section(key, **values):
    return Row(key, {**BLANK_SECTION, **values})


def citation(key, **values):
    return Row(key, {**BLANK_CITATION, **values})


BASE = Draft(
    {**dict.fromkeys(ARTICLE, ""), "title": "Title", "lead": "<p>Lead.</p>"},
    (
        section("1", heading="One", body="<p>First.</p>"),
        section("2", heading="Two"),
        section("3", heading="Three"),
    ),
    (citation("7"), citation("8")),
)


def titled(draft, **values):
    return replace(draft, values={**draft.values, **values})


def with_section(draft, key, **values):
    rows = [
        replace(row, values={**row.values, **values}) if row.key == key else row for row in draft.sections
    ]
    return replace(draft, sections=tuple(rows))


def without_section(draft, key):
    return replace(draft, sections=tuple(row for row in draft.sections if row.key != key))


def with_citation(draft, key, **values):
    rows = [
        replace(row, values={**row.values, **values}) if row.key == key else row for row in draft.citations
    ]
    return replace(draft, citations=tuple(rows))


def in_order(draft, *keys):
    rows = {row.key: row for row in draft.sections}
    return replace(draft, sections=tuple(rows[key] for key in keys))


def states(merge):
    """Of every piece that is not the same on all sides."""
    return {each.key: each.state for each in merge.all if each.state != State.SAME}


def answered(merge, side):
    return merging.result(merge, {key: Choice(side) for key in merge.asked})


NEW = section("new 1", heading="New")
THEIR_NEW = section("9", heading="Their new")

CASES = {
    "nothing": (BASE, BASE, {}),
    "mine alone": (BASE, titled(BASE, title="Mine"), {"title": State.MINE}),
    "theirs alone": (titled(BASE, title="Theirs"), BASE, {"title": State.THEIRS}),
    "both alike": (titled(BASE, title="Same"), titled(BASE, title="Same"), {"title": State.AGREED}),
    "both": (titled(BASE, title="Theirs"), titled(BASE, title="Mine"), {"title": State.ASKED}),
    "two fields of one section": (
        with_section(BASE, "1", heading="Theirs"),
        with_section(BASE, "1", body="<p>Mine.</p>"),
        {"section-1-heading": State.THEIRS, "section-1-body": State.MINE},
    ),
    "one field of one section": (
        with_section(BASE, "1", body="<p>Theirs.</p>"),
        with_section(BASE, "1", body="<p>Mine.</p>"),
        {"section-1-body": State.ASKED},
    ),
    "I added": (BASE, replace(BASE, sections=(*BASE.sections, NEW)), {"section-new-1": State.MINE}),
    "they added": (replace(BASE, sections=(*BASE.sections, THEIR_NEW)), BASE, {"section-9": State.THEIRS}),
    "I took out": (BASE, without_section(BASE, "2"), {"section-2": State.MINE}),
    "they took out": (without_section(BASE, "2"), BASE, {"section-2": State.THEIRS}),
    "both took out": (without_section(BASE, "2"), without_section(BASE, "2"), {"section-2": State.AGREED}),
    "they took out what I changed": (
        without_section(BASE, "2"),
        with_section(BASE, "2", body="<p>Mine.</p>"),
        {"section-2": State.ASKED},
    ),
    "I took out what they changed": (
        with_section(BASE, "2", body="<p>Theirs.</p>"),
        without_section(BASE, "2"),
        {"section-2": State.ASKED},
    ),
    "I moved": (BASE, in_order(BASE, "3", "1", "2"), {"sections-order": State.MINE}),
    "they moved": (in_order(BASE, "3", "1", "2"), BASE, {"sections-order": State.THEIRS}),
    "both moved": (in_order(BASE, "3", "1", "2"), in_order(BASE, "2", "1", "3"), {"sections-order": State.ASKED}),
    "both cite one more": (
        replace(BASE, citations=(*BASE.citations, citation("9"))),
        replace(BASE, citations=(*BASE.citations, citation("9"))),
        {"citation-9": State.AGREED},
    ),
    "they moved the citations": (
        replace(BASE, citations=BASE.citations[::-1]),
        BASE,
        {"citations-order": State.THEIRS},
    ),
    "a section sent twice": (
        replace(BASE, sections=(*BASE.sections, section("9", heading="New"))),
        replace(BASE, sections=(*BASE.sections, NEW)),
        {"section-9": State.AGREED},
    ),
    # What was said of one access check, or of one picture, is not said of another.
    "support of another check": (
        with_citation(BASE, "7", access_check=5),
        with_citation(BASE, "7", supports="yes"),
        {"citation-7-access_check": State.THEIRS, "citation-7-supports": State.ASKED},
    ),
    "support of my check": (
        with_citation(BASE, "7", supports="yes"),
        with_citation(BASE, "7", access_check=5),
        {"citation-7-access_check": State.MINE, "citation-7-supports": State.ASKED},
    ),
    "support of their own check": (
        with_citation(BASE, "7", access_check=5, supports="no"),
        titled(BASE, title="Mine"),
        {"title": State.MINE, "citation-7-access_check": State.THEIRS, "citation-7-supports": State.THEIRS},
    ),
    "words of another picture": (
        with_section(BASE, "1", image="b"),
        with_section(BASE, "1", image_alt="A kidney."),
        {"section-1-image": State.THEIRS, "section-1-image_alt": State.ASKED},
    ),
    "words of the same picture": (
        with_section(BASE, "1", image_caption="Theirs."),
        with_section(BASE, "1", image_alt="Mine."),
        {"section-1-image_caption": State.THEIRS, "section-1-image_alt": State.MINE},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("theirs", "mine", "found"), CASES.values(), ids=CASES)
def test_states(theirs, mine, found):
    assert states(merging.merge(BASE, theirs, mine)) == found


@pytest.mark.parametrize(("theirs", "mine", "found"), CASES.values(), ids=CASES)
def test_only_what_is_asked_differs_between_the_answers(theirs, mine, found):
    merge = merging.merge(BASE, theirs, mine)

    assert merge.asked == [key for key, state in found.items() if state == State.ASKED]
    assert (answered(merge, "mine") == answered(merge, "theirs")) == (merge.asked == [])


def test_without_a_base_all_that_differs_is_asked():
    theirs = replace(titled(BASE, title="Theirs"), sections=(*BASE.sections, THEIR_NEW))
    mine = without_section(BASE, "2")

    merge = merging.merge(None, theirs, mine)

    assert states(merge) == dict.fromkeys(["title", "section-2", "section-9"], State.ASKED)
    assert answered(merge, "theirs") == theirs
    assert answered(merge, "mine") == mine


def test_a_row_stands_where_whoever_added_it_put_it():
    theirs = replace(BASE, sections=(BASE.sections[0], THEIR_NEW, *BASE.sections[1:]))
    mine = replace(BASE, sections=(NEW, *reversed(BASE.sections)))

    result = answered(merging.merge(BASE, theirs, mine), "mine")

    assert [row.key for row in result.sections] == ["new 1", "3", "2", "1", "9"]


def test_the_answer_about_the_order_decides_it():
    theirs, mine = in_order(BASE, "3", "1", "2"), in_order(BASE, "2", "1", "3")
    merge = merging.merge(BASE, theirs, replace(mine, sections=(*mine.sections, NEW)))

    orders = [[row.key for row in answered(merge, side).sections] for side in ("theirs", "mine")]

    assert orders == [["3", "new 1", "1", "2"], ["2", "1", "3", "new 1"]]


def test_a_combined_text_is_taken_as_it_is_written():
    merge = merging.merge(BASE, titled(BASE, title="Theirs"), titled(BASE, title="Mine"))

    result = merging.result(merge, {"title": Choice("combined", "Ours")})

    assert result.values["title"] == "Ours"


def test_what_is_not_answered_is_named():
    merge = merging.merge(BASE, titled(BASE, title="Theirs"), titled(BASE, title="Mine"))

    assert merging.unanswered(merge, {}) == ["title"]
    assert merging.unanswered(merge, {"title": Choice("mine")}) == []


@pytest.mark.parametrize(
    ("theirs", "mine", "has_mine"),
    [
        (titled(BASE, title="Theirs"), BASE, False),
        (titled(BASE, title="Same"), titled(BASE, title="Same"), False),
        (titled(BASE, title="Theirs"), titled(BASE, lead="<p>Mine.</p>"), True),
        (titled(BASE, title="Theirs"), titled(BASE, title="Mine"), True),
        (BASE, without_section(BASE, "2"), True),
        (BASE, in_order(BASE, "3", "1", "2"), True),
    ],
)
def test_whether_anything_of_mine_is_missing_from_theirs(theirs, mine, has_mine):
    assert merging.merge(BASE, theirs, mine).has_mine is has_mine


def test_a_draft_survives_being_stored_as_data():
    assert merging.from_data(BASE.as_data()) == BASE


@pytest.mark.parametrize(
    ("model", "merged", "kept"),
    [
        # The numbers of editing and where a row belongs are nobody's text.
        (Article, ARTICLE, {"id", "uid", "work", "source_digest", "saves", "retired_at"}),
        (Section, SECTION, {"id", "uid", "article", "position"}),
        (Citation, CITATION, {"id", "article", "reference", "position"}),
    ],
)
def test_every_column_of_a_draft_is_merged_or_belongs_to_no_text(model, merged, kept):
    assert sorted([*merged, *kept]) == sorted(field.name for field in model._meta.concrete_fields)


# Any three drafts.

PROSE = st.lists(st.sampled_from("<p>a</p> <p>b</p> <p>c</p> <p>d</p>".split()), max_size=3).map("".join)
WORDS = st.sampled_from(["", "one", "two", "three"])
VALUES = st.fixed_dictionaries(
    {"heading": WORDS, "body": PROSE, "image": st.sampled_from(["", "x", "y"]), "image_alt": WORDS}
)
KEYS = st.lists(st.sampled_from("123456"), unique=True, max_size=5)
CITED = st.builds(
    citation,
    st.just(""),
    access_check=st.sampled_from([None, 1, 2]),
    supports=st.sampled_from(["yes", "no", "not-stated"]),
)


@st.composite
def drafts(draw, new=False):
    keys = draw(KEYS) + (draw(st.lists(st.sampled_from(["new 1", "new 2"]), unique=True)) if new else [])
    rows = [section(key, **draw(VALUES)) for key in keys]
    cited = [replace(draw(CITED), key=key) for key in draw(KEYS)]
    values = {
        "title": draw(WORDS),
        "lead": draw(PROSE),
        "public_note": draw(st.sampled_from(["", "n", "n\nm", "m"])),
    }
    return titled(Draft(BASE.values, tuple(rows), tuple(cited)), **values)


MAYBE = st.none() | drafts()


def texts(draft):
    """Every heading, word and paragraph of a draft."""
    values = [draft.values, *(row.values for row in draft.sections)]
    lines = [line for each in values for name, text in each.items() for line in parts(name, text)]
    return {line for line in lines if line}


def parts(name, text):
    return prose.text(text).split("\n") if name in merging.PROSE else str(text).split("\n")


def shown(merge):
    """Every text that the page shows: what is asked with both its sides, what is taken with the two it differs in."""
    found = set()
    for each in merge.all:
        if isinstance(each, merging.Piece):
            found |= {line for side in (each.theirs, each.mine) for line in parts(each.name, side or "")}
        else:
            rows = [row for row in (each.theirs, each.mine) if row]
            found |= {
                line for row in rows for name, text in row.values.items() for line in parts(name, text or "")
            }
    return found


def combined(merge):
    """The answers of somebody who wants to keep everything."""
    choices = {}
    for each in merge.all:
        if each.state == State.ASKED:
            if isinstance(each, merging.Piece) and each.name in merging.PROSE | merging.LINES:
                choices[each.key] = Choice("combined", merging.combined(each))
            else:
                choices[each.key] = Choice("mine" if each.mine else "theirs")
    return merging.result(merge, choices)


@given(MAYBE, drafts(), drafts(new=True))
def test_no_text_of_either_is_missing_from_the_page(base, theirs, mine):
    merge = merging.merge(base, theirs, mine)

    assert texts(theirs) | texts(mine) <= shown(merge) | {str(value) for value in BLANK_SECTION.values()}


@given(MAYBE, drafts(), drafts(new=True))
def test_what_i_typed_is_in_the_result_unless_i_decide_otherwise(base, theirs, mine):
    known = texts(base) if base else set()
    merge = merging.merge(base, theirs, mine)

    assert texts(mine) - known <= texts(answered(merge, "mine"))
    assert texts(theirs) - known <= texts(answered(merge, "theirs"))


@given(MAYBE, drafts(), drafts(new=True))
def test_whoever_combines_loses_no_new_paragraph_of_a_section_that_both_have(base, theirs, mine):
    result = combined(merging.merge(base, theirs, mine))

    found = {row.key: row for row in result.sections}
    sides = [{row.key: row for row in draft.sections} for draft in (theirs, mine)]
    was = {row.key: row for row in base.sections} if base else {}
    for key in sides[0].keys() & sides[1].keys():
        old = set(parts("body", was[key].values["body"])) if key in was else set()
        new = {line for side in sides for line in parts("body", side[key].values["body"])} - old
        assert new <= set(parts("body", found[key].values["body"])) | {""}


@given(drafts(), drafts(new=True))
def test_whoever_was_alone_gets_exactly_what_they_wrote(base, changed):
    alone = merging.merge(base, base, changed)
    only_theirs = merging.merge(base, changed, base)

    assert (alone.asked, only_theirs.asked) == ([], [])
    assert merging.result(alone, {}) == changed
    assert merging.result(only_theirs, {}) == changed


@given(drafts(), drafts(), drafts())
def test_the_sides_are_treated_alike(base, theirs, mine):
    one, other = merging.merge(base, theirs, mine), merging.merge(base, mine, theirs)

    assert sorted(one.asked) == sorted(other.asked)
    assert contents(answered(one, "mine")) == contents(answered(other, "theirs"))


def contents(draft):
    """Without the order of the rows, which both sides may have filled up in the same place."""
    return draft.values, *({row.key: row for row in rows} for rows in (draft.sections, draft.citations))
