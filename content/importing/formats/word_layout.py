"""A Word document as mammoth reads it, laid out as an article: one line to a paragraph, notes where their section ends."""

from collections.abc import Iterator
from typing import Any

from mammoth import documents

from content.importing.pieces import LeftOut

# Stands where a line ends until the HTML is made; no text may hold this character.
LINE_END = "\ufdd0"


class Layout:
    """Takes mammoth's document once; `left_out` is known afterwards."""

    def __init__(self) -> None:
        self.number = 0
        self.notes: list[Any] = []
        self.waiting: list[Any] = []
        self.left_out: list[LeftOut] = []

    def laid_out(self, document: Any) -> Any:
        children: list[Any] = []
        for child in document.children:
            if is_heading(child):
                children += self.notes_of_section(document)
            children.append(self.element(child))
        return document.copy(children=[*children, *self.notes_of_section(document)])

    def element(self, element: Any) -> Any:
        if isinstance(element, documents.Paragraph):
            return self.paragraph(element)
        if isinstance(element, documents.Text):
            return documents.text(one_line(element.value))
        if isinstance(element, documents.NoteReference):
            return self.mark(element)
        if isinstance(element, documents.HasChildren):
            return element.copy(children=[self.element(child) for child in element.children])
        return element

    def paragraph(self, paragraph: Any) -> Any:
        self.number += 1
        if is_contents(paragraph):
            text = " ".join("".join(texts(paragraph)).split())
            self.left_out += (
                [LeftOut(self.number, text, "stands in Word's table of contents")] if text else []
            )
            return documents.paragraph([documents.text(LINE_END)])
        children = [self.element(child) for child in paragraph.children]
        return paragraph.copy(children=[*children, documents.text(LINE_END)])

    def mark(self, reference: Any) -> Any:
        self.notes.append(reference)
        self.waiting.append((len(self.notes), reference))
        return raised(len(self.notes))

    def notes_of_section(self, document: Any) -> Iterator[Any]:
        waiting, self.waiting = self.waiting, []
        for number, reference in waiting:
            first, *others = plain(document.notes.resolve(reference).body) or [documents.paragraph([])]
            yield first.copy(children=[raised(number), documents.text(" "), *first.children])
            yield from others


def plain(body: list[Any]) -> list[Any]:
    # Word's styles for notes are left out. Notes get no line, because they stand elsewhere in the file.
    return [documents.paragraph([one_lined(child) for child in element.children]) for element in body]


def one_lined(element: Any) -> Any:
    if isinstance(element, documents.Text):
        return documents.text(one_line(element.value))
    if isinstance(element, documents.HasChildren):
        return element.copy(children=[one_lined(child) for child in element.children])
    return element


def one_line(text: str) -> str:
    return " ".join(text.replace(LINE_END, "").splitlines()) if "\n" in text or LINE_END in text else text


def raised(number: int) -> Any:
    return documents.run([documents.text(str(number))], vertical_alignment="superscript")


def is_heading(element: Any) -> bool:
    return isinstance(element, documents.Paragraph) and style(element).startswith(("heading ", "title"))


def is_contents(paragraph: Any) -> bool:
    return style(paragraph).startswith("toc ")


def style(paragraph: Any) -> str:
    return (paragraph.style_name or "").lower()


def texts(element: Any) -> Iterator[str]:
    if isinstance(element, documents.Text):
        yield element.value
    elif isinstance(element, documents.Tab):
        yield " "
    elif isinstance(element, documents.HasChildren):
        for child in element.children:
            yield from texts(child)
