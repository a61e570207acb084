"""On a reference's own page: what the machine found at its address, beside what people found there."""

import threading
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path

from accounts import permissions
from content.admin.audit_trail import AuditedAdmin
from content.links import rounds
from content.links.labels import hint, words
from content.models import ANSWERS, AccessCheck, Outcome, Reference, WatchedLink

# Whoever asks for a look waits for it, and keeps one of the server's few threads busy: never more than one of them.
one_at_a_time = threading.Lock()


class LinkFilter(admin.SimpleListFilter):
    title = "link"
    parameter_name = "link"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(outcome.value, outcome.label) for outcome in Outcome]

    def queryset(self, request: HttpRequest, rows: QuerySet[Reference]) -> QuerySet[Reference]:
        if self.value() not in Outcome.values:
            return rows
        links = WatchedLink.objects.filter(url=OuterRef("url_normalised"))
        if self.value() == Outcome.UNCHECKED:
            looked_at = links.exclude(outcome=Outcome.UNCHECKED)
            return rows.exclude(url_normalised="").filter(~Exists(looked_at))
        return rows.filter(Exists(links.filter(outcome=self.value())))


class Watched(AuditedAdmin):
    """Shows above the form how the reference's link was found, with a button that has it looked at now."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context.get("original") is not None:
            context["link"] = described(context["original"])
            context["may_look"] = request.user.has_perm(permissions.LOOK_AT_LINKS)
            context["watches_links"] = settings.WATCH_LINKS
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:object_id>/look/", self.admin_site.admin_view(self.look_view), name="content_reference_look"
        )
        return [own, *super().get_urls()]

    def look_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        # The machine's visit leaves what people found as it is.
        if not (self.has_view_permission(request) and request.user.has_perm(permissions.LOOK_AT_LINKS)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        reference = get_object_or_404(Reference, pk=object_id)
        done, said = looked_at(reference.url_normalised)
        self.message_user(request, said, messages.SUCCESS if done else messages.WARNING)
        return redirect("admin:content_reference_change", reference.pk)


def described(reference: Reference) -> dict[str, Any]:
    found = WatchedLink.objects.filter(url=reference.url_normalised).first()
    by_people = AccessCheck.objects.of_work(reference.kept_id).filter(opened_by__isnull=False)
    newest: AccessCheck | None = (
        by_people.filter(identity=reference.identity).order_by("-opened_on", "-pk").first()
    )
    expected = (newest.title_seen if newest else "") or reference.title
    return {
        "address": reference.url_normalised,
        "words": words(found),
        "hint": hint(found, expected),
        "looked_at": found.looked_at if found else None,
        "is_dead": bool(found and found.is_dead),
        "newest_check": newest,
    }


def looked_at(url: str) -> tuple[bool, str]:
    """Return whether the address was visited and answers, and what to tell."""
    if not settings.WATCH_LINKS:
        return (
            False,
            "Not checked: automatic checks of web addresses are switched off here. An administrator can switch them on.",
        )
    if not url:
        return False, "Not checked: this reference has no web address."
    if not one_at_a_time.acquire(blocking=False):
        return False, "Not checked yet: another address is being checked. Try again in a moment."
    try:
        seen = rounds.look_at_once(url)
    finally:
        one_at_a_time.release()
    if seen is None:
        return (
            False,
            "Not checked yet: the site is being checked already, or asked us to wait. Try again later.",
        )
    if not seen.kept:
        return False, "Not checked: this server has no connection to the internet. Tell your administrator."
    link = WatchedLink.objects.get(url=url)
    return link.outcome in ANSWERS, words(link)
