"""From the bytes of a file to its text, or every reason why there is none."""

import codecs
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SIGNATURES = {
    b"%PDF-": "a PDF document",
    b"{\\rtf": "a rich text document (RTF)",
    b"\xd0\xcf\x11\xe0": "a document of an old Microsoft Office",
    b"\x1f\x8b": "a compressed file (gzip)",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"MIME-Version:": "a web archive (MHTML)",
    b"From: <Saved by": "a web archive (MHTML)",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}
WORD = "a Word document (.docx)"
ZIPPED = {
    "word/": WORD,
    "xl/": "an Excel workbook (.xlsx)",
    "ppt/": "a PowerPoint presentation (.pptx)",
    "mimetype": "an OpenDocument file or e-book",
}
UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]")
ESCAPED_BYTE = re.compile(r"[\udc80-\udcff]")


class Note(NamedTuple):
    """What is wrong with a file, or doubtful about it. Line 0 is the file as a whole."""

    line: int
    words: str


class BadFile(Exception):
    """The file is not imported; `notes` holds every reason, `counted_in` what their numbers count."""

    counted_in = "line"

    def __init__(self, notes: Iterable[Note]) -> None:
        self.notes = sorted(notes, key=lambda note: note.line)
        super().__init__(" ".join(note.words for note in self.notes))


class Unreadable(BadFile):
    """Not what it claims to be, or broken on its way here."""


def decoded(data: bytes, wanted: str, *, largest: int) -> tuple[str, list[Note]]:
    """Return the text, and what is wrong with its characters. Raises Unreadable where the file is no text at all."""
    refuse_larger(data, largest)
    if kind := binary_kind(data):
        raise Unreadable(
            [Note(0, f"This is {kind}, not {wanted} in UTF-8. Save it as that, and import what you saved.")]
        )
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, [*undecodable(text), *unshown(text)]


def refuse_larger(data: bytes, largest: int) -> None:
    if len(data) > largest:
        size = largest // 1024 // 1024
        raise Unreadable([Note(0, f"The file is larger than {size} MB, the most that can be imported.")])


def binary_kind(data: bytes) -> str:
    return signed_kind(data) or (zipped_kind(data) if data.startswith(b"PK\x03\x04") else "")


def signed_kind(data: bytes) -> str:
    """Tell the kind of file by its first bytes; empty for text."""
    return next((kind for signature, kind in SIGNATURES.items() if data.startswith(signature)), "")


def zipped_kind(data: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        return "a damaged ZIP archive"
    return next(
        (kind for start, kind in ZIPPED.items() if any(name.startswith(start) for name in names)),
        "a ZIP archive",
    )


def undecodable(text: str) -> Iterator[Note]:
    # One note a line: the first byte that is no UTF-8.
    for number, line in enumerate(text.split("\n"), start=1):
        if found := ESCAPED_BYTE.search(line):
            byte = bytes([ord(found[0]) - 0xDC00])
            meant = byte.decode("cp1252", "replace")
            hint = "" if meant == "\ufffd" else f" (in Windows-1252 it would be “{meant}”)"
            yield Note(
                number,
                f"Column {found.start() + 1}: the byte 0x{byte.hex().upper()} is not UTF-8{hint}. Save it as UTF-8.",
            )


def unshown(text: str) -> Iterator[Note]:
    for found in UNSHOWN.finditer(text):
        line, column = place(text, found.start())
        what = "a letter was lost here" if found[0] == "\ufffd" else "this character cannot be shown"
        yield Note(line, f"Column {column}: {what} (U+{ord(found[0]):04X}). Type the word again.")


def place(text: str, at: int) -> tuple[int, int]:
    # Line and column, both counted from 1.
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
