from collections.abc import Iterator
from datetime import date

from content.models import SectionKind
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding

RULE = "A21"


def title_is_there(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    if not snapshot["parts"]["text"]["title"]:
        yield Finding("title-missing", "The article has no title. Give it one.", rule=RULE, fix="#id_title")


def headings_are_in_order(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    # WCAG 2.2, 1.3.1: a heading may go one level deeper than the one before it, not more.
    level, before = 1, "the title"
    for number, section in enumerate(snapshot["parts"]["text"]["sections"], start=1):
        heading, fix = section["heading"], f"#sections-{number - 1}"
        if section["kind"] == SectionKind.FIGURE and not heading:
            continue
        if not heading:
            words = f"Section {number} has no heading. Give it one, or move its text to the section before."
            yield Finding("heading-empty", words, rule=RULE, subject=f"section {number}", fix=fix)
            continue
        if section["level"] > level + 1:
            words = (
                f"“{heading}” is a level {section['level']} heading right below {before} (level {level}). "
                f"Make it level {level + 1}."
            )
            yield Finding("heading-level-skipped", words, rule=RULE, subject=heading, fix=fix)
        level, before = section["level"], f"“{heading}”"
