"""The page of an edition: all that somebody needs to see before they decide."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts import permissions
from accounts.models import User
from content import differences
from content.access_checks import provenance
from content.admin.requests import person
from content.models import Act, Edition
from content.public import pages
from evidence.findings import Severity
from reviews import gate, statements
from reviews.approvals import routes, validity
from reviews.approvals.routes import Step
from reviews.approvals.validity import Approval
from reviews.decisions import minor_changes, reference_rulings, signing
from reviews.desk import desk
from reviews.desk.article_status import standing
from reviews.forms import AssignForm, OverruleForm, SignForm
from reviews.gate.signatures import for_step, is_fulfilled, why_missing
from reviews.gate.state import State
from reviews.models import ReferenceRuling, Ruling, Signoff
from reviews.statements import Around
from reviews.views import open_objections
from reviews.views.access import page


@dataclass(frozen=True)
class StepRow:
    """A line of the table of sign-offs."""

    step: Step
    approvals: list[tuple[Approval, str]]
    is_fulfilled: bool
    asked: list[Any]
    ask_form: AssignForm | None
    why: str
    changes_wanted: bool


def edition_page(
    request: HttpRequest,
    shown: Edition,
    *,
    bound: SignForm | None = None,
    asking: AssignForm | None = None,
    answering: OverruleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page of an edition.

    `bound`, `asking` and `answering` are forms that were refused; they come back with what was typed.
    """
    state = gate.state_of(shown)
    everything = gate.findings(shown, state)
    around = statements.around(shown)
    forms = sign_forms(person(request), state, around, bound)
    before = since(state, forms)
    rows = step_rows(request, state, asking)
    ask_forms = [row.ask_form for row in rows if row.ask_form]
    objections = open_objections.open_objections(person(request), state, ask_forms, answering)
    context = {
        "title": f"{shown.article.title}: edition {shown.number}",
        "edition": shown,
        "article": shown.article,
        "page": pages.of_edition(shown, pages.Facts(number=shown.number)),
        "parts": state.snapshot["parts"],
        "blockers": [f for f in everything if f.severity == Severity.BLOCKER],
        "follow_ups": [f for f in everything if f.severity == Severity.FOLLOW_UP],
        "standing": standing(shown.article),
        "rows": rows,
        "objections": objections,
        "objected": {each.objection.pk for each in objections},
        "unsent_answer": open_objections.unsent(objections, answering),
        "decisions": open_objections.with_answers(state.known.signoffs),
        "holding": {approval.signoff.pk for approval in state.approvals},
        "submissions": shown.submissions.prefetch_related("contributors"),
        "is_candidate": state.candidate == shown,
        "candidate": state.candidate,
        "live": state.live,
        "is_live": bool(state.live and state.live.edition_id == shown.pk),
        "since": before,
        "can_take_back": state.candidate == shown and request.user.has_perm(permissions.SUBMIT_EDITION),
        "take_back_note": request.POST.get("note", ""),
        "can_publish": request.user.has_perm(permissions.PUBLISH_EDITION),
        "changes": changes(state, before),
        "newer": newer(state),
        "sources": provenance.in_edition(shown, state.snapshot),
        "may_open": request.user.has_perms([permissions.ADD_ACCESS_CHECK, permissions.CHANGE_ARTICLE]),
        "rulings": state.known.rulings,
        "rulable": minor_changes.open_to(shown, person(request), state.known, around),
        "reprinted": reference_rulings.open_to(person(request), shown, before),
        "withdrawable": withdrawable(request, state),
        **for_the_reader(person(request), state, forms, bound),
    }
    return page(request, "reviews/edition/edition.html", context, status)


def for_the_reader(me: User, state: State, forms: list[SignForm], bound: SignForm | None) -> dict[str, Any]:
    """Return what is asked of this person, and what they wrote where it cannot be stored here any more."""
    return {
        "forms": forms,
        "unsent": bound if bound not in forms else None,
        "asked_of_me": desk.to_sign(state.edition, me, state) if forms else [],
        "organisation_missing": me.organisation_id is None and bool(signing.kinds_open_to(me, state.edition)),
        "notes": state.edition.submissions.filter(act=Act.SUBMITTED).exclude(note=""),
    }


def withdrawable(request: HttpRequest, state: State) -> set[int]:
    """Return the keys of the decisions this person may take back."""
    may_any = request.user.has_perm(permissions.PUBLISH_EDITION)
    return {
        signoff.pk
        for signoff in state.known.signoffs
        if signoff.signed_by_id == request.user.pk or (may_any and not signoff.is_objection)
    }


def since(state: State, forms: list[SignForm]) -> Edition | None:
    """Return what a reviewer compares with: what their organisation approved, else the live edition, else the one
    before.
    """
    approved = [form.start for form in forms if form.start]
    if approved:
        return approved[0]
    if state.live and state.live.edition_id != state.edition.pk:
        return state.live.edition
    return (
        Edition.objects.filter(article=state.edition.article_id, number__lt=state.edition.number)
        .order_by("-number")
        .first()
    )


def changes(state: State, before: Edition | None) -> differences.Difference | None:
    return differences.between_stored(before.snapshot, state.edition.snapshot) if before else None


def newer(state: State) -> differences.Difference | None:
    # For somebody who still reads an edition that is not the newest.
    if state.candidate is None or state.candidate.number <= state.edition.number:
        return None
    return differences.between_stored(state.edition.snapshot, state.candidate.snapshot)


def step_rows(request: HttpRequest, state: State, asking: AssignForm | None) -> list[StepRow]:
    asked = list(state.edition.assignments.select_related("person", "organisation"))
    may_ask = state.candidate == state.edition and request.user.has_perm(permissions.ASSIGN_SIGNOFF)
    rows = []
    for step in state.steps:
        own = [a for a in asked if a.kind_id == step.kind.code and a.organisation == step.organisation]
        done = is_fulfilled(step, state.approvals)
        form = ask_form(step, state, asking) if may_ask and not done else None
        wanted = validity.requests_for_changes(state.edition, step.kind.code, state.known)
        why = "" if done else why_open(step, state, wanted)
        signed = [(each, why_valid(each)) for each in for_step(step, state.approvals)]
        rows.append(StepRow(step, signed, done, own, form, why, bool(wanted)))
    return rows


def why_valid(approval: Approval) -> str:
    """Say how an approval of another edition came to be valid for this one."""
    said = {
        Ruling: "was ruled minor",
        ReferenceRuling: "of a source was ruled to change nothing",
        Signoff: "was reviewed",
    }
    ways = list(dict.fromkeys(said[type(bridge.by)] for bridge in approval.bridges))
    return f"the change {' and '.join(ways)}" if ways else "what it covers has not changed"


def ask_form(step: Step, state: State, asking: AssignForm | None) -> AssignForm:
    if asking and asking.step == step:
        return asking
    return AssignForm(
        edition=state.edition, step=step, initial={"due_on": routes.due_on(step, state.edition)}
    )


def why_open(step: Step, state: State, wanted: list[Signoff]) -> str:
    if wanted:
        return f"{wanted[-1].signature()} requested changes."
    return why_missing(step, state).removeprefix(f"{step.words}: ")


def sign_forms(me: User, state: State, around: Around, bound: SignForm | None) -> list[SignForm]:
    # A form for each kind this person may sign here; what they posted stays in theirs.
    if not routes.is_signable(state.edition) or me.organisation is None:
        return []
    forms = []
    for kind in signing.kinds_open_to(me, state.edition):
        if bound and bound.kind.code == kind.code:
            forms.append(bound)
        else:
            stated = signing.shown_to(state.edition, kind, by=me, organisation=me.organisation, around=around)
            start = signing.start_for(state.edition, kind.code, me.organisation, state.known)
            forms.append(SignForm(kind=kind, shown=stated, start=start))
    asked = {step.kind.code for step in state.steps}
    return sorted(forms, key=lambda form: form.kind.code not in asked)
