"""The safety net under Word documents: what a reader of the file reads, paragraph by paragraph.

Reads the XML itself and shares no code with the library that makes HTML of it.
"""

import unicodedata
from collections.abc import Iterator

from lxml import etree

from content.decoding import Note
from content.importing import source
from content.importing.faults import WordsLost, first_words, not_arrived
from content.importing.formats.package import Parts, value

ENDS_WORD = {"p", "tab", "br", "cr", "tc"}
SPELLED = {"noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


class Text:
    """The words of a part with the numbers of their paragraphs; the marks of footnotes count from 1."""

    def __init__(self, root: etree._Element) -> None:
        self.words: list[Note] = []
        self.notes: list[tuple[str, str]] = []
        self.number, self.word, self.is_sound = 0, "", True
        self.read(root)
        self.end_word()

    def read(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = etree.QName(element).localname
            if event == "end":
                if name in ENDS_WORD:
                    self.end_word()
            elif name == "Fallback":  # the same words again, for older programs
                walk.skip_subtree()
            else:
                self.begin(name, element)

    def begin(self, name: str, element: etree._Element) -> None:
        if name in ENDS_WORD:
            self.end_word()
        self.number += name == "p"
        if name == "t":
            self.write(element.text or "")
        elif name in SPELLED:
            self.write(SPELLED[name])
        elif name in NOTES:
            self.notes.append((NOTES[name], value(element, "id")))
            self.write(str(len(self.notes)))
        elif name == "sym":  # which character that is depends on its font
            self.is_sound = False

    def write(self, text: str) -> None:
        for char in text:
            if char.isspace():
                self.end_word()
            else:
                self.word += char

    def end_word(self) -> None:
        if self.word and self.is_sound:
            self.words.append(Note(self.number, unicodedata.normalize("NFC", self.word)))
        self.word, self.is_sound = "", True


def words(parts: Parts, main: str) -> Iterator[Note]:
    """Give the words of the text, and of the notes that it refers to, each after its number."""
    text = Text(parts[main])
    yield from text.words
    bodies = {key: root for part in parts if "notes" in part for key, root in note_bodies(parts[part])}
    for number, key in enumerate(text.notes, start=1):
        yield Note(0, str(number))
        if key in bodies:
            yield from (Note(0, word) for _, word in Text(bodies[key]).words)


def note_bodies(root: etree._Element) -> Iterator[tuple[tuple[str, str], etree._Element]]:
    for kind in NOTES.values():
        for note in root.iter(f"{{*}}{kind}"):
            yield (kind, value(note, "id")), note


def check(given: list[Note], html: str, left_out: list[str]) -> None:
    """Compare the words of the file with the HTML made from it. Raises WordsLost."""
    arrived = [note.words for note in source.words(html)]
    arrived += [word for text in left_out for word in text.split()]
    if lost := not_arrived(given, arrived):
        words = (
            f"These words would be lost: “{first_words(lost)}”. They may stand in a field, an equation or a text box: "
            "put them into the text itself. Nothing was imported."
        )
        raise WordsLost([Note(lost[0].line, words)])
