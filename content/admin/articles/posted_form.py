"""The article form as plain data: what somebody posted, read; and a draft, written as the form would post it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import models
from django.forms import CheckboxInput
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from content import request_numbers
from content.drafts.merging import ARTICLE, CITATION, SECTION, Draft, Row
from content.drafts.revisions import Rows
from content.importing.outline import ascending
from content.models import Article, Citation, Section

Upload = Callable[[File], str]
LAST = 10**9  # new rows without a number stand at the end


def read(data: QueryDict, files: MultiValueDict, *, shown: Draft, upload: Upload) -> Draft:
    """Read the posted form as a draft. `shown` is what the form showed: a field that was not posted says that still.

    What no field takes stays as typed. `upload` stores a picture that came along and returns its digest.
    """
    values = columns(Article, ARTICLE, data, "", shown.values)
    sections = list(in_order(section_rows(data, files, shown, upload)))
    return Draft(values, tuple(sections), tuple(in_order(citation_rows(data, shown))))


def in_order(rows: Iterator[tuple[int, Row]]) -> Iterator[Row]:
    seen: set[str] = set()
    for _, row in sorted(rows, key=lambda numbered: numbered[0]):
        # Twice the same reference: nothing is dropped, the form will say what is wrong.
        yield replace(row, key=f"{row.key} again") if row.key in seen else row
        seen.add(row.key)


def section_rows(
    data: QueryDict, files: MultiValueDict, shown: Draft, upload: Upload
) -> Iterator[tuple[int, Row]]:
    before = {row.key: row.values for row in shown.sections}
    blank = defaults(Section, SECTION)
    for number, prefix in posted_rows(data, "sections"):
        key = data.get(f"{prefix}-id") or f"new {number}"
        values = columns(Section, SECTION, data, f"{prefix}-", before.get(key, blank))
        if picture := files.get(f"{prefix}-picture_file"):
            values["image"] = upload(picture) or values["image"]
        else:
            values["image"] = data.get(f"{prefix}-picture_kept") or values["image"]
        if key in before or values != blank:
            yield place(data, prefix), Row(key, values)


def citation_rows(data: QueryDict, shown: Draft) -> Iterator[tuple[int, Row]]:
    before = {row.key: row.values for row in shown.citations}
    blank = defaults(Citation, CITATION)
    for number, prefix in posted_rows(data, "citations"):
        key = data.get(f"{prefix}-reference") or f"new {number}"
        values = columns(Citation, CITATION, data, f"{prefix}-", before.get(key, blank))
        if values != blank or not key.startswith("new"):
            yield place(data, prefix), Row(key, values)


LARGEST = 2000  # rows; as many as Django's form sets would take in


def posted_rows(data: QueryDict, name: str) -> Iterator[tuple[int, str]]:
    total = request_numbers.key(data.get(f"{name}-TOTAL_FORMS", ""))
    for number in range(min(total, LARGEST)):
        prefix = f"{name}-{number}"
        if not CheckboxInput().value_from_datadict(data, MultiValueDict(), f"{prefix}-DELETE"):
            yield number, prefix


def place(data: QueryDict, prefix: str) -> int:
    return request_numbers.key(data.get(f"{prefix}-position", "")) or LAST


def columns(
    model: type[models.Model], names: Sequence[str], data: QueryDict, prefix: str, before: dict[str, Any]
) -> dict[str, Any]:
    typed = {name: data.get(f"{prefix}{name}") for name in names}
    return {
        name: before[name] if words is None else value(model, name, words) for name, words in typed.items()
    }


def value(model: type[models.Model], name: str, words: str) -> Any:
    field: Any = model._meta.get_field(name)
    if field.null and not words:
        return None
    try:
        return (field.target_field if field.is_relation else field).to_python(words)
    except ValidationError:
        return words


def defaults(model: type[models.Model], names: Sequence[str]) -> dict[str, Any]:
    blank: Any = model()
    return {name: getattr(blank, model._meta.get_field(name).attname) for name in names}  # type: ignore[union-attr]


# The other way: as if the form had been opened on these rows and everything typed into it.


def posted(draft: Draft, *, over: Rows, saves: int, kept: int) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({name: text(draft.values[name]) for name in ARTICLE})
    data.update({"shown_saves": str(saves), "kept": str(kept), "_continue": "1"})
    stored = [(str(section.pk), section) for section in over.sections]
    write_rows(data, "sections", stored, draft.sections, section_columns)
    cited = [(str(citation.reference_id), citation) for citation in over.citations]
    write_rows(data, "citations", cited, draft.citations, citation_columns)
    return data


Columns = Callable[[Row, Any], dict[str, Any]]


def write_rows(
    data: QueryDict, name: str, stored: list[tuple[str, Any]], rows: Sequence[Row], columns_of: Columns
) -> None:
    # The stored rows come first, as a form set wants them, whatever their place; those gone are ticked for deletion.
    there = dict(stored)
    places = dict(
        zip(
            [row.key for row in rows],
            ascending(there[row.key].position if row.key in there else 0 for row in rows),
            strict=True,
        )
    )
    wanted = {row.key: row for row in rows}
    new = [row for row in rows if row.key not in there]
    for number, key in enumerate([*there, *(row.key for row in new)]):
        row, old = wanted.get(key), there.get(key)
        fields = {"id": old.pk if old else "", "article": old.article_id if old else ""}
        fields |= {"position": places[key], **columns_of(row, old)} if row else {"DELETE": "on"}
        data.update({f"{name}-{number}-{column}": text(value) for column, value in fields.items()})
    data.update({f"{name}-TOTAL_FORMS": str(len(there) + len(new)), f"{name}-INITIAL_FORMS": str(len(there))})


def section_columns(row: Row, old: Section | None) -> dict[str, Any]:
    columns = {name: value for name, value in row.values.items() if name != "image"}
    digest = row.values["image"]
    return columns if digest == (old.image_id if old else None) else {**columns, "picture_kept": digest}


def citation_columns(row: Row, old: Citation | None) -> dict[str, Any]:
    return {
        "reference": row.key.removesuffix(" again") if not row.key.startswith("new") else "",
        **row.values,
    }


def text(value: Any) -> str:
    return "" if value is None else str(value)
