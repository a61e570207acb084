"""What somebody can do about the objections that stand against an edition."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import User
from content.models import Edition
from reviews.approvals.objections import closing_approval
from reviews.decisions import overruling
from reviews.forms import AssignForm, OverruleForm
from reviews.gate.state import State
from reviews.models import Signoff


@dataclass(frozen=True)
class OpenObjection:
    """An objection as its card shows it, with what this person may do about it."""

    objection: Signoff
    is_mine: bool
    asking: AssignForm | None
    overruling: OverruleForm | None

    @property
    def ask_by(self) -> str:
        """The day by which its author would be asked to look, in ISO form."""
        due_on = self.asking.initial.get("due_on") if self.asking else None
        return max(due_on or timezone.localdate(), timezone.localdate()).isoformat()


@dataclass(frozen=True)
class UnsentAnswer:
    """What somebody wrote against an objection that cannot be stored any more."""

    reason: str


def open_objections(
    me: User, state: State, ask_forms: list[AssignForm], bound: OverruleForm | None
) -> list[OpenObjection]:
    return [
        OpenObjection(
            objection,
            objection.signed_by_id == me.pk,
            asking(objection, ask_forms),
            overrule_form(objection, state.edition, me, bound),
        )
        for objection in state.known.objections_to(state.edition)
    ]


def asking(objection: Signoff, ask_forms: Iterable[AssignForm]) -> AssignForm | None:
    """Return the form by which the author can be asked to look at this edition, if they may still sign it."""
    return next((form for form in ask_forms if can_ask(form, objection)), None)


def can_ask(form: AssignForm, objection: Signoff) -> bool:
    step = form.step
    return (
        step.kind.code == objection.kind.code
        and step.organisation in (None, objection.organisation)
        and objection.signed_by in form.people
    )


def overrule_form(
    objection: Signoff, edition: Edition, me: User, bound: OverruleForm | None
) -> OverruleForm | None:
    if not overruling.may_overrule(objection, edition, me):
        return None
    assert me.organisation
    shown = overruling.shown_to(objection, edition, by=me, organisation=me.organisation)
    written: dict[str, Any] = {}
    if bound and bound.objection == objection.pk:
        written = {"reason": bound.data.get("reason", "")}
    return OverruleForm(
        objection=objection.pk,
        initial={"shown": shown, **written},
    )


def unsent(found: list[OpenObjection], bound: OverruleForm | None) -> UnsentAnswer | None:
    is_shown = bound and any(each.overruling and each.objection.pk == bound.objection for each in found)
    return UnsentAnswer(bound.data.get("reason", "")) if bound and not is_shown else None


def with_answers(signoffs: list[Signoff]) -> list[tuple[Signoff, Signoff | None]]:
    """Return the decisions, newest first, each objection with the approval by which its author closed it."""
    return [
        (signoff, closing_approval(signoff, signoffs) if signoff.is_objection else None)
        for signoff in reversed(signoffs)
    ]
