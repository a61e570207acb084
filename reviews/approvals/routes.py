"""What an edition needs: the most particular route that fits its listing, and the society it is co-branded with."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Organisation
from content.editions import current
from content.models import Act, Edition, Submission
from content.snapshots import snapshot
from reviews.models import ApprovalRoute, KindVersion, Late

CONTRIBUTION = "contribution"
USUAL_DAYS = 14


@dataclass(frozen=True)
class Step:
    """One sign-off that is needed."""

    kind: KindVersion
    organisation: Organisation | None
    order: int = 1
    days: int = USUAL_DAYS
    when_late: str = Late.WAIT

    @property
    def words(self) -> str:
        return f"{self.kind.name} on behalf of {self.organisation}" if self.organisation else self.kind.name


def submission_of(edition: Edition) -> Submission | None:
    return edition.submissions.filter(act=Act.SUBMITTED).order_by("-pk").first()


def route_for(edition: Edition) -> ApprovalRoute | None:
    content = snapshot.parsed(edition.snapshot)
    listing = content["parts"]["listing"]
    submission = submission_of(edition)
    facts = {
        "type": listing["type"],
        "condition": listing["condition"],
        "language": content["language"],
        "co_branded_with": listing["co_branded_with"],
        "change": submission.change if submission else "",
    }
    fitting = [
        r for r in ApprovalRoute.objects.select_related("condition", "co_branded_with") if fits(r, facts)
    ]
    return max(fitting, key=lambda route: (len(asked_by(route)), -route.pk), default=None)


def asked_by(route: ApprovalRoute) -> dict[str, str]:
    asked = {
        "type": route.type,
        "condition": route.condition.name if route.condition else "",
        "language": route.language,
        "co_branded_with": route.co_branded_with.code if route.co_branded_with else "",
        "change": route.change,
    }
    return {name: value for name, value in asked.items() if value}


def fits(route: ApprovalRoute, facts: dict[str, str]) -> bool:
    asked = asked_by(route)
    # An edition keeps the name that its condition had; a name corrected since must not lose it its route.
    if route.condition and facts["condition"] in route.condition.history.values_list("name", flat=True):
        asked["condition"] = facts["condition"]
    return all(facts[name] == value for name, value in asked.items())


def steps(edition: Edition) -> list[Step]:
    """List the sign-offs the edition needs, in the order they are asked for.

    A co-branded article always needs its partner, even if the route forgot it.
    """
    newest = {kind.code: kind for kind in KindVersion.objects.select_related("may_sign").current()}
    route = route_for(edition)
    rows = route.steps.select_related("organisation") if route else []
    found = [
        Step(newest[r.kind_id], r.organisation, r.position, r.days, r.when_late)
        for r in rows
        if r.kind_id in newest
    ]
    partner = snapshot.parsed(edition.snapshot)["parts"]["listing"]["co_branded_with"]
    if partner and all(step.organisation is None or step.organisation.code != partner for step in found):
        found.append(Step(newest[CONTRIBUTION], Organisation.objects.get(code=partner)))
    return sorted(found, key=lambda step: (step.order, step.kind.position))


def due_on(step: Step, edition: Edition) -> date:
    submission = submission_of(edition)
    start = timezone.localdate(submission.recorded_at) if submission else timezone.localdate()
    return start + timedelta(days=step.days)


def is_late(step: Step, edition: Edition) -> bool:
    return timezone.localdate() > due_on(step, edition)


def is_signable(edition: Edition) -> bool:
    # Only what is submitted or public now can be signed.
    live = current.live_publication(edition.article)
    return current.candidate(edition.article) == edition or (
        live is not None and live.edition_id == edition.pk
    )
