"""Does an access check count for what is printed? It does for the address that was opened, and the work that it led to.

Everything that prints, judges, shares or offers an access check asks here. What is printed is a Reference as a draft shows it,
an audit-trail row, or the entry of a frozen edition.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from content.citing import formatting, same_source
from content.models import AccessCheck, Article, PinnedTable, Reference
from content.models.references import work_of
from content.snapshots import pins


def counts(check: AccessCheck | None, printed: Any) -> bool:
    """Tell whether somebody opened what is printed. `printed` is a Reference, or an audit-trail row of one."""
    if check is None:
        return False
    return is_of_address(check, printed.url) and same_source.is_same_work(check.work, work_of(printed))


def counting(checks: Iterable[AccessCheck], printed: Any) -> list[AccessCheck]:
    return [check for check in checks if counts(check, printed)]


def is_of_address(check: AccessCheck, url: str) -> bool:
    return same_source.is_same_address(check.address, url)


def counts_for_entry(check: AccessCheck, entry: Mapping[str, Any], language: str) -> bool:
    """Tell whether somebody opened what an edition prints, by the entry among its references."""
    return is_of_address(check, entry["url"]) and has_words(check.work, entry, language)


def has_isbn_of(check: AccessCheck, row: Any) -> bool:
    """Tell whether it was this book that somebody looked up in print."""
    opened, now = ({"ISBN": work["ISBN"]} if "ISBN" in work else {} for work in (check.work, work_of(row)))
    return same_source.is_same_work(opened, now)


def prints(row: Any, entry: Mapping[str, Any], language: str) -> bool:
    """Tell whether a version of a reference is what an edition prints."""
    return same_source.is_same_address(row.url, entry["url"]) and has_words(work_of(row), entry, language)


def has_words(work: Mapping[str, Any], entry: Mapping[str, Any], language: str) -> bool:
    csl = json.dumps({**work, "URL": entry["url"]}, sort_keys=True)
    return printed_words(csl, language) == same_source.words("".join(entry["text"]))


@lru_cache(maxsize=5000)
def printed_words(csl: str, language: str) -> list[str]:
    # Printing a reference takes some milliseconds.
    try:
        return same_source.words("".join(formatting.formatted(json.loads(csl), language=language)))
    except ValueError:
        return []


def shown(article: Article, reference: Reference) -> Any:
    """Return the reference as the draft prints it: its audit-trail row, or the library's where the draft has none yet."""
    pinned = article.pins.filter(row_kind=PinnedTable.REFERENCE, row_key=reference.pk)
    return pins.rows_shown(pinned).get((PinnedTable.REFERENCE, reference.pk), reference)


def shown_by(article: Article) -> dict[int, Any]:
    """Return every source as the draft prints it, by the key of the reference."""
    found = pins.rows_shown(article.pins.filter(row_kind=PinnedTable.REFERENCE))
    return {key: row for (_, key), row in found.items()}


def in_library(reference: Reference) -> Any:
    """Return the newest audit-trail row of the reference: the version that pages of the library show."""
    return pins.versions(PinnedTable.REFERENCE, [reference.pk]).get(reference.pk, reference)
