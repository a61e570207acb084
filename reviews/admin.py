from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from content.admin.histories import AuditedAdmin
from reviews.models import KindVersion, Route, RouteStep


@admin.register(KindVersion)
class KindVersionAdmin(admin.ModelAdmin):
    list_display = ("name", "version", "may_sign", "covers", "independent", "how_many", "term_months")
    list_select_related = ("may_sign",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RouteStepInline(admin.StackedInline):
    model = RouteStep
    extra = 0


@admin.register(Route)
class RouteAdmin(AuditedAdmin):
    list_display = ("name", "type", "condition", "language", "co_branded_with", "change")
    inlines = (RouteStepInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
