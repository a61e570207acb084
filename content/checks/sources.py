"""Publish checks on the works an edition cites: of what was signed, beside what the library knows today."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.urls import reverse

from content.checks import cited_works
from content.checks.cited_works import Cited, finding_of
from content.citing import matching
from content.models import Reference, ReferenceType, Retraction
from content.models.references import NORMALISED
from content.phrases import long_date
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding, Severity

YEARS_OF_AN_ARTICLE = 5
DAYS_TO_WEIGH_A_CONCERN = 30
# Works by which a page about a drug can be held: a guideline, a label, an agency's own page.
AUTHORITIES = {ReferenceType.GUIDELINE, ReferenceType.LABEL, ReferenceType.AGENCY_PAGE}
NAMES = {"doi": "DOI", "pmid": "PubMed number", "isbn": "ISBN", "url": "address"}


def library_page(row: Reference) -> str:
    return reverse("admin:content_reference_change", args=[row.pk])


def something_is_cited(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    if not works:
        words = "The article cites no sources. Add the sources that it is based on."
        yield Finding("reference-missing", words, rule="A07", fix="#citations-group")


def identifiers_are_readable(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    for each in works:
        for column in NORMALISED:
            if each.row and (why := each.row.unreadable(column)):
                words = (
                    f"{each.name} has a {NAMES[column]} that is not valid: {why} Correct it in the library."
                )
                fix = library_page(each.row)
                yield finding_of("identifier-unreadable", each, words, "A12", about=column, fix=fix)


def identifiers_agree(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    for each, other in cited_works.at_odds(works):
        assert each.row
        words = (
            f"{each.name} has the DOI {each.row.doi} and the PubMed number {each.row.pmid}, while “{other}” has "
            f"{other.doi} and {other.pmid}: one of the two is wrong. Compare both with the source and correct the wrong "
            "one in the library."
        )
        fix = library_page(each.row)
        yield finding_of("identifiers-disagree", each, words, "A12", about=str(other.uid), fix=fix)


def nothing_cited_was_retracted(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    for each in works:
        row = each.row
        if row is None or not row.retraction or row.retracted_on is None:
            continue
        day, fix = long_date(row.retracted_on), library_page(row)
        if row.retraction == Retraction.RETRACTED:
            words = f"{each.name} was retracted on {day}. Remove it, and every statement that is based on it."
            yield finding_of("reference-retracted", each, words, "A12", due_on=row.retracted_on)
        else:
            due_on = row.retracted_on + timedelta(days=DAYS_TO_WEIGH_A_CONCERN)
            words = f"{each.name}: an expression of concern was published on {day}. Decide whether it can still be cited."
            yield finding_of(
                "reference-under-concern", each, words, "A12", Severity.FOLLOW_UP, fix=fix, due_on=due_on
            )


def guidelines_name_their_version(
    snapshot: Snapshot, works: Sequence[Cited], today: date
) -> Iterator[Finding]:
    # The version's year may exceed that of access, since guidelines are numbered ahead. Only a newer version in the
    # library counts.
    for each in works:
        row = each.row
        if row is None or row.type != ReferenceType.GUIDELINE:
            continue
        if not row.version:
            words = f"{each.name} is a guideline without a version. Add the version that was read."
            yield finding_of("guideline-version-missing", each, words, "A11", fix=library_page(row))
        elif row.version not in "".join(each.entry["text"]):
            words = (
                f"{each.name} is an earlier version than the one in the library ({row.version}). Read the new "
                "version, and use the library update."
            )
            yield finding_of("guideline-version-behind", each, words, "A11")


def nothing_cited_was_superseded(
    snapshot: Snapshot, works: Sequence[Cited], today: date
) -> Iterator[Finding]:
    for each in works:
        newer = each.row.superseded_by if each.row else None
        if newer is None:
            continue
        is_guideline = each.row is not None and each.row.type == ReferenceType.GUIDELINE
        severity = Severity.BLOCKER if is_guideline else Severity.FOLLOW_UP
        version = f", version {newer.version}" if newer.version else ""
        words = f"{each.name} was superseded by “{newer}”{version}. Read the newer one and cite it."
        yield finding_of("reference-superseded", each, words, "A11", severity)


def drugs_rest_on_an_authority(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    has_drugs = bool(snapshot["parts"]["drugs"])
    if has_drugs and works and not any(each.row and each.row.type in AUTHORITIES for each in works):
        words = "The article is about drugs but cites no guideline, label or agency page. Add one that supports what it says."
        yield Finding("authority-missing", words, Severity.FOLLOW_UP, "A07", fix="#citations-group")


def journal_articles_are_recent(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    for each in works:
        row = each.row
        if row is None or row.type != ReferenceType.ARTICLE_JOURNAL or not row.issued:
            continue
        year, *rest = row.issued
        if ended_before([int(year) + YEARS_OF_AN_ARTICLE, *rest], today):
            words = f"{each.name} is more than {YEARS_OF_AN_ARTICLE} years old. Check whether newer evidence agrees."
            yield finding_of("reference-old", each, words, "A14", Severity.FOLLOW_UP)


def ended_before(issued: Sequence[int], day: date) -> bool:
    """Tell whether the day, month or year of issue was over before that day, month or year began."""
    parts = tuple(int(part) for part in issued)
    return parts < (day.year, day.month, day.day)[: len(parts)]


def labels_are_current(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    for each in works:
        revised = each.product.label_revised_on if each.product else None
        if revised is None or each.row is None or not each.row.issued:
            continue
        if ended_before(each.row.issued, revised):
            words = (
                f"{each.name} is older than the current label of {each.product}, which was revised on "
                f"{long_date(revised)}. Read the current label and cite it."
            )
            yield finding_of("label-behind", each, words, "A14", Severity.FOLLOW_UP)


def nothing_is_cited_twice(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Cited] = {}
    for each in works:
        for key in identities(each.row):
            first = seen.setdefault(key, each)
            if first is not each:
                words = f"{each.name} and reference {first.number} have the same {NAMES[key[0]]}. Cite the work only once."
                yield finding_of("reference-duplicated", each, words, "A15", Severity.FOLLOW_UP)
                break


def identities(row: Reference | None) -> list[tuple[str, str]]:
    # Chapters share the book's ISBN, and guidelines of one body its front page.
    if row is None:
        return []
    shared = set() if row.type == ReferenceType.BOOK else {"isbn"}
    return [key for key in matching.identifiers(row) if key[0] not in shared]
