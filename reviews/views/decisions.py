"""Rulings, and taking decisions back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from content.admin.requests import attempt, person
from content.models import Edition
from reviews.decisions import minor_changes, overruling, withdrawing
from reviews.forms import OverruleForm, RulingForm, WithdrawDecisionForm
from reviews.models import Decision, Ruling, Signoff
from reviews.views.access import organisation_of, refuse_unseen, staff_page
from reviews.views.edition_page import edition_page
from reviews.views.editions import found, kind_or_404


@staff_page()
@require_POST
def rule(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    shown, organisation = found(pk), organisation_of(request)
    kind_or_404(kind)
    form = RulingForm(request.POST)
    if not form.is_valid():
        if {"shown", "start"} & form.errors.keys():
            refuse_unseen(request, "rule minor", shown)
        else:
            messages.error(request, "Not stored: give the reason why the change is minor.")
        return edition_page(request, shown, status=422)
    given = {**form.cleaned_data, "by": person(request), "organisation": organisation}
    start = get_object_or_404(Edition, pk=given.pop("start"), article=shown.article_id)
    with attempt(request, edition=shown) as tried:
        minor_changes.rule(shown, start=start, kind=kind, **given)
    if tried.refused:
        return edition_page(request, shown, status=tried.status)
    messages.success(
        request,
        f"Your ruling is stored. Approvals of edition {start.number} are now valid for edition {shown.number} too.",
    )
    return redirect("edition", pk=pk)


@staff_page()
@require_POST
def withdraw_signoff(request: HttpRequest, pk: int) -> HttpResponse:
    return withdrawn(
        request, get_object_or_404(Signoff.objects.select_related("edition__article", "kind"), pk=pk)
    )


@staff_page()
@require_POST
def withdraw_ruling(request: HttpRequest, pk: int) -> HttpResponse:
    return withdrawn(
        request, get_object_or_404(Ruling.objects.select_related("to_edition__article", "kind"), pk=pk)
    )


@staff_page()
@require_POST
def overrule(request: HttpRequest, pk: int, objection: int) -> HttpResponse:
    shown, organisation = found(pk), organisation_of(request)
    objections = Signoff.objects.filter(edition__article=shown.article_id, decision=Decision.REQUEST_CHANGES)
    raised = get_object_or_404(objections, pk=objection)
    form = OverruleForm(request.POST, objection=objection)
    if not form.is_valid():
        if "shown" in form.errors:
            refuse_unseen(request, "overrule objection", shown)
        else:
            messages.error(request, "Not stored: give the reason why the objection does not hold.")
        return edition_page(request, shown, answering=form, status=422)
    answer = overruling.Answer(**form.cleaned_data)
    with attempt(request, edition=shown) as tried:
        overruling.overrule(
            raised, edition=shown, by=person(request), organisation=organisation, answer=answer
        )
    if tried.refused:
        return edition_page(request, shown, answering=form, status=tried.status)
    messages.success(
        request,
        f"The objection is overruled. Your reason stays on record, and {raised.printed_name} gets a mail with it.",
    )
    return redirect("edition", pk=pk)


def withdrawn(request: HttpRequest, decision: Signoff | Ruling) -> HttpResponse:
    edition, me = withdrawing.edition_of(decision), person(request)
    form = WithdrawDecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Not withdrawn: give the reason.")
        return edition_page(request, edition, status=422)
    with attempt(request, edition=edition) as tried:
        withdrawing.withdraw(decision, by=me, reason=form.cleaned_data["reason"])
    if tried.refused:
        return edition_page(request, edition, status=tried.status)
    messages.success(request, "The decision is withdrawn. It stays on record and no longer counts.")
    return redirect("edition", pk=edition.pk)
