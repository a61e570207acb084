from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from content.decoding import Note
from content.importing.pieces import LeftOut
from content.importing.references import PlacedReference
from content.models import SectionKind


@dataclass(frozen=True)
class PlacedSection:
    """A section as it will be stored: `body` is canonical prose, `drug` a generic name of the library.

    `file` is its picture's, where there is one, and `digest` what that will be stored under.
    """

    line: int
    level: int
    heading: str = ""
    body: str = ""
    kind: str = SectionKind.TEXT
    drug: str | None = None
    alt: str = ""
    caption: str = ""
    credit: str = ""
    file: Path | None = None
    digest: str = ""


@dataclass(frozen=True)
class Imported:
    """A file, placed. Each of its words is in here once."""

    title: str
    lead: str
    sections: list[PlacedSection]
    references: list[PlacedReference]
    reference_headings: list[str]
    last_revised: str
    left_out: list[LeftOut]
    unsure: list[Note]

    def notes(self) -> Iterator[Note]:
        """Give every line somebody has to look at, in the order of the file."""
        left_out = [
            Note(line, f"Not imported: “{text}” ({why}).") for line, text, why in map(_parts, self.left_out)
        ]
        yield from sorted([*left_out, *self.unsure], key=lambda note: note.line)


def _parts(left: LeftOut) -> tuple[int, str, str]:
    return left.line, left.text, left.why
