"""The page frame: proposed by one person, approved by another, and public from then on."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.integrity import article_integrity
from content.models import PageFrame
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if


def propose(frame: PageFrame, *, by: User, at: datetime) -> None:
    with transaction.atomic():
        frame.proposed_by, frame.proposed_by_name, frame.proposed_at = by, str(by), at
        frame.save()
        ledger.record("propose page frame", by=by, at=at, rows=[frame], frame=frame.pk)


def approve(frame: PageFrame, *, by: User) -> None:
    with transaction.atomic():
        frame = PageFrame.objects.select_for_update().get(pk=frame.pk)
        by = permissions.fresh(by)
        refuse_if("approve page frame", article_integrity.refusals_of_house())
        refuse_if("approve page frame", approve_refusals(frame, by))
        frame.approved_by, frame.approved_by_name, frame.approved_at = by, str(by), timezone.now()
        frame.save(update_fields=list(PageFrame.settable_once))
        ledger.record("approve page frame", by=by, at=frame.approved_at, rows=[frame], frame=frame.pk)


def approve_refusals(frame: PageFrame, by: User) -> Iterator[Finding]:
    if not permissions.may(by, permissions.CHANGE_PAGE_FRAME):
        yield no_right(
            "Only publishers can approve a page frame. Ask an administrator to add you to the group “Publishers”."
        )
    if frame.approved_at:
        yield Finding("already-approved", "This page frame was already approved.")
    if frame.proposed_by_id == by.pk:
        yield Finding(
            "not-independent",
            "You proposed this page frame, so another publisher must approve it.",
            rule="A03",
        )
