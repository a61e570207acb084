"""Which format a file of references is in, and all that is in it or wrong with it."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from content import decoding
from content.citing.formats import csl_json, house_lines, pubmed, ris
from content.citing.formats.entries import Entry, Fault, Read, Unfit

LARGEST = 50 * 1024 * 1024
MOST_ENTRIES = 10_000
MOST_FAULTS = 100
HEAD = 4096
ELSEWHERE = "Supported are RIS, PubMed (.nbib), CSL-JSON, and references in our house style, one a line."


@dataclass(frozen=True)
class Format:
    """`begins` finds it by the beginning of a file, whatever the file is called."""

    name: str
    words: str
    endings: tuple[str, ...]
    begins: re.Pattern[bytes]
    read: Callable[[bytes], Iterator[Entry | Fault]]


FORMATS = (
    Format("ris", "RIS", (".ris",), re.compile(rb"^\s{0,2}TY {1,2}-", re.MULTILINE), ris.read),
    Format(
        "pubmed",
        "PubMed (.nbib)",
        (".nbib", ".medline"),
        re.compile(rb"^PMID- ?\d", re.MULTILINE),
        pubmed.read,
    ),
    Format("csl-json", "CSL-JSON", (".json",), re.compile(rb"\A\s*[\[{]\s*(?:[\]{\"]|$)"), csl_json.read),
    Format("lines", "lines in house style", (".txt",), re.compile(rb"\A(?!)"), house_lines.read),
)


def read(data: bytes, *, name: str = "", wanted: str = "") -> Read:
    """Read the file.

    Of one that is damaged or too large nothing is read; a fault of one entry leaves the others readable.
    """
    try:
        refuse(data)
        return sorted_out(format_of(data, name=name, wanted=wanted).read(data))
    except Unfit as unfit:
        return Read([], unfit.faults)


def refuse(data: bytes) -> None:
    # Before anything of the file is read.
    if len(data) > LARGEST:
        raise Unfit(Fault("too-large", too_large_words()))
    if not data.removeprefix(BOM_UTF8).strip():
        raise Unfit(Fault("empty", "The file is empty."))
    if kind := unlike_text(data):
        raise Unfit(Fault("not-text", f"This is {kind}, not text in UTF-8. {ELSEWHERE}"))


def unlike_text(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        return "a ZIP archive or an Office document"
    return decoding.signed_kind(data) or ("no text, or text in UTF-16" if b"\0" in data[:HEAD] else "")


def too_large_words() -> str:
    return f"The file is larger than {LARGEST // 1024 // 1024} MB, the most that can be imported."


def format_of(data: bytes, *, name: str, wanted: str) -> Format:
    if wanted:
        return next(each for each in FORMATS if each.name == wanted)
    head = data[:HEAD].removeprefix(BOM_UTF8)
    for each in FORMATS:
        if each.begins.search(head):
            return each
    for start, kind in ((rb"<", "XML or HTML"), (rb"@\w+\s*\{", "BibTeX")):
        if re.match(rb"\s*" + start, head):
            raise Unfit(Fault("format-unknown", f"This is {kind}. {ELSEWHERE}"))
    ending = PurePath(name).suffix.lower()
    for each in FORMATS:
        if ending in each.endings or (not name and each.name == "lines"):
            return each
    raise Unfit(
        Fault(
            "format-unknown",
            f"The format of the file is not recognised by its name or its beginning. {ELSEWHERE}",
        )
    )


def sorted_out(found: Iterator[Entry | Fault]) -> Read:
    entries, faults = list[Entry](), list[Fault]()
    for each in found:
        entries.append(each) if isinstance(each, Entry) else faults.append(each)
        if len(entries) > MOST_ENTRIES:
            raise Unfit(
                Fault(
                    "too-many",
                    f"The file has more than {MOST_ENTRIES:,} entries. Split it into smaller files.",
                )
            )
        if len(faults) == MOST_FAULTS:
            raise Unfit(
                *faults,
                Fault("too-many-faults", f"These are the first {MOST_FAULTS} faults; there may be more."),
            )
    if not entries and not faults:
        raise Unfit(Fault("no-entries", "There is no reference in the file."))
    return Read(entries, faults)
