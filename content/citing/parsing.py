"""Reads a reference written in the house style, or nearly so, back into CSL-JSON fields.

Author(s). Title. [Container.] [Version V.] [Year.] Accessed at URL on Month D, YYYY.
Author(s). Title. Journal. Year;volume(issue):pages. [doi:….] [PMID: ….] [Accessed at …]
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from content.citing import authors, formatting, validating

ACCESSED = " Accessed at "
MONTHS = formatting.MONTHS["en"]
DATE = re.compile(
    rf"(?:(?P<month>{'|'.join(MONTHS)}) (?:(?P<day>[0-9]{{1,2}}), )?)?(?P<year>(?:1[5-9]|20)[0-9]{{2}})"
)
# A full stop after these does not end anything.
ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:(?:[A-Z]\.)+[A-Z]|vs|e\.g|i\.e|cf|approx|St|Dr|Mr|Mrs|Ms|No|Vol)\.$"
)
VERSION = re.compile(r"Version (\S.*)")
ISSUE = re.compile(
    r"Published online (?P<online>.+)"
    r"|(?P<year>\d{4})(?=[;:])(?:;(?P<volume>[^\s():]+)?(?:\((?P<issue>[^()]+)\))?)?(?::(?P<page>\S+))?"
)
LABELLED = {
    "PMID": re.compile(r"PMID: ([0-9]+)"),
    "DOI": re.compile(r"doi:(\S+)"),
}
# What somebody says in the middle of a title ends with a quotation mark too, and goes on with a small letter.
ENDED = re.compile(r"(?<=[.?!]) |(?<=[.?!][”\"]) (?=[A-Z0-9])")
# "Philadelphia, Pa: Elsevier; 2020": a book, a chapter, a package insert.
IMPRINT = re.compile(r": [^:;]+; \d{4}(?::\S+)?\.?$")


@dataclass(frozen=True)
class Parsed:
    """`accessed` are date-parts with the precision that was printed, None where none could be read.

    `accessed_text` is what stood there; `unsure` says in plain words what somebody has to look at.
    """

    csl: dict[str, Any]
    accessed: tuple[int, ...] | None
    accessed_text: str
    unsure: list[str]


def parsed(line: str) -> Parsed:
    """Take a printed reference apart.

    No word is lost: what cannot be placed ends up in the title, and `unsure` says so.
    """
    whole, line = line, "".join(character for character in line if validating.is_shown(character)).strip()
    head, url, when = _cut_access(line)
    csl, unsure = _described(head)
    if url:
        csl["URL"] = url
    accessed = _date_parts(when)
    unsure += _access_doubts(csl, when, accessed)
    read_back = when.join(formatting.formatted(csl))
    if read_back != whole.strip():
        unsure.append(f"The reference reads back as: {read_back}")
    return Parsed(csl, accessed, when, unsure)


def _cut_access(line: str) -> tuple[str, str, str]:
    # The last "Accessed at" counts, since a title may contain the words too.
    head, mark, tail = f" {line}".rpartition(ACCESSED)
    tail = tail.removesuffix(".")
    url, _, when = tail.rpartition(" on ")
    if mark and url.strip() and (_date_parts(when) or _looks_like_address(url)):
        return head.strip(), url, when
    if mark and _looks_like_address(tail):
        return head.strip(), tail, ""
    return line, "", ""


def _looks_like_address(text: str) -> bool:
    return re.fullmatch(r"\S+\.\S+", text) is not None


def _access_doubts(csl: dict[str, Any], when: str, accessed: tuple[int, ...] | None) -> list[str]:
    if "URL" not in csl:
        return [] if csl["type"] == "article-journal" else ["There is no “Accessed at” with a web address."]
    doubts = [] if _looks_like_address(csl["URL"]) else [f"“{csl['URL']}” does not look like a web address."]
    if not when:
        doubts.append("After the web address there is no date on which it was accessed.")
    elif accessed is None:
        doubts.append(f"“{when}” is not a date. Write the date of access like October 6, 2025.")
    return doubts


def _date_parts(text: str) -> tuple[int, ...] | None:
    """Read October 6, 2025, October 2025 or 2025."""
    match = DATE.fullmatch(text)
    if not match:
        return None
    month = MONTHS.index(match["month"]) + 1 if match["month"] else None
    parts = [int(part) for part in (match["year"], month, match["day"]) if part is not None]
    return tuple(parts) if validating.is_date(parts) else None


def _described(head: str) -> tuple[dict[str, Any], list[str]]:
    """Return the fields before "Accessed at", and what is doubtful about them."""
    if IMPRINT.search(head):
        doubt = "This looks like a book, a chapter or a label: all is in the title. Divide it into the fields by hand."
        return {"type": "document", "title": _without_stop(head)}, [doubt]
    pieces = _pieces(head)
    identifiers = _cut_identifiers(pieces)
    csl = identifiers | (_cut_issue(pieces) or _cut_version_and_date(pieces))
    if identifiers:
        csl["type"] = "article-journal"
    if len(pieces) < 2:
        return csl | _titles(pieces), [
            "The author could not be separated from the title, so all of it is in the title."
        ]
    names, doubts = authors.read(_without_stop(pieces.pop(0)))
    return csl | {"author": names} | _titles(pieces), doubts + _title_doubts(pieces)


def _pieces(head: str) -> list[str]:
    """Cut the head after each full stop, question or exclamation mark that may end an element."""
    pieces: list[str] = []
    for before, part in pairwise(["", *ENDED.split(head)]):
        if ABBREVIATION.search(before):
            pieces[-1] += f" {part}"
        else:
            pieces.append(part)
    return [piece for piece in pieces if piece.strip(" .")]


def _without_stop(piece: str) -> str:
    return piece if piece.endswith("..") else piece.removesuffix(".")


def _cut_identifiers(pieces: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, pattern in LABELLED.items():
        if len(pieces) > 1 and (match := pattern.fullmatch(_without_stop(pieces[-1]))):
            found[key] = match[1]
            pieces.pop()
    return found


def _cut_issue(pieces: list[str]) -> dict[str, Any]:
    # Year;volume(issue):pages, or "Published online" and a date.
    if len(pieces) < 3:
        return {}
    match = ISSUE.fullmatch(_without_stop(pieces[-1]))
    issued = _date_parts(match["online"] or match["year"]) if match else None
    if not match or not issued:
        return {}
    pieces.pop()
    fields = {key: match[key] for key in ("volume", "issue", "page") if match[key]}
    if match["online"]:
        fields["status"] = "advance-online-publication"
    return {"type": "article-journal", **fields, "issued": {"date-parts": [list(issued)]}}


def _cut_version_and_date(pieces: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "webpage"}
    if len(pieces) > 1 and (issued := _date_parts(_without_stop(pieces[-1]))):
        found["issued"] = {"date-parts": [list(issued)]}
        pieces.pop()
    if len(pieces) > 1 and (match := VERSION.fullmatch(_without_stop(pieces[-1]))):
        found |= {"type": "report", "version": match[1]}
        pieces.pop()
    return found


def _titles(pieces: Sequence[str]) -> dict[str, str]:
    title, container = pieces if len(pieces) == 2 else (" ".join(pieces), "")
    titles = {"title": _without_stop(title), "container-title": _without_stop(container)}
    return {key: text for key, text in titles.items() if text}


def _title_doubts(pieces: Sequence[str]) -> list[str]:
    if len(pieces) > 2:
        return ["Where the title ends could not be told: all that follows the author is in the title."]
    if len(pieces) == 2 and not pieces[0].endswith("."):
        return [f"“{pieces[1]}” is taken for where it appeared; it may belong to the title “{pieces[0]}”."]
    return []
