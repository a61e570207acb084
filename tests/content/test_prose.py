"""Prose: one spelling for what looks the same, nothing harmful, no word lost, and the words that came in broken."""

import re
import unicodedata
from itertools import count
from pathlib import Path
from time import process_time

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content import prose

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "examples"
UID = "c0ffee00-0000-4000-8000-000000000001"

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
    # Tables
    (
        "<table><tr><td><p>a</p></td><td>b</td></tr></table>",
        "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
    ),
    (
        "<table><tr><th>Drug</th></tr><tr><td>x</td></tr></table>",
        "<table><thead><tr><th>Drug</th></tr></thead><tbody><tr><td>x</td></tr></tbody></table>",
    ),
    (
        "<table><tr><td></td><th>Dose</th></tr><tr><th>x</th><td>y</td></tr></table>",
        "<table><thead><tr><td></td><th>Dose</th></tr></thead><tbody><tr><th>x</th><td>y</td></tr></tbody></table>",
    ),
    (
        '<table><tr><th rowspan="2">x</th><th>y</th></tr><tr><td>z</td></tr></table>',
        '<table><tbody><tr><th rowspan="2">x</th><th>y</th></tr><tr><td>z</td></tr></tbody></table>',
    ),
    (
        "<table><thead><tr><th>x</th></tr></thead></table>",
        "<table><tbody><tr><th>x</th></tr></tbody></table>",
    ),
    (
        '<table class="c"><caption><p>Two</p><p>drugs</p></caption><tfoot><tr><td>f</td></tr></tfoot>'
        '<tr><td SCOPE="ROW" rowspan=" 2 " colspan="1" style="x">a</td></tr></table>',
        '<table><caption>Two<br>drugs</caption><tbody><tr><td rowspan="2" scope="row">a</td></tr></tbody>'
        "<tfoot><tr><td>f</td></tr></tfoot></table>",
    ),
    (
        '<table><tr><td colspan="99999" rowspan="x" scope="x">a</td></tr></table>',
        '<table><tbody><tr><td colspan="1000">a</td></tr></tbody></table>',
    ),
    ("<table><tr></tr></table>", ""),
    (
        "<table><tr><td></td></tr><tr><td>x</td></tr></table>",
        "<table><tbody><tr><td></td></tr><tr><td>x</td></tr></tbody></table>",
    ),
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
    result = prose.canonical(f"before<p><{tag}>" * 3000 + "after")

    assert prose.words(result)[-1].endswith("after")
    assert prose.is_clean(result)


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
    ' href="javascript:x"',
    ' start="2"',
    ' rowspan="2"',
]


def markup(tags: list[str], texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Tags opened and closed in any order, as no browser would write them."""
    opening = st.builds("<{}{}>".format, st.sampled_from(tags), st.sampled_from(ATTRIBUTES))
    closing = st.builds("</{}>".format, st.sampled_from(tags))
    return st.lists(st.one_of(opening, opening, closing, texts), max_size=25).map("".join)


ANYTHING = markup(
    [*TAGS, "script", "style", "template"],
    st.text(max_size=6)
    | st.sampled_from([" ", "&nbsp;", "\u2000", "e\u0301", "&lt;p", "<!--", "-->", "&#1;", "\u0338"]),
)


@settings(max_examples=400, deadline=None)
@given(ANYTHING | st.text())
@example("<a href='https://a.b/'><table><td><a href='https://c.d/'>x")
@example("<b>\u2000</b>x")
def test_canonical_of_canonical_is_the_same(html: str) -> None:
    once = prose.canonical(html)

    assert prose.canonical(once) == once


@settings(max_examples=400, deadline=None)
@given(ANYTHING)
def test_canonical_holds_only_what_is_allowed(html: str) -> None:
    tree = lxml.html.fragment_fromstring(prose.canonical(html), create_parent="body")

    for element in tree.iterdescendants():
        assert element.tag in prose.ALLOWED - prose.SEPARATORS - prose.HEADINGS - {"b", "i"} | {"p"}
        assert set(element.attrib) <= {"a": {"href"}, "ol": {"start"}}.get(
            element.tag, {"colspan", "rowspan", "scope"}
        )
        assert element.get("href", "https:").partition(":")[0] in prose.SCHEMES


def numbered(html: str) -> str:
    """Every # made a word of its own: w0w, w1w …"""
    numbers = count()
    return re.sub("#", lambda mark: f"w{next(numbers)}w", html)


@settings(max_examples=400, deadline=None)
@given(markup(TAGS, st.just(" # ")))
def test_canonical_loses_no_word(html: str) -> None:
    html = numbered(" # " + html)

    found = "".join(prose.words(prose.canonical(html)))

    assert sorted(re.findall(r"w\d+w", found)) == sorted(re.findall(r"w\d+w", html))


@settings(max_examples=400, deadline=None)
@given(markup(BLOCKS, st.just("#")).map(lambda html: re.sub("#+", "#", html)))
def test_canonical_glues_no_words_of_different_blocks(html: str) -> None:
    html = numbered(html)

    found = prose.words(prose.canonical(html))

    assert sorted(found) == sorted(re.findall(r"w\d+w", html))


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


# Words and links


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


# What went wrong on the way here

BROKEN = """
    person¡¯s Espa?ol ESPA?OL ni??o T?cell patient?s PD?L1 2?6 cafÃ© donâ€™t â€œoffâ€\x9d KeytrudaÂ® PDQÂ® 5Â\u00a0mg
    â‰¥5 Î²-blocker Î±-interferon KaposiÂ´s Å“dema ðŸ™‚ ï»¿The ï¿½ 2¨C6 itâ\x80\x99s
""".split(" ")
SOUND = """
    Doxil? yes/no?Then what? (why?) ¿Qué? ¡Hola! “¿Cómo?” it’s “off”… café naïve AÑO Ångström Â SÃO IRMÃ” CAFÉ’S
    Spaß” Å² 5\u00a0Å… 100° ±5 µg 5–6 PDQ® ¼ © 3\u00a0×\u00a010 https://a.b/?q=x www.a.b/c?d me@a.b?c
    (see\u00a0popDefinition.aspx?id=44) ≤5 α-interferon β2 İstanbul
""".split(" ")
BROKEN, SOUND = ([word.strip("\n") for word in words if word.strip("\n")] for words in (BROKEN, SOUND))


@pytest.mark.parametrize("word", BROKEN)
def test_mojibake_names_a_broken_word(word: str) -> None:
    found = prose.mojibake(f"Some {word} here")

    assert [flaw.snippet for flaw in found] == [word]


@pytest.mark.parametrize("word", SOUND)
def test_mojibake_leaves_a_sound_word(word: str) -> None:
    assert prose.mojibake(f"Some {word} here") == []


def test_mojibake_says_what_it_saw() -> None:
    assert prose.mojibake("every person¡¯s own") == [
        prose.Flaw("person¡¯s", "“¡¯” stands where another character was lost")
    ]


def test_mojibake_sees_a_letter_whose_blank_was_lost_after_a_number() -> None:
    assert [flaw.snippet for flaw in prose.mojibake("Take 5Â mg")] == ["5Â"]


@pytest.mark.parametrize(
    ("char", "name"),
    [
        ("\u00ad", "soft hyphen (U+00AD)"),
        ("\u200b", "zero width space (U+200B)"),
        ("\u200d", "zero width joiner (U+200D)"),
        ("\u2060", "word joiner (U+2060)"),
        ("\ufeff", "zero width no-break space (U+FEFF)"),
        ("\ufffd", "replacement character (U+FFFD)"),
        ("\u202e", "right-to-left override (U+202E)"),
        ("\u2066", "left-to-right isolate (U+2066)"),
        ("\x92", "control character (U+0092)"),
        ("\uf0b7", "private character (U+F0B7)"),
        ("\u2028", "line separator (U+2028)"),
        ("\u3164", "hangul filler (U+3164)"),
        ("\U000e0041", "tag latin capital letter a (U+E0041)"),
        ("\ufffe", "control character (U+FFFE)"),
    ],
)
def test_hidden_characters_names_the_word_and_the_character(char: str, name: str) -> None:
    assert prose.hidden_characters(f"Some im{char}mune {char}\n") == [
        prose.Flaw(f"im{char}mune", name),
        prose.Flaw(char, name),
    ]


@pytest.mark.parametrize(
    "text", ["Plain\n\ttext\r\n", "5\u00a0mg – “it’s” é ≥ 💊", "می\u200cخواهم", "क्\u200dष", "\u06dd"]
)
def test_hidden_characters_leaves_what_is_seen(text: str) -> None:
    assert prose.hidden_characters(text) == []


@pytest.mark.parametrize(
    "name", ["nci-02.md", "nci-06.md", "nci-08.md", "nci-11.md", "kaposi-immunotherapy.txt"]
)
def test_real_text_is_found_sound(name: str) -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("The real examples are not part of the repository.")
    text = re.sub(r"\]\([^)]*\)", "]", (EXAMPLES / name).read_text(encoding="utf-8"))

    assert prose.mojibake(text) + prose.hidden_characters(text) == []


def test_real_article_keeps_every_word_and_paragraph() -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("The real examples are not part of the repository.")
    html = (EXAMPLES / "kaposi-immunotherapy.html").read_text(encoding="utf-8").partition("<body>")[2]

    result = prose.canonical(html)

    expected = lxml.html.fragment_fromstring(html, create_parent="body").text_content()
    assert prose.words(result) == unicodedata.normalize("NFC", expected).split()
    assert result.count("<p>") == html.count("<p>") + len(re.findall(r"<h\d>", html))
