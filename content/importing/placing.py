"""What of a file goes where: its title, lead, sections and references, and what nobody but an editor can decide."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from content import prose
from content.decoding import Note
from content.importing import (
    blocks,
    completeness,
    drug_headings,
    links,
    oddities,
    page_lines,
    references,
    site_chrome,
    source,
    tree,
)
from content.importing.drug_headings import DrugNames
from content.importing.faults import Unplaceable, too_long
from content.importing.imported import Imported, PlacedSection
from content.importing.picture_files import PictureFiles
from content.importing.pieces import Block, Heading, LeftOut, Picture, Prose
from content.importing.references import PlacedReference
from content.models import Article, Section, SectionKind
from evidence.fields import line as one_line


def place(
    html: str,
    *,
    drugs: DrugNames,
    article_at: links.ArticleAt,
    pictures: PictureFiles | None = None,
    base_url: str = "",
    title_is: str = "<h1>",
) -> Imported:
    """Place everything in the HTML. Raises Unplaceable where there is no title or no room, WordsLost where a word
    would not arrive.

    `base_url` is the address the file comes from, `title_is` how a title is written in its format.
    """
    root = tree.parsed(html)
    body = root if root.find("body") is None else root.body
    page = _Page(drugs, pictures or PictureFiles(), title_is)
    page.left_out += site_chrome.cut(body)
    page.unsure += source.remarks(html)
    page.unsure += oddities.oddities(body)
    page.unsure += links.settle(body, article_at, base_url)
    for block in blocks.blocks(body):
        page.take(block)
    imported = page.imported(" ".join(root.findtext(".//title", "").split()))
    completeness.check(html, imported)
    return imported


@dataclass
class _Open:
    """A section that may still grow."""

    line: int = 0
    level: int = 2
    heading: str = ""
    html: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


class _Page:
    """Takes one block after the other; knows only where on the page it is."""

    def __init__(self, drugs: DrugNames, pictures: PictureFiles, title_is: str) -> None:
        self.drugs = drugs
        self.pictures = pictures
        self.title_is = title_is
        self.title: Heading | None = None
        self.lead = self.section = _Open()
        self.sections: list[_Open] = []
        self.references: list[PlacedReference] = []
        self.reference_headings: list[Heading] = []
        self.left_out: list[LeftOut] = []
        self.unsure: list[Note] = []
        self.last_revised = ""
        self.in_references = self.after_dates = False

    def take(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.take_heading(block)
        elif isinstance(block, Prose):
            self.take_prose(block)
        elif isinstance(block, Picture):
            self.take_picture(block)
        elif isinstance(block, LeftOut):
            self.left_out.append(block)
        else:
            self.unsure.append(block)

    def take_heading(self, heading: Heading) -> None:
        if not heading.text:
            self.take_empty_heading(heading)
        elif self.title is None and heading.level == 1:
            self.title = heading
        elif self.title is None:
            self.left_out.append(LeftOut(heading.line, heading.text, "stands before the title"))
        elif page_lines.begins_references(heading.text):
            self.begin_references(heading)
        else:
            self.begin_section(heading)

    def take_empty_heading(self, heading: Heading) -> None:
        # What follows keeps a section of its own: its first words may be the heading, which only an editor can say.
        if self.title is None or self.in_references:
            self.unsure.append(Note(heading.line, f"An empty level {heading.level} heading is not imported."))
        else:
            self.section = _Open(heading.line, max(heading.level, 2))
            self.sections.append(self.section)

    def take_picture(self, picture: Picture) -> None:
        if self.title is not None:
            self.section.pictures.append(picture)
            return
        text = " ".join(filter(None, (picture.alt, picture.caption, picture.credit)))
        self.left_out.append(LeftOut(picture.line, text, "a picture before the title"))

    def begin_references(self, heading: Heading) -> None:
        if self.reference_headings:
            words = f"A second list of references begins with “{heading.text}”; both are now one."
            self.unsure.append(Note(heading.line, words))
        self.reference_headings.append(heading)
        self.in_references, self.after_dates = True, False

    def begin_section(self, heading: Heading) -> None:
        if heading.level == 1:
            words = (
                f"“{heading.text}” is a second level 1 heading; it is level 2 now. The title is the first."
            )
            self.unsure.append(Note(heading.line, words))
        self.section = _Open(heading.line, max(heading.level, 2), heading.text)
        self.sections.append(self.section)
        self.in_references = False

    def take_prose(self, piece: Prose) -> None:
        if not piece.items:
            return
        if self.title is None:
            self.left_out += [LeftOut(line, text, "stands before the title") for line, text in piece.items]
        elif self.in_references:
            for line, text in piece.items:
                self.take_reference(line, text)
        elif len(piece.items) > 1 or not self.is_about_the_page(*piece.items[0]):
            self.section.html.append(piece.html)

    def take_reference(self, line: int, text: str) -> None:
        if self.is_about_the_page(line, text):
            return
        if self.after_dates:
            self.left_out.append(LeftOut(line, text, "stands after the dates at the end"))
            return
        reference = references.placed(line, text)
        same = next((other for other in self.references if other.text == reference.text), None)
        if same:
            self.left_out.append(LeftOut(line, text, f"is the reference of line {same.line} again"))
        else:
            self.references.append(reference)

    def is_about_the_page(self, line: int, text: str) -> bool:
        # Dates and credit are noted, never taken.
        if page_lines.is_date(text):
            self.last_revised = self.last_revised or text
            self.after_dates = self.in_references
            self.left_out.append(LeftOut(line, text, "the system computes these dates itself"))
            return True
        if page_lines.is_credit(text):
            self.left_out.append(LeftOut(line, text, "a credit is earned by signing"))
            return True
        return False

    def imported(self, page_title: str) -> Imported:
        """Return what was placed. Raises Unplaceable."""
        if self.title is None:
            hint = f" Its <title> is “{page_title}”; if that is it, repeat it as <h1>." if page_title else ""
            words = f"The file has no title: no level 1 heading ({self.title_is}) with words in it.{hint}"
            raise Unplaceable([Note(0, words)])
        if page_title and page_title != self.title.text:
            words = f"The file's <title> is “{page_title}”; the heading “{self.title.text}” was taken."
            self.unsure.append(Note(self.title.line, words))
        for reference in self.references:
            self.unsure += references.doubts(reference)
        if self.reference_headings and not self.references:
            self.unsure.append(
                Note(self.reference_headings[0].line, "There is nothing in the list of references.")
            )
        sections = [section for begun in [self.lead, *self.sections] for section in self.placed(begun)]
        self.refuse_what_has_no_room(sections)
        return Imported(
            title=one_line(self.title.text),
            lead=canonical(self.lead),
            sections=sections,
            references=self.references,
            reference_headings=[heading.text for heading in self.reference_headings],
            last_revised=self.last_revised,
            left_out=sorted(self.left_out, key=lambda left: left.line),
            unsure=sorted(self.unsure, key=lambda note: note.line),
        )

    def placed(self, section: _Open) -> Iterator[PlacedSection]:
        # The pictures follow their section: text after a picture would otherwise be a section without a heading.
        if section is not self.lead and (section.heading or self.has_text_without_heading(section)):
            yield self.with_kind(
                PlacedSection(section.line, section.level, section.heading, canonical(section))
            )
        where = f"the section “{section.heading}”" if section.heading else "a section without a heading"
        where = "the lead" if section is self.lead else where
        for picture in section.pictures:
            found = self.pictures.found(picture.src)
            if found.why_not:
                words = f"{found.why_not} upload it to its section, which stands after {where}."
                self.unsure.append(Note(picture.line, words))
            yield PlacedSection(
                picture.line,
                section.level,
                kind=SectionKind.FIGURE,
                alt=picture.alt,
                caption=picture.caption,
                credit=picture.credit,
                file=found.path,
                digest=found.digest,
            )

    def has_text_without_heading(self, section: _Open) -> bool:
        if not section.html:
            words = f"An empty level {section.level} heading is not imported."
            self.unsure.append(Note(section.line, words))
            return False
        first = prose.text(canonical(section)).split("\n")[0]
        words = (
            f"The level {section.level} heading here is empty, so its section has none yet. "
            f"Give it one; it may be what the section begins with: “{first[:100]}”."
        )
        self.unsure.append(Note(section.line, words))
        return True

    def with_kind(self, section: PlacedSection) -> PlacedSection:
        if not section.heading:
            return section
        drug, doubts = drug_headings.recognised(section.heading, self.drugs)
        kind = SectionKind.DRUG if drug else page_lines.kind_of(section.heading)
        self.unsure += [Note(section.line, doubt) for doubt in doubts]
        return replace(section, kind=kind, drug=drug)

    def refuse_what_has_no_room(self, sections: list[PlacedSection]) -> None:
        assert self.title
        faults = list(too_long(Article, self.title.line, title=self.title.text))
        for section in sections:
            texts = {
                "image_alt": section.alt,
                "image_caption": section.caption,
                "image_credit": section.credit,
            }
            faults += too_long(Section, section.line, heading=section.heading, **texts)
        for reference in self.references:
            faults += references.has_no_room(reference)
        if faults:
            raise Unplaceable(faults)


def canonical(section: _Open) -> str:
    return prose.canonical("".join(section.html))
