from collections.abc import Iterator
from datetime import date
from typing import Any

from content.findings import Finding, Severity
from content.models import Supports
from content.snapshot import Snapshot

RULE = "A08"
MEND = "#citations-group"


def cited(snapshot: Snapshot) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Number, reference and access date of each citation."""
    parts = snapshot["parts"]
    yield from zip(
        range(1, len(parts["references"]) + 1), parts["references"], parts["access_dates"], strict=True
    )


def beginning(reference: dict[str, Any]) -> str:
    text = "".join(reference["text"])
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def web_references_have_access_dates(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    """A full day, and none after the day of publication, for every reference that is printed with an address."""
    for number, reference, access in cited(snapshot):
        subject, name = reference["uid"], f"Reference {number}, {beginning(reference)},"
        if not reference["url"]:
            continue
        if access["on"] is None and not access["printed"]:
            words = f"{name} has no access date. Open the source and record what you found."
            yield Finding("access-date-missing", words, rule=RULE, subject=subject, mend=MEND)
        elif access["on"] is None:
            words = f"{name} says only “{access['printed']}”. Open the source and record the day."
            yield Finding("access-date-imprecise", words, rule=RULE, subject=subject, mend=MEND)
        elif date.fromisoformat(access["on"]) > today:
            words = f"{name} would be accessed on {access['printed']}, which is still to come. Correct the access check."
            yield Finding("access-date-future", words, rule=RULE, subject=subject, mend=MEND)


def references_support_the_article(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    for number, reference, access in cited(snapshot):
        if access["supports"] == Supports.NO:
            words = f"Reference {number}, {beginning(reference)}, was found not to support this article. Replace or remove it."
            yield Finding(
                "reference-does-not-support", words, rule="H04", subject=reference["uid"], mend=MEND
            )


def imported_checks_are_repeated(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    for number, reference, access in cited(snapshot):
        if access["imported"]:
            words = f"Reference {number}, {beginning(reference)}: its date came from a file, without a name. Open it again."
            yield Finding("access-check-imported", words, Severity.DEBT, RULE, reference["uid"], MEND)
