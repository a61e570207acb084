"""HTML from anywhere, made harmless and read into blocks; nothing is put in order yet."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from uuid import UUID

import nh3

from content.prose.blocks import BREAK, REFERENCE, Block, Box, Paragraph, Run
from content.prose.tags import (
    ALLOWED,
    CONTAINERS,
    GLUE,
    HEADINGS,
    KNOWN,
    MARKER,
    MARKS,
    NAMED,
    PARENTS,
    REMOVED,
    SCHEMES,
    SYNONYMS,
)
from evidence.characters import printable

# Nobody nests deeper; what is nested deeper loses its boxes and keeps its words.
DEEPEST = 16
TALLEST = 65534  # HTML's own limit

_cleaner = nh3.Cleaner(
    tags=ALLOWED,
    attributes={
        "a": {"href"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    clean_content_tags=REMOVED,
    link_rel=None,
    url_schemes=SCHEMES,
    url_relative="deny",
)

_TAG = re.compile(r"<(/?)([a-zA-Z][^ \t\n\r\f/>]*)")


def parsed(html: str) -> list[Block]:
    reader = _Reader()
    # Once more, for a character may come in as &#1;. What nh3 wrote holds no markup that this could make or break.
    harmless = printable(_cleaner.clean(_TAG.sub(_known, printable(html))))
    reader.feed(re.sub(r"[ \t\n\r]+", " ", harmless))
    reader.close()
    return reader.boxes[0].children


def _known(tag: re.Match[str]) -> str:
    """Return the tag in a form whose words nh3 keeps: it drops all of SVG and MathML, and reads the inside of some as
    code.
    """
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
        self.line.runs.extend(_runs(words, dict(self.marks)))  # a later link inside a link wins

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


def _runs(words: str, marks: dict[str, str]) -> Iterator[Run]:
    # Of a link to a reference only its sign is a marker: other words in there are words like any, and none is lost.
    target = marks.pop("a", "")
    if not target.startswith(REFERENCE):
        yield Run(words, frozenset((marks | ({"a": target} if target else {})).items()))
        return
    for part in filter(None, re.split(f"({MARKER})", words)):
        yield Run(part, frozenset({("a", target)} if part == MARKER else marks.items()))


def _target(href: str) -> str:
    # A link whose kind is not allowed has no target.
    scheme, _, rest = href.strip().partition(":")
    scheme = scheme.lower()
    if scheme in NAMED:
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
        for name in ("colspan", "rowspan"):
            number = _number(given.get(name))
            if number == 0 and name == "rowspan":  # HTML's word for: down to the last row
                number = TALLEST
            if number is not None and number > 1:
                kept[name] = str(number)
    return kept


def _number(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"\s*-?[0-9]{1,9}\s*", value) else None
