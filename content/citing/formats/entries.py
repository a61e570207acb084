"""What the reader of a file of references gives: the file's entries, and what is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from content import prose
from content.citing import normalising, validating

# Printed, so a flaw in one of these reaches readers.
WORDED = "title container-title container-title-short publisher publisher-place version genre".split()
ENTITY = re.compile(r"&(?:[a-z]+|#[0-9]+|#x[0-9a-f]+);", re.IGNORECASE)


class Fault(NamedTuple):
    """`code` is for machines. Entries and lines count from 1; 0 is the file as a whole."""

    code: str
    words: str
    entry: int = 0
    line: int = 0


@dataclass(frozen=True)
class Entry:
    """One reference of a file as CSL-JSON: where it stands, what is doubtful about it, what was not taken."""

    number: int
    line: int
    csl: dict[str, Any]
    unsure: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Read:
    entries: list[Entry]
    faults: list[Fault]


class Unfit(Exception):
    """Nothing of the file can be taken."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(fault.words for fault in faults))


def tidy(text: str) -> str:
    # One line, as the library's columns store it.
    return " ".join(text.split())


def filled(csl: dict[str, Any]) -> dict[str, Any]:
    """Return the item without empty variables, and with identifiers as the house prints them."""
    found = {key: value for key, value in csl.items() if value not in ("", [], {}, None)}
    for key, bare in (("DOI", normalising.bare_doi), ("PMID", normalising.bare_pmid)):
        if isinstance(found.get(key), str):
            found[key] = bare(found[key])
    if repeats_an_identifier(found):
        del found["URL"]
    return found


def repeats_an_identifier(csl: dict[str, Any]) -> bool:
    # The address says no more than the DOI or the PubMed number beside it.
    url = str(csl.get("URL", ""))
    doi, pmid = normalising.bare_doi(url), normalising.bare_pmid(url)
    same_doi = doi != url and doi.lower() == str(csl.get("DOI", "")).lower()
    return same_doi or (pmid != url and pmid == str(csl.get("PMID", "")))


def doubts(csl: dict[str, Any]) -> Iterator[str]:
    """Say what somebody should look at in words that came from elsewhere."""
    for key in WORDED:
        text = str(csl.get(key, ""))
        for flaw in (*prose.hidden_characters(text), *prose.mojibake(text), *prose.strange(text)):
            yield f"“{key}”, in “{flaw.snippet}”: {flaw.words}."
        if entity := ENTITY.search(text):
            yield f"“{key}” holds “{entity[0]}”, and that is how it is printed. Write the character itself."


def checked(entry: Entry) -> Entry | Fault:
    """Return the entry with its doubts, or why it cannot go into the library as it is."""
    if problems := validating.problems(entry.csl):
        return Fault("unsound", " ".join(problems), entry.number, entry.line)
    return Entry(entry.number, entry.line, entry.csl, [*entry.unsure, *doubts(entry.csl)], entry.left_out)
