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
ROWS_IN = ("thead", "tbody", "tfoot")
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


def _inside(
    element: HtmlElement, path: tuple[str, ...], place: tuple[str, ...], row: int = 0
) -> Iterator[Block]:
    """Give the blocks of an element. `row` is the number of a row, or how many rows of its table stand before a part."""
    line: list[Run] = [(element.text or "", PLAIN)]
    before = row
    for number, child in enumerate(element, start=1):
        if child.tag in MARKS or child.tag == "br":
            line += _inline(child, PLAIN)
        else:
            yield from _paragraph(line, path, place)
            line = []
            before += child.tag == "tr"
            own = {"td": row, "th": row, "tr": before, **dict.fromkeys(ROWS_IN, before)}.get(child.tag, 0)
            yield from _box(child, path, place + _spot(child, number, row), own)
            before += sum(1 for _ in child.iterchildren("tr")) if child.tag in ROWS_IN else 0
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


def _box(element: HtmlElement, path: tuple[str, ...], place: tuple[str, ...], row: int) -> Iterator[Block]:
    tag = str(element.tag)
    found = list(_inside(element, (*path, tag), place, row))
    if not found and tag in {"li", "td", "th"}:
        found = [Block("", (), (_shape((*path, tag)),), place)]
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


def _spot(element: HtmlElement, number: int, row: int) -> tuple[str, ...]:
    # In the words that a reader would point with.
    if element.tag == "li":
        return (f"list item {number}",)
    if element.tag in {"td", "th"}:
        return (f"table row {row}, cell {number}",)
    return (SHAPES[element.tag],) if element.tag in {"caption", "blockquote"} else ()
