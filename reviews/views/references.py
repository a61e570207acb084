"""A ruling on a cited work: one page for all the pages that cite it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from content import differences
from content.admin.requests import attempt, person
from content.differences import Context, Value
from content.models import Reference
from evidence import shown as evidence_shown
from reviews.decisions import reference_rulings, withdrawing
from reviews.decisions.reference_rulings import Reprint
from reviews.forms import ReferenceRulingForm, WithdrawDecisionForm
from reviews.models import ReferenceRuling
from reviews.views.access import page, staff_page


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    reference, me = get_object_or_404(Reference, pk=pk), person(request)
    kinds = reference_rulings.kinds_open_to(me) if me.organisation else []
    if request.method != "POST":
        return ruling_page(request, reference, ReferenceRulingForm(kinds=kinds))
    form = ReferenceRulingForm(request.POST, kinds=kinds)
    if me.organisation is None or not form.is_valid():
        messages.error(request, "Not stored: see below what is missing.")
        return ruling_page(request, reference, form, status=422 if kinds else 403)
    with attempt(request) as tried:
        reference_rulings.rule(reference, by=me, organisation=me.organisation, **form.cleaned_data)
    if tried.refused:
        return ruling_page(request, reference, form, status=tried.status)
    messages.success(
        request,
        "Your ruling is stored. Approvals of pages that cite this work stay valid for their next editions.",
    )
    return redirect("reference-ruling", pk=pk)


def ruling_page(
    request: HttpRequest, reference: Reference, form: ReferenceRulingForm, status: int = 200
) -> HttpResponse:
    shown = reference_rulings.reprints(reference)
    context = {
        "title": f"Does the new version of “{reference}” change anything we say?",
        "reference": reference,
        "reprints": [(each, difference(each)) for each in shown],
        "form": form,
        "carried": carried(request, shown),
        "rulings": reference.rulings.select_related("kind", "withdrawal").order_by("-pk"),
    }
    return page(request, "reviews/reference_ruling.html", context, status)


def carried(request: HttpRequest, shown: list[Reprint]) -> str:
    me = person(request)
    if me.organisation is None:
        return ""
    stated = reference_rulings.statements_of(shown, by=me, organisation=me.organisation)
    return evidence_shown.sealed(evidence_shown.shown(stated))


def difference(reprint: Reprint) -> list[Context]:
    old, new = ([Value("Reference", "(date)".join(entry["text"]))] for entry in (reprint.old, reprint.new))
    return differences.of_values(old, new)


@staff_page()
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    ruling = get_object_or_404(ReferenceRuling.objects.select_related("reference", "kind"), pk=pk)
    form = WithdrawDecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Not withdrawn: give the reason.")
        return redirect("reference-ruling", pk=ruling.reference_id)
    me = person(request)
    with attempt(request) as tried:
        withdrawing.withdraw_from_reference(ruling, by=me, reason=form.cleaned_data["reason"])
    if not tried.refused:
        messages.success(request, "The ruling is withdrawn. It stays on record and no longer counts.")
    return redirect("reference-ruling", pk=ruling.reference_id)
