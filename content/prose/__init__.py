"""Prose: the little HTML that editors write, in one spelling for everything a reader cannot tell apart.

nh3 makes safe what came in. What it leaves is read into paragraphs and the boxes round them (lists, tables, quotes)
and written out anew, so nothing reaches the database that `writing` does not write. That spelling is also what the
text editor of the admin keeps: opening a text there and saving it changes no byte.
"""

from content.prose.reading import Link, Marker, linked, links, marked, markers, text, words
from content.prose.spelling import canonical, is_clean
from content.prose.tags import (
    ALLOWED,
    CONTAINERS,
    GLUE,
    HEADINGS,
    KNOWN,
    MARKER,
    MARKS,
    PARENTS,
    REMOVED,
    SCHEMES,
    SEPARATORS,
    SYNONYMS,
)
from content.prose.weaving import woven, woven_lines
from evidence.characters import Flaw, hidden_characters, mojibake, printable
from evidence.permitted import strange

__all__ = [
    "ALLOWED",
    "CONTAINERS",
    "GLUE",
    "HEADINGS",
    "KNOWN",
    "MARKER",
    "MARKS",
    "PARENTS",
    "REMOVED",
    "SCHEMES",
    "SEPARATORS",
    "SYNONYMS",
    "Flaw",
    "Link",
    "Marker",
    "canonical",
    "hidden_characters",
    "is_clean",
    "linked",
    "links",
    "marked",
    "markers",
    "mojibake",
    "printable",
    "strange",
    "text",
    "words",
    "woven",
    "woven_lines",
]
