"""A Word document: the article under its title, then all else that is signed, each page with its edition at the foot."""

import io
from collections.abc import Iterable

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from content.public.pages import Page, PageSection
from content.snapshots import wording
from reviews.exporting.docx_prose import ProseWriter
from reviews.exporting.paper import Paper, Print, whole

WIDEST = Cm(15)


def written(paper: Paper) -> bytes:
    document = docx.Document()
    about(document, paper)
    write_article(document, paper)
    write_signatures(document, paper)
    write_other_parts(document, paper)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def about(document: Document, paper: Paper) -> None:
    facts = document.core_properties
    facts.title, facts.author, facts.comments = (
        paper.page.title,
        "",
        f"{paper.name}, fingerprint {paper.digest}",
    )
    facts.language = paper.page.language
    section = document.sections[0]
    section.header.paragraphs[0].text = paper.standing
    foot = section.footer.paragraphs[0]
    small(foot, f"{paper.name} · fingerprint (SHA-256) {paper.digest} · page ")
    field(foot, "PAGE")
    small(foot, " of ")
    field(foot, "NUMPAGES")


def small(line: Paragraph, text: str) -> None:
    line.add_run(text).font.size = Pt(7)


def field(line: Paragraph, code: str) -> None:
    # Word computes a field itself, such as the number of the page.
    run = line.add_run()
    run.font.size = Pt(7)
    for kind in ("begin", "separate", "end"):
        run._r.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
    instruction = parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {code} </w:instrText>')
    run._r.findall(qn("w:fldChar"))[0].addnext(instruction)


def write_article(document: Document, paper: Paper) -> None:
    page, writer, prints = paper.page, ProseWriter(document), iter(paper.prints)
    document.add_paragraph(page.title, style="Title")
    writer.write(whole(page.lead))
    for section in page.sections:
        if section.heading:
            document.add_heading(section.heading, level=section.level - 1)
        if section.pronunciation:
            document.add_paragraph(section.pronunciation).runs[0].italic = True
        writer.write(whole(section.body))
        if section.picture:
            write_picture(document, section, next(prints))
    if page.references:
        document.add_heading("References", level=1)
        writer.write(whole(references(page)))


def references(page: Page) -> str:
    # Numbered by hand, because the text names them by their numbers.
    tag, box = ("li", "<ol>{}</ol>") if page.has_markers else ("p", "{}")
    return box.format("".join(f"<{tag}>{reference.text}</{tag}>" for reference in page.references))


def write_picture(document: Document, section: PageSection, made: Print) -> None:
    picture = section.picture
    assert picture
    if made.missing:
        document.add_paragraph(made.missing)
    else:
        shape = document.add_picture(io.BytesIO(made.data))
        if shape.width > WIDEST:
            shape.height = round(shape.height * WIDEST / shape.width)
            shape.width = WIDEST
        shape._inline.docPr.set("descr", picture.alt)
    for label, words in (("", picture.caption), ("", picture.credit), ("In words: ", picture.alt)):
        if words:
            document.add_paragraph(f"{label}{words}", style="Caption")


def write_signatures(document: Document, paper: Paper) -> None:
    heading = document.add_heading(f"Signatures: {paper.name}", level=1)
    heading.paragraph_format.page_break_before = True
    document.add_paragraph(f"{paper.standing}. Printed {paper.made_at}.")
    if not paper.signatures:
        document.add_paragraph("Nobody has signed this text.")
        return
    rows = [
        (sign.who, sign.on_behalf_of, sign.at, sign.meaning, f"{sign.decided}\n{sign.standing}".strip())
        for sign in paper.signatures
    ]
    write_table(document, ("Signed by", "On behalf of", "When", "Meaning", "Decision"), rows)


def write_other_parts(document: Document, paper: Paper) -> None:
    parts = paper.content["parts"]
    document.add_heading("Also part of this text", level=1)
    listing = parts["listing"]
    document.add_paragraph(
        f"Type: {wording.article_type(listing['type'])}. Condition: {listing['condition'] or 'none'}. "
        f"Contributing society: {wording.society(listing['co_branded_with']) or 'none'}."
    )
    document.add_paragraph(f"Note to readers: {parts['public_note']['text'] or 'none'}")
    if parts["drugs"]:
        document.add_heading("Drug facts", level=2)
        write_table(document, ("Drug", "Class", "Brand", "Route", "Status"), paper.drug_rows())
    if paper.targets:
        document.add_heading("Where its links lead", level=2)
        rows = [(target.words, target.leads_to) for target in paper.targets]
        write_table(document, ("Words of the link", "Leads to"), rows)


def write_table(document: Document, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    table = document.add_table(0, len(head), style="Table Grid")
    for row in (head, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
