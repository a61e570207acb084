from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from content import editions, snapshot
from content.models import Edition, Publication
from content.snapshot import Snapshot
from reviews import holding, routes
from reviews.holding import Approval, Evidence
from reviews.routes import Step


@dataclass(frozen=True)
class State:
    """All that the gate's questions look at, read once."""

    edition: Edition
    snapshot: Snapshot
    candidate: Edition | None
    live: Publication | None
    known: Evidence
    approvals: list[Approval]
    steps: list[Step]
    now: datetime

    @property
    def today(self) -> date:
        """In the house's zone."""
        return timezone.localdate(self.now)

    @property
    def medical_reviews(self) -> list[Approval]:
        """Whole-page approvals of kinds that may be a full review."""
        return [approval for approval in self.approvals if approval.signoff.kind.may_be_full]

    @property
    def is_full_review(self) -> bool:
        """It carries a whole-page medical review newer than the live publication."""
        live = self.live
        return live is None or any(approval.signoff.at > live.from_at for approval in self.medical_reviews)


def state_of(edition: Edition) -> State:
    known = holding.evidence(edition)
    return State(
        edition=edition,
        snapshot=snapshot.parsed(edition.snapshot),
        candidate=editions.candidate(edition.article),
        live=editions.live_publication(edition.article),
        known=known,
        approvals=holding.approvals(edition, known),
        steps=routes.steps(edition),
        now=timezone.now(),
    )


def seen_from(edition: Edition, state: State) -> State:
    """What is known of one edition of the article, beside another."""
    known = holding.seen_from(edition, state.known)
    return replace(
        state,
        edition=edition,
        snapshot=snapshot.parsed(edition.snapshot),
        known=known,
        approvals=holding.approvals(edition, known),
        steps=routes.steps(edition),
    )
