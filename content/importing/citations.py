"""The citations of a draft, replaced by those of a file, with the access dates that the file printed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from content.citing import formatting
from content.decoding import Note
from content.importing.outline import ascending
from content.importing.references import PlacedReference
from content.models import (
    AccessCheck,
    Article,
    Citation,
    Found,
    PinnedTable,
    Reference,
    Supports,
    columns_of,
    csl_of,
)
from content.models.references import NORMALISED, identity_of
from content.phrases import long_date
from content.snapshots import access, pins

NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class Source:
    """Who imported what, and when."""

    file_name: str
    by: User
    at: datetime


def replace(
    article: Article, placed: list[PlacedReference], source: Source, notes: list[Note]
) -> tuple[Counter[str], list[AccessCheck]]:
    """Replace the citations.

    Returns how many rows were written and which access checks are new, and adds to the notes.
    """
    counts: Counter[str] = Counter()
    checks: list[AccessCheck] = []
    cited = article.citations.select_related("reference", "access_check__reference")
    old = {citation.reference_id: citation for citation in cited}
    rows: dict[int, tuple[Citation, PlacedReference]] = {}
    for each in placed:
        reference = in_library(each, counts, notes)
        if reference.pk in rows:
            notes.append(
                Note(each.line, f"“{each.raw}” is the same work as an earlier line; it is cited once.")
            )
            continue
        citation = old.pop(reference.pk, None) or Citation(article=article, reference=reference)
        rows[reference.pk] = citation, each
    for gone in old.values():
        gone.delete()
        counts["deleted citations"] += 1
    places = ascending(row.position for row, _ in rows.values())
    for (row, each), position in zip(rows.values(), places, strict=True):
        check = None if is_dated(row, each, notes) else imported_check(row.reference, each, source)
        checks += [check] if check else []
        is_repinned = row.pk is not None and pinned_as_in_library(row, each)
        if row.pk is None or check or is_repinned or row.position != position:
            counts["new citations" if row.pk is None else "changed citations"] += 1
            row.position = position
            if row.pk and not access.counts(row.access_check, as_printed(each)):
                row.supports = Supports.NOT_STATED  # it was said of what was opened
            row.access_check = check or row.access_check
            row.save()
    counts["access checks"] += len(checks)
    return +counts, checks


def pinned_as_in_library(citation: Citation, placed: PlacedReference) -> bool:
    """Let the draft show the library's version, which is what the file prints; tell whether it showed another."""
    newest = access.in_library(citation.reference)
    shown = access.shown(citation.article, citation.reference)
    if identity_of(shown) == identity_of(newest) or identity_of(as_printed(placed)) != identity_of(newest):
        return False
    pins.pin_one(citation.article, PinnedTable.REFERENCE, citation.reference_id, newest.history_id)
    return True


def in_library(placed: PlacedReference, counts: Counter[str], notes: list[Note]) -> Reference:
    """Return the library's own row where it prints the same, else a new one."""
    alike = as_printed(placed)
    found = Reference.objects.filter(likeness(alike)).select_related("merged_into").order_by("pk")
    for candidate in found:
        if " ".join("".join(formatting.formatted(csl_of(candidate))).split()) == placed.text:
            return candidate.merged_into or candidate
        if same_identifier(candidate, alike):
            words = f"The library has “{candidate}” under the same DOI or PubMed number. Merge the two if they are one."
            notes.append(Note(placed.line, words))
    alike.save()
    counts["new references"] += 1
    return alike


def as_printed(placed: PlacedReference) -> Reference:
    """Return the work as the file prints it, which is what was opened that day, whatever the library has of it."""
    printed = Reference(**columns_of(placed.parsed.csl))
    printed.normalise()
    return printed


def likeness(reference: Reference) -> Q:
    alike = Q(title=reference.title)
    for column in NORMALISED:
        if key := getattr(reference, f"{column}_normalised"):
            alike |= Q(**{f"{column}_normalised": key})
    return alike


def same_identifier(one: Reference, other: Reference) -> bool:
    keys = (f"{column}_normalised" for column in ("doi", "pmid"))
    return any(getattr(one, key) and getattr(one, key) == getattr(other, key) for key in keys)


def is_dated(citation: Citation, placed: PlacedReference, notes: list[Note]) -> bool:
    """Tell whether the draft prints this date already, or a person has opened the source since."""
    check, printed = citation.access_check, placed.parsed.accessed_text
    opened, kept_as = as_printed(placed), citation.reference
    if not printed:
        return True
    day = full_day(placed)
    if day and day > timezone.localdate():
        notes.append(Note(placed.line, f"The access date, {printed}, is in the future."))
    if identity_of(opened) != identity_of(kept_as):
        words = (
            f"The library keeps this as “{kept_as}”, in another wording or at another address, so the access date, "
            f"{printed}, is not taken. Open the source there."
        )
        notes.append(Note(placed.line, words))
        return True
    if check is None or not access.counts(check, opened):
        return False
    if check.is_imported:
        return check.printed_date == printed
    if day and check.opened_on and check.opened_on < day:
        return False
    if check.opened_on != day:
        kept = long_date(check.opened_on) if check.opened_on else "a day that was not recorded"
        words = (
            f"{check.opened_by_name} opened this source on {kept}. That access date is kept, not {printed}."
        )
        notes.append(Note(placed.line, words))
    return True


def imported_check(reference: Reference, placed: PlacedReference, source: Source) -> AccessCheck:
    check = AccessCheck(
        reference=reference,
        opened_on=full_day(placed),
        printed_date=placed.parsed.accessed_text,
        opened_by=None,
        opened_by_name=NOT_RECORDED,
        found=Found.NOT_STATED,
        imported_from=source.file_name,
        recorded_by=source.by,
        recorded_by_name=str(source.by),
        recorded_at=source.at,
    )
    check.freeze(as_printed(placed))
    check.save()
    return check


def full_day(placed: PlacedReference) -> date | None:
    accessed = placed.parsed.accessed
    return date(*accessed) if accessed and len(accessed) == 3 else None
