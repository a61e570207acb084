from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from content.admin.audit_trail import AuditedAdmin
from content.admin.requests import attempt_in
from content.snapshots.snapshot import PARTS
from reviews.decisions import signoff_kinds
from reviews.models import ApprovalRoute, KindVersion, RouteStep, SignoffKind


class KindForm(forms.ModelForm):
    """A further version of a kind. It is stored by the verb, so that a refusal can be told in the form."""

    code = forms.SlugField(
        max_length=50, help_text="A short code that never changes, such as medical-review."
    )
    covers = forms.MultipleChoiceField(
        choices=[(part, part.replace("_", " ")) for part in PARTS],
        widget=forms.CheckboxSelectMultiple,
        help_text="The parts of an article that the signer answers for. A change in any of them needs a new sign-off.",
    )

    how_many = forms.IntegerField(min_value=1, help_text="How many different people must sign.")
    term_months = forms.IntegerField(
        required=False,
        min_value=1,
        help_text="Months until the sign-off is overdue. Leave it empty if it never is.",
    )

    class Meta:
        model = KindVersion
        fields = signoff_kinds.CHANGEABLE

    by: User

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            with attempt_in(self, None, by=self.by):
                self.stored = signoff_kinds.revise(given.pop("code"), by=self.by, **given)
        return given

    def _post_clean(self) -> None:
        # The verb has stored the row, and the form's own instance is not it.
        if not self.errors:
            self.instance = self.stored

    def save(self, commit: bool = True) -> KindVersion:
        return self.stored

    def save_m2m(self) -> None:
        """There is none."""


@admin.register(KindVersion)
class KindVersionAdmin(admin.ModelAdmin):
    """Kinds are never changed: “Change” begins a further version, filled with the newest."""

    form = KindForm
    list_display = (
        "name",
        "version",
        "may_sign",
        "covers",
        "independent",
        "how_many",
        "term_months",
        "recorded_by_name",
    )
    list_select_related = ("may_sign",)
    change_list_template = "admin/kinds.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {**(extra_context or {}), "current_kinds": KindVersion.objects.current()}
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.by = request.user  # type: ignore[attr-defined]
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet[KindVersion]:
        return super().get_queryset(request).order_by("position", "kind", "-version")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        code = request.GET.get("code", "")
        newest = KindVersion.objects.filter(kind=code).order_by("-version").first()
        if newest is None:
            return super().get_changeform_initial_data(request)
        columns = {name: getattr(newest, name) for name in signoff_kinds.CHANGEABLE}
        return {**columns, "may_sign": newest.may_sign_id, "code": code}

    def save_model(self, request: HttpRequest, obj: KindVersion, form: Any, change: bool) -> None:
        """Stored by the form's verb."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class KindChoiceField(forms.ModelChoiceField):
    """Kinds by the names that their newest versions have."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=SignoffKind.objects.all(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return KindVersion.objects.newest(obj.pk).name


class RouteStepForm(forms.ModelForm):
    kind = KindChoiceField()


class RouteStepInline(admin.StackedInline):
    model = RouteStep
    form = RouteStepForm
    extra = 0


@admin.register(ApprovalRoute)
class RouteAdmin(AuditedAdmin):
    list_display = ("name", "type", "condition", "language", "co_branded_with", "change")
    inlines = (RouteStepInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
