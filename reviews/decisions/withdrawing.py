"""Taking a sign-off or a ruling back. The row stays; a further one says that it no longer counts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content import outbox
from content.editions import current
from content.library import usage
from content.models import Article, Edition, Notice, NoticeKind
from content.public import pages
from content.snapshots.snapshot import PARTS
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if
from reviews.approvals import earned, validity
from reviews.models import DecisionWithdrawal, KindVersion, ReferenceRuling, Ruling, Signoff


def withdraw(decision: Signoff | Ruling, *, by: User, reason: str) -> DecisionWithdrawal:
    """Withdraw a decision.

    Where the live page rested on it, the page loses the phrase or the date at once, and says so.
    """
    with transaction.atomic():
        edition = edition_of(decision)
        article = Article.objects.select_for_update().get(pk=edition.article_id)
        by = permissions.fresh(by)
        decision = type(decision)._default_manager.get(pk=decision.pk)
        refuse_if("withdraw decision", refusals(decision, by=by, reason=reason))
        at = timezone.now()
        row = DecisionWithdrawal(reason=reason, withdrawn_by=by, withdrawn_by_name=str(by), withdrawn_at=at)
        if isinstance(decision, Signoff):
            row.signoff = decision
        else:
            row.ruling = decision
        row.save()
        notice = notice_on_live_page(article, decision.kind, by=by, at=at)
        tell(article, edition, decision, reason, at)
        facts = {"edition": edition.number, "kind": decision.kind.code, "reason": reason}
        rows = [row, notice] if notice else [row]
        ledger.record("withdraw decision", by=by, at=at, article_uid=article.uid, rows=rows, **facts)
        return row


def withdraw_from_reference(ruling: ReferenceRuling, *, by: User, reason: str) -> DecisionWithdrawal:
    """Withdraw a ruling on a work.

    Every live page that an approval reached by it loses the phrase or the date at once, and says so.
    """
    row = None
    while row is None:
        row = withdrawn_from_pages(ruling, by=by, reason=reason)
    return row


def withdrawn_from_pages(ruling: ReferenceRuling, *, by: User, reason: str) -> DecisionWithdrawal | None:
    """Withdraw the ruling from its pages.

    It returns None where another page that cites the work became public before publishing could be locked.
    """
    with transaction.atomic():
        articles = live_pages(ruling)
        # Publishing waits for this lock, under that of its article: see `publishing.rulings_stay`.
        ruling = (
            ReferenceRuling.objects.select_for_update(of=("self",)).select_related("kind").get(pk=ruling.pk)
        )
        seen = {article.pk for article in articles}
        if any(page.article_id not in seen for page in usage.publications(ruling.reference)):
            return None
        by = permissions.fresh(by)
        refuse_if("withdraw decision", refusals(ruling, by=by, reason=reason))
        at = timezone.now()
        row = DecisionWithdrawal(
            reference_ruling=ruling,
            reason=reason,
            withdrawn_by=by,
            withdrawn_by_name=str(by),
            withdrawn_at=at,
        )
        row.save()
        facts: dict[str, Any] = {"kind": ruling.kind.code, "reason": reason}
        uid = str(ruling.reference.uid)
        ledger.record("withdraw decision", by=by, at=at, rows=[row], reference=uid, **facts)
        for article in articles:
            # An event for each page: its own ledger tells whether what it shows is as it was written.
            if notice := notice_on_live_page(article, ruling.kind, by=by, at=at):
                ledger.record("notice", by=by, at=at, article_uid=article.uid, rows=[notice], **facts)
        return row


def live_pages(ruling: ReferenceRuling) -> list[Article]:
    # Locked in the order in which everybody locks them.
    pages = usage.publications(ruling.reference)
    return list(Article.objects.select_for_update().filter(publications__in=pages).order_by("pk"))


def edition_of(decision: Signoff | Ruling) -> Edition:
    return decision.edition if isinstance(decision, Signoff) else decision.to_edition


def refusals(decision: Signoff | Ruling | ReferenceRuling, *, by: User, reason: str) -> Iterator[Finding]:
    if decision.signed_by_id != by.pk and is_objection(decision):
        yield no_right(
            f"Only {decision.printed_name} can withdraw this request for changes. Ask them to look at the newest edition, or "
            f"ask somebody who may sign the {decision.kind.name.lower()}, and wrote none of it, to overrule it with a reason."
        )
    elif decision.signed_by_id != by.pk and not permissions.may(by, permissions.PUBLISH_EDITION):
        yield no_right("Only the person who made a decision, or a publisher, can withdraw it.")
    if validity.is_withdrawn(decision):
        yield Finding("already-withdrawn", "This decision was already withdrawn.")
    if not reason.strip():
        yield Finding("reason-missing", "Give the reason. The editors read it, and it stays on record.")


def is_objection(decision: Signoff | Ruling | ReferenceRuling) -> bool:
    return isinstance(decision, Signoff) and decision.is_objection


def notice_on_live_page(article: Article, kind: KindVersion, *, by: User, at: datetime) -> Notice | None:
    """Put a notice on the live page if its credit or its review is no longer true, or if nobody has signed a part of
    it now.

    A withdrawal only ever takes away: what was signed, asked for or written since the page was published does not
    count.
    """
    live = current.live_publication(article)
    if live is None:
        return None
    shown = pages.facts_of(live)
    approvals = validity.approvals(live.edition, validity.evidence(live.edition, until=live.from_at))
    credit = earned.credit(approvals)
    reviewed_on, is_before_minor = earned.last_medical_review(approvals)
    said = (shown.credit, shown.last_medical_review_on, shown.before_minor_corrections)
    signed = {part for approval in approvals for part in approval.signoff.covered}
    if (credit, reviewed_on, is_before_minor) == said and signed >= set(PARTS):
        return None
    notice = Notice(
        publication=live,
        kind=NoticeKind.SIGNOFF_WITHDRAWN,
        text=f"The {kind.name.lower()} of this page was withdrawn and is being renewed.",
        credit=credit,
        last_medical_review_on=reviewed_on,
        before_minor_corrections=is_before_minor,
        recorded_by=by,
        recorded_by_name=str(by),
        recorded_at=at,
    )
    notice.save()
    return notice


def tell(article: Article, edition: Edition, decision: Signoff | Ruling, reason: str, at: datetime) -> None:
    people_model = get_user_model()._default_manager
    told = people_model.filter(
        Q(pk=article.owner_id) | Q(groups__name="Publishers"), is_active=True
    ).distinct()
    outbox.notify(
        told,
        subject=f"{decision.kind} withdrawn: {article.title}",
        body=f"The {str(decision.kind).lower()} of {decision.printed_name} for edition {edition.number} of “{article.title}” "
        f"was withdrawn. Reason: {reason}",
        path=reverse("edition", args=[edition.pk]),
        at=at,
    )
