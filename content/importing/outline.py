"""The sections of a draft, replaced by those of a file. Rows that are as the file says are left alone."""

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from content import prose
from content.decoding import Note
from content.importing.imported import PlacedSection
from content.models import Article, Drug, Section, SectionKind
from content.phrases import plural


def replace(article: Article, placed: list[PlacedSection], notes: list[Note]) -> Counter[str]:
    """Replace the sections. Returns how many are new, changed or deleted, and adds to the notes."""
    counts: Counter[str] = Counter()
    old = list(article.sections.all())
    rows = [old[at] if at is not None else Section(article=article) for at in matches(old, placed)]
    for gone in [section for section in old if section not in rows]:
        notes += farewell(gone)
        gone.delete()
        counts["deleted sections"] += 1
    for row, section, position in zip(rows, placed, ascending(row.position for row in rows), strict=True):
        is_new = row.pk is None
        wanted = columns(section, is_new=is_new)
        wanted["body"] = with_markers(row.body, section.body, f"section “{section.heading}”", notes)
        if set_columns(row, {**wanted, "position": position}) or is_new:
            row.save()
            counts["new sections" if is_new else "changed sections"] += 1
    return counts


def with_markers(old: str, new: str, place: str, notes: list[Note]) -> str:
    # Files know nothing of citation markers: words that stay keep theirs, and those that are lost are reported.
    if prose.marked(old, lambda uids: "") == new:
        return old
    if lost := len(prose.markers(old)):
        were = plural(lost, "citation marker was", "citation markers were")
        them = "it" if lost == 1 else "them"
        notes.append(Note(0, f"{were} lost with the old text of the {place}; set {them} again."))
    return new


def matches(old: list[Section], placed: list[PlacedSection]) -> list[int | None]:
    """Return for each placed section which of the old ones it is: that with the same heading, or the same picture."""
    before = [
        identity(row.heading, row.kind, row.image_alt, row.image_caption, row.image_credit) for row in old
    ]
    after = [identity(new.heading, new.kind, new.alt, new.caption, new.credit) for new in placed]
    found: list[int | None] = [None] * len(placed)
    for start, new_start, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        found[new_start : new_start + size] = range(start, start + size)
    return found


def identity(heading: str, kind: str, *picture: str) -> tuple[str, ...]:
    # What a picture shows is not in the file: under other words it may be another picture.
    return ("picture", *picture) if kind == SectionKind.FIGURE else ("text", heading)


def columns(section: PlacedSection, *, is_new: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "level": section.level,
        "heading": section.heading,
        "body": section.body,
        "image_alt": section.alt,
        "image_caption": section.caption,
        "image_credit": section.credit,
    }
    if section.digest:  # else the one that was uploaded stays
        found["image_id"] = section.digest
    if is_new or section.drug:  # else an editor may have chosen better since
        found["kind"] = section.kind
        found["drug"] = Drug.objects.get(generic_name=section.drug) if section.drug else None
    return found


def set_columns(row: Section, wanted: dict[str, Any]) -> bool:
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def ascending(positions: Iterable[int]) -> list[int]:
    """Return positions with as few changes as keep the order; 0 is that of a new row."""
    found: list[int] = []
    last = 0
    for position in positions:
        last = position if position > last else last + 1
        found.append(last)
    return found


def farewell(gone: Section) -> list[Note]:
    if not gone.image_id:
        return []
    words = (
        f"The picture “{gone.image_alt}” of the draft is not in the file, so it was removed from the draft."
    )
    return [Note(0, words)]
