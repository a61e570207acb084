"""From the bytes of a file to the HTML in it, or every reason why there is none."""

import codecs
import io
import json
import re
import zipfile
from collections.abc import Iterator

from content import prose
from content.importing import source
from content.importing.faults import Note, Unreadable

LARGEST = 5 * 1024 * 1024
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
TAG = re.compile(
    r"<(?:!doctype html|html|body|main|article|section|div|h[1-6]|p|ul|ol|table)[\s>/]", re.IGNORECASE
)
CHARSET = re.compile(
    r"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([^\s\"'/>;]+)|<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"']+)",
    re.IGNORECASE,
)
UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]")
ESCAPED_BYTE = re.compile(r"[\udc80-\udcff]")


def read(data: bytes) -> str:
    """The text of an HTML file, with \\n at the end of each line. Raises Unreadable."""
    text, faults = decoded(data, "HTML")
    faults += [*declared_otherwise(text), *unlike_html(text)]
    if not unlike_html(text):
        faults += broken_words(text)
    if faults:
        raise Unreadable(faults)
    return text


def decoded(data: bytes, wanted: str) -> tuple[str, list[Note]]:
    """The text and what is wrong with its characters. Raises Unreadable where the file is no text at all."""
    refuse_larger(data, LARGEST)
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
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            return kind
    return zipped_kind(data) if data.startswith(b"PK\x03\x04") else ""


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
    """The first byte of each line that is no UTF-8."""
    for number, line in enumerate(text.split("\n"), start=1):
        if found := ESCAPED_BYTE.search(line):
            byte = bytes([ord(found[0]) - 0xDC00])
            meant = byte.decode("cp1252", "replace")
            hint = "" if meant == "\ufffd" else f" (in Windows-1252 it would be “{meant}”)"
            yield Note(
                number,
                f"Column {found.start() + 1}: the byte 0x{byte.hex().upper()} is not UTF-8{hint}. Save it as UTF-8.",
            )


def declared_otherwise(text: str) -> Iterator[Note]:
    for found in CHARSET.finditer(text):
        charset = found[1] or found[2]
        if not is_utf8(charset):
            line, column = place(text, found.start(1 if found[1] else 2))
            yield Note(
                line,
                f"Column {column}: the file says that it is in “{charset}”. Save it as UTF-8, and let it say so.",
            )


def is_utf8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in {"utf-8", "utf-8-sig", "ascii"}
    except LookupError:
        return False


def unshown(text: str) -> Iterator[Note]:
    for found in UNSHOWN.finditer(text):
        line, column = place(text, found.start())
        what = "a letter was lost here" if found[0] == "\ufffd" else "this character cannot be shown"
        yield Note(line, f"Column {column}: {what} (U+{ord(found[0]):04X}). Type the word again.")


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column, both counted from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def unlike_html(text: str) -> list[Note]:
    if not text.strip():
        return [Note(0, "The file is empty.")]
    if is_json(text):
        return [Note(0, "This is JSON, not HTML.")]
    if not TAG.search(text):
        kind = "XML" if text.lstrip().startswith("<?xml") else "plain text"
        return [Note(0, f"This is {kind}, not HTML: it has no headings and paragraphs.")]
    return [] if source.words(text) else [Note(0, "The file holds tags and no words.")]


def is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def broken_words(text: str) -> Iterator[Note]:
    """Words only, not the targets of links: an address may hold what would be a flaw in a word."""
    for line, word in source.words(text):
        for flaw in prose.mojibake(word):
            yield Note(line, f"“{flaw.snippet}”: {flaw.words}. Type the word again.")
