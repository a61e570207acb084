"""A draft as its form shows it, as plain data: what somebody opened, what others saved meanwhile, what was typed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from content.drafts.revisions import Rows

# What the form lets people change, in the order it shows it. Foreign keys are kept as keys.
ARTICLE = (
    "title", "lead", "type", "condition", "co_branded_with", "owner", "slug", "language", "public_note",
)  # fmt: skip
PICTURE = ("image", "image_alt", "image_caption", "image_credit")
SECTION = ("heading", "level", "kind", "drug", "body", *PICTURE)
CITATION = ("access_check", "supports")

Values = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A section or a citation. `key` says which: the key of a stored section, the key of what is cited, or “new 1”."""

    key: str
    values: Values


@dataclass(frozen=True)
class Draft:
    values: Values
    sections: tuple[Row, ...]
    citations: tuple[Row, ...]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def from_data(data: dict[str, Any]) -> Draft:
    sections, citations = (tuple(Row(**row) for row in data[name]) for name in ("sections", "citations"))
    return Draft(data["values"], sections, citations)


def of_rows(rows: Rows) -> Draft:
    return Draft(
        values_of(rows.article, ARTICLE),
        tuple(Row(str(section.pk), values_of(section, SECTION)) for section in rows.sections),
        # By what it cites: an article cites a reference once, so two people who add the same one added one.
        tuple(Row(str(each.reference_id), values_of(each, CITATION)) for each in rows.citations),
    )


def values_of(row: Any, names: Iterable[str]) -> Values:
    return {name: getattr(row, row._meta.get_field(name).attname) for name in names}


def recognised(mine: Draft, theirs: Draft, base: Draft | None) -> Draft:
    # My new sections that are stored by now, word for word, are those: a form sent twice adds nothing twice.
    known = {row.key for draft in (mine, base) if draft for row in draft.sections}
    free = [row for row in theirs.sections if row.key not in known]
    found = []
    for row in mine.sections:
        same = next((each for each in free if is_new(row) and each.values == row.values), None)
        if same:
            free.remove(same)
        found.append(same or row)
    return replace(mine, sections=tuple(found))


def is_new(row: Row) -> bool:
    return row.key.startswith("new")
