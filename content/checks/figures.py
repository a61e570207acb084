from collections.abc import Iterator
from datetime import date

from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding

RULE = "A22"


def pictures_are_complete(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    for number, figure in enumerate(snapshot["parts"]["figures"], start=1):
        for key, what in (
            ("digest", "no file"),
            ("alt", "no description for readers who cannot see it"),
            ("credit", "no credit"),
        ):
            if not figure[key]:
                words = f"Picture {number} has {what}. Add what is missing, or delete the section."
                yield Finding(
                    "picture-incomplete",
                    words,
                    rule=RULE,
                    subject=f"picture {number}: {what}",
                    fix="#sections-group",
                )
