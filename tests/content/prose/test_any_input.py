"""Prose of any input, however broken: harmless, spelled once and for all, and no word lost or joined to another."""

import re
from itertools import count

import lxml.html
from hypothesis import example, given
from hypothesis import strategies as st

from content import prose

UID = "c0ffee00-0000-4000-8000-000000000001"

TAGS = (
    "p br strong b em i sub sup a ul ol li table caption thead tbody tfoot tr th td blockquote h1 h3 div span hr pre"
    " dl dt dd select option form button svg math text mi title textarea noscript iframe img col colgroup body html"
    " details font o:p x-y nobr object marquee"
).split()
BLOCKS = (
    "p ul ol li table caption tbody tr th td blockquote h2 div section dl dt dd pre hr option form title body"
)
BLOCKS = BLOCKS.split()
ATTRIBUTES = [
    "",
    ' href="https://a.b/"',
    f' href="article:{UID}"',
    f' href="reference:{UID}"',
    ' href="javascript:x"',
    ' start="2"',
    ' rowspan="2"',
    ' colspan="2"',
    ' colspan="3" rowspan="0"',
]


def markup(tags: list[str], texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Tags opened and closed in any order, as no browser would write them."""
    opening = st.builds("<{}{}>".format, st.sampled_from(tags), st.sampled_from(ATTRIBUTES))
    closing = st.builds("</{}>".format, st.sampled_from(tags))
    return st.lists(st.one_of(opening, opening, closing, texts), max_size=25).map("".join)


SPANS = {"colspan", "rowspan"}
STORED = {
    **dict.fromkeys("p br strong em sub sup ul li table thead tbody tr blockquote".split(), frozenset()),
    "a": {"href"},
    "ol": {"start"},
    "td": SPANS,
    "th": SPANS,
}

ANYTHING = markup(
    [*TAGS, "script", "style", "template"],
    st.text(max_size=6)
    | st.sampled_from([" ", "※", "&nbsp;", "\u2000", "e\u0301", "&lt;p", "<!--", "-->", "&#1;", "\u0338"]),
)


@given(ANYTHING | st.text())
@example("<a href='https://a.b/'><table><td><a href='https://c.d/'>x")
@example("<b>\u2000</b>x")
def test_canonical_of_canonical_is_the_same(html: str) -> None:
    once = prose.canonical(html)

    assert prose.canonical(once) == once


def places_taken(rows):
    """Row and column of each place a cell takes, where every cell begins at the first place free in its row."""
    taken = []
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while (at, column) in taken:
                column += 1
            width, height = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
            taken += [(at + down, column + right) for down in range(height) for right in range(width)]
            column += width
    return taken


@given(ANYTHING)
def test_canonical_holds_only_what_is_allowed(html: str) -> None:
    tree = lxml.html.fragment_fromstring(prose.canonical(html), create_parent="body")

    for element in tree.iterdescendants():
        assert set(element.attrib) <= STORED[element.tag]
        assert element.get("href", "https:").partition(":")[0] in prose.SCHEMES


@given(markup(["table", "tr", "tr", "td", "td", "th", "thead", "tfoot", "caption"], st.just("x")))
@example("<table><td>a<tr><td>b<td>c")
@example('<table><td>a<td rowspan="2">b<tr><td colspan="2">c')
def test_canonical_tables_are_whole_grids(html: str) -> None:
    tree = lxml.html.fragment_fromstring(prose.canonical(html), create_parent="body")

    for table in tree.iter("table"):
        rows = table.xpath("./*/tr")
        places = places_taken(rows)
        widest = 1 + max(column for _, column in places)
        assert sorted(places) == [(at, column) for at in range(len(rows)) for column in range(widest)]


def numbered(html: str) -> str:
    """Every # made a word of its own: w0w, w1w …"""
    numbers = count()
    return re.sub("#", lambda mark: f"w{next(numbers)}w", html)


@given(markup(TAGS, st.just(" # ")))
def test_canonical_loses_no_word(html: str) -> None:
    html = numbered(" # " + html)

    found = "".join(prose.words(prose.canonical(html)))

    assert sorted(re.findall(r"w\d+w", found)) == sorted(re.findall(r"w\d+w", html))


@given(markup(BLOCKS, st.just("#")).map(lambda html: re.sub("#+", "#", html)))
def test_canonical_glues_no_words_of_different_blocks(html: str) -> None:
    html = numbered(html)

    found = prose.words(prose.canonical(html))

    assert sorted(found) == sorted(re.findall(r"w\d+w", html))
