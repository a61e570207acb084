"""Did those sign who must?"""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from content.snapshots.snapshot import PARTS
from evidence.findings import Finding, Severity
from reviews.approvals import routes, validity
from reviews.approvals.routes import Step
from reviews.approvals.validity import Approval
from reviews.gate.state import State
from reviews.models import Conflict, Decision, Late, Signoff


def for_step(step: Step, approvals: list[Approval]) -> list[Approval]:
    """List approvals of the step's kind and organisation that cover everything the kind covers today."""
    return [
        approval
        for approval in approvals
        if approval.signoff.kind.code == step.kind.code
        and step.organisation in (None, approval.signoff.organisation)
        and set(step.kind.covers) <= approval.signoff.covered.keys()
    ]


def is_fulfilled(step: Step, approvals: list[Approval]) -> bool:
    return (
        len({approval.signoff.signed_by_id for approval in for_step(step, approvals)}) >= step.kind.how_many
    )


def every_step_is_signed(state: State) -> Iterator[Finding]:
    for step in state.steps:
        asks_for_changes = validity.requests_for_changes(state.edition, step.kind.code, state.known)
        if is_fulfilled(step, state.approvals) or asks_for_changes:
            continue
        severity = Severity.BLOCKER
        if step.when_late == Late.WITHOUT and routes.is_late(step, state.edition):
            severity = Severity.FOLLOW_UP
        rule = "A02" if step.kind.may_be_full else "A01"
        fix = reverse("edition", args=[state.edition.pk])
        yield Finding(
            f"{step.kind.code}-missing", why_missing(step, state), severity, rule, subject_of(step), fix
        )


def subject_of(step: Step) -> str:
    return f"{step.kind.code} {step.organisation.code}" if step.organisation else step.kind.code


def why_missing(step: Step, state: State) -> str:
    signed = len({a.signoff.signed_by_id for a in for_step(step, state.approvals)})
    if signed:
        return f"{step.words}: {signed} of {step.kind.how_many} people have signed."
    earlier = newest_approval(step, state)
    return f"{step.words}: {why_lapsed(earlier, step, state) if earlier else 'nobody has signed yet.'}"


def why_lapsed(earlier: Signoff, step: Step, state: State) -> str:
    who = earlier.signature()
    if validity.is_withdrawn(earlier):
        return f"{who} withdrew the approval of edition {earlier.edition.number}."
    if earlier.kind.independent and earlier.signed_by_id in state.known.writers:
        return f"{who} helped to write this edition, so this approval does not count."
    if not set(step.kind.covers) <= earlier.covered.keys():
        return (
            f"{who} signed an earlier version of this sign-off, which covered less. It must be signed again."
        )
    if earlier.edition_id != state.edition.pk:
        return f"{who} signed edition {earlier.edition.number}, and what this sign-off covers has changed since then."
    return f"{who}'s approval is no longer valid."


def newest_approval(step: Step, state: State) -> Signoff | None:
    wanted = [
        signoff
        for signoff in state.known.signoffs
        if signoff.kind.code == step.kind.code
        and signoff.decision == Decision.APPROVE
        and step.organisation in (None, signoff.organisation)
    ]
    return wanted[-1] if wanted else None


def nobody_asks_for_changes(state: State) -> Iterator[Finding]:
    for objection in state.known.objections_to(state.edition):
        fix = f"{reverse('edition', args=[state.edition.pk])}#objection-{objection.pk}"
        subject = f"{objection.kind.code} {objection.pk}"
        yield Finding(
            "changes-requested", why_objected(objection, state), rule="A33", subject=subject, fix=fix
        )


def why_objected(objection: Signoff, state: State) -> str:
    other = objection.edition_id != state.edition.pk
    to_which = f" to edition {objection.edition.number}" if other else ""
    return f"{objection.signature()} requested changes{to_which} ({objection.kind}): {objection.reason}"


def is_said_already(state: State) -> bool:
    # Where a sign-off is missing or a change is wanted, the floor below the routes would only repeat it.
    missing = any(finding.severity == Severity.BLOCKER for finding in every_step_is_signed(state))
    return missing or any(nobody_asks_for_changes(state))


def every_part_is_covered(state: State) -> Iterator[Finding]:
    # Below all routes: whatever a route forgets, no part goes out unsigned.
    if is_said_already(state):
        return
    covered = {part for approval in state.approvals for part in approval.signoff.covered}
    for part in PARTS:
        if part not in covered:
            name = part.replace("_", " ")
            words = f"No valid approval covers this part of the edition: {name}. Ask for a sign-off that covers it."
            yield Finding(
                "part-unsigned",
                words,
                rule="A01",
                subject=part,
                fix=reverse("edition", args=[state.edition.pk]),
            )


def whole_page_has_a_medical_review(state: State) -> Iterator[Finding]:
    if not state.medical_reviews and not is_said_already(state):
        words = "No medical review of the whole page is valid for this edition. Ask for one."
        yield Finding(
            "no-full-medical-review", words, rule="A02", fix=reverse("edition", args=[state.edition.pk])
        )


def somebody_independent_signed(state: State) -> Iterator[Finding]:
    if (
        state.approvals
        and not is_said_already(state)
        and all(approval.signoff.signed_by_id in state.known.writers for approval in state.approvals)
    ):
        words = (
            "Everybody who signed this edition also wrote part of it. At least one approval must come from "
            "somebody who wrote none of it."
        )
        yield Finding(
            "nobody-independent", words, rule="A03", fix=reverse("edition", args=[state.edition.pk])
        )


def signers_were_asked_for_interests(state: State) -> Iterator[Finding]:
    for approval in state.approvals:
        signoff = approval.signoff
        if signoff.conflict == Conflict.NEVER_ASKED:
            words = (
                f"{signoff.signature()} was never asked about conflicts of interest. Ask for a new sign-off."
            )
            fix = reverse("edition", args=[state.edition.pk])
            yield Finding(
                "conflict-never-asked", words, rule="A04", subject=f"sign-off {signoff.pk}", fix=fix
            )


def reviews_are_within_their_term(state: State) -> Iterator[Finding]:
    for step in state.steps:
        own = for_step(step, state.approvals)
        months = step.kind.term_months
        ended_on = overdue_since(own[-1], months) if own and months else state.today
        if ended_on < state.today:
            words = (
                f"{step.words} is overdue: it was signed more than {months} months ago. Ask for a new one."
            )
            fix = reverse("edition", args=[state.edition.pk])
            yield Finding(
                "review-overdue",
                words,
                rule="A02",
                subject=subject_of(step),
                fix=fix,
                due_on=ended_on.isoformat(),
            )


def overdue_since(approval: Approval, months: int) -> date:
    """Return the day on which the approval's term ends, or the last of the month where that day does not exist."""
    signed = timezone.localdate(approval.signoff.signed_at)
    years, month = divmod(signed.month - 1 + months, 12)
    for day in range(signed.day, 27, -1):
        try:
            return date(signed.year + years, month + 1, day)
        except ValueError:
            continue
    return date(signed.year + years, month + 1, signed.day)
