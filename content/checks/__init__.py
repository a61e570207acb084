"""Publish checks on what an edition says: pure functions of its snapshot and of the day it would be published."""

from collections.abc import Callable, Iterable
from datetime import date

from content.checks import access_dates, figures, headings, markup
from content.findings import Finding
from content.snapshot import Snapshot

Check = Callable[[Snapshot, date], Iterable[Finding]]

ALL: tuple[Check, ...] = (
    headings.title_is_there,
    headings.headings_are_in_order,
    access_dates.web_references_have_access_dates,
    access_dates.references_support_the_article,
    access_dates.imported_checks_are_repeated,
    markup.markup_is_clean,
    markup.characters_are_whole,
    figures.pictures_are_complete,
)


def findings(snapshot: Snapshot, today: date) -> list[Finding]:
    return [finding for check in ALL for finding in check(snapshot, today)]
