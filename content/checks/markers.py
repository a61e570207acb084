"""Publish checks on citation markers. An article needs none; where it has one, markers and references match."""

from collections.abc import Iterator
from datetime import date

from content import prose
from content.checks.markup import prose_of
from content.phrases import shortened
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding, Severity

RULE = "A15"
SHOWN = 40  # characters of the words before a marker, enough to find it by


def every_marker_has_its_reference(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    cited = {entry["uid"] for entry in snapshot["parts"]["references"]}
    for fix, html in prose_of(snapshot):
        for marker in prose.markers(html):
            if marker.uid not in cited:
                words = (
                    f"The citation marker {place(marker)} belongs to a source that the article does not cite. "
                    "Cite that source again, or delete the marker."
                )
                subject = f"{marker.uid} {fix}"
                yield Finding("marker-without-reference", words, rule=RULE, subject=subject, fix=fix)


def every_reference_has_a_marker(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    marked = {marker.uid for _, html in prose_of(snapshot) for marker in prose.markers(html)}
    if not marked:
        return
    for number, entry in enumerate(snapshot["parts"]["references"], start=1):
        if entry["uid"] not in marked:
            words = (
                f"Other references have markers in the text, but nothing there cites reference {number}, "
                f"“{shortened(''.join(entry['text']))}”. Add a marker where the text uses it, or remove the reference."
            )
            subject, fix = entry["uid"], f"#citations-{number - 1}"
            yield Finding("reference-uncited", words, Severity.FOLLOW_UP, RULE, subject, fix)


def place(marker: prose.Marker) -> str:
    behind = marker.behind.strip()
    if not behind:
        return "at the beginning of a line"
    return f"after “{behind}”" if len(behind) <= SHOWN else f"after “…{behind[-SHOWN:].lstrip()}”"
