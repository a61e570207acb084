"""Prose in one spelling: every input here is spelled exactly so, and what looks the same is spelled the same."""

import re
import unicodedata
from pathlib import Path
from time import process_time

import lxml.html
import pytest

from content import prose

EXAMPLES = Path(__file__).resolve().parents[4] / "shared" / "examples"
UID = "c0ffee00-0000-4000-8000-000000000001"
OTHER = "c0ffee00-0000-4000-8000-000000000002"

GOLDEN = [
    # Paragraphs
    ("", ""),
    ("  \n ", ""),
    ("Take one pill.", "<p>Take one pill.</p>"),
    ("<p>One</p>\n\n<p>two</p>", "<p>One</p><p>two</p>"),
    ("<p>One\n   two\tthree </p>", "<p>One two three</p>"),
    ("<p></p><p> </p><p>&nbsp;</p><p><br></p><p><b> </b></p><p>x</p>", "<p>x</p>"),
    ("<p>x<br></p>", "<p>x</p>"),
    ("<p>x<br><br/></p>", "<p>x</p>"),
    ("<p>x <BR /> y</p>", "<p>x<br>y</p>"),
    ("<p>x &nbsp;</p>", "<p>x</p>"),
    ("<p>&nbsp;x</p>", "<p>\u00a0x</p>"),
    ("One<p>two</p>three", "<p>One</p><p>two</p><p>three</p>"),
    ("<p>One<p>two", "<p>One</p><p>two</p>"),
    # Characters
    ('5&nbsp;mg &rsquo; &#8217; &#x2019; &lt;5% &amp; "q"', '<p>5\u00a0mg ’ ’ ’ &lt;5% &amp; "q"</p>'),
    ("fewer <5% & more >2", "<p>fewer &lt;5% &amp; more &gt;2</p>"),
    ("cafe\u0301", "<p>caf\u00e9</p>"),
    ("<b>x</b>\u0338", "<p><strong>x</strong>\u0338</p>"),
    ("a\x00b\x01c\x7fd&#1;e", "<p>abcde</p>"),
    ("one\x0btwo\x0cthree", "<p>one two three</p>"),
    ("lone \ud800", "<p>lone \ufffd</p>"),
    ("im\u00admuno\u200btherapy\x92", "<p>im\u00admuno\u200btherapy\x92</p>"),
    ("<p>\u200b</p>", "<p>\u200b</p>"),
    # Marks
    ("<b>a</b> and <i>b</i>", "<p><strong>a</strong> and <em>b</em></p>"),
    ("<strong>a</strong><strong>b</strong>", "<p><strong>ab</strong></p>"),
    ("<strong>a</strong> <strong>b</strong>", "<p><strong>a b</strong></p>"),
    ("<strong>a<strong>b</strong></strong>", "<p><strong>ab</strong></p>"),
    ("<em><strong>a</strong></em>", "<p><strong><em>a</em></strong></p>"),
    ("<strong>a </strong>b<strong> c</strong>", "<p><strong>a</strong> b <strong>c</strong></p>"),
    ("a<strong></strong>b<em> </em>c", "<p>ab c</p>"),
    ("H<sub>2</sub>O, 10<sup>9</sup>/L", "<p>H<sub>2</sub>O, 10<sup>9</sup>/L</p>"),
    ("<strong><p>a</p><p>b</p></strong>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
    ("<h2>Side <b>effects</b></h2>x", "<p><strong>Side effects</strong></p><p>x</p>"),
    # Lists and quotes
    ("<ul><li><p>x</p></li>\n</ul>", "<ul><li>x</li></ul>"),
    ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
    ("<ul><li>a<p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"),
    ("<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    ("<ul>a<li>b</li>c</ul>", "<ul><li>a</li><li><p>b</p><p>c</p></li></ul>"),
    ("<ul><li></li><li>a</li></ul>", "<ul><li></li><li>a</li></ul>"),
    ("<ul> </ul>", ""),
    ('<ol start="3" type="a" reversed><li value="9">x</li></ol>', '<ol start="3"><li>x</li></ol>'),
    (
        '<ol start="1"><li>x</li></ol><ol start="two"><li>y</li></ol>',
        "<ol><li>x</li></ol><ol><li>y</li></ol>",
    ),
    ("<li>a</li><li>b</li>", "<p>a</p><p>b</p>"),
    ("<blockquote>q</blockquote>", "<blockquote><p>q</p></blockquote>"),
    ("<blockquote> </blockquote>", ""),
    ("<blockquote><li>x</li></blockquote>", "<blockquote><p>x</p></blockquote>"),
    # Links
    (
        '<a class="x" target="_blank" href="HTTPS://example.org/?a=1&b=2">x</a>',
        '<p><a href="https://example.org/?a=1&amp;b=2">x</a></p>',
    ),
    ('<a href=" tel:+18005550100">x</a>', '<p><a href="tel:+18005550100">x</a></p>'),
    (f'<a href="article:{{{UID.upper()}}}">x</a>', f'<p><a href="article:{UID}">x</a></p>'),
    ('<a href="article:keytruda">x</a>', "<p>x</p>"),
    ('<a href="unresolved:/drugs/x.html">x</a>', '<p><a href="unresolved:/drugs/x.html">x</a></p>'),
    (
        '<a href="/drugs/">a</a> <a href="//evil.example">b</a> <a>c</a> <a href="ftp://x.y/">d</a>',
        "<p>a b c d</p>",
    ),
    ('<a href="java\tscript:alert(1)">x</a>', "<p>x</p>"),
    (
        '<a href="https://a.b/"><em>x</em></a><a href="https://a.b/">y</a>',
        '<p><a href="https://a.b/"><em>x</em>y</a></p>',
    ),
    (
        '<a href="https://a.b/">x</a> <a href="https://a.b/">y</a>',
        '<p><a href="https://a.b/">x</a> <a href="https://a.b/">y</a></p>',
    ),
    ('<a href="https://a.b/">x </a>y<a href="https://a.b/"> </a>', '<p><a href="https://a.b/">x</a> y</p>'),
    ('<em><a href="https://a.b/">x</a></em>', '<p><a href="https://a.b/"><em>x</em></a></p>'),
    # Citation markers
    (
        f'<b>a<a href="Reference:{{{UID.upper()}}}"><sup><b>※</b></sup></a> b</b>',
        f'<p><strong>a</strong><a href="reference:{UID}">※</a> <strong>b</strong></p>',
    ),
    (
        f'a<a href="reference:{UID}">※※</a><a href="reference:{UID}">※</a><a href="reference:{OTHER}">※</a>',
        f'<p>a<a href="reference:{UID}">※</a><a href="reference:{OTHER}">※</a></p>',
    ),
    (
        f'<a href="reference:{UID}">※</a> <a href="reference:{UID}">※</a>',
        f'<p><a href="reference:{UID}">※</a> <a href="reference:{UID}">※</a></p>',
    ),
    (
        f'<a href="reference:{UID}">take <b>15</b>※ mg</a>',
        f'<p>take <strong>15</strong><a href="reference:{UID}">※</a> mg</p>',
    ),
    (f'<a href="reference:{UID}"></a>a<a href="reference:15">※</a>', "<p>a※</p>"),
    # What is not allowed
    ("a<script>alert(1)</script><style>p{}</style><template>t</template><!-- c -->b", "<p>ab</p>"),
    ('<p onclick="x()" style="color:red" data-x="1">a<img src="x" onerror="y()">b</p>', "<p>a b</p>"),
    (
        "<div>one<div>two</div>three</div><section>four</section>",
        "<p>one</p><p>two</p><p>three</p><p>four</p>",
    ),
    ("<dl><dt>one<dd>two</dl><pre>three</pre>", "<p>one</p><p>two</p><p>three</p>"),
    ("<tr><td>one</td><td>two</td></tr>", "<p>one two</p>"),
    ("im<span>mu</span>no<o:p>therapy</o:p><wbr>!", "<p>immunotherapy!</p>"),
    ("<svg><text>one</text></svg> <math><mi>two</mi></math>", "<p>one two</p>"),
    (
        "<noscript><p>one</p></noscript><textarea><b>two</b></textarea>",
        "<p>one</p><p><strong>two</strong></p>",
    ),
]

# Each row: spellings of one thing; a reader sees no difference.
ALIKE = [
    ('<a href="https://a.b/" title="t">x</a>', "<p><a title='u' rel=nofollow href='https://a.b/'>x</a></p>"),
    ("5\u00a0mg", "5&nbsp;mg", "5&#160;mg", "5&#xA0;mg"),
    ("it’s", "it&rsquo;s", "it&#8217;s"),
    ("<ul><li>x</li></ul>", "<ul><li><p>x</p></li></ul>", "<UL>\n <LI> <P>x\n</UL>"),
    (
        "<table><tr><th>x<td>y</table>",
        "<table>\n<tbody>\n<tr>\n<th><p>x</p></th><td><p>y</p></td>\n</tr></tbody></table>",
    ),
    ("e\u0301", "\u00e9"),
    ("<p>a</p><p>b</p>", "<p>a</p>\n<p></p>\n<p>b</p>\n<p><br></p>"),
    ("<strong>a</strong><strong>b</strong>", "<strong>a<b>b</b></strong>", "<strong>ab</strong><em></em>"),
    ("<strong><em>x</em></strong>", "<em><strong>x</strong></em>", "<i><b>x</b></i>"),
    ("<b>Note:</b> x", "<b>Note: </b>x", "<b>Note:</b><b> </b>x"),
    ("a<br>b", "a<br/>b<br>", "a <br /> b"),
]


@pytest.mark.parametrize(("html", "expected"), GOLDEN)
def test_canonical_is_exactly(html: str, expected: str) -> None:
    result = prose.canonical(html)

    assert result == expected
    assert prose.is_clean(result)


@pytest.mark.parametrize("spellings", ALIKE)
def test_canonical_is_one_for_what_looks_the_same(spellings: tuple[str, ...]) -> None:
    results = {prose.canonical(html) for html in spellings}

    assert len(results) == 1


def test_canonical_differs_where_a_reader_sees_a_difference() -> None:
    seen = [
        "1 mg",
        "1.5 mg",
        "<b>1</b> mg",
        "1<sup>1</sup> mg",
        "1<br>mg",
        "<ul><li>1 mg</li></ul>",
        "1 mg<p>1 mg",
    ]

    assert len({prose.canonical(html) for html in seen}) == len(seen)


def test_is_clean_is_false_for_another_spelling() -> None:
    assert not prose.is_clean("<p>5&nbsp;mg</p>")


@pytest.mark.parametrize("tag", ["blockquote", "ul", "ul><li", "table><tr><td", "div", "b", "x"])
def test_canonical_keeps_the_words_however_deep(tag: str) -> None:
    result = prose.canonical(f"before<p><{tag}>" * 1100 + "after")

    assert prose.words(result)[-1].endswith("after")
    assert prose.is_clean(result)


def test_canonical_of_an_article_takes_well_under_100_ms() -> None:
    section = (
        "<h2>Heading</h2>"
        + "<p>Words and <b>more</b> words, with a <a href='https://a.b/'>link</a>.</p>" * 20
    )
    prose.canonical(section)

    times = []
    for _ in range(5):
        start = process_time()
        for _ in range(20):
            prose.canonical(section)
        times.append(process_time() - start)

    assert min(times) < 0.1


def test_real_article_keeps_every_word_and_paragraph() -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("The real examples are not part of the repository.")
    html = (EXAMPLES / "kaposi-immunotherapy.html").read_text(encoding="utf-8").partition("<body>")[2]

    result = prose.canonical(html)

    expected = lxml.html.fragment_fromstring(html, create_parent="body").text_content()
    assert prose.words(result) == unicodedata.normalize("NFC", expected).split()
    assert result.count("<p>") == html.count("<p>") + len(re.findall(r"<h\d>", html))
