"""What a form for a new reference can be filled in with: from a DOI, a PubMed number, an address or a pasted line."""

from dataclasses import dataclass, field

from content.citing import identifying, parsing
from content.citing.formats.entries import Entry, Fault, checked
from content.library import duplicates, import_candidates, lookups
from content.models import Reference, ReferenceType

# The column that an identifier alone fills in, and what it is most likely that of.
ALONE = {
    identifying.DOI: ("doi", ReferenceType.ARTICLE_JOURNAL),
    identifying.PMID: ("pmid", ReferenceType.ARTICLE_JOURNAL),
    identifying.ISBN: ("isbn", ReferenceType.BOOK),
    identifying.ADDRESS: ("url", ReferenceType.WEBPAGE),
}


@dataclass(frozen=True)
class Filled:
    """`row` is not stored; `notes` are for the editor; `already` is the library's own row of this work."""

    row: Reference
    notes: list[str] = field(default_factory=list)
    already: Reference | None = None


def filled(text: str) -> Filled:
    kind, value = identifying.identified(text)
    if kind in (identifying.DOI, identifying.PMID):
        try:
            return of_entry(lookups.look_up(kind, value))
        except lookups.Unanswered as unanswered:
            return alone(kind, value, [str(unanswered)])
    return of_line(value) if kind == identifying.LINE else alone(kind, value, [])


def of_line(line: str) -> Filled:
    found = parsing.parsed(line)
    entry = checked(Entry(1, 1, found.csl, found.unsure))
    return Filled(Reference(), [entry.words]) if isinstance(entry, Fault) else of_entry(entry)


def of_entry(entry: Entry) -> Filled:
    candidate = import_candidates.compared([import_candidates.placed(entry)])[0]
    return Filled(candidate.row, candidate.unsure, candidate.already)


def alone(kind: str, value: str, notes: list[str]) -> Filled:
    column, likely = ALONE[kind]
    row = Reference(type=likely, **{column: value})
    row.normalise()
    return Filled(row, notes, next((match.reference for match in duplicates.matches(row)), None))
