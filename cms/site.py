from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse

from cms import __version__
from reviews.desk import desk


class ImprimaturAdminSite(AdminSite):
    site_header = "Imprimatur"
    site_title = "Imprimatur"
    index_title = "My desk"
    index_template = "staff/desk.html"
    enable_nav_sidebar = False

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        # Only people who are signed in are told the version.
        version = __version__ if self.has_permission(request) else ""
        return {**super().each_context(request), "version": version}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        assert request.user.is_authenticated
        return super().index(request, {**(extra_context or {}), "desk": desk.desk(request.user)})
