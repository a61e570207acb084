from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import connection, models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path

from content.admin.audit_trail import AuditedAdmin
from content.admin.drugs import Kept
from content.admin.references import facts as reference_facts
from content.admin.references.autocomplete import Citable
from content.admin.references.duplicates import Duplicates
from content.admin.references.form import COLUMNS, ReferenceForm, as_typed
from content.admin.references.form_fields import FIELDSETS
from content.admin.references.importing import Imported
from content.admin.references.links import LinkFilter, Watched
from content.admin.references.list_filters import Neglected, Standing, identified_by, with_facts
from content.admin.references.merging import Merging
from content.admin.references.openings import Opened
from content.admin.references.versions import Versions
from content.admin.usage import Used
from content.models import AccessCheck, AccessPolicy, Reference
from content.phrases import long_date, plural


@admin.register(Reference)
class ReferenceAdmin(Citable, Opened, Watched, Imported, Versions, Duplicates, Merging, Used, Kept):
    change_list_template = "admin/references/references.html"
    form = ReferenceForm
    change_form_template = "admin/references/reference_form.html"
    list_display = ("title", "type", "version", "cited", "last_opened", "stands")
    list_filter = ("type", Standing, Neglected, LinkFilter)
    ordering = ("title", "pk")
    search_fields = ("title", "container_title", "url")
    search_help_text = (
        "Enter words of the title, journal or address, or a DOI, PubMed number or ISBN in any spelling."
    )
    readonly_fields = ("facts", "kin", "opened", "used")
    raw_id_fields = ("superseded_by",)
    # The browser’s own calendar: the admin’s talks of server time.
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}
    }

    def initial_of(self, row: Reference) -> dict[str, Any]:
        columns = {name: getattr(row, name) for name in COLUMNS}
        return {name: value for name, value in (columns | as_typed(row)).items() if value}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_facts(super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Reference], search_term: str
    ) -> tuple[QuerySet[Reference], bool]:
        identified = identified_by(search_term)
        if identified.exists():
            return queryset.filter(pk__in=identified), False
        return super().get_search_results(request, queryset, search_term)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # An alias only stands for the entry it was merged into.
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.merged_into_id is None)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        # What is about to be saved waits for a merge, and a merge for it: a row read before would undo the merge.
        if request.method == "POST" and object_id.isdecimal() and connection.in_atomic_block:
            Reference.objects.select_for_update(no_key=True).filter(pk=object_id).first()
        return super().get_object(request, object_id, from_field)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return FIELDSETS
        if self.has_change_permission(request, obj):
            return (*FIELDSETS, ("In the library", {"fields": ("kin", "opened", "used")}))
        return ((None, {"fields": ("facts", "kin", "opened", "used")}),)

    def save_model(self, request: HttpRequest, obj: Reference, form: ModelForm, change: bool) -> None:
        if not change or form.has_changed():
            super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview_view)
        own = [
            path("preview/", preview, name="content_reference_preview_new"),
            path("<int:object_id>/preview/", preview, name="content_reference_preview"),
        ]
        return [*own, *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: int | None = None) -> HttpResponse:
        """Show what is in the form as it would be printed, and what the library has of it already.

        Nothing is stored.
        """
        row = get_object_or_404(Reference, pk=object_id) if object_id else None
        if not (self.has_change_permission(request, row) if row else self.has_add_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form: Any = self.get_form(request, row, change=row is not None)(request.POST, instance=row)
        is_sound = form.is_valid() or form.has_error(NON_FIELD_ERRORS, "alike")
        context = {
            **self.admin_site.each_context(request),
            "title": "As it will be printed",
            "opts": self.opts,
            "shown": shown_in_preview(form.instance),
            "alike": form.alike,
            "is_sound": is_sound,
        }
        part = (
            "admin/references/_reference_preview.html"
            if "panel" in request.GET
            else "admin/references/reference_preview.html"
        )
        return render(request, part, context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["shown"] = shown_in_preview(context["adminform"].form.instance)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="What it is")
    def facts(self, reference: Reference) -> str:
        return render_to_string("admin/references/_facts.html", {"facts": reference_facts.facts(reference)})

    @admin.display(description="Related entries")
    def kin(self, reference: Reference) -> str:
        return render_to_string("admin/references/_kin.html", {"reference": reference})

    @admin.display(description="Cited by", ordering="uses")
    def cited(self, reference: Any) -> str:
        return plural(reference.uses, "draft")

    @admin.display(description="Last opened")
    def last_opened(self, reference: Any) -> str:
        days = [day for day in (reference.opened_on, reference.alias_opened_on) if day]
        return long_date(max(days)) if days else "never"

    @admin.display(description="Standing")
    def stands(self, reference: Reference) -> str:
        return reference_facts.standing(reference) or "–"


def shown_in_preview(row: Reference) -> dict[str, Any]:
    row.normalise()
    return {
        "english": reference_facts.printed(row) if row.title else [],
        "spanish": reference_facts.printed(row, "es") if row.title else [],
        "read_as": reference_facts.read_as(row),
    }


@admin.register(AccessCheck)
class AccessCheckAdmin(admin.ModelAdmin):
    list_display = ("reference", "opened_on", "opened_by_name", "found", "address", "imported_from")
    list_select_related = ("reference",)
    search_fields = ("reference__title",)

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(AccessPolicy)
class AccessPolicyAdmin(AuditedAdmin):
    """One row for each type of source, shipped with the system; it is changed, not added or deleted."""

    list_display = ("type", "exempt", "follow_up_after_days", "block_after_days")
    fields = ("type", "exempt", "follow_up_after_days", "block_after_days")
    readonly_fields = ("type",)

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
