"""The lines of a file of references, decoded one by one, so that a large file is never held twice."""

import codecs
import io
from collections.abc import Iterator

from content import decoding
from content.citing.formats.entries import Fault, Unfit

LONGEST_LINE = 1024 * 1024
MOST_BAD_LINES = 20


def lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Give those lines that have words on them, by number.

    Raises Unfit, at the latest after the last line, so nothing is to be kept before all of it was read.
    """
    faults: list[Fault] = []
    for number, raw in numbered(data):
        if raw.isspace():
            continue
        if len(raw) > LONGEST_LINE:
            words = "No reference has a line as long as this one, over 1 MB."
            raise Unfit(Fault("line-too-long", words, 0, number))
        text = raw.decode("utf-8", "surrogateescape")
        faults += [Fault("not-utf8", note.words, 0, number) for note in decoding.undecodable(text)]
        if len(faults) >= MOST_BAD_LINES:
            break
        yield number, text.rstrip("\r\n")
    if faults:
        raise Unfit(*faults)


def numbered(data: bytes) -> Iterator[tuple[int, bytes]]:
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # as old Macintosh programs end their lines
    stream = io.BytesIO(data)
    stream.seek(len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
    return enumerate(stream, start=1)
