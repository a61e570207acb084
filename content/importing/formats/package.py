"""A .docx as the archive of XML files that it is: opened only where nothing in it can harm."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from lxml import etree

from content import decoding
from content.decoding import Note, Unreadable

LARGEST = 25 * 1024 * 1024  # pictures may be large; they are not taken
LARGEST_UNPACKED = 100 * 1024 * 1024
LARGEST_XML = 10 * 1024 * 1024  # the text of some hundred pages
MOST_FILES = 2000
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Parts = Mapping[str, etree._Element]

_LOCKED = (
    "The file is locked with a password. Open it in Word, take the password off (File > Info > Protect Document), "
    "save it, and import what you saved."
)
_OLD = (
    "This is a document of an old Microsoft Office (.doc). Open it in Word, save it as a Word document (.docx), "
    "and import what you saved."
)


def parts(data: bytes) -> Parts:
    """Return the XML files of the archive by name. Raises Unreadable."""
    decoding.refuse_larger(data, LARGEST)
    refuse(unlike_word(data))
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        refuse(harmful(archive.infolist()))
        return {name: parsed(archive.read(name), name) for name in archive.namelist() if is_xml(name)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise Unreadable([Note(0, "The file is damaged: its archive cannot be opened.")]) from error


def refuse(words: str) -> None:
    if words:
        raise Unreadable([Note(0, words)])


def unlike_word(data: bytes) -> str:
    if not data.strip():
        return "The file is empty."
    if data.startswith(OLD_OFFICE):
        return _LOCKED if ENCRYPTED in data else _OLD
    kind = decoding.binary_kind(data) or "text"
    return "" if kind == decoding.WORD else f"This is {kind}, not {decoding.WORD}."


def harmful(files: list[zipfile.ZipInfo]) -> str:
    # The archive's own table of contents gives it away before anything is unpacked.
    if any(file.flag_bits & 1 for file in files):
        return _LOCKED
    if any(file.filename.lower().endswith("vbaproject.bin") for file in files):
        return "The document contains macros (programs). Save it as a Word document (.docx), which has none."
    if len({file.filename for file in files}) < len(files):
        return "The file is damaged: two files in its archive have the same name."
    packed = sum(file.file_size for file in files)
    text = sum(file.file_size for file in files if is_xml(file.filename))
    for size, most in ((packed, LARGEST_UNPACKED), (text, LARGEST_XML)):
        if size > most:
            what = "text" if most == LARGEST_XML else "contents"
            return (
                f"Unpacked, its {what} would take {size // 1024 // 1024} MB; {most // 1024 // 1024} MB is the most "
                "that can be imported."
            )
    return "The file contains too many files." if len(files) > MOST_FILES else ""


def is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def parsed(data: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable([Note(0, f"The file is damaged: {name} in it is not valid XML.")]) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(
            [Note(0, f"{name} in the file declares a document type, which no Word document does.")]
        )
    return root


def named(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    return root.iter(*(f"{{*}}{name}" for name in names))


def value(element: etree._Element, name: str = "val") -> str:
    return next((str(found) for key, found in element.items() if etree.QName(key).localname == name), "")
