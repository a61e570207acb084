"""Prose: the little HTML that editors write, in one spelling for everything a reader cannot tell apart.

nh3 makes safe what came in. What it leaves is read into paragraphs and the boxes round them (lists, tables, quotes)
and written out anew, so nothing reaches the database that `_html` does not write.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import groupby, takewhile
from typing import NamedTuple
from uuid import UUID

import nh3

SCHEMES = {"http", "https", "mailto", "tel", "article", "unresolved"}
SYNONYMS = {"b": "strong", "i": "em"}
MARKS = ("a", "strong", "em", "sub", "sup")  # from the outermost inwards
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CONTAINERS = {"ul", "ol", "table", "blockquote"}
PARENTS = {
    "li": {"ul", "ol"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
}
# Not allowed in prose, but they end a line of words; nh3 would join the words before and after.
SEPARATORS = set(
    "p hr address article aside center dd details dialog dir div dl dt fieldset figcaption figure footer header"
    " hgroup legend listing main menu nav optgroup option pre search section summary".split()
)
REMOVED = {"script", "style", "template"}  # with all they hold
ALLOWED = {"br", *MARKS, *SYNONYMS, *HEADINGS, *CONTAINERS, *PARENTS, *SEPARATORS}
KNOWN = {*ALLOWED, *REMOVED, "col", "colgroup"}
# Where these stand out of place, the parser drops the tag and joins the words on its two sides.
GLUE = {*HEADINGS, *CONTAINERS, *PARENTS, *SEPARATORS, "col", "colgroup"} | set(
    "html head body title form select textarea xmp plaintext iframe noembed noframes noscript img".split()
)
SCOPES = {"row", "col", "rowgroup", "colgroup"}
LARGEST = {"colspan": 1000, "rowspan": 65534}  # HTML's own limits
# Nobody nests deeper; what is nested deeper loses its boxes and keeps its words.
DEEPEST = 16

_cleaner = nh3.Cleaner(
    tags=ALLOWED,
    attributes={
        "a": {"href"},
        "ol": {"start"},
        "td": {"colspan", "rowspan", "scope"},
        "th": {"colspan", "rowspan", "scope"},
    },
    clean_content_tags=REMOVED,
    link_rel=None,
    url_schemes=SCHEMES,
    url_relative="deny",
)

BREAK = "\n"
SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
BLANK = SPACES + BREAK
_AROUND_BREAK = re.compile(rf"[{SPACES}]*\n *")
_TAG = re.compile(r"<(/?)([a-zA-Z][^ \t\n\r\f/>]*)")
_OUR_LINK = re.compile(r'<a href="(article|unresolved):([^"]*)">(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Link:
    href: str
    text: str


class Run(NamedTuple):
    """Words that look alike. `marks` are pairs of a tag and its target, which is empty but for links."""

    text: str
    marks: frozenset[tuple[str, str]]


@dataclass
class Paragraph:
    runs: list[Run] = field(default_factory=list)


@dataclass
class Box:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Paragraph | Box"] = field(default_factory=list)


Block = Paragraph | Box


def canonical(html: str) -> str:
    """The one spelling of this prose. Harmless, and the same for all inputs that look the same to a reader."""
    return "".join(_html(block) for block in _read(html))


def is_clean(html: str) -> bool:
    return html == canonical(html)


def text(html: str) -> str:
    """The words alone: a line for each paragraph, list item, cell and line break."""
    return "\n".join("".join(run.text for run in line.runs) for line in _paragraphs(_read(html)))


def words(html: str) -> list[str]:
    return text(html).split()


def links(html: str) -> list[Link]:
    found = []
    for line in _paragraphs(_read(html)):
        for href, runs in groupby(line.runs, key=lambda run: dict(run.marks).get("a")):
            if href:
                found.append(Link(href, " ".join("".join(run.text for run in runs).split(BREAK))))
    return found


def linked(html: str, address: Callable[[str], str | None]) -> str:
    """Canonical prose for the public: links to articles lead to `address(uid)`, or are bare words where it is None.

    Every other byte stays as it is, for what was signed is never canonicalised again.
    """

    def replaced(link: re.Match[str]) -> str:
        kind, target, inner = link.groups()
        found = address(target) if kind == "article" else None
        return f'<a href="{escape(found)}">{inner}</a>' if found else inner

    return _OUR_LINK.sub(replaced, html)


def printable(text: str) -> str:
    """Without what databases and XML refuse. C1 controls stay: they betray a wrong character set."""
    text = re.sub(r"[\x0b\x0c\x1c-\x1f]", " ", text)
    text = re.sub(r"[\x00-\x08\x0e-\x1b\x7f]", "", text)
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


# Reading


def _read(html: str) -> list[Block]:
    reader = _Reader()
    # Once more, for a character may come in as &#1;. What nh3 wrote holds no markup that this could make or break.
    harmless = printable(_cleaner.clean(_TAG.sub(_known, printable(html))))
    reader.feed(re.sub(r"[ \t\n\r]+", " ", harmless))
    reader.close()
    return _tidy(reader.boxes[0].children)


def _known(tag: re.Match[str]) -> str:
    """The tag in a form whose words nh3 keeps: it drops all of SVG and MathML, and reads the inside of some as code."""
    name = tag[2].lower()
    gap = " " if name in GLUE else ""
    return gap + (tag[0] if name in KNOWN else f"<{tag[1]}x-{name}")


class _Reader(HTMLParser):
    """Turns nh3's output, where every tag is closed in order, into paragraphs and boxes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.boxes = [Box("body")]
        self.path: list[Box | None] = []  # None: a box that is out of place or too deep
        self.marks: list[tuple[str, str]] = []
        self.line: Paragraph | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = SYNONYMS.get(tag, tag)
        if tag == "br":
            self.write(BREAK)
        elif tag in MARKS:
            self.marks.append((tag, _target(dict(attrs).get("href") or "")))
        else:
            self.line = None
            if tag in HEADINGS:
                self.marks.append(("strong", ""))
            elif tag in CONTAINERS or tag in PARENTS:
                self.open_box(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        tag = SYNONYMS.get(tag, tag)
        if tag in MARKS:
            self.marks.pop()
            return
        self.line = None
        if tag in HEADINGS:
            self.marks.pop()
        elif (tag in CONTAINERS or tag in PARENTS) and self.path.pop():
            self.boxes.pop()

    def handle_data(self, data: str) -> None:
        self.write(data)

    def write(self, words: str) -> None:
        if self.line is None:
            self.line = Paragraph()
            self.boxes[-1].children.append(self.line)
        marks = dict(self.marks)  # a later link inside a link wins
        if not marks.get("a"):
            marks.pop("a", None)
        self.line.runs.append(Run(words, frozenset(marks.items())))

    def open_box(self, tag: str, attributes: dict[str, str | None]) -> None:
        if not self.has_place_for(tag):
            self.path.append(None)
            return
        box = Box(tag, _attributes(tag, attributes))
        self.boxes[-1].children.append(box)
        self.boxes.append(box)
        self.path.append(box)

    def has_place_for(self, tag: str) -> bool:
        if tag in PARENTS:
            parent = self.path[-1] if self.path else None
            return parent is not None and parent.tag in PARENTS[tag]
        return sum(box.tag in CONTAINERS for box in self.boxes) < DEEPEST


def _target(href: str) -> str:
    """The link's target as we keep it, or nothing where its kind is not allowed."""
    scheme, _, rest = href.strip().partition(":")
    scheme = scheme.lower()
    if scheme == "article":
        try:
            rest = str(UUID(rest))
        except ValueError:
            return ""
    return f"{scheme}:{rest}" if scheme in SCHEMES and rest else ""


def _attributes(tag: str, given: dict[str, str | None]) -> dict[str, str]:
    kept = {}
    if tag == "ol" and (start := _number(given.get("start"))) not in (None, 1):
        kept["start"] = str(start)
    if tag in {"td", "th"}:
        for name, largest in LARGEST.items():
            number = _number(given.get(name))
            if number is not None and number > 1:
                kept[name] = str(min(number, largest))
        scope = (given.get("scope") or "").strip().lower()
        if scope in SCOPES:
            kept["scope"] = scope
    return kept


def _number(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"\s*-?[0-9]{1,9}\s*", value) else None


# Putting in order


def _tidy(children: Iterable[Block]) -> list[Block]:
    """The blocks without the empty ones, each in the one form it has."""
    tidied: list[Block] = []
    for child in children:
        if isinstance(child, Paragraph):
            runs = _settled(child.runs)
            tidied += [Paragraph(runs)] if runs else []
        elif child.tag == "table":
            tidied += _table(child)
        elif child.tag in {"ul", "ol"}:
            tidied += _list(child)
        else:
            inside = _tidy(child.children)
            tidied += [Box(child.tag, child.attributes, inside)] if inside else []
    return tidied


def _list(box: Box) -> Iterator[Block]:
    """What stands between the items belongs to the item before it, as it looks on a page."""
    items: list[Box] = []
    for child in box.children:
        if isinstance(child, Box) and child.tag == "li":
            items.append(Box("li", {}, _tidy(child.children)))
        elif stray := _tidy([child]):
            items = items or [Box("li")]
            items[-1].children += stray
    if items:
        yield Box(box.tag, box.attributes, [*items])


def _table(box: Box) -> Iterator[Block]:
    """Caption, head, body, foot. (HTML's parser has moved whatever else stood in the table in front of it.)"""
    parts: dict[str, list[Box]] = {"thead": [], "tbody": [], "tfoot": []}
    caption: list[Block] = []
    for part in _boxes(box):
        if part.tag == "caption":
            caption += part.children
        else:
            parts[part.tag] += _rows(part)
    rows = parts["thead"] + parts["tbody"]
    head = _head(rows, given=len(parts["thead"]))
    parts["thead"], parts["tbody"] = rows[:head], rows[head:]
    lines = list(_paragraphs(_tidy(caption)))
    children = [Box("caption", {}, [_joined(lines)])] if lines else []
    children += [Box(tag, {}, [*inside]) for tag, inside in parts.items() if inside]
    if children:
        yield Box("table", {}, [*children])


def _head(rows: list[Box], given: int) -> int:
    """How many rows are the head: the first ones with nothing but header cells, however they were marked.

    The editor knows no <thead>; without this, opening a table in it would change the text.
    """
    head = given + len(list(takewhile(_is_heading_row, rows[given:])))
    spans = [
        (at, int(cell.attributes.get("rowspan", 1)))
        for at, row in enumerate(rows[:head])
        for cell in _boxes(row)
    ]
    if any(at + span > head for at, span in spans):  # a cell cannot reach from the head into the body
        head = given
    return head if head < len(rows) else 0


def _is_heading_row(row: Box) -> bool:
    headers = [cell.tag == "th" for cell in _boxes(row) if cell.tag == "th" or cell.children]
    return any(headers) and all(headers)


def _rows(part: Box) -> Iterator[Box]:
    for row in _boxes(part):
        cells = [Box(cell.tag, cell.attributes, _tidy(cell.children)) for cell in _boxes(row)]
        if cells:
            yield Box("tr", {}, [*cells])


def _boxes(box: Box) -> Iterator[Box]:
    return (child for child in box.children if isinstance(child, Box))


def _joined(lines: Iterable[Paragraph]) -> Paragraph:
    runs: list[Run] = []
    for line in lines:
        runs += [Run(BREAK, frozenset()), *line.runs]
    return Paragraph(_settled(runs))


def _paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from _paragraphs(block.children)


def _settled(runs: Iterable[Run]) -> list[Run]:
    """The runs of a line without blanks at its edges, and with marks round words only.

    A blank between equal marks is inside them; any other is outside, for a bold space looks like a plain one.
    """
    stretches = [(blank, list(run)) for blank, run in groupby(_pieces(runs), key=_is_blank)]
    settled: list[Run] = []
    for index, (blank, stretch) in enumerate(stretches):
        if not blank:
            settled += stretch
            continue
        gap = re.sub(" +", " ", _AROUND_BREAK.sub(BREAK, "".join(run.text for run in stretch)))
        if index == 0:
            settled.append(Run(gap.lstrip(" " + BREAK), frozenset()))
        elif index < len(stretches) - 1:
            # A link takes in a blank only where it did before; two links to one page stay two.
            around = settled[-1].marks & stretches[index + 1][1][0].marks
            within = frozenset.intersection(*(run.marks for run in stretch))
            settled.append(Run(gap, frozenset(mark for mark in around if mark[0] != "a" or mark in within)))
    return _merged(settled if len(stretches) > 1 or not blank else [])


def _pieces(runs: Iterable[Run]) -> Iterator[Run]:
    """Each run cut into the blank before its words, its words, and the blank after them."""
    for text, marks in runs:
        start = len(text) - len(text.lstrip(BLANK))
        end = len(text.rstrip(BLANK))
        parts = (text[:start], text[start:end], text[end:]) if start < end else (text,)
        yield from (Run(part, marks) for part in parts if part)


def _is_blank(run: Run) -> bool:
    return not run.text.strip(BLANK)


def _merged(runs: Iterable[Run]) -> list[Run]:
    groups = groupby((run for run in runs if run.text), key=lambda run: run.marks)
    return [
        Run(unicodedata.normalize("NFC", "".join(run.text for run in group)), marks)
        for marks, group in groups
    ]


# Writing


def _html(block: Block, bare: bool = False) -> str:
    if isinstance(block, Paragraph):
        return _inline(block.runs) if bare else f"<p>{_inline(block.runs)}</p>"
    attributes = "".join(f' {name}="{value}"' for name, value in block.attributes.items())
    alone = block.tag != "blockquote" and sum(isinstance(child, Paragraph) for child in block.children) == 1
    inside = "".join(_html(child, bare=alone) for child in block.children)
    return f"<{block.tag}{attributes}>{inside}</{block.tag}>"


def _inline(runs: list[Run]) -> str:
    used = {tag for run in runs for tag, _ in run.marks}
    return _nested(runs, [tag for tag in MARKS if tag in used])


def _nested(runs: Iterable[Run], tags: list[str]) -> str:
    if not tags:
        return "".join(escape(run.text, quote=False).replace(BREAK, "<br>") for run in runs)
    tag, *inner = tags
    return "".join(
        _marked(tag, target, _nested(group, inner))
        for target, group in groupby(runs, key=lambda run: dict(run.marks).get(tag))
    )


def _marked(tag: str, target: str | None, inner: str) -> str:
    if target is None:
        return inner
    href = f' href="{escape(target)}"' if target else ""
    return f"<{tag}{href}>{inner}</{tag}>"


# What went wrong on the way here


@dataclass(frozen=True)
class Flaw:
    """A word as it stands, and what is wrong with it, for the editor."""

    snippet: str
    words: str


# Format characters that are seen (Arabic and Syriac number signs), and blank ones that count as letters.
_SEEN = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_UNSEEN = set("\ufffd\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
# Between letters of these scripts (Hebrew to Mongolian) the joiners are spelling.
_JOINED = re.compile("(?<=[\u0590-\u18af])[\u200c\u200d]")
_SUSPECT = re.compile(r"[^\x20-\x7e]")
_WORD = re.compile(r"[^ \t\r\n]+")
_ADDRESS = re.compile(r"://|^\W*www\.|\w@\w|\w\.\w{2,}/|\?[\w.-]+=")

# UTF-8's second and later bytes, as Windows-1252 and Latin-1 show them; those that may follow a letter in earnest.
_TAIL = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore") + "".join(map(chr, range(0x80, 0xA0)))
_EARNEST = "‘’‚“”„…–—‹›«»\u00a0"
_CERTAIN = "".join(sorted(set(_TAIL) - set(_EARNEST) - set("²³¹"))).replace("-", r"\-")
_WRONG_CHARSET = re.compile(
    rf"Â[{_TAIL}]|(?<=[\d%.,;:)])Â(?!\w)"
    rf"|Ã[{_CERTAIN}²³¹]|(?<![A-ZÀ-Þ])Ã[{_EARNEST}]"  # IRMÃ” is a Portuguese capital before a quotation mark
    rf"|[ÄÅÐÑ][{_CERTAIN}]|[ÎÏ][{_CERTAIN}²³¹]|Å“(?=\w)"  # Å² is an area
    rf"|â[€\x80]|â[{_TAIL}]{{2}}|ð[Ÿ\x9f][{_TAIL}]|ï»¿|ï¿½"
    r"|¡[ª\xad®¯°±]|¨C(?=\w)"  # GB 2312 read as Latin-1
)
_QUESTION = re.compile(r"([^\W\d_])\?{1,2}([^\W\d_])|\d\?\d")


def hidden_characters(text: str) -> list[Flaw]:
    """Characters nobody sees, and those that stand for a lost one; each once per word."""
    return [
        Flaw(word, f"{_name(char)} (U+{ord(char):04X})")
        for word in _WORD.findall(text)
        for char in dict.fromkeys(_SUSPECT.findall(_JOINED.sub("", word)))
        if _is_hidden(char)
    ]


def _is_hidden(char: str) -> bool:
    if char in _UNSEEN or ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef":
        return True
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} and char not in _SEEN


def _name(char: str) -> str:
    unnamed = "private character" if unicodedata.category(char) == "Co" else "control character"
    return unicodedata.name(char, unnamed).lower()


def mojibake(text: str) -> list[Flaw]:
    """Words broken by a wrong character set. Web addresses are left out: they may hold a question mark."""
    flaws = []
    for word in _WORD.findall(text):
        if not _ADDRESS.search(word) and (broken := _broken(word)):
            flaws.append(Flaw(word, f"“{broken}” stands where another character was lost"))
    return flaws


def _broken(word: str) -> str | None:
    if found := _WRONG_CHARSET.search(word):
        return found[0]
    for found in _QUESTION.finditer(word):
        left, right = found.groups(default="")
        if not (left.islower() and right.isupper()):  # no?Then lacks a blank and nothing else
            return found[0]
    return None
