from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Organisation
from content.admin.audit_trail import AuditedAdmin
from content.admin.usage import Used
from content.models import Condition, Drug, DrugAlias, DrugClass, DrugCode, Product, ProductStatus


class Kept(AuditedAdmin):
    """Library rows are shown by drafts and were shown by editions: they change, and are not deleted."""

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(Condition)
class ConditionAdmin(Kept):
    search_fields = ("name",)


@admin.register(DrugClass)
class DrugClassAdmin(Kept):
    list_display = ("name", "short_name")
    search_fields = ("name", "short_name")


class DrugAliasInline(admin.StackedInline):
    model = DrugAlias
    extra = 0


class DrugCodeInline(admin.StackedInline):
    model = DrugCode
    extra = 0


class ProductInline(admin.StackedInline):
    model = Product
    extra = 0
    show_change_link = True
    can_delete = False


@admin.register(Drug)
class DrugAdmin(Used, Kept):
    list_display = ("generic_name", "drug_class", "brands")
    list_filter = ("drug_class",)
    list_select_related = ("drug_class",)
    search_fields = ("generic_name", "aliases__name", "products__brand")
    inlines = (ProductInline, DrugAliasInline, DrugCodeInline)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("products")

    @admin.display(description="Brands")
    def brands(self, drug: Drug) -> str:
        return ", ".join(product.brand for product in drug.products.all())


class ProductStatusInline(admin.StackedInline):
    model = ProductStatus
    extra = 0


@admin.register(Product)
class ProductAdmin(Used, Kept):
    list_display = ("brand", "drug", "route", "checked_on")
    list_select_related = ("drug",)
    search_fields = ("brand", "full_name", "drug__generic_name")
    inlines = (ProductStatusInline,)


@admin.register(Organisation)
class OrganisationAdmin(Kept):
    list_display = ("name", "in_credit", "is_publishing")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Editions name their partner by its code.
        return ("code",) if obj else ()
