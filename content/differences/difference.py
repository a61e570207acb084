"""Between two snapshots: every change, part by part, so that a reviewer with ten minutes misses none."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from content.differences.entries import PARTS, works
from content.differences.numbers import NumberChange
from content.differences.rows import Row, rows
from content.sequences import Budget
from content.snapshots import snapshot
from content.snapshots.snapshot import Snapshot

AROUND = 2  # rows shown above and below a changed one
# The date of an access check differs in every new edition; among the numbers it would drown a dose.
WITHOUT_NUMBERS = {"access_dates", "identity"}
MARKER_NOTE = re.compile(r"link to (reference:[0-9a-f-]+)")


@dataclass(frozen=True)
class Counts:
    added: int
    removed: int
    changed: int
    moved: int
    numbers: int


@dataclass(frozen=True)
class Context:
    """Rows that stand together: shown, or folded away because nothing near them changed."""

    is_folded: bool
    rows: list[Row]


@dataclass(frozen=True)
class PartDifference:
    name: str
    title: str
    blocks: list[Row]
    is_bounded: bool = False  # too much of it differs to have been compared everywhere

    @property
    def is_empty(self) -> bool:
        return all(row.kind == "same" for row in self.blocks)

    @property
    def context(self) -> list[Context]:
        changed = [at for at, row in enumerate(self.blocks) if row.kind != "same"]
        near = {at + step for at in changed for step in range(-AROUND, AROUND + 1)}
        groups = groupby(enumerate(self.blocks), key=lambda numbered: numbered[0] not in near)
        found = [(is_far, [row for _, row in group]) for is_far, group in groups]
        # To fold away a single row saves nothing.
        return [Context(is_far and len(rows) > 1, rows) for is_far, rows in found]

    @property
    def numbers_changed(self) -> list[NumberChange]:
        return (
            [] if self.name in WITHOUT_NUMBERS else [number for row in self.blocks for number in row.numbers]
        )

    def old_text(self) -> list[str]:
        """The blocks' words before, which is what the text says when every change is refused."""
        there = [row for row in self.blocks if row.was_at is not None]
        return [_words(row, "del") for row in sorted(there, key=lambda row: row.was_at or 0)]

    def new_text(self) -> list[str]:
        """The blocks' words now, which is what the text says when every change is taken."""
        there = [row for row in self.blocks if row.is_at is not None]
        return [_words(row, "ins") for row in sorted(there, key=lambda row: row.is_at or 0)]


def _words(row: Row, side: str) -> str:
    # `was` only counts where the old text is asked for.
    texts = [
        piece.was if side == "del" and piece.kind == "format" else piece.text
        for piece in row.pieces
        if piece.kind in {"same", "format", side}
    ]
    return "".join(texts)


@dataclass(frozen=True)
class Difference:
    parts: list[PartDifference]

    @property
    def is_empty(self) -> bool:
        return all(part.is_empty for part in self.parts)

    @property
    def changed_parts(self) -> list[PartDifference]:
        return [part for part in self.parts if not part.is_empty]

    @property
    def unchanged_parts(self) -> list[PartDifference]:
        return [part for part in self.parts if part.is_empty]

    @property
    def numbers_changed(self) -> list[NumberChange]:
        return [number for part in self.parts for number in part.numbers_changed]

    @property
    def counts(self) -> Counts:
        kinds = [row.kind for part in self.parts for row in part.blocks]
        of = {kind: kinds.count(kind) for kind in ("added", "removed", "changed", "moved")}
        return Counts(**of, numbers=len(self.numbers_changed))


@lru_cache(maxsize=8)
def between_stored(old: str, new: str) -> Difference:
    """As `between`, of the stored bytes of two editions; a pair is compared once, whoever looks at it how often."""
    return between(snapshot.parsed(old), snapshot.parsed(new))


def between(old: Snapshot, new: Snapshot, budget: Budget | None = None) -> Difference:
    """Compare two snapshots within a budget, so that it always ends soon. Not for use inside a write transaction."""
    cited, budget = works(old) | works(new), budget or Budget()
    parts = []
    for name, (title, entries) in PARTS.items():
        refused = budget.refused
        found = [_named(row, cited) for row in rows(list(entries(old)), list(entries(new)), budget)]
        parts.append(PartDifference(name, title, found, is_bounded=budget.refused > refused))
    return Difference(parts)


def _named(row: Row, cited: dict[str, str]) -> Row:
    # A citation marker says which work it cites, rather than its uid.

    def name(found: re.Match[str]) -> str:
        return f"marker of {cited.get(found[1], 'a source that is not cited')}"

    pieces = [replace(piece, note=MARKER_NOTE.sub(name, piece.note)) for piece in row.pieces]
    return replace(row, pieces=pieces)
