"""The views of an edition: read it, decide on it, ask for sign-offs, take it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts import permissions
from accounts.models import User
from content import differences
from content.admin.requests import attempt, person
from content.editions import submitting
from content.models import Edition
from content.request_numbers import key
from evidence.findings import Finding
from evidence.shown import Shown
from reviews import statements
from reviews.approvals import routes
from reviews.decisions import assigning, signing
from reviews.decisions.signing import Answer
from reviews.forms import AssignForm, SignForm
from reviews.models import Decision, KindVersion, Signoff
from reviews.views.access import organisation_of, page, refuse_unseen, staff_page
from reviews.views.edition_page import edition_page


def found(pk: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("article"), pk=pk)


@staff_page()
@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    return edition_page(request, found(pk))


def kind_or_404(code: str) -> KindVersion:
    if not KindVersion.objects.filter(kind=code).exists():
        raise Http404("There is no such kind of sign-off.")
    return KindVersion.objects.newest(code)


@staff_page()
@require_POST
def sign(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    shown, version, organisation = found(pk), kind_or_404(kind), organisation_of(request)
    form = posted_decision(request, shown, version)
    if not form.is_valid():
        if {"shown", "since"} & form.errors.keys():
            refuse_unseen(request, "sign", shown)
        else:
            form.refused = ["Your decision was not stored: see below what is missing."]
            messages.error(request, form.refused[0])
        return edition_page(request, shown, bound=form, status=422)
    answer, me = form.answer(), person(request)
    meanwhile = what_came(shown, version, answer, me)
    with attempt(request, edition=shown) as tried:
        signoff = signing.sign(shown, kind=kind, by=me, organisation=organisation, answer=answer)
    if tried.refused:
        again = fresh_form(request, form, shown, version)
        again.refused = list(tried.words)
        return edition_page(request, shown, bound=again, status=tried.status)
    messages.success(request, thanks(signoff))
    for finding in meanwhile:
        messages.warning(request, f"Your answer is about what your page showed. Since then: {finding.words}")
    return redirect("edition", pk=pk)


def what_came(shown: Edition, kind: KindVersion, answer: Answer, me: User) -> list[Finding]:
    """List what changed since the page was opened, for an answer that is stored all the same."""
    sent = signing.sent_before(me, answer)
    if answer.decision == Decision.APPROVE or sent or me.organisation is None:
        return []
    return list(signing.what_changed(shown, kind, by=me, organisation=me.organisation, answer=answer))


def posted_decision(request: HttpRequest, shown: Edition, kind: KindVersion) -> SignForm:
    return SignForm(
        request.POST,
        kind=kind,
        shown=what_is_stated(request, shown, kind),
        start=start_posted(request, shown),
    )


def what_is_stated(request: HttpRequest, shown: Edition, kind: KindVersion) -> Shown:
    me, organisation = person(request), organisation_of(request)
    return signing.shown_to(shown, kind, by=me, organisation=organisation, around=statements.around(shown))


def fresh_form(request: HttpRequest, form: SignForm, shown: Edition, kind: KindVersion) -> SignForm:
    # The same answers with what the page shows now, so that they can be posted again knowingly.
    data = {name: value for name, value in form.cleaned_data.items() if name not in ("shown", "since")}
    return SignForm(kind=kind, shown=what_is_stated(request, shown, kind), start=form.start, initial=data)


def start_posted(request: HttpRequest, shown: Edition) -> Edition | None:
    # The signer's page showed the changes from this edition; the verb asks whether it may be one.
    return Edition.objects.filter(pk=key(request.POST.get("since", "")), article=shown.article_id).first()


def thanks(signoff: Signoff) -> str:
    done = {
        Decision.APPROVE: "Your approval is stored. Thank you.",
        Decision.REQUEST_CHANGES: "Your request for changes is stored, and the editors see it. Thank you.",
        Decision.DECLINE: "Your answer is stored. You get no more reminders for this edition.",
    }
    return f"{signoff.kind}: {done[Decision(signoff.decision)]}"


@staff_page(permissions.SUBMIT_EDITION)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    shown, me = found(pk), person(request)
    with attempt(request, edition=shown) as tried:
        submitting.take_back(shown, by=me, note=request.POST.get("note", ""))
    if tried.refused:
        return edition_page(request, shown, status=tried.status)
    messages.success(
        request,
        f"Edition {shown.number} is taken back. Its sign-offs are valid again if you submit the same text again.",
    )
    return redirect("edition", pk=pk)


@staff_page(permissions.ASSIGN_SIGNOFF)
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
        messages.error(request, "Choose a person and a date.")
        return edition_page(request, shown, asking=form, status=422)
    with attempt(request, edition=shown) as tried:
        assigning.assign(shown, step=steps[0], by=me, **form.cleaned_data)
    if tried.refused:
        return edition_page(request, shown, asking=form, status=tried.status)
    messages.success(request, f"{form.cleaned_data['person']} gets an email with your request.")
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
        "difference": differences.between_stored(old.snapshot, new.snapshot),
    }
    return page(request, "reviews/difference.html", context)
