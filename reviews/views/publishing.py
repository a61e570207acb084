"""The publish page, the exact page before it goes out, and the page of a publication."""

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from accounts import permissions
from content.access_checks import provenance
from content.admin.requests import attempt, person
from content.editions import current
from content.models import Edition, Publication
from content.public import pages
from content.public.views import article_page
from evidence.findings import Finding, Severity
from reviews import gate, publishing
from reviews.approvals import validity
from reviews.decisions import withdrawal_words
from reviews.forms import ConfirmWordsForm, PublishForm, WithdrawForm
from reviews.models import Signoff
from reviews.views.access import page, refuse_unseen, staff_page
from reviews.views.editions import found


@staff_page(permissions.PUBLISH_EDITION)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    shown = found(pk)
    if request.method != "POST":
        return publish_page(request, shown)
    form = PublishForm(request.POST)
    if not form.is_valid():
        refuse_unseen(request, "publish", shown)
        return publish_page(request, shown, status=422)
    me = person(request)
    with attempt(request, edition=shown) as tried:
        publication = publishing.publish(shown, by=me, **form.cleaned_data)
    if tried.refused:
        return publish_page(request, shown, status=tried.status)
    messages.success(request, f"Edition {shown.number} is public.")
    return redirect("publication", pk=publication.pk)


def publish_page(request: HttpRequest, shown: Edition, status: int = 200) -> HttpResponse:
    everything = gate.findings(shown)
    blockers = [finding for finding in everything if finding.severity == Severity.BLOCKER]
    live = current.live_publication(shown.article)
    stated = publishing.shown_to(shown, by=person(request))
    context = {
        "title": f"Publish {shown.article.title}",
        "edition": shown,
        "article": shown.article,
        "live": live,
        "withdrawn": current.withdrawn_from_public(shown),
        "objections": objections_to(shown, blockers),
        "blockers": [*publishing.own_overrulings(shown, person(request)), *blockers],
        "follow_ups": [f for f in everything if f.severity == Severity.FOLLOW_UP],
        "form": PublishForm(initial={"shown": stated}),
    }
    return page(request, "reviews/publish.html", context, status)


def objections_to(shown: Edition, blockers: list[Finding]) -> list[Signoff]:
    # Where the bytes are damaged, the gate asks nothing else.
    is_objected = any(finding.code == "changes-requested" for finding in blockers)
    return validity.evidence(shown).objections_to(shown) if is_objected else []


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": "'self'"})
@staff_page()
@require_safe
def as_public(request: HttpRequest, pk: int) -> HttpResponse:
    state = gate.state_of(found(pk))
    preview = f"Edition {state.edition.number} as readers would see it. It is not public."
    shown = pages.of_edition(state.edition, publishing.facts_if_published(state))
    sources = provenance.in_edition(state.edition, state.snapshot)
    shared = [each for each in sources if each.is_shared]
    return article_page(request, shown, preview=preview, shared=shared)


@staff_page()
@require_safe
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    return publication_page(request, publication_or_404(pk))


def publication_or_404(pk: int) -> Publication:
    return get_object_or_404(
        Publication.objects.select_related("article", "edition", "words_confirmation"), pk=pk
    )


def confirming(request: HttpRequest, shown: Publication) -> ConfirmWordsForm | None:
    me = person(request)
    if not withdrawal_words.may_confirm(shown, me):
        return None
    return ConfirmWordsForm(initial={"shown": withdrawal_words.shown_to(shown, by=me)})


def publication_page(
    request: HttpRequest, shown: Publication, *, form: WithdrawForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "title": f"{shown.article.title}: {'public' if shown.until_at is None else 'no longer public'}",
        "publication": shown,
        "article": shown.article,
        "is_live": shown.until_at is None,
        "form": form or WithdrawForm(),
        "confirming": confirming(request, shown),
        "can_publish": request.user.has_perm(permissions.PUBLISH_EDITION),
        "all": shown.article.publications.select_related("edition"),
        "follow_ups": publishing.follow_ups(shown) if shown.until_at is None else [],
    }
    return page(request, "reviews/publication.html", context, status)


@staff_page(permissions.PUBLISH_EDITION)
@require_http_methods(["POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    shown, me = publication_or_404(pk), person(request)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Not withdrawn: choose a reason.")
        return publication_page(request, shown, form=form, status=422)
    with attempt(request, edition=shown.edition) as tried:
        publishing.withdraw(shown, by=me, **form.cleaned_data)
    if tried.refused:
        return publication_page(request, shown, form=form, status=tried.status)
    messages.success(request, "The page is withdrawn. Readers who come to its address are told why.")
    return redirect("publication", pk=pk)


@staff_page()
@require_http_methods(["POST"])
def confirm_words(request: HttpRequest, pk: int) -> HttpResponse:
    withdrawn, me = publication_or_404(pk), person(request)
    form = ConfirmWordsForm(request.POST)
    if not form.is_valid():
        refuse_unseen(request, "confirm words", withdrawn.edition)
        return publication_page(request, withdrawn, status=422)
    with attempt(request, edition=withdrawn.edition) as tried:
        withdrawal_words.confirm(withdrawn, by=me, shown=form.cleaned_data["shown"])
    if tried.refused:
        return publication_page(request, withdrawn, status=tried.status)
    messages.success(request, "Readers who come to the address now see these words too.")
    return redirect("publication", pk=pk)
