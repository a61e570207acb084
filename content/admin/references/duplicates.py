"""The list of works that the library may have twice, on which people say whether they are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse

from content.admin.audit_trail import AuditedAdmin
from content.admin.references import facts
from content.admin.references.list_filters import with_facts
from content.admin.requests import attempt, person
from content.library import duplicates
from content.library.duplicates import Pair
from content.models import DistinctPair, Reference
from content.request_numbers import key

PER_PAGE = 20
TOLD_APART_SHOWN = 50


@dataclass(frozen=True)
class Entry:
    """One of a pair, as it is looked at; `row` has the facts of `with_facts`."""

    row: Any
    other: Reference
    printed: list[str]
    identifiers: list[tuple[str, str, str]]
    standing: str

    @property
    def opened_on(self) -> Any:
        return max((day for day in (self.row.opened_on, self.row.alias_opened_on) if day), default=None)


@dataclass(frozen=True)
class Shown:
    pair: Pair
    entries: tuple[Entry, Entry]


class Duplicates(AuditedAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("duplicates/", view(self.duplicates_view), name="content_reference_duplicates"),
            path("duplicates/apart/", view(self.apart_view), name="content_reference_apart"),
            path("duplicates/again/<int:told_id>/", view(self.again_view), name="content_reference_again"),
        ]
        return [*own, *super().get_urls()]

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        self.refuse_strangers(request)
        page = Paginator(duplicates.pairs(), PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Likely duplicates",
            "opts": self.opts,
            "page_obj": page,
            "shown": shown(list(page)),
            "told": DistinctPair.objects.select_related("one", "other")[:TOLD_APART_SHOWN],
        }
        return render(request, "admin/references/reference_duplicates.html", context)

    def apart_view(self, request: HttpRequest) -> HttpResponse:
        self.refuse_strangers(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        one, other = (get_object_or_404(Reference, pk=posted(request, name)) for name in ("one", "other"))
        with attempt(request) as tried:
            duplicates.tell_apart(one, other, by=person(request))
        if not tried.refused:
            messages.success(
                request, f"“{one}” and “{other}” are recorded as different works and are no longer listed."
            )
        return redirect(list_at(request))

    def again_view(self, request: HttpRequest, told_id: int) -> HttpResponse:
        self.refuse_strangers(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        told = get_object_or_404(DistinctPair.objects.select_related("one", "other"), pk=told_id)
        with attempt(request) as tried:
            duplicates.ask_again(told, by=person(request))
        if not tried.refused:
            messages.success(request, f"“{told.one}” and “{told.other}” are compared again.")
        return redirect(list_at(request))

    def refuse_strangers(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied


def posted(request: HttpRequest, name: str) -> int:
    return key(request.POST.get(name, ""))


def list_at(request: HttpRequest) -> str:
    page = posted(request, "p")
    return reverse("admin:content_reference_duplicates") + (f"?p={page}" if page else "")


def shown(pairs: Sequence[Pair]) -> list[Shown]:
    # One query, however many pairs.
    keys = {row.pk for pair in pairs for row in (pair.one, pair.other)}
    rows = with_facts(Reference.objects.all()).in_bulk(keys)
    return [
        Shown(
            pair,
            (entry(rows[pair.one.pk], rows[pair.other.pk]), entry(rows[pair.other.pk], rows[pair.one.pk])),
        )
        for pair in pairs
    ]


def entry(row: Any, other: Reference) -> Entry:
    return Entry(row, other, facts.printed(row), facts.read_as(row), facts.standing(row))
