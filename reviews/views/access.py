"""Who may open a page. The admin's own check means only “staff”: each page of ours asks for its right."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from content.findings import NO_RIGHT, Refused
from content.models import Person

View = Callable[..., HttpResponseBase]
READ = "content.read_editions"


def staff_page(right: str = READ) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not admin.site.has_permission(request):
                return redirect_to_login(request.get_full_path(), "admin:login")
            if not request.user.has_perm(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return asked

    return wrap


def person(request: HttpRequest) -> Person:
    """The signed-in person; `staff_page` lets nobody else through."""
    assert request.user.is_authenticated
    return request.user


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), **context}, status=status)


def status_of(refused: Refused) -> int:
    if NO_RIGHT in refused.codes:
        return 403
    return 409 if any(code.startswith("stale") for code in refused.codes) else 422


def tell(request: HttpRequest, refused: Refused) -> None:
    for reason in refused.reasons:
        messages.error(request, reason.words)
