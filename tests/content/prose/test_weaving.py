"""Two texts that came of one: what either side wrote is in the woven one, what either took out is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import prose

A, B, C = "<p>Take 4 mg.</p>", "<p>Call your doctor.</p>", "<p>Drink water.</p>"
A1, B1 = "<p>Take 8 mg.</p>", "<p>Call your nurse.</p>"


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "woven"),
    [
        pytest.param(A + B, A1 + B, A + B1, A1 + B1, id="each changed another paragraph"),
        pytest.param(A + B, A1 + B, A + B, A1 + B, id="only theirs"),
        pytest.param(A + B, A + B, A + B1, A + B1, id="only mine"),
        pytest.param(A + B, A1 + B, A1 + B, A1 + B, id="both alike"),
        pytest.param(
            A, A1, "<p>Take 2 mg.</p>", A1 + "<p>Take 2 mg.</p>", id="both one paragraph: theirs first"
        ),
        pytest.param(A + B, A, C + A + B, C + A, id="one took out, one put in"),
        pytest.param(A + B, B + C, A + B1, C + B1, id="an old paragraph that one rewrote does not come back"),
        pytest.param("", A, B, A + B, id="both began to write"),
        pytest.param(None, A + B, A + C, A + B + C, id="nobody knows what was there"),
        pytest.param(
            "<ul><li>x</li><li>y</li><li>z</li></ul>",
            "<ul><li>x1</li><li>y</li><li>z</li></ul>",
            "<ul><li>x</li><li>y</li><li>z2</li></ul>",
            "<ul><li>x1</li><li>y</li><li>z2</li></ul>",
            id="each another item of one list",
        ),
        pytest.param(
            "<ul><li>x</li></ul>",
            "<ol><li>x1</li></ol>",
            "<ul><li>x2</li></ul>",
            "<ol><li>x1</li></ol><ul><li>x2</li></ul>",
            id="lists of two kinds stay two",
        ),
    ],
)
def test_woven(base, theirs, mine, woven):
    assert prose.woven(base, theirs, mine) == woven


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "woven"),
    [
        ("One.\nTwo.", "One, changed.\nTwo.", "One.\nTwo.\nThree.", "One, changed.\nTwo.\nThree."),
        ("", "Theirs.", "Mine.", "Theirs.\nMine."),
        (None, "Same.\nTheirs.", "Same.\nMine.", "Same.\nTheirs.\nMine."),
    ],
)
def test_woven_lines(base, theirs, mine, woven):
    assert prose.woven_lines(base, theirs, mine) == woven


WORDS = st.sampled_from("one two three four five six".split())
PARAGRAPH = WORDS.map("<p>{}</p>".format)
ITEMS = st.lists(WORDS.map("<li>{}</li>".format), min_size=1, max_size=4).map("".join)
LIST = ITEMS.map("<ul>{}</ul>".format)
TEXT = st.lists(PARAGRAPH | LIST, max_size=5).map("".join).map(prose.canonical)


def lines(html):
    return set(prose.text(html).split("\n")) - {""}


@given(TEXT, TEXT, TEXT)
def test_no_new_line_of_either_is_lost(base, theirs, mine):
    woven = prose.woven(base, theirs, mine)

    assert (lines(theirs) | lines(mine)) - lines(base) <= lines(woven)
    assert lines(woven) <= lines(theirs) | lines(mine)
    assert prose.is_clean(woven)


@given(TEXT, TEXT)
def test_what_one_side_left_alone_is_as_the_other_made_it(base, changed):
    assert prose.woven(base, base, changed) == changed
    assert prose.woven(base, changed, base) == changed
    assert prose.woven(base, changed, changed) == changed


@given(TEXT, TEXT)
def test_without_a_base_every_line_is_there(theirs, mine):
    assert lines(prose.woven(None, theirs, mine)) == lines(theirs) | lines(mine)
