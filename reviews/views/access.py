"""Who may open a page. The admin's own check means only “staff”: each page of ours asks for its right."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import permissions
from accounts.models import Organisation
from content.admin.requests import attempt, person
from content.models import Edition
from evidence import refusals
from evidence.findings import Finding, Refused, no_right

View = Callable[..., HttpResponseBase]


def staff_page(right: str = permissions.READ_EDITIONS) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not admin.site.has_permission(request):
                return redirect_to_login(way_back(request), "admin:login")
            if not request.user.has_perm(right):
                if request.method == "POST":
                    keep_turned_away(request)
                raise PermissionDenied
            answer = view(request, *args, **kwargs)
            # Reached by reloading after a refusal, say, or by signing in anew.
            is_button = request.method == "GET" and answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
            return redirect(page_above(request.path)) if is_button else answer

        return asked

    return wrap


def page_above(path: str) -> str:
    """Return the nearest address above one that only a button leads to."""
    while path.strip("/"):
        path = f"{path.rstrip('/').rpartition('/')[0]}/"
        try:
            if resolve(path).url_name:
                return path
        except Resolver404:
            continue
    return reverse("admin:index")


def way_back(request: HttpRequest) -> str:
    """Return the address to go on with after signing in.

    A button's own address cannot be opened: then it is the page that the button was on.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    messages.warning(
        request, "You were logged out, so your last action was not stored. Log in and do it again."
    )
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    ):
        return reverse("admin:index")
    return urlsplit(came_from)._replace(scheme="", netloc="").geturl()


def keep_turned_away(request: HttpRequest) -> None:
    # The page may be older than the loss of their right.
    assert request.resolver_match is not None
    words = "Nothing was stored, because your account may not do this. Ask an administrator if you need the right."
    reasons = [replace(no_right(words), subject=request.path)]
    refusals.record(Refused(request.resolver_match.url_name or "", reasons), by=person(request))


def organisation_of(request: HttpRequest) -> Organisation:
    # Somebody who decides does so for an organisation; the page of somebody who has none shows no button.
    organisation = person(request).organisation
    if organisation is None:
        raise PermissionDenied
    return organisation


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)


def refuse_unseen(request: HttpRequest, verb: str, edition: Edition) -> None:
    # Refused outright, before any verb is asked.
    words = "Nothing was stored, because your form does not say which text you read. Read the page below, then decide."
    with attempt(request, edition=edition):
        raise Refused(verb, [Finding("nothing-shown", words)])
