"""Whose access checks an edition or a draft prints, for staff. The stored bytes hold the days alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from content.models import AccessCheck, Article, Citation, Edition, Reference, Supports
from content.snapshots import access
from content.snapshots.snapshot import Snapshot


@dataclass(frozen=True)
class Printed:
    """A citation as the bytes have it, the check that its day comes from, and the one recorded last of its source as it
    is printed there.

    `version` is the audit-trail row that the draft prints, where it prints the same.

    `reference` is the library's entry of today: the one kept, where the cited one was merged. `recorded` is the key of
    the check recorded last of it, of whatever version.
    """

    number: int
    entry: dict[str, Any]
    access: dict[str, Any]
    reference: Reference | None
    check: AccessCheck | None
    newest: AccessCheck | None
    recorded: int | None
    version: int | None

    @property
    def is_shared(self) -> bool:
        return bool(self.access.get("shared"))

    @property
    def says_no(self) -> bool:
        """Whoever opened it found that it does not support the article."""
        return bool(self.access.get("supports") == Supports.NO)

    @property
    def says_nothing(self) -> bool:
        """It was opened, and nobody said whether it supports the article."""
        return bool(self.access.get("found")) and self.access.get("supports") not in (
            Supports.YES,
            Supports.NO,
        )

    @property
    def is_newest(self) -> bool:
        return self.newest == self.check


def in_edition(edition: Edition, content: Snapshot) -> list[Printed]:
    """Return the checks that the draft printed when the edition was frozen, as the audit trail has them."""
    return printed(edition.article, content, checks_at(edition.article, edition.created_at))


def in_draft(article: Article, content: Snapshot) -> list[Printed]:
    return printed(article, content, dict(article.citations.values_list("reference_id", "access_check_id")))


def checks_at(article: Article, moment: datetime) -> dict[int, int | None]:
    """Return the key of the check that each source cited by the draft printed at that moment."""
    trail = Citation.history.filter(article_id=article.pk, history_date__lte=moment)
    then = {row.id: row for row in trail.order_by("history_date", "history_id")}
    return {row.reference_id: row.access_check_id for row in then.values() if row.history_type != "-"}


def printed(article: Article, content: Snapshot, keys: dict[int, int | None]) -> list[Printed]:
    """Return the checks that stand behind the printed days. `keys` gives the check of each source.

    The number of queries does not grow with the number of citations.
    """
    parts = content["parts"]
    rows = references(entry["uid"] for entry in parts["references"])
    kept = {row.kept_id for row in rows.values()}
    checks = AccessCheck.objects.select_related("opened_for").in_bulk([key for key in keys.values() if key])
    newest = newest_recorded(kept)
    language, shown = content["language"], access.shown_by(article)
    return [
        Printed(
            number=number,
            entry=entry,
            access=day,
            reference=(row.merged_into or row) if (row := rows.get(entry["uid"])) else None,
            check=fitting(checks.get(keys.get(row.pk) or 0), entry, day) if row else None,
            newest=newest_of(newest[row.kept_id], entry, language) if row else None,
            version=version_of(shown.get(row.kept_id), entry, language) if row else None,
            recorded=newest[row.kept_id][0].pk if row and newest[row.kept_id] else None,
        )
        for number, (entry, day) in enumerate(
            zip(parts["references"], parts["access_dates"], strict=True), start=1
        )
    ]


def fitting(check: AccessCheck | None, entry: dict[str, Any], day: dict[str, Any]) -> AccessCheck | None:
    # The audit trail is no evidence: the check counts only where the stored bytes say the same.
    said = check and (check.opened_on.isoformat() if check.opened_on else None, check.found)
    is_it = check and said == (day["on"], day["found"]) and access.is_of_address(check, entry["url"])
    return check if is_it else None


def version_of(shown: Any, entry: dict[str, Any], language: str) -> int | None:
    if shown is None or not access.prints(shown, entry, language):
        return None
    return int(shown.history_id)


def newest_of(checks: list[AccessCheck], entry: dict[str, Any], language: str) -> AccessCheck | None:
    return next((check for check in checks if access.counts_for_entry(check, entry, language)), None)


def references(uids: Iterable[str]) -> dict[str, Reference]:
    found = Reference.objects.filter(uid__in=list(uids)).select_related("merged_into")
    return {str(row.uid): row for row in found}


def newest_recorded(works: Iterable[int]) -> dict[int, list[AccessCheck]]:
    """Return of each work the checks recorded last of each of its versions, the newest first."""
    found = AccessCheck.objects.of_works(works).select_related("reference").first_of_each_version("-pk")
    checks: dict[int, list[AccessCheck]] = defaultdict(list)
    for check in sorted(found, key=lambda check: check.pk, reverse=True):
        checks[check.reference.kept_id].append(check)
    return checks
