"""Refreshing the access dates of many public articles: choose, prepare, review once, publish in one go."""

from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import permissions
from accounts.models import User
from content.access_checks import queue
from content.admin.requests import attempt, person
from content.models import Publication
from content.phrases import long_date, plural
from evidence import shown as evidence_shown
from evidence.findings import Finding
from reviews.decisions import signing
from reviews.forms import RefreshForm, RefreshSignForm
from reviews.models import Conflict, KindVersion, Refresh, RefreshItem
from reviews.refreshing import eligibility, preparing, publishing
from reviews.refreshing import signing as refresh_signing
from reviews.refreshing.progress import progress
from reviews.refreshing.signing import Said
from reviews.views.access import organisation_of, page, staff_page

PER_PAGE = 20
# How long one press works; what is left goes on with the next press, or with `manage.py refresh_access_dates`.
SECONDS_A_PRESS = 5.0


@staff_page(permissions.SUBMIT_EDITION)
@require_safe
def refreshes(request: HttpRequest) -> HttpResponse:
    return choose_page(request, request.GET)


def choose_page(request: HttpRequest, asked: Any, status: int = 200) -> HttpResponse:
    me, form = person(request), RefreshForm(asked)
    wanted = chosen(form, me)
    live = eligibility.checks_since(wanted["owner"], wanted["kind"])
    shown = Paginator(live, PER_PAGE).get_page(asked.get("p"))
    whose = "mine" if wanted["owner"] else "all"
    context = {
        "title": "Refresh access dates",
        "form": RefreshForm(initial={"whose": whose, "type": wanted["kind"]}),
        "whose": whose,
        "type": wanted["kind"],
        "page_obj": shown,
        "other_pages": urlencode({"whose": whose, "type": wanted["kind"]}),
        "looked_at": [looked_at(each, me) for each in shown],
        "earlier": Refresh.objects.select_related("owner")[:PER_PAGE],
    }
    return page(request, "reviews/refresh/refreshes.html", context, status)


def chosen(form: RefreshForm, me: User) -> dict[str, Any]:
    given = form.cleaned_data if form.is_valid() else {}
    whose = given.get("whose") or ("mine" if queue.owns_articles(me) else "all")
    return {"owner": me if whose == "mine" else None, "kind": given.get("type", "")}


def looked_at(live: Publication, me: User) -> tuple[Publication, list[eligibility.NewDate], list[Finding]]:
    found = eligibility.look(live, by=me)
    return live, [] if found.reasons else eligibility.new_dates(live.edition, found.content), found.reasons


@staff_page(permissions.SUBMIT_EDITION)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    me, form = person(request), RefreshForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, "Nothing was started: choose whose articles and which type of source from the lists."
        )
        return choose_page(request, {}, status=422)
    with attempt(request) as tried:
        refresh = preparing.begin(by=me, **chosen(form, me))
    if tried.refused:
        return choose_page(request, request.POST, status=tried.status)
    worked(preparing.prepare(refresh, by=me))
    return redirect("refresh", pk=refresh.pk)


def worked(items: Iterable[RefreshItem]) -> list[RefreshItem]:
    """Work for a few seconds, and return what was done."""
    until, done = monotonic() + SECONDS_A_PRESS, []
    for item in items:
        done.append(item)
        if monotonic() > until:
            break
    return done


def counted(items: list[RefreshItem], done: str) -> str:
    """Say of how many articles it was done, and of how many it was refused."""
    refused = sum(1 for item in items if item.edition_id and item.reasons)
    number = len(items) - refused
    said = f"{done}: {plural(number, 'article')}."
    return f"{said} Not done for {refused}: see the reasons below." if refused else said


@staff_page()
@require_safe
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    return refresh_page(request, get_object_or_404(Refresh, pk=pk))


def refresh_page(request: HttpRequest, shown: Refresh, status: int = 200) -> HttpResponse:
    me, ready = person(request), publishing.ready(shown)
    context = {
        "title": f"Refresh of {long_date(shown.started_at)}",
        "refresh": shown,
        "progress": progress(shown),
        "shown": publishing.fingerprint(ready),
        "ready": len(ready),
        "unfinished": refresh_signing.unfinished(shown, me),
        "may_submit": me.has_perm(permissions.SUBMIT_EDITION),
        "may_publish": me.has_perm(permissions.PUBLISH_EDITION),
        "may_sign": signing_kind(me) is not None,
    }
    return page(request, "reviews/refresh/refresh.html", context, status)


def signing_kind(me: User) -> KindVersion | None:
    kind = KindVersion.objects.select_related("may_sign").newest(refresh_signing.KIND)
    return kind if signing.may_sign(me, kind) else None


def pressed(
    request: HttpRequest, pk: int, verb: Callable[[Refresh, User], Iterable[RefreshItem]], done: str
) -> HttpResponse:
    """Answer one press of a button that works off articles one after the other."""
    shown, me = get_object_or_404(Refresh, pk=pk), person(request)
    with attempt(request) as tried:
        articles = worked(verb(shown, me))
    if tried.refused:
        return refresh_page(request, shown, status=tried.status)
    messages.success(request, counted(articles, done))
    return redirect("refresh", pk=pk)


@staff_page(permissions.SUBMIT_EDITION)
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    return pressed(request, pk, lambda shown, me: preparing.prepare(shown, by=me), "Prepared")


@staff_page(permissions.PUBLISH_EDITION)
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    digest = request.POST.get("shown", "")
    return pressed(request, pk, lambda shown, me: publishing.publish(shown, by=me, shown=digest), "Published")


@staff_page(permissions.SUBMIT_EDITION)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    return pressed(request, pk, lambda shown, me: publishing.take_back(shown, by=me), "Taken back")


@staff_page()
@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    shown, me = get_object_or_404(Refresh, pk=pk), person(request)
    with attempt(request) as tried:
        publishing.try_again(shown, by=me)
    if tried.refused:
        return refresh_page(request, shown, status=tried.status)
    return redirect("refresh", pk=pk)


@staff_page()
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Refresh, pk=pk)
    if request.method != "POST":
        return review_page(request, shown)
    form, organisation = RefreshSignForm(request.POST), organisation_of(request)
    if not form.is_valid():
        messages.error(
            request,
            "Nothing was signed, because your form does not say what your page showed. Check the page below, then sign.",
        )
        return review_page(request, shown, status=422)
    given = form.cleaned_data
    said = Said(**{**given, "conflict": given["conflict"] or Conflict.NEVER_ASKED})
    me = person(request)
    with attempt(request) as tried:
        act = refresh_signing.review(shown, by=me, organisation=organisation, said=said)
    if tried.refused:
        return review_page(request, shown, given, status=tried.status)
    return signed_on(request, pk, worked(refresh_signing.sign(act, by=me)))


def signed_on(request: HttpRequest, pk: int, articles: list[RefreshItem]) -> HttpResponse:
    messages.success(request, f"{counted(articles, 'Signed')} Thank you.")
    return redirect("refresh", pk=pk)


@staff_page()
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    # Goes on with an act that has not reached all its editions; there is one only for the person whose act it is.
    shown, me = get_object_or_404(Refresh, pk=pk), person(request)
    act = refresh_signing.unfinished(shown, me)
    if act is None:
        raise PermissionDenied
    with attempt(request) as tried:
        articles = worked(refresh_signing.sign(act, by=me))
    if tried.refused:
        return refresh_page(request, shown, status=tried.status)
    return signed_on(request, pk, articles)


def review_page(
    request: HttpRequest, shown: Refresh, given: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    # `given` is an answer that was refused: it comes back, with what the page shows now.
    rows, kind = refresh_signing.rows(shown), signing_kind(person(request))
    me = person(request)
    answer = {**(given or {})}
    if kind and me.organisation:
        stated = refresh_signing.statements_of(rows, kind, by=me, organisation=me.organisation)
        answer["shown"] = evidence_shown.shown(stated)
    context = {
        "title": f"New access dates of {plural(len(rows), 'article')}",
        "refresh": shown,
        "rows": rows,
        "kind": kind,
        "form": RefreshSignForm(initial=answer) if kind else None,
    }
    return page(request, "reviews/refresh/refresh_review.html", context, status)
