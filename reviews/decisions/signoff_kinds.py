"""Changing a sign-off kind: a further version; sign-offs of the earlier ones stay what they were."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.integrity import article_integrity
from content.snapshots.snapshot import PARTS
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if
from evidence.models import LedgerHead
from reviews.models import KindVersion, SignoffKind

CHANGEABLE = (
    "name", "position", "meaning", "may_sign", "covers", "independent", "may_be_full", "may_be_ruled_minor",
    "how_many", "term_months", "earns",
)  # fmt: skip


def revise(code: str, *, by: User, **columns: Any) -> KindVersion:
    """Store the newest version with these columns changed as a further version. A new code begins a new kind."""
    with transaction.atomic():
        # Nothing of a kind can be locked before its first row is there; the head of the ledger always is.
        LedgerHead.objects.select_for_update().get()
        by = permissions.fresh(by)
        refuse_if("change sign-off kind", article_integrity.refusals_of_house())
        newest = KindVersion.objects.filter(kind=code).order_by("-version").first()
        before = {name: getattr(newest, name) for name in CHANGEABLE} if newest else {}
        wanted = {**before, **columns}
        refuse_if(
            "change sign-off kind", [*refusals(by, wanted, is_same=wanted == before), *floor(newest, wanted)]
        )
        at = timezone.now()
        version = newest.version + 1 if newest else 1
        SignoffKind.objects.get_or_create(code=code)
        who = {"recorded_by": by, "recorded_by_name": str(by)}
        kind = KindVersion(kind_id=code, version=version, recorded_at=at, **who, **wanted)
        kind.save()
        ledger.record("change sign-off kind", by=by, at=at, rows=[kind], kind=code, version=version)
        return kind


def floor(newest: KindVersion | None, wanted: dict[str, Any]) -> Iterator[Finding]:
    # A review that was independent stays so: one person's change must not let writers review themselves.
    if newest and newest.independent and not wanted["independent"]:
        words = f"The {newest.name.lower()} must stay independent. For sign-offs without independence, add another kind."
        yield Finding("independence-kept", words, rule="A03")


def refusals(by: User, wanted: dict[str, Any], *, is_same: bool) -> Iterator[Finding]:
    if not permissions.may(by, permissions.ADD_KIND):
        yield no_right("Only administrators can change a sign-off kind.")
    if is_same:
        yield Finding("nothing-changed", "You changed nothing, so no new version was made.")
    unknown = sorted(set(wanted.get("covers", ())) - set(PARTS))
    if unknown:
        yield Finding("part-unknown", f"There is no part called {', '.join(unknown)}.")
    if wanted.get("how_many", 1) < 1:
        yield Finding("nobody-asked", "A sign-off kind needs at least one signer.")
    if not wanted.get("covers"):
        yield Finding("covers-nothing", "A sign-off kind must cover at least one part.")
