"""From the bytes of a file to the HTML in it, or every reason why there is none."""

import codecs
import json
import re
from collections.abc import Iterator

from content import prose
from content.decoding import Note, Unreadable, decoded, place
from content.importing import source

LARGEST = 5 * 1024 * 1024
TAG = re.compile(
    r"<(?:!doctype html|html|body|main|article|section|div|h[1-6]|p|ul|ol|table)[\s>/]", re.IGNORECASE
)
CHARSET = re.compile(
    r"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([^\s\"'/>;]+)|<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([^\"']+)",
    re.IGNORECASE,
)


def read(data: bytes) -> str:
    """Return the text of an HTML file, with \n at the end of each line. Raises Unreadable."""
    text, faults = decoded(data, "HTML", largest=LARGEST)
    faults += [*declared_otherwise(text), *unlike_html(text)]
    if not unlike_html(text):
        faults += broken_words(text)
    if faults:
        raise Unreadable(faults)
    return text


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


def unlike_html(text: str) -> list[Note]:
    if not text.strip():
        return [Note(0, "The file is empty.")]
    if is_json(text):
        return [Note(0, "This is JSON, not HTML.")]
    if not TAG.search(text):
        kind = "XML" if text.lstrip().startswith("<?xml") else "plain text"
        return [Note(0, f"This is {kind}, not HTML: it has no headings and paragraphs.")]
    return [] if source.words(text) else [Note(0, "The file contains tags but no words.")]


def is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def broken_words(text: str) -> Iterator[Note]:
    # Words only, not the targets of links: an address may hold what would be a flaw in a word.
    for line, word in source.words(text):
        for flaw in prose.mojibake(word):
            yield Note(line, f"“{flaw.snippet}”: {flaw.words}. Type the word again.")
