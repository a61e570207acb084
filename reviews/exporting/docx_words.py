"""Words with their marks, written into a paragraph of a Word document."""

from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml.html import HtmlElement

Marks = frozenset[str]
PLAIN: Marks = frozenset()


def write(line: Paragraph, element: HtmlElement, marks: Marks = PLAIN) -> None:
    """Write an element that stands inside a line, without what follows it."""
    if element.tag == "br":
        line.add_run().add_break(WD_BREAK.LINE)
    elif element.tag == "a" and not (element.get("href") or "#").startswith("#"):
        write_link(line, element, marks | {"a"})
    else:
        # What leads to a place on the page is a number on paper, such as that of a citation marker.
        write_inside(line, element, marks | ({str(element.tag)} - {"a"}))


def write_inside(line: Paragraph, element: HtmlElement, marks: Marks = PLAIN) -> None:
    write_text(line, element.text, marks)
    for child in element:
        write(line, child, marks)
        write_text(line, child.tail, marks)


def write_link(line: Paragraph, element: HtmlElement, marks: Marks) -> None:
    # python-docx writes no links: the runs are made as for any words, then moved into one.
    before = len(line._p)
    write_inside(line, element, marks)
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"), line.part.relate_to(element.get("href"), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    for run in list(line._p)[before:]:
        link.append(run)
    line._p.append(link)


def write_text(line: Paragraph, text: str | None, marks: Marks = PLAIN) -> None:
    if not text:
        return
    run = line.add_run(text)
    run.bold = "strong" in marks or None
    run.italic = "em" in marks or None
    run.underline = "a" in marks or None
    if "sup" in marks:
        run.font.superscript = True
    elif "sub" in marks:
        run.font.subscript = True
