"""References as this house prints them, one a line: what somebody pastes from a page or a letter."""

import re
from collections.abc import Iterator

from content.citing import identifying, parsing
from content.citing.formats import dates, text
from content.citing.formats.entries import Entry, Fault, checked, filled, tidy

# “1. ”, “[2] ”, “• ”: how a list counts is no part of a reference.
COUNTED = re.compile(r"^(?:\[?\d{1,3}[.)\]]|[•·–*-])\s+")


def read(data: bytes) -> Iterator[Entry | Fault]:
    for number, (line, words) in enumerate(text.lines(data), start=1):
        yield entry(COUNTED.sub("", words.strip(), count=1), number, line)


def entry(words: str, number: int, line: int) -> Entry | Fault:
    kind, _ = identifying.identified(words)
    if kind != identifying.LINE:
        advice = "Use “Fill in” on the form for a new reference, which looks up the rest."
        return Fault(
            "identifier-alone",
            f"“{words.strip()}” is {identifying.NAMES[kind]} and nothing more. {advice}",
            number,
            line,
        )
    found = parsing.parsed(tidy(words))
    csl = filled({**found.csl, "accessed": dates.issued(found.accessed or ())})
    return checked(Entry(number, line, csl, found.unsure))
