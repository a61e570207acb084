"""What approvals that hold earn: the credit, and the dates."""

from datetime import date, datetime

from django.utils import timezone

from accounts.models import Organisation
from content.models import Edition, Publication
from reviews.approvals.credit import Earned, sentence
from reviews.approvals.validity import Approval

# A refreshed access date or a note to readers is no revision of the article.
NOT_A_REVISION = frozenset({"access_dates", "public_note"})


def house() -> Organisation | None:
    return Organisation.objects.filter(is_publishing=True).first()


def credit(approvals: list[Approval]) -> str:
    """Write the credit of these approvals. It is empty where nobody signed, or where the house has no name."""
    publisher = house()
    if publisher is None:
        return ""
    return sentence(publisher.in_credit, [earned_by(approval) for approval in approvals])


def earned_by(approval: Approval) -> Earned:
    signoff = approval.signoff
    return Earned(signoff.organisation_in_credit, signoff.kind.earns, signoff.organisation_is_publishing)


def last_revised_on(edition: Edition, live: Publication | None, now: datetime) -> date:
    """Return the day, in the house's time zone, on which what is public last changed."""
    if live is not None and revised_parts(edition) == revised_parts(live.edition):
        return live.last_revised_on
    return timezone.localdate(now)


def revised_parts(edition: Edition) -> dict[str, str]:
    return {part: digest for part, digest in edition.parts.items() if part not in NOT_A_REVISION}


def last_medical_review(approvals: list[Approval]) -> tuple[date | None, bool]:
    """Return the day of the newest full medical review that holds, and whether minor corrections came after it."""
    reviews = [approval for approval in approvals if approval.signoff.kind.may_be_full]
    if not reviews:
        return None, False
    newest = max(reviews, key=lambda approval: approval.signoff.signed_at)
    return timezone.localdate(newest.signoff.signed_at), newest.before_minor_corrections
