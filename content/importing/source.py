"""What a reader of the file reads, word by word. It shares neither parser nor code with placing, which it checks."""

import re
import unicodedata
from html.parser import HTMLParser

from lxml.html import defs

from content import prose
from content.decoding import Note

SILENT = {"title", *prose.REMOVED}
# Words before and after one of these are two words; any other tag may stand inside a word.
BREAKS = prose.SEPARATORS | prose.HEADINGS | prose.CONTAINERS | prose.PARENTS.keys() | prose.GLUE | {"br"}
UNPLACED = {"audio", "canvas", "embed", "iframe", "input", "math", "object", "svg", "video"}
NEWER = {"bdi", "data", "picture", "rb", "rtc", "slot"}
KNOWN = defs.tags | prose.KNOWN | prose.GLUE | NEWER


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[Note] = []
        self.remarks: list[Note] = []
        self.word, self.line = "", 0
        self.silent = self.drawing = 0
        self.feed(html)
        self.close()
        self.end_word()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.remark(tag)
        self.drawing += tag == "svg"
        if tag in BREAKS:
            self.end_word()
        if tag == "img":
            self.handle_data(dict(attrs).get("alt") or "")
            self.end_word()

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT and self.silent > 0
        self.drawing -= tag == "svg" and self.drawing > 0
        if tag in BREAKS:
            self.end_word()

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        line = self.getpos()[0]
        for piece in re.findall(r"\s+|\S+", data):
            if piece.isspace():
                self.end_word()
                line += piece.count("\n")
            else:
                self.line = self.line if self.word else line
                self.word += piece

    def parse_html_declaration(self, i: int) -> int:
        # Word's <![if …]> is a comment to every browser; Python's parser fails on most of what may stand there.
        return (
            self.parse_bogus_comment(i)
            if self.rawdata.startswith("<![", i)
            else super().parse_html_declaration(i)
        )

    def end_word(self) -> None:
        if self.word:
            self.words.append(Note(self.line, unicodedata.normalize("NFC", self.word)))
        self.word = ""

    def remark(self, tag: str) -> None:
        line = self.getpos()[0]
        if tag in UNPLACED:
            self.remarks.append(Note(line, f"<{tag}> is not imported: an article has no place for it."))
        elif tag not in KNOWN and not re.search(r"[-:]", tag) and not self.drawing:
            seen = " ".join((self.get_starttag_text() or tag).split())
            self.remarks.append(
                Note(line, f"“{seen}” was read as a tag. If it is text, write &lt; for its <.")
            )


def words(html: str) -> list[Note]:
    return _Reader(html).words


def remarks(html: str) -> list[Note]:
    """Report what the file holds beside words, or hides in them, and an article cannot take."""
    read = _Reader(html)
    hidden = [
        Note(
            line,
            f"In “{word}” something is not what it looks like: {flaw.words}. Delete that word and type it again.",
        )
        for line, word in read.words
        for flaw in (*prose.hidden_characters(word), *prose.strange(word))
    ]
    return [*read.remarks, *hidden]
