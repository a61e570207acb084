"""Which format a file is in: what the editor says, else what its name says, else what it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from content import decoding
from content.decoding import Note, Unreadable
from content.importing import reading
from content.importing.formats import markdown, word
from content.importing.formats.document import Document


@dataclass(frozen=True)
class Format:
    """`counted_in` says what the numbers in its reports count; `title` how a title is written in it."""

    name: str
    endings: tuple[str, ...]
    read: Callable[[bytes], Document]
    title: str
    counted_in: str = "line"


def read_html(data: bytes) -> Document:
    return Document(reading.read(data))


FORMATS = {
    each.name: each
    for each in (
        Format("html", (".html", ".htm"), read_html, "<h1>"),
        Format("markdown", (".md", ".markdown"), markdown.read, "a line that begins with “# ”"),
        Format("docx", (".docx",), word.read, "a paragraph in Word's style Title or Heading 1", "paragraph"),
    )
}
# Nothing that is larger than this is even read from the disk.
LARGEST = max(reading.LARGEST, word.LARGEST)


def format_of(file_name: str, data: bytes, wanted: str = "") -> Format:
    """Tell the format. Raises Unreadable. Whether the file holds what it claims is for its reader to see."""
    if wanted:
        return FORMATS[wanted]
    ending = PurePath(file_name).suffix.lower()
    for each in FORMATS.values():
        if ending in each.endings:
            return each
    return FORMATS[by_content(data)]


def by_content(data: bytes) -> str:
    kind = decoding.binary_kind(data)
    if kind == decoding.WORD:
        return "docx"
    if kind:
        words = f"This is {kind}. What can be imported is HTML, Markdown and Word documents (.docx)."
        raise Unreadable([Note(0, words)])
    if reading.TAG.match(data.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")):
        return "html"
    endings = ", ".join(ending for each in FORMATS.values() for ending in each.endings)
    words = (
        f"Its name does not say what the file is. Let it end in one of {endings}, or say it with --format."
    )
    raise Unreadable([Note(0, words)])
