from content.drafts.merging.draft import ARTICLE, CITATION, SECTION, Draft, Row, from_data, of_rows
from content.drafts.merging.pieces import Both, Group, Merge, Piece, State, merge
from content.drafts.merging.result import (
    CAN_BE_COMBINED,
    COMBINED,
    LINES,
    MINE,
    PROSE,
    THEIRS,
    Choice,
    Choices,
    combined,
    result,
    unanswered,
)

__all__ = [
    "ARTICLE", "CAN_BE_COMBINED", "CITATION", "COMBINED", "LINES", "MINE", "PROSE", "SECTION", "THEIRS",
    "Both", "Choice", "Choices", "Draft", "Group", "Merge", "Piece", "Row", "State",
    "combined", "from_data", "merge", "of_rows", "result", "unanswered",
]  # fmt: skip
