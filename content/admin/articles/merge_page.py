"""What the merge page shows: chapter by chapter what differs, whose text is taken, and what has to be decided."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from content.admin.articles.merge_labels import (
    SHORT,
    TAKEN,
    Model,
    label_of,
    picture,
    there_words,
    values,
    why,
)
from content.differences import Context, NumberChange, Value, of_values
from content.drafts.merging import (
    CAN_BE_COMBINED,
    COMBINED,
    LINES,
    MINE,
    PROSE,
    THEIRS,
    Both,
    Choices,
    Group,
    Merge,
    Piece,
    State,
    combined,
)
from content.models import Article, Citation, Reference, Section
from content.sequences import Budget

FIRST = ("title", "lead")
LAST = ("public_note",)


@dataclass(frozen=True)
class Side:
    """One of two versions, as a difference from what was opened; `items` where it is an order."""

    name: str
    label: str
    contexts: list[Context]
    is_chosen: bool = False
    picture: str | SafeString = ""
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """One piece. Where it is asked, `sides` has two to choose from, and `text` may be the field of a third.

    `numbers` are those that differ between the two: `old` is theirs, `new` is mine.
    """

    key: str
    title: str
    state: State
    said: str
    sides: list[Side]
    text: forms.BoundField | None = None
    is_combined: bool = False
    is_woven: bool = False
    numbers: list[NumberChange] = field(default_factory=list)

    @property
    def said_short(self) -> str:
        return SHORT[self.state]

    @property
    def is_asked(self) -> bool:
        return self.state == State.ASKED


@dataclass(frozen=True)
class Chapter:
    title: str
    pieces: list[Shown]


class CombinedForm(forms.Form):
    """A text of one's own for each piece that is asked and holds words."""

    def __init__(self, merge: Merge, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for model, piece in pieces_of(merge):
            if piece.state == State.ASKED and piece.name in CAN_BE_COMBINED:
                made: Any = model._meta.get_field(piece.name)
                label = f"Combined text: {label_of(model, piece.name)}"
                self.fields[f"text-{piece.key}"] = made.formfield(
                    required=False, label=label, initial=combined(piece), help_text=""
                )

    def of(self, key: str) -> forms.BoundField | None:
        return self[f"text-{key}"] if f"text-{key}" in self.fields else None


def pieces_of(merge: Merge) -> Iterator[tuple[Model, Piece]]:
    """Give every piece but the orders, with the table it belongs to."""
    yield from ((Article, piece) for piece in merge.pieces)
    for model, group in ((Section, merge.sections), (Citation, merge.citations)):
        yield from ((model, piece) for row in group.rows for piece in row.pieces)


def chapters(merge: Merge, choices: Choices, form: CombinedForm, others: str) -> Iterator[Chapter]:
    """Give the chapters in which something changed, as the form has them from top to bottom."""
    cited = {row.any.key for row in merge.citations.rows if row.any.key.isdecimal() and len(row.any.key) < 19}
    page = Page(choices, form, others, Reference.objects.in_bulk(cited))
    head, foot = set(FIRST), set(LAST)
    listing = [piece for piece in merge.pieces if piece.name not in head | foot]
    found = [
        page.chapter("Title and lead", Article, [piece for piece in merge.pieces if piece.name in head]),
        page.order("Order of the sections", merge.sections, page.section_name),
        *(page.row(row, Section, page.section_name(row)) for row in merge.sections.rows),
        page.order("Order of the references", merge.citations, page.citation_name),
        *(page.row(row, Citation, page.citation_name(row)) for row in merge.citations.rows),
        page.chapter("Listing", Article, listing),
        page.chapter("Note to readers", Article, [piece for piece in merge.pieces if piece.name in foot]),
    ]
    yield from (chapter for chapter in found if chapter.pieces)


def numbers_between(theirs: list[Value], mine: list[Value], budget: Budget) -> list[NumberChange]:
    # A dose that two people wrote differently is said before either text is read.
    compared = of_values(theirs, mine, budget)
    return [number for context in compared for row in context.rows for number in row.numbers]


class Page:
    def __init__(
        self, choices: Choices, form: CombinedForm, others: str, cited: dict[Any, Reference]
    ) -> None:
        self.choices, self.form, self.others, self.cited = choices, form, others, cited
        self.budget = Budget()

    def compared(self, old: list[Value], new: list[Value]) -> list[Context]:
        return of_values(old, new, self.budget)

    def chapter(self, title: str, model: Model, pieces: Sequence[Piece]) -> Chapter:
        return Chapter(title, [self.piece(model, each) for each in pieces if each.state != State.SAME])

    def row(self, row: Both, model: Model, title: str) -> Chapter:
        chapter = self.chapter(title, model, row.pieces)
        one_side = row.theirs is None or row.mine is None
        return Chapter(title, [self.presence(row, model, title)]) if one_side else chapter

    def section_name(self, row: Both) -> str:
        heading = row.any.values["heading"] or "without heading"
        return f"Section “{heading}”"

    def citation_name(self, row: Both) -> str:
        key = row.any.key.split(" ")[0]
        return (
            f"Reference “{self.cited.get(int(key), 'no longer there') if key.isdecimal() else 'none chosen'}”"
        )

    def chosen(self, key: str) -> str:
        return self.choices[key].side if key in self.choices else ""

    def piece(self, model: Model, piece: Piece) -> Shown:
        title = label_of(model, piece.name)
        base = values(model, {piece.name: piece.base}) if piece.is_base_known else None
        if piece.state == State.ASKED:
            return self.asked(model, piece, title, base)
        new = piece.mine if piece.state == State.MINE else piece.theirs
        side = Side(
            "",
            "",
            self.compared(base or [], values(model, {piece.name: new})),
            picture=picture(piece.name, new),
        )
        return Shown(piece.key, title, piece.state, TAKEN[piece.state], [side])

    def asked(self, model: Model, piece: Piece, title: str, base: list[Value] | None) -> Shown:
        theirs, mine = (values(model, {piece.name: each}) for each in (piece.theirs, piece.mine))
        # With nothing to compare both with, theirs stands as it is and mine is compared with it.
        pairs = [
            (THEIRS, theirs if base is None else base, theirs),
            (MINE, theirs if base is None else base, mine),
        ]
        versions = {THEIRS: piece.theirs, MINE: piece.mine}
        sides = [
            Side(
                name,
                self.label(name),
                self.compared(old, new),
                self.chosen(piece.key) == name,
                picture(piece.name, versions[name]),
            )
            for name, old, new in pairs
        ]
        return Shown(
            piece.key,
            title,
            piece.state,
            why(piece),
            sides,
            self.form.of(piece.key),
            self.chosen(piece.key) == COMBINED,
            is_woven=piece.name in PROSE | LINES,
            numbers=numbers_between(theirs, mine, self.budget) if model is not Citation else [],
        )

    def label(self, side: str) -> str:
        return "Your text" if side == MINE else f"The saved draft, by {self.others}"

    def presence(self, row: Both, model: Model, title: str) -> Shown:
        # A row that stands on one side only, or on none any more.
        base = values(model, row.base.values) if row.base else []
        if row.state != State.ASKED:
            kept = row.mine if row.state == State.MINE else row.theirs
            now = values(model, kept.values) if kept else []
            return Shown(
                row.key, title, row.state, there_words(row), [Side("", "", self.compared(base, now))]
            )
        sides = [
            Side(
                name,
                f"{self.label(name)}: {'keep it' if version else 'leave it out'}",
                self.compared(base, values(model, version.values) if version else []),
                self.chosen(row.key) == name,
            )
            for name, version in ((THEIRS, row.theirs), (MINE, row.mine))
        ]
        return Shown(row.key, title, row.state, there_words(row), sides)

    def order(self, title: str, group: Group, name: Any) -> Chapter:
        piece = group.order
        if piece.state == State.SAME:
            return Chapter(title, [])
        names = {row.any.key: name(row) for row in group.rows}
        versions = {THEIRS: piece.theirs, MINE: piece.mine}
        wanted = (
            [THEIRS, MINE] if piece.state == State.ASKED else [MINE if piece.state == State.MINE else THEIRS]
        )
        sides = [
            Side(
                side,
                self.label(side),
                [],
                self.chosen(piece.key) == side,
                items=[names[key] for key in versions[side]],
            )
            for side in wanted
        ]
        said = TAKEN.get(piece.state) or "The order was changed on both sides."
        return Chapter(title, [Shown(piece.key, title, piece.state, said, sides)])
