"""Rows the system cannot do without, written after every migration; calling it again changes nothing."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from content import ledger
from content.models import Chrome, LedgerHead


def ship_after_migrate(using: str, **kwargs: Any) -> None:
    if using == "default":
        ship()


def ship() -> None:
    with transaction.atomic():
        LedgerHead.objects.get_or_create(id=1)
        if not Chrome.objects.exists():
            ship_frame()


def ship_frame() -> None:
    now = timezone.now()
    frame = Chrome(
        site_name="Imprimatur",
        rights_line="The medical information on this site is copyrighted material.",
        usage_policy="<p>You may read and print these pages for yourself. Ask us before you reprint them elsewhere.</p>",
        proposed_by_name="shipped",
        proposed_at=now,
        approved_by_name="shipped",
        approved_at=now,
    )
    frame.save()
    ledger.record("ship", by=None, at=now, rows=[frame], what="page frame")
