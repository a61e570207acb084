"""Prose, as it is stored, written into a Word document."""

from dataclasses import dataclass, replace

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Twips
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph
from lxml.html import HtmlElement, fragment_fromstring

from content import prose
from reviews.exporting import docx_words
from reviews.exporting.docx_numbering import DEEPEST, Numbering

TABLE_HEADING = "Table Heading"  # as LibreOffice calls it; Word has none
BLOCKS = {"p", "blockquote", *prose.CONTAINERS}
Holder = Document | _Cell


@dataclass(frozen=True)
class Place:
    """Where a paragraph stands: in which box, and at which depth of lists."""

    holder: Holder
    style: str | None = None
    depth: int = 0


class ProseWriter:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.numbering = Numbering(document)
        document.styles.add_style(TABLE_HEADING, WD_STYLE_TYPE.PARAGRAPH).font.bold = True
        self.item = 0  # the list whose next paragraph gets a bullet or number

    def write(self, html: str, holder: Holder | None = None) -> None:
        self.children(fragment_fromstring(html, create_parent="div"), Place(holder or self.document))

    def children(self, element: HtmlElement, place: Place) -> None:
        # Words that stand bare in an item or a cell are a paragraph of it.
        line = self.bare(element.text, None, place)
        for child in element:
            if child.tag in BLOCKS:
                self.block(child, place)
                line = None
            else:
                line = line or self.paragraph(place)
                docx_words.write(line, child)
            line = self.bare(child.tail, line, place)

    def bare(self, text: str | None, line: Paragraph | None, place: Place) -> Paragraph | None:
        if not text or (line is None and not text.strip()):
            return line
        line = line or self.paragraph(place)
        docx_words.write_text(line, text)
        return line

    def block(self, element: HtmlElement, place: Place) -> None:
        if element.tag in {"ul", "ol"}:
            self.items(element, place)
        elif element.tag == "table":
            self.table(element, place)
        elif element.tag == "blockquote":
            self.children(element, replace(place, style="Quote"))
        else:
            docx_words.write_inside(self.paragraph(place), element)

    def paragraph(self, place: Place) -> Paragraph:
        # A cell begins with one paragraph.
        holder = place.holder
        first = holder.paragraphs[0] if isinstance(holder, _Cell) else None
        is_free = first is not None and len(holder.paragraphs) == 1 and not first.runs and not holder.tables
        line = first if first is not None and is_free and not is_listed(first) else holder.add_paragraph()
        if place.style:
            line.style = self.document.styles[place.style]
        if self.item:
            listed(line, self.item, place.depth - 1)
            self.item = 0
        elif place.depth:
            line.paragraph_format.left_indent = Twips(360 * place.depth)
        return line

    def items(self, element: HtmlElement, place: Place) -> None:
        depth = min(place.depth, DEEPEST)
        start = max(int(element.get("start") or 1), 0)
        number = self.numbering.begun(ordered=element.tag == "ol", start=start, depth=depth)
        for item in element:
            self.item = number
            self.children(item, replace(place, depth=depth + 1))
            if self.item:  # an item without words
                self.paragraph(replace(place, depth=depth + 1))

    def table(self, element: HtmlElement, place: Place) -> None:
        rows = element.xpath("./tr | ./thead/tr | ./tbody/tr")
        width = sum(span(cell, "colspan") for cell in rows[0])
        made = place.holder.add_table(len(rows), width)
        made.style = self.document.styles["Table Grid"]
        grid = [list(row.cells) for row in made.rows]
        taken: set[tuple[int, int]] = set()
        for at, row in enumerate(rows):
            column = 0
            for cell in row:
                while (at, column) in taken:
                    column += 1
                down = min(at + span(cell, "rowspan"), len(rows))
                right = min(column + span(cell, "colspan"), width)
                taken |= {(y, x) for y in range(at, down) for x in range(column, right)}
                box = grid[at][column].merge(grid[down - 1][right - 1])
                self.children(cell, Place(box, TABLE_HEADING if cell.tag == "th" else None))
                column = right
            if row.getparent().tag == "thead":
                repeated(made.rows[at])


def span(cell: HtmlElement, name: str) -> int:
    return int(cell.get(name, 1))


def listed(line: Paragraph, number: int, depth: int) -> None:
    about = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    line._p.get_or_add_pPr().append(parse_xml(about))  # after the style, where Word wants it


def is_listed(line: Paragraph) -> bool:
    return line._p.pPr is not None and line._p.pPr.numPr is not None


def repeated(row: _Row) -> None:
    # The head of a table is repeated on each page that the table reaches.
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
