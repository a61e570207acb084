from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count

from content.admin.library import Kept
from content.admin.uses import Used
from content.citing import formatting, validating
from content.models import AccessCheck, Reference, csl_of

# The admin makes a Meta of its own from the form's, with all that it shows; so what the form fills stands here.
COLUMNS = ("type", "title", "container_title", "version", "url", "doi", "pmid", "more")


class ReferenceForm(forms.ModelForm):
    authors = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text="One a line. A person as “Groopman, J E”; a body, such as National Cancer Institute, without a comma.",
    )
    issued_on = forms.CharField(
        label="Issued",
        required=False,
        help_text="The year, or more: 2025, 2025-10 or 2025-10-06. Leave empty if none is named.",
    )

    class Meta:
        model = Reference
        fields = COLUMNS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authors"].initial = "\n".join(written(name) for name in self.instance.author)
        self.fields["issued_on"].initial = "-".join(f"{part:02}" for part in self.instance.issued)

    def clean_authors(self) -> list[dict[str, str]]:
        return [name_of(line.strip()) for line in self.cleaned_data["authors"].splitlines() if line.strip()]

    def clean_more(self) -> dict[str, Any]:
        more = self.cleaned_data["more"] or {}
        if not isinstance(more, dict):
            raise forms.ValidationError('Write it as {…}, such as {"volume": "12"}; or leave it empty.')
        return more

    def clean_issued_on(self) -> list[int]:
        text = self.cleaned_data["issued_on"].strip()
        parts = text.split("-") if text else []
        if len(parts) > 3 or not all(part.isdecimal() for part in parts):
            raise forms.ValidationError("Write it as 2025, 2025-10 or 2025-10-06.")
        return [int(part) for part in parts]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self.instance.author = given["authors"]
            self.instance.issued = given["issued_on"]
            row = Reference(uid=self.instance.uid, author=given["authors"], issued=given["issued_on"])
            for name in COLUMNS:
                setattr(row, name, given[name])
            for problem in validating.problems(csl_of(row)):
                self.add_error(None, problem)
        return given


def written(name: dict[str, str]) -> str:
    return name.get("literal") or ", ".join(part for part in (name.get("family"), name.get("given")) if part)


def name_of(line: str) -> dict[str, str]:
    family, comma, given = line.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma else {"literal": line}


@admin.register(Reference)
class ReferenceAdmin(Used, Kept):
    form = ReferenceForm
    list_display = ("title", "type", "version", "cited", "newest_check")
    list_filter = ("type",)
    search_fields = ("title", "container_title", "url", "doi", "pmid")
    readonly_fields = ("printed", "used")
    fields = (
        "printed", "type", "authors", "title", "container_title", "version", "issued_on", "url", "doi", "pmid", "more",
        "used",
    )  # fmt: skip

    def get_queryset(self, request: Any) -> Any:
        return (
            super()
            .get_queryset(request)
            .annotate(uses=Count("citations", distinct=True))
            .prefetch_related("access_checks")
        )

    @admin.display(description="In house style")
    def printed(self, reference: Reference) -> str:
        return (
            "(date)".join(formatting.formatted(csl_of(reference)))
            if reference.pk
            else "Shown once it is saved."
        )

    @admin.display(description="Cited by")
    def cited(self, reference: Any) -> str:
        return f"{reference.uses} article{'' if reference.uses == 1 else 's'}"

    @admin.display(description="Last opened")
    def newest_check(self, reference: Reference) -> str:
        days = [check.opened_on for check in reference.access_checks.all() if check.opened_on]
        return f"{max(days):%B %-d, %Y}" if days else "never"


@admin.register(AccessCheck)
class AccessCheckAdmin(admin.ModelAdmin):
    list_display = ("reference", "opened_on", "opened_by_name", "found", "imported_from")
    list_select_related = ("reference",)
    search_fields = ("reference__title",)

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
