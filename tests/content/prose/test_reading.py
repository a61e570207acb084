"""The words and links of prose, and its links resolved for the public."""

from content import prose

UID = "c0ffee00-0000-4000-8000-000000000001"
OTHER = "c0ffee00-0000-4000-8000-000000000002"
MARKED = (
    f'<p><a href="https://a.b/">One</a><a href="reference:{UID}">※</a><a href="reference:{OTHER}">※</a> two ※.</p>'
    f'<ul><li><a href="reference:{UID}">※</a>three</li></ul>'
)


def test_text_has_a_line_for_each_block() -> None:
    html = (
        "<p>One <b>two</b><br>three</p><ul><li>four<ul><li>five</ul></ul><table><tr><td>six<td>&lt;7</table>"
    )

    assert prose.text(html) == "One two\nthree\nfour\nfive\nsix\n<7"


def test_words_are_apart_at_every_blank() -> None:
    assert prose.words("<p>5\u00a0mg <b>im</b>mune</p><p>x</p>") == ["5", "mg", "immune", "x"]


def test_links_are_in_order_with_their_words() -> None:
    html = (
        f'<p><a href="https://a.b/">see <b>this</b></a> or <a href="article:{UID}">that<br>one</a> <a>c</a>'
    )

    assert prose.links(html) == [
        prose.Link("https://a.b/", "see this"),
        prose.Link(f"article:{UID}", "that one"),
    ]


def test_linked_leads_to_the_address_of_the_article() -> None:
    html = f'<p>See <a href="article:{UID}"><em>x</em></a>.</p>'

    result = prose.linked(html, {UID: '/articles/x/?a&"b"'}.get)

    assert result == '<p>See <a href="/articles/x/?a&amp;&quot;b&quot;"><em>x</em></a>.</p>'


def test_linked_leaves_bare_words_where_the_article_has_no_address() -> None:
    html = f'<p>See <a href="article:{UID}"><em>x</em></a> and <a href="unresolved:/y">y</a>.</p>'

    assert prose.linked(html, lambda uid: None) == "<p>See <em>x</em> and y.</p>"


def test_linked_asks_for_no_address_of_an_unresolved_link() -> None:
    assert prose.linked('<p><a href="unresolved:/y">y</a></p>', lambda uid: "/wrong") == "<p>y</p>"


def test_linked_leaves_every_other_byte_as_it_is() -> None:
    html = '<p>a&nbsp;b <a href="https://a.b/">x</a> <em>c</em><em>d</em></p>'

    assert prose.linked(html, lambda uid: "/wrong") == html


def test_markers_are_in_order_with_the_words_before_them() -> None:
    assert prose.markers(MARKED) == [
        prose.Marker(UID, "One"),
        prose.Marker(OTHER, "One"),
        prose.Marker(UID, ""),
    ]


def test_markers_are_neither_words_nor_links() -> None:
    assert prose.text(MARKED) == "One two ※.\nthree"
    assert prose.links(MARKED) == [prose.Link("https://a.b/", "One")]


def test_marked_asks_once_for_markers_side_by_side() -> None:
    names = {UID: "1", OTHER: "2"}

    result = prose.marked(MARKED, lambda uids: "".join(f"[{names[uid]}]" for uid in uids))

    assert result == '<p><a href="https://a.b/">One</a>[1][2] two ※.</p><ul><li>[1]three</li></ul>'


def test_linked_leaves_markers_as_they_are() -> None:
    assert prose.linked(MARKED, lambda uid: "/wrong") == MARKED
