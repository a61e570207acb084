"""What the draft says once each question is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from content import prose
from content.drafts.merging import ordering
from content.drafts.merging.draft import Draft, Row, Values
from content.drafts.merging.pieces import Both, Group, Merge, Piece, State


@dataclass(frozen=True)
class Choice:
    """`side` is “mine” or “theirs”; `text` is given where I wrote a combined one instead."""

    side: str
    text: str | None = None


Choices = Mapping[str, Choice]
MINE, THEIRS, COMBINED = "mine", "theirs", "combined"
PROSE = {"lead", "body"}
LINES = {"public_note"}
LINE = {"title", "slug", "heading", "image_alt", "image_caption", "image_credit"}
CAN_BE_COMBINED = PROSE | LINES | LINE


def unanswered(merge: Merge, choices: Choices) -> list[str]:
    return [key for key in merge.asked if key not in choices]


def result(merge: Merge, choices: Choices) -> Draft:
    """Return the merged draft. Every question must have its answer in `choices`."""
    return Draft(values(merge.pieces, choices), rows(merge.sections, choices), rows(merge.citations, choices))


def values(pieces: list[Piece], choices: Choices) -> Values:
    return {piece.name: value(piece, choices) for piece in pieces}


def value(piece: Piece, choices: Choices) -> Any:
    if piece.state != State.ASKED:
        return piece.mine if piece.state == State.MINE else piece.theirs
    choice = choices[piece.key]
    if choice.text is not None:
        return choice.text
    return piece.mine if choice.side == MINE else piece.theirs


def rows(group: Group, choices: Choices) -> tuple[Row, ...]:
    kept = [row for each in group.rows if (row := kept_row(each, choices))]
    if group.order.state == State.ASKED:
        kept = in_chosen_order(group, kept, choices[group.order.key].side)
    return tuple(kept)


def kept_row(both: Both, choices: Choices) -> Row | None:
    if both.theirs and both.mine:
        return Row(both.any.key, values(both.pieces, choices))
    side = choices[both.key].side if both.state == State.ASKED else both.state
    return both.mine if side == MINE else both.theirs


def in_chosen_order(group: Group, kept: list[Row], side: str) -> list[Row]:
    chosen = group.order.mine if side == MINE else group.order.theirs
    order = ordering.woven(chosen, [row.key for row in kept])
    return sorted(kept, key=lambda row: order.index(row.key))


def combined(piece: Piece) -> str:
    # Where both changed a text, begin with all that either wrote anew.
    base = piece.base if piece.is_base_known else None
    if piece.name in PROSE:
        return prose.woven(base, piece.theirs, piece.mine)
    if piece.name in LINES:
        return prose.woven_lines(base, piece.theirs, piece.mine)
    return str(piece.mine)
