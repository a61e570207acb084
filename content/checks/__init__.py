"""Publish checks on what an edition says, and on the works it cites as the library knows them on the day of publication."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from content.checks import (
    access_dates,
    cited_works,
    figures,
    headings,
    imitations,
    links,
    markers,
    markup,
    sources,
)
from content.checks.cited_works import Cited
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding

Check = Callable[[Snapshot, date], Iterable[Finding]]
SourceCheck = Callable[[Snapshot, Sequence[Cited], date], Iterable[Finding]]

# Pure functions of the snapshot and of the day it would be published.
ALL: tuple[Check, ...] = (
    headings.title_is_there,
    headings.headings_are_in_order,
    markup.markup_is_clean,
    markup.characters_are_whole,
    markup.characters_are_what_they_look_like,
    imitations.no_words_imitate_the_pages_own,
    imitations.links_lead_where_they_say,
    figures.pictures_are_complete,
    markers.every_marker_has_its_reference,
    markers.every_reference_has_a_marker,
)

OF_SOURCES: tuple[SourceCheck, ...] = (
    access_dates.web_references_have_access_dates,
    access_dates.access_dates_are_fresh,
    access_dates.references_support_the_article,
    access_dates.sources_are_as_they_were,
    access_dates.imported_checks_are_repeated,
    links.cited_addresses_answer,
    sources.something_is_cited,
    sources.drugs_rest_on_an_authority,
    sources.nothing_cited_was_retracted,
    sources.nothing_cited_was_superseded,
    sources.guidelines_name_their_version,
    sources.identifiers_are_readable,
    sources.identifiers_agree,
    sources.labels_are_current,
    sources.journal_articles_are_recent,
    sources.nothing_is_cited_twice,
)

# What comes about without anybody touching the article: it must not keep the better page from the public.
AGEING = frozenset(
    {
        "access-date-over-age",
        "guideline-version-behind",
        "link-broken",
        "reference-retracted",
        "reference-superseded",
        "source-changed",
        "source-gone",
    }
)


def findings(snapshot: Snapshot, today: date) -> list[Finding]:
    works = cited_works.of(snapshot)
    of_words = [finding for check in ALL for finding in check(snapshot, today)]
    return of_words + [finding for check in OF_SOURCES for finding in check(snapshot, works, today)]
