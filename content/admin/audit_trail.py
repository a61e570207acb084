"""Revisions (django-reversion) and audit trail (django-simple-history) side by side, and both for reading only.

Left to themselves the two libraries claim the same addresses, a page for looking stores what is posted to it, and a
revert leaves holes in the audit trail. So: revisions under …/history/N/, the audit trail under …/audit/N/, neither
takes a POST, and restoring is an ordinary save (content/drafts/restoring.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from js_asset import Media
from reversion.admin import VersionAdmin

from evidence import admin as audit_pages
from evidence.admin import SAFE


class NonceAdmin(ModelAdmin):
    """Gives the text editor's import map the nonce that the content security policy asks for."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = Media.from_media(context["media"]).with_nonce(request.csp_nonce)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)


class AuditedAdmin(NonceAdmin, audit_pages.AuditedAdmin):
    """A row with a text editor in its form, and the pages of its audit trail."""


class RevisionsAdmin(VersionAdmin, ModelAdmin):
    """Revisions to look at. A GET opens no revision, hence no transaction and no write lock."""

    object_history_template = "admin/articles/revisions.html"
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
        raise Http404("To bring back something deleted, restore a revision of the article.")

    def recoverlist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        raise Http404("To bring back something deleted, restore a revision of the article.")
