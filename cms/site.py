from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse

from reviews import desk


class ImprimaturAdminSite(AdminSite):
    site_header = "Imprimatur"
    site_title = "Imprimatur"
    index_title = "My desk"
    index_template = "admin/desk.html"
    enable_nav_sidebar = False

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().index(request, {**(extra_context or {}), "desk": desk.desk(request.user)})
