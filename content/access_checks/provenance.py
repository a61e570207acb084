"""Whose access checks an edition or a draft prints, for staff. The stored bytes hold the days alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from content.models import AccessCheck, Article, Citation, Edition, Reference, Supports
from content.snapshots.snapshot import Snapshot


@dataclass(frozen=True)
class Printed:
    """A citation as the bytes have it, the check that its day comes from, and the one recorded last of its source.

    `reference` is the library's entry of today: the one kept, where the cited one was merged.
    """

    number: int
    entry: dict[str, Any]
    access: dict[str, Any]
    reference: Reference | None
    check: AccessCheck | None
    newest: AccessCheck | None

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
    return printed(content, checks_at(edition.article, edition.created_at))


def in_draft(article: Article, content: Snapshot) -> list[Printed]:
    return printed(content, dict(article.citations.values_list("reference_id", "access_check_id")))


def checks_at(article: Article, moment: datetime) -> dict[int, int | None]:
    """Return the key of the check that each source cited by the draft printed at that moment."""
    trail = Citation.history.filter(article_id=article.pk, history_date__lte=moment)
    then = {row.id: row for row in trail.order_by("history_date", "history_id")}
    return {row.reference_id: row.access_check_id for row in then.values() if row.history_type != "-"}


def printed(content: Snapshot, keys: dict[int, int | None]) -> list[Printed]:
    """Return the checks that stand behind the printed days. `keys` gives the check of each source.

    The number of queries does not grow with the number of citations.
    """
    parts = content["parts"]
    rows = references(entry["uid"] for entry in parts["references"])
    kept = {row.kept_id for row in rows.values()}
    checks = AccessCheck.objects.select_related("opened_for").in_bulk([key for key in keys.values() if key])
    newest = newest_recorded(kept)
    return [
        Printed(
            number=number,
            entry=entry,
            access=access,
            reference=(row.merged_into or row) if (row := rows.get(entry["uid"])) else None,
            check=fitting(checks.get(keys.get(row.pk) or 0), access) if row else None,
            newest=newest.get(row.kept_id) if row else None,
        )
        for number, (entry, access) in enumerate(
            zip(parts["references"], parts["access_dates"], strict=True), start=1
        )
    ]


def fitting(check: AccessCheck | None, access: dict[str, Any]) -> AccessCheck | None:
    # The audit trail is no evidence: the check counts only where the stored bytes say the same.
    said = check and (check.opened_on.isoformat() if check.opened_on else None, check.found)
    return check if said == (access["on"], access["found"]) else None


def references(uids: Iterable[str]) -> dict[str, Reference]:
    found = Reference.objects.filter(uid__in=list(uids)).select_related("merged_into")
    return {str(row.uid): row for row in found}


def newest_recorded(works: Iterable[int]) -> dict[int, AccessCheck]:
    found = AccessCheck.objects.of_works(works).select_related("reference").first_of_each_work("-pk")
    return {check.reference.kept_id: check for check in found}
