"""The page of an edition: read it, see what stands between it and the public, and decide."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from content import differences, editions, refusals, snapshot
from content.findings import Refused, Severity
from content.models import Edition
from content.public import pages
from reviews import assigning, gate, routes, signing
from reviews.forms import AssignForm, SignForm
from reviews.gate.people import for_step, is_fulfilled
from reviews.gate.state import State
from reviews.holding import Approval
from reviews.models import KindVersion, Signoff
from reviews.routes import Step
from reviews.views.access import page, person, staff_page, status_of, tell


@dataclass(frozen=True)
class StepRow:
    """A line of the table of sign-offs."""

    step: Step
    approvals: list[Approval]
    is_fulfilled: bool
    asked: list[Any]
    ask_form: AssignForm | None


def found(pk: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("article"), pk=pk)


@staff_page()
@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    return edition_page(request, found(pk))


def edition_page(
    request: HttpRequest, shown: Edition, *, bound: SignForm | None = None, status: int = 200
) -> HttpResponse:
    state = gate.state_of(shown)
    everything = gate.findings(shown)
    live = state.live
    context = {
        "title": f"{shown.article.title}: edition {shown.number}",
        "edition": shown,
        "article": shown.article,
        "page": pages.of_edition(shown, pages.Facts(number=shown.number)),
        "blockers": [f for f in everything if f.severity == Severity.BLOCKER],
        "debts": [f for f in everything if f.severity == Severity.DEBT],
        "rows": step_rows(request, state),
        "forms": sign_forms(request, state, bound),
        "decisions": list(state.known.signoffs),
        "holding": {approval.signoff.pk for approval in state.approvals},
        "submissions": shown.submissions.prefetch_related("contributors"),
        "is_candidate": state.candidate == shown,
        "candidate": state.candidate,
        "live": live,
        "is_live": bool(live and live.edition_id == shown.pk),
        "since": since(state),
        "can_take_back": state.candidate == shown and request.user.has_perm(editions.SUBMIT),
        "can_publish": request.user.has_perm("content.publish_edition"),
        "changes": changes(state),
        "newer": newer(state),
    }
    return page(request, "reviews/edition.html", context, status)


def since(state: State) -> Edition | None:
    """What a reviewer compares with: the live edition, else the one before."""
    if state.live and state.live.edition_id != state.edition.pk:
        return state.live.edition
    return (
        Edition.objects.filter(article=state.edition.article_id, number__lt=state.edition.number)
        .order_by("-number")
        .first()
    )


def changes(state: State) -> differences.Difference | None:
    before = since(state)
    return differences.between(snapshot.parsed(before.snapshot), state.snapshot) if before else None


def newer(state: State) -> differences.Difference | None:
    """What changed after this edition, for somebody who still reads it."""
    if state.candidate is None or state.candidate.number <= state.edition.number:
        return None
    return differences.between(state.snapshot, snapshot.parsed(state.candidate.snapshot))


def step_rows(request: HttpRequest, state: State) -> list[StepRow]:
    asked = list(state.edition.assignments.select_related("person", "organisation"))
    may_ask = state.candidate == state.edition and request.user.has_perm(assigning.ASSIGN)
    rows = []
    for step in state.steps:
        own = [a for a in asked if a.kind == step.kind.code and a.organisation == step.organisation]
        done = is_fulfilled(step, state.approvals)
        form = None
        if may_ask and not done:
            form = AssignForm(
                edition=state.edition, step=step, initial={"due_on": routes.due_on(step, state.edition)}
            )
        rows.append(StepRow(step, for_step(step, state.approvals), done, own, form))
    return rows


def sign_forms(request: HttpRequest, state: State, bound: SignForm | None) -> list[SignForm]:
    """A form for each kind this person may sign here; what they posted stays in theirs."""
    if not routes.is_signable(state.edition) or not person(request).organisation_id:
        return []
    forms = []
    for kind in signing.kinds_open_to(person(request), state.edition):
        if bound and bound.kind.code == kind.code:
            forms.append(bound)
        else:
            newest = signing.newest_decision(state.edition, kind.code)
            form = SignForm(edition=state.edition, kind=kind, newest=newest.pk if newest else None)
            forms.append(form)
    asked = {step.kind.code for step in state.steps}
    return sorted(forms, key=lambda form: form.kind.code not in asked)


def kind_or_404(code: str) -> KindVersion:
    if not KindVersion.objects.filter(code=code).exists():
        raise Http404("There is no such kind of sign-off.")
    return KindVersion.objects.newest(code)


@staff_page()
@require_POST
def sign(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    shown, version = found(pk), kind_or_404(kind)
    newest = signing.newest_decision(shown, kind)
    form = SignForm(request.POST, edition=shown, kind=version, newest=newest.pk if newest else None)
    if not form.is_valid():
        missing = (
            "Your decision carries no record of what you read. Open the page again."
            if "digest" in form.errors
            else ""
        )
        messages.error(request, missing or "Your decision was not stored: see what is missing below.")
        return edition_page(request, shown, bound=form, status=422)
    me = person(request)
    if me.organisation is None:
        raise PermissionDenied
    try:
        with refusals.recorded(by=me, edition=shown):
            signoff = signing.sign(
                shown, kind=kind, by=me, organisation=me.organisation, answer=form.answer()
            )
    except Refused as refused:
        tell(request, refused)
        return edition_page(request, shown, bound=fresh_form(form, shown, version), status=status_of(refused))
    messages.success(request, thanks(signoff))
    return redirect("edition", pk=pk)


def fresh_form(form: SignForm, shown: Edition, kind: KindVersion) -> SignForm:
    """The same answers, carrying what the page shows now, so that they can be posted again knowingly."""
    newest = signing.newest_decision(shown, kind.code)
    key = newest.pk if newest else None
    data = {name: value for name, value in form.cleaned_data.items() if name not in ("digest", "newest")}
    return SignForm(edition=shown, kind=kind, newest=key, initial=data)


def thanks(signoff: Signoff) -> str:
    done = {
        "approve": "Your approval is stored. Thank you.",
        "request changes": "The editors see what you ask for. Thank you.",
        "decline": "Stored: you will not be asked for this edition again.",
    }
    return f"{signoff.kind}: {done[signoff.decision]}"


@staff_page(editions.SUBMIT)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    shown, me = found(pk), person(request)
    try:
        with refusals.recorded(by=me, edition=shown):
            editions.take_back(shown, by=me, note=request.POST.get("note", ""))
    except Refused as refused:
        tell(request, refused)
        return edition_page(request, shown, status=status_of(refused))
    messages.success(
        request,
        f"Edition {shown.number} is taken back. Its sign-offs hold again if you hand in the same text.",
    )
    return redirect("edition", pk=pk)


@staff_page(assigning.ASSIGN)
@require_POST
def assign(request: HttpRequest, pk: int, kind: str, organisation: str = "") -> HttpResponse:
    shown, me = found(pk), person(request)
    steps = [
        s
        for s in routes.steps(shown)
        if s.kind.code == kind and (s.organisation.code if s.organisation else "") == organisation
    ]
    if not steps:
        raise Http404("This edition's route has no such step.")
    form = AssignForm(request.POST, edition=shown, step=steps[0])
    if not form.is_valid():
        messages.error(request, "Choose a person and a day.")
        return edition_page(request, shown, status=422)
    try:
        with refusals.recorded(by=me, edition=shown):
            assigning.assign(shown, step=steps[0], by=me, **form.cleaned_data)
    except Refused as refused:
        tell(request, refused)
        return edition_page(request, shown, status=status_of(refused))
    messages.success(request, f"{form.cleaned_data['person']} is asked by mail.")
    return redirect("edition", pk=pk)


@staff_page()
@require_safe
def difference(request: HttpRequest, pk: int, since_pk: int) -> HttpResponse:
    new = found(pk)
    old = get_object_or_404(Edition, pk=since_pk, article=new.article_id)
    context = {
        "title": f"{new.article.title}: from edition {old.number} to {new.number}",
        "edition": new,
        "since": old,
        "difference": differences.between(snapshot.parsed(old.snapshot), snapshot.parsed(new.snapshot)),
    }
    return page(request, "reviews/difference.html", context)
