"""Stored prose as blocks: a paragraph, list item or cell each, with what it stands in."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import html as lxml_html
from lxml.html import HtmlElement

from content.differences.words import PLAIN, Marks, Run, Token, tokens

MARKS = {"a", "strong", "em", "sub", "sup", "b", "i"}
SHAPES = {
    "ul": "bulleted list",
    "ol": "numbered list",
    "table": "table",
    "thead": "head of the table",
    "tfoot": "foot of the table",
    "caption": "caption of the table",
    "blockquote": "quotation",
}
UNNAMED = {"li", "tbody", "tr", "td", "th", "p"}
STARTS = {
    "li": "a new list item",
    "td": "a new cell",
    "th": "a new header cell",
    "blockquote": "a new quotation",
}
ATTRIBUTES = {
    "start": "counting from {}",
    "colspan": "{} columns wide",
    "rowspan": "{} rows high",
    "scope": "header of its {}",
}


@dataclass(frozen=True)
class Fact:
    """Something true of a block that is not one of its words: its level, the list it stands in."""

    value: str
    shown: str = field(compare=False)


@dataclass(frozen=True)
class Block:
    """What is compared and shown as one row. `name` is given where it is a labelled value, such as a brand."""

    name: str
    tokens: tuple[Token, ...]
    facts: tuple[Fact, ...]
    place: tuple[str, ...] = field(compare=False)

    @property
    def is_cell(self) -> bool:
        return self.place[-1].startswith("table row")


def fact(shown: str) -> Fact:
    return Fact(shown, shown)


def blocks(html: str, place: tuple[str, ...]) -> list[Block]:
    # The stored bytes as they are: cleaning them here could hide what differs.
    return list(_inside(lxml_html.fragment_fromstring(html, create_parent="div"), (), place))


def _inside(element: HtmlElement, path: tuple[str, ...], place: tuple[str, ...]) -> Iterator[Block]:
    line: list[Run] = [(element.text or "", PLAIN)]
    for child in element:
        if child.tag in MARKS or child.tag == "br":
            line += _inline(child, PLAIN)
        else:
            yield from _paragraph(line, path, place)
            line = []
            yield from _box(child, path, place)
        line.append((child.tail or "", PLAIN))
    yield from _paragraph(line, path, place)


def _inline(element: HtmlElement, outer: Marks) -> Iterator[Run]:
    if element.tag == "br":
        yield "\n", outer
        return
    marks = outer | {(element.tag, element.get("href", "") if element.tag == "a" else "")}
    yield element.text or "", marks
    for child in element:
        yield from _inline(child, marks)
        yield child.tail or "", marks


def _paragraph(line: list[Run], path: tuple[str, ...], place: tuple[str, ...]) -> Iterator[Block]:
    if any(words for words, _ in line):
        yield Block("", tokens(line), (_shape(path),), place)


def _shape(path: tuple[str, ...]) -> Fact:
    boxes = [SHAPES.get(tag, tag) for tag in path if tag not in UNNAMED]
    return fact("inside ".join(f"{box} " for box in reversed(boxes)).strip() or "paragraph")


def _box(element: HtmlElement, path: tuple[str, ...], place: tuple[str, ...]) -> Iterator[Block]:
    tag = str(element.tag)
    found = list(_inside(element, (*path, tag), place + _spot(element)))
    if not found and tag in {"li", "td", "th"}:
        found = [Block("", (), (_shape((*path, tag)),), place + _spot(element))]
    if found:
        found[0] = replace(found[0], facts=found[0].facts + tuple(_facts(element, tag)))
    yield from found


def _facts(element: HtmlElement, tag: str) -> Iterator[Fact]:
    before = element.getprevious()
    if tag in STARTS:
        yield fact(STARTS[tag])
    elif tag == "tr":
        yield fact("a new row")
    elif tag in {"ul", "ol", "table"} and before is not None and before.tag == tag:
        yield fact(f"a new {SHAPES[tag]}")
    for name, words in ATTRIBUTES.items():
        if value := element.get(name):
            yield fact(words.format(value))


def _spot(element: HtmlElement) -> tuple[str, ...]:
    # In the words that a reader would point with.
    if element.tag == "li":
        return (f"list item {_number(element)}",)
    if element.tag in {"td", "th"}:
        before = element.xpath("count(../preceding-sibling::tr) + count(../../preceding-sibling::*/tr)")
        return (f"table row {int(before) + 1}, cell {_number(element)}",)
    return (SHAPES[element.tag],) if element.tag in {"caption", "blockquote"} else ()


def _number(element: HtmlElement) -> int:
    return 1 + sum(1 for _ in element.itersiblings(preceding=True))
