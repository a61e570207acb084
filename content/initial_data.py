"""Rows the system cannot do without, written after every migration; calling it again changes nothing."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from content.models import AccessPolicy, PageFrame, Reference, ReferenceType
from content.models.reference_keys import keep_keys
from evidence import ledger
from evidence.models import LedgerHead

# What does not change once it is published need not be opened again.
LASTING = {
    ReferenceType.ARTICLE_JOURNAL, ReferenceType.CHAPTER, ReferenceType.BOOK, ReferenceType.PAPER_CONFERENCE,
}  # fmt: skip
FOLLOW_UP_AFTER_DAYS = 180
BLOCK_AFTER_DAYS = 365


def ship_after_migrate(using: str, **kwargs: Any) -> None:
    if using == "default":
        ship()


def ship() -> None:
    with transaction.atomic():
        LedgerHead.objects.get_or_create(id=1)
        if not PageFrame.objects.exists():
            ship_frame()
        ship_policies()
        ship_keys()


def ship_policies() -> None:
    # Only types of source that have none; those that somebody changed stay as they are.
    for kind in set(ReferenceType.values) - set(AccessPolicy.objects.values_list("type", flat=True)):
        lasting = kind in LASTING
        AccessPolicy(
            type=kind,
            exempt=lasting,
            follow_up_after_days=None if lasting else FOLLOW_UP_AFTER_DAYS,
            block_after_days=None if lasting else BLOCK_AFTER_DAYS,
        ).save()


def ship_keys() -> None:
    # For references that came by a way around `save`, such as a fixture.
    for reference in Reference.objects.filter(keys=None):
        keep_keys(reference)


def ship_frame() -> None:
    now = timezone.now()
    frame = PageFrame(
        site_name="Imprimatur",
        rights_line="The medical information on this site is copyrighted material.",
        usage_policy="<p>You may read and print these pages for yourself. Ask us before you reprint them elsewhere.</p>",
        proposed_by_name="shipped",
        proposed_at=now,
        approved_by_name="shipped",
        approved_at=now,
    )
    frame.save()
    ledger.record("load initial data", by=None, at=now, rows=[frame], what="page frame")
