"""No pair of texts may keep the comparison: what is too much is replaced as a whole, and the page says so."""

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from content import differences, prose
from content.differences import difference as module
from content.differences.rows import WHOLE
from content.sequences import Budget
from content.snapshots.snapshot import canonical
from tests.content.differences.test_differences import changed, of_body, section, snapshot
from tests.fuzzing import SAMPLE, soon


def paragraph(words):
    return f"<p>{words.strip()}</p>"


SLOW = {
    "little words": (paragraph("the a of " * 400), paragraph("a the of " * 400)),
    "many little words": (paragraph("the a of " * 8000), paragraph("a the of " * 8000)),
    "paragraphs alike": (paragraph("a b c") * 3000, paragraph("a b d") * 3000),
    "items alike": (
        f"<ul>{'<li>a b</li>' * 4000}</ul>",
        f"<ul>{'<li>a c</li>' * 4000}</ul>",
    ),
    "cells alike": (
        f"<table><tbody>{'<tr><td>a</td><td>b</td></tr>' * 2000}</tbody></table>",
        f"<table><tbody>{'<tr><td>a</td><td>c</td></tr>' * 2000}</tbody></table>",
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_between_texts_made_to_be_slow_comes_soon(name):
    old, new = SLOW[name]

    with soon(3):
        difference = of_body(old, new)

    assert [part.name for part in difference.parts if part.is_bounded] == ["text"]
    assert "".join("".join(difference.parts[0].new_text()).split()) == "Drugs" + "Pomalidomide" + "".join(
        prose.words(new)
    )


def test_between_many_sections_of_other_names_comes_soon():
    old = [section(f"Old {at}", paragraph(f"a b c w{at}")) for at in range(1500)]
    new = [section(f"New {at}", paragraph(f"a b c w{at}")) for at in reversed(range(1500))]

    with soon(3):
        difference = differences.between(snapshot(*old), snapshot(*new))

    assert difference.changed_parts[0].is_bounded


def test_a_line_replaced_as_a_whole_says_so_and_the_page_too():
    difference = of_body(*SLOW["little words"])

    row = changed(difference)[0]
    page = lxml_html.fromstring(render_to_string("staff/_difference.html", {"difference": difference}))

    assert row.pieces[0].note == WHOLE
    assert "Too much of this part differs to compare it word by word everywhere." in " ".join(
        page.text_content().split()
    )


def test_an_ordinary_change_is_never_bounded():
    difference = of_body(paragraph("Take 1.5 mg."), paragraph("Take 15 mg."))

    assert [part.is_bounded for part in difference.parts] == [False] * len(difference.parts)


def test_what_one_part_took_is_gone_for_the_next():
    old, new = snapshot(title="one two"), snapshot(title="one three")

    difference = differences.between(old, new, Budget(0))

    assert "".join(difference.parts[0].new_text()) == "one three"
    assert difference.parts[0].is_bounded


def test_between_stored_compares_a_pair_once(monkeypatch):
    compared = []
    between = module.between
    monkeypatch.setattr(module, "between", lambda *both: compared.append(both) or between(*both))
    differences.between_stored.cache_clear()
    old, new = (canonical(snapshot(title=title)) for title in ("Once", "Twice"))

    first, second = (differences.between_stored(old, new) for _ in range(2))

    assert first is second
    assert len(compared) == 1
    differences.between_stored.cache_clear()


LITTLE = st.sampled_from(["the", "a", "of", "15 mg", "not", "x", "<br>", "<em>a</em>"])
CHUNK = st.tuples(st.lists(LITTLE, min_size=1, max_size=4), st.integers(1, 300)).map(
    lambda both: " ".join(both[0] * both[1])
)
BOX = st.sampled_from(["<p>{}</p>", "<ul><li>{}</li></ul>", "<blockquote><p>{}</p></blockquote>"])
SLOW_BODY = st.lists(st.builds(str.format, BOX, CHUNK), max_size=4).map("".join).map(prose.canonical)


@SAMPLE
@given(SLOW_BODY, SLOW_BODY)
def test_any_two_texts_are_compared_soon_and_whole(old, new):
    with soon():
        difference = of_body(old, new)
    (before, *_), (after, *_) = of_body(old, old).parts, of_body(new, new).parts

    assert difference.parts[0].old_text() == before.old_text()
    assert difference.parts[0].new_text() == after.new_text()
