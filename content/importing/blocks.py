"""The body of a page as one flat run of headings, pieces of prose and pictures. What only wraps them goes."""

from collections.abc import Iterator
from html import escape

from lxml.html import HtmlElement

from content import prose
from content.decoding import Note
from content.importing import pictures
from content.importing.pieces import Block, Heading, Prose
from content.importing.tree import has, html_of, line_of, words_of

SILENT = {"head", "title", "link", "meta", *prose.REMOVED}
# These go to the database as they are, with all they hold.
WHOLE = prose.CONTAINERS | prose.PARENTS.keys() | {"p", "pre", "dl", "dt", "dd", "address"}
BLOCKS = prose.SEPARATORS | prose.HEADINGS | prose.CONTAINERS | prose.PARENTS.keys()
MARKS = {*prose.MARKS, *prose.SYNONYMS}


def blocks(element: HtmlElement) -> Iterator[Block]:
    # Words that stand loose in the element are a paragraph.
    loose = _Loose()
    loose.add_text(element.text, line_of(element))
    for child in element:
        if child.tag in BLOCKS or has(child, BLOCKS):
            yield from loose.taken()
            yield from block(child)
        elif child.tag not in SILENT:
            loose.add(child)
        if child.tail:
            loose.add_text(child.tail, line_of(child) + html_of(child).count("\n"))
    yield from loose.taken()


def block(element: HtmlElement) -> Iterator[Block]:
    tag = str(element.tag)
    if tag in SILENT:
        return
    if tag in prose.HEADINGS:
        yield from heading(element)
    elif tag == "figure" and has(element, {"img"}):
        yield from pictures.figure(element)
    elif tag in WHOLE or (tag in MARKS and not has(element, prose.HEADINGS)):
        yield from whole(element)
    else:
        yield from blocks(element)


def heading(element: HtmlElement) -> Iterator[Block]:
    text, line = words_of(element), line_of(element)
    yield Heading(line, int(str(element.tag)[1]), text)
    for link in element.iter("a"):
        if link.get("href"):
            yield Note(
                line, f"Headings are plain text: the heading “{text}” no longer leads to {link.get('href')}."
            )
    if has(element, {"sub", "sup"}):
        yield Note(
            line,
            f"Headings are plain text: the superscript or subscript letters in “{text}” are ordinary letters now.",
        )
    yield from pictures.inside(element)


def whole(element: HtmlElement) -> Iterator[Block]:
    yield Prose(line_of(element), html_of(element), list(items(element)))
    for inner in element.iterdescendants(*prose.HEADINGS):
        words = (
            f"The heading “{words_of(inner)}” stands inside <{element.tag}>. It is bold text now; check it."
        )
        yield Note(line_of(inner), words)
    yield from pictures.inside(element)


def items(element: HtmlElement) -> Iterator[Note]:
    found = list(element.iter("li")) if element.tag in {"ol", "ul"} else []
    # Of a list in a list, the items outside hold the words of those inside.
    flat = found and not any(has(item, {"li"}) for item in found) and len(found) == len(element)
    for item in found if flat else [element]:
        yield from lines(line_of(item), html_of(item))


def lines(line: int, html: str) -> Iterator[Note]:
    # One line, unless line breaks keep several references apart.
    each = prose.text(html).split("\n")
    several = sum(" Accessed at " in text for text in each) > 1
    for text in each if several else [" ".join(each)]:
        if text.strip():
            yield Note(line, " ".join(text.split()))


class _Loose:
    """Collects words and inline elements until something else begins."""

    def __init__(self) -> None:
        self.line = 0
        self.html = ""
        self.pictures: list[Block] = []

    def add_text(self, text: str | None, line: int) -> None:
        if not text:
            return
        if text.strip() and not self.line:
            blank = text[: len(text) - len(text.lstrip())]
            self.line = line + blank.count("\n")
        self.html += escape(text, quote=False)

    def add(self, element: HtmlElement) -> None:
        self.line = self.line or line_of(element)
        self.html += html_of(element)
        self.pictures += pictures.inside(element)

    def taken(self) -> Iterator[Block]:
        if self.html.strip():
            html = f"<p>{self.html}</p>"
            yield Prose(self.line, html, list(lines(self.line, html)))
        yield from self.pictures
        self.line, self.html, self.pictures = 0, "", []
