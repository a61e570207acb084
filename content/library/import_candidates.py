"""What the entries of a file would be in the library, before anything is stored."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from content.citing import formatting, matching
from content.citing.formats.entries import Entry, Fault
from content.importing.faults import too_long
from content.library import duplicates
from content.models import Reference, ReferenceType, columns_of, csl_of

# CSL has more types than the library; these are printed alike.
KEPT_AS = {
    "article-magazine": "article-journal",
    "article-newspaper": "article-journal",
    "review": "article-journal",
    "post-weblog": "webpage",
    "entry": "chapter",
    "entry-encyclopedia": "chapter",
    "standard": "report",
}
YEAR = re.compile(r"\b(?:1[5-9]|20)[0-9]{2}\b")


@dataclass(frozen=True)
class Placed:
    """An entry as the row it would be, with what is doubtful about that."""

    entry: Entry
    row: Reference
    unsure: list[str]

    @property
    def left_out(self) -> list[str]:
        # That a program noted a day of access is no person who opened the source.
        return [*self.entry.left_out, *(["the access date"] if "accessed" in self.entry.csl else [])]


@dataclass(frozen=True)
class Candidate(Placed):
    """`already` is the library's own row of this work, `same_as` the number of an earlier entry that is the same."""

    already: Reference | None = None
    same_as: int = 0

    @property
    def is_new(self) -> bool:
        return self.already is None and not self.same_as


def placed(entry: Entry) -> Placed:
    csl, unsure = dict(entry.csl), list(entry.unsure)
    kind = csl["type"]
    csl["type"] = KEPT_AS.get(kind, kind)
    row = Reference(**columns_of(with_date(csl, unsure)))
    if row.type == ReferenceType.DOCUMENT and kind != "document":
        unsure.append(f"The library has no type “{kind}”, so the entry is stored as “another document”.")
    row.normalise()
    return Placed(entry, row, unsure)


def with_date(csl: dict[str, Any], unsure: list[str]) -> dict[str, Any]:
    # Of a date in words the library keeps the year.
    words = csl.get("issued", {}).get("literal")
    if not words:
        return csl
    year = YEAR.search(words)
    unsure.append(
        f"“{words}” is stored as {year[0]}." if year else f"“{words}” is not a date and was left out."
    )
    others = {key: value for key, value in csl.items() if key != "issued"}
    return others | ({"issued": {"date-parts": [[int(year[0])]]}} if year else {})


def compared(entries: Iterable[Placed]) -> list[Candidate]:
    """Compare the entries with the library as it is now, and with each other."""
    wanted = list(entries)
    there = duplicates.sharing_a_key([each.row for each in wanted])
    return [
        candidate(each, others, earlier)
        for each, others, earlier in zip(wanted, there, sharing_a_key_before(wanted), strict=True)
    ]


def candidate(placed: Placed, others: list[Reference], earlier: list[Placed]) -> Candidate:
    # What is only alike comes in as new, and somebody is asked to look.
    row = placed.row
    already = next((other.merged_into or other for other in others if is_same(row, other)), None)
    same_as = next((each.entry.number for each in earlier if is_same(row, each.row)), 0)
    unsure = [*placed.unsure, *([] if already or same_as else doubts(row, others))]
    return Candidate(placed.entry, row, unsure, already, same_as)


def doubts(row: Reference, others: list[Reference]) -> Iterator[str]:
    matches = duplicates.likeliest(row, others)
    for match in matches:
        yield f"The library has “{printed(match.reference)}”, with {match.words}. Is it the same work?"
    alike = {match.met for match in matches}
    for other in others:
        if other not in alike and matching.are_at_one_page(row, other):
            there = printed(other.merged_into or other)
            yield f"At the same address the library has “{there}”. Is it the same work?"


def is_same(row: Reference, other: Reference) -> bool:
    # Certainly one work. A guideline's address stays when its version changes, and titles alone are no proof.
    reasons = set(matching.reasons(row, other)) - {"title"}
    if row.version != other.version:
        reasons -= {"url"}
    return bool(reasons) or (not matching.are_surely_two(row, other) and printed(row) == printed(other))


def printed(row: Reference) -> str:
    return " ".join("(date)".join(formatting.formatted(csl_of(row))).split())


def sharing_a_key_before(wanted: Iterable[Placed]) -> Iterator[list[Placed]]:
    """Give for each entry those before it that have a key in common with it."""
    before: dict[int, list[Placed]] = defaultdict(list)
    for each in wanted:
        keys = matching.keys(each.row)
        yield list({other.entry.number: other for number in keys for other in before[number]}.values())
        for number in keys:
            before[number].append(each)


def faults(found: Iterable[Placed]) -> Iterator[Fault]:
    # What no reader of a file can know: how much room the library has.
    for each in found:
        entry, columns = each.entry, Reference._meta.concrete_fields
        texts = {column.name: column.value_from_object(each.row) for column in columns}
        texts = {name: text for name, text in texts.items() if isinstance(text, str)}
        if notes := list(too_long(Reference, entry.line, **texts)):
            yield Fault("no-room", " ".join(note.words for note in notes), entry.number, entry.line)
