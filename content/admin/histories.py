"""Revisions (django-reversion) and audit trail (django-simple-history) side by side, and both for reading only.

Left to themselves the two libraries claim the same addresses, a page for looking stores what is posted to it, and a
revert leaves holes in the audit trail. So: revisions under …/history/N/, the audit trail under …/audit/N/, neither
takes a POST, and restoring is an ordinary save (content/restoring.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from js_asset import Media
from reversion.admin import VersionAdmin

SAFE = ("GET", "HEAD", "OPTIONS")
PER_PAGE = 50
# Columns that tell which section, drug or reference a row of the trail is about.
NAMES = ("heading", "title", "generic_name", "brand", "name")


class NonceAdmin(ModelAdmin):
    """Gives the text editor's import map the nonce that the content security policy asks for."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = Media.from_media(context["media"]).with_nonce(request.csp_nonce)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)


class AuditedAdmin(NonceAdmin):
    """A read-only audit trail: who changed which field of the row, from what to what."""

    change_form_template = "admin/audited_form.html"

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
        """Audit-trail managers of the row and of all that belongs to it."""
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
            "has_revisions": isinstance(self, RevisionsAdmin),
            "page_obj": shown,
            "changes": [described(version) for version in shown],
        }
        return render(request, "admin/audit.html", context)

    def audit_row_view(self, request: HttpRequest, object_id: str, version_id: int) -> HttpResponse:
        if request.method not in SAFE:
            return HttpResponseNotAllowed(SAFE)
        row = self.audited(request, object_id)
        for trail in self.audit_trails(row):
            version = trail.filter(history_id=version_id).first()
            if version is not None:
                context = {
                    **self.admin_site.each_context(request),
                    "title": f"{row}, as of {version.history_date:%Y-%m-%d %H:%M}",
                    "opts": self.opts,
                    "object": row,
                    "change": described(version),
                    "fields": [(f.verbose_name, getattr(version, f.attname)) for f in version.tracked_fields],
                }
                return render(request, "admin/audit_row.html", context)
        raise Http404("The audit trail has no such row.")


def described(version: Any) -> dict[str, Any]:
    """One audit-trail row in words: who, when, what, and each field from what to what."""
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
        "who": version.history_user or "nobody on record",
        "fields": fields,
    }


def label(version: Any, column: str) -> str:
    name = str(version.instance_type._meta.get_field(column).verbose_name)
    return name[:1].upper() + name[1:]


def shown(version: Any, column: str, value: Any) -> Any:
    """The names of what a many-to-many column pointed at; any other value as it is."""
    field = version.instance_type._meta.get_field(column)
    if not field.many_to_many:
        return value
    keys = [row[field.m2m_reverse_field_name()] for row in value]
    named = field.related_model._default_manager.filter(pk__in=keys).order_by("pk")
    return ", ".join(str(row) for row in named) or "none"


class RevisionsAdmin(VersionAdmin, ModelAdmin):
    """Revisions to look at. A GET opens no revision, hence no transaction and no write lock."""

    object_history_template = "admin/revisions.html"
    change_list_template = None
    history_latest_first = True

    @contextmanager
    def create_revision(self, request: HttpRequest) -> Iterator[None]:
        if request.method in SAFE:
            yield
        else:
            with super().create_revision(request):
                yield

    def revision_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        if request.method not in SAFE:
            return HttpResponseNotAllowed(SAFE)
        return super().revision_view(request, object_id, version_id, extra_context)

    def recover_view(self, request: HttpRequest, version_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404("Deleted rows are restored from a revision of their article.")

    def recoverlist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        raise Http404("Deleted rows are restored from a revision of their article.")
