"""The audit trail of a row as pages, for reading only."""

from datetime import date, datetime
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format

SAFE = ("GET", "HEAD", "OPTIONS")
PER_PAGE = 50
# Columns that tell which section, drug or reference a row of the trail is about.
NAMES = ("heading", "title", "generic_name", "brand", "name")


class AuditedAdmin(ModelAdmin):
    """A read-only audit trail: who changed which field of the row, from what to what."""

    change_form_template = "admin/audit/audited_form.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                "<path:object_id>/audit/", self.admin_site.admin_view(self.audit_view), name=f"{name}_audit"
            ),
            path(
                "<path:object_id>/audit/<int:version_id>/",
                self.admin_site.admin_view(self.audit_row_view),
                name=f"{name}_audit_row",
            ),
        ]
        return own + super().get_urls()

    def audited(self, request: HttpRequest, object_id: str) -> Any:
        row = get_object_or_404(self.model, pk=unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def audit_trails(self, row: Any) -> list[Any]:
        """The audit-trail managers of the row and of everything that belongs to it."""
        return [row.history]

    def audit_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method not in SAFE:
            return HttpResponseNotAllowed(SAFE)
        row = self.audited(request, object_id)
        versions = [v for trail in self.audit_trails(row) for v in trail.select_related("history_user")]
        versions.sort(key=lambda v: (v.history_date, v.history_id), reverse=True)
        shown = Paginator(versions, PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Audit trail of {row}",
            "opts": self.opts,
            "object": row,
            "has_revisions": hasattr(self, "revision_view"),  # django-reversion's
            "page_obj": shown,
            "changes": [described(version) for version in shown],
        }
        return render(request, "admin/audit/audit.html", context)

    def audit_row_view(self, request: HttpRequest, object_id: str, version_id: int) -> HttpResponse:
        if request.method not in SAFE:
            return HttpResponseNotAllowed(SAFE)
        row = self.audited(request, object_id)
        for trail in self.audit_trails(row):
            version = trail.filter(history_id=version_id).first()
            if version is not None:
                context = {
                    **self.admin_site.each_context(request),
                    "title": f"{row}, as of {moment(version.history_date)}",
                    "opts": self.opts,
                    "object": row,
                    "change": described(version),
                    "fields": [
                        (f.verbose_name, shown(version, f.name, getattr(version, f.attname)))
                        for f in version.tracked_fields
                    ],
                }
                return render(request, "admin/audit/audit_row.html", context)
        raise Http404("The audit trail has no such entry.")


def described(version: Any) -> dict[str, Any]:
    before = version.prev_record
    # Keys instead of the rows they point at: those may be gone, and each would cost a query.
    delta = version.diff_against(before, foreign_keys_are_objs=False) if before else None
    fields = (
        [
            (
                label(version, change.field),
                *(shown(version, change.field, value) for value in (change.old, change.new)),
            )
            for change in delta.changes
        ]
        if delta
        else []
    )
    return {
        "version": version,
        "what": {"+": "added", "~": "changed" if fields else "saved", "-": "deleted"}[version.history_type],
        "model": version.instance_type._meta.verbose_name,
        "name": next((getattr(version, column) for column in NAMES if getattr(version, column, "")), ""),
        "who": version.history_user or "not recorded",
        "fields": fields,
    }


def label(version: Any, column: str) -> str:
    name = str(version.instance_type._meta.get_field(column).verbose_name)
    return name[:1].upper() + name[1:]


def shown(version: Any, column: str, value: Any) -> Any:
    """Return a value as a person reads it: names and labels instead of codes, and a time with its zone."""
    field = version.instance_type._meta.get_field(column)
    if field.many_to_many:
        keys = [row[field.m2m_reverse_field_name()] for row in value]
        named = field.related_model._default_manager.filter(pk__in=keys).order_by("pk")
        return ", ".join(str(row) for row in named) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    # As text, for a template takes the number 0 for nothing.
    return str(value) if isinstance(value, int) else dict(field.flatchoices).get(value, value)


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
