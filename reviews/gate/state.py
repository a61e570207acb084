from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from content.editions import current
from content.models import Edition, Publication
from content.snapshots import snapshot
from content.snapshots.snapshot import Snapshot
from reviews.approvals import routes, validity
from reviews.approvals.routes import Step
from reviews.approvals.validity import Approval, Evidence


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
        # The day in the house's time zone.
        return timezone.localdate(self.now)

    @property
    def medical_reviews(self) -> list[Approval]:
        return [approval for approval in self.approvals if approval.signoff.kind.may_be_full]

    @property
    def is_full_review(self) -> bool:
        """Tell whether the edition carries a whole-page medical review newer than the live publication."""
        live = self.live
        return live is None or any(
            approval.signoff.signed_at > live.from_at for approval in self.medical_reviews
        )


def state_of(edition: Edition) -> State:
    known = validity.evidence(edition)
    return State(
        edition=edition,
        snapshot=snapshot.parsed(edition.snapshot),
        candidate=current.candidate(edition.article),
        live=current.live_publication(edition.article),
        known=known,
        approvals=validity.approvals(edition, known),
        steps=routes.steps(edition),
        now=timezone.now(),
    )


def seen_from(edition: Edition, state: State) -> State:
    """Return what is known of one edition of the article as it bears on another."""
    known = validity.seen_from(edition, state.known)
    return replace(
        state,
        edition=edition,
        snapshot=snapshot.parsed(edition.snapshot),
        known=known,
        approvals=validity.approvals(edition, known),
        steps=routes.steps(edition),
    )
