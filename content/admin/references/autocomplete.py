"""Choosing a source to cite by typing: what is offered says enough to tell works of one title apart."""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from content.admin.audit_trail import AuditedAdmin
from content.models import Reference


class ChooseSource(AutocompleteSelect):
    url_name = "%s:content_reference_citable"


class CitableView(AutocompleteJsonView):
    """Of the library all but aliases, which nobody cites anew."""

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(merged_into=None)

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {**super().serialize_result(obj, to_field_name), "text": told_apart(obj)}


class Citable(AuditedAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.citable_view)
        return [path("citable/", view, name="content_reference_citable"), *super().get_urls()]

    def citable_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return CitableView.as_view(admin_site=self.admin_site)(request)


def told_apart(reference: Reference) -> str:
    """Return its title, and what tells it apart from another of that title."""
    issued = str(reference.issued[0]) if reference.issued else ""
    number = reference.doi or (f"PMID {reference.pmid}" if reference.pmid else "") or reference.url
    others = [by(reference), reference.container_title, issued, reference.version, number]
    return " · ".join([reference.title, ", ".join(filter(None, others))])


def by(reference: Reference) -> str:
    names = [name.get("literal") or name.get("family") or "" for name in reference.author]
    return f"{names[0]} et al." if len(names) > 1 else "".join(names)
