from typing import Any

from django import forms
from django.utils import timezone

from content import drafts
from content.models import AccessCheck, Article, Citation, Found, Supports


class ArticleForm(forms.ModelForm):
    """Carries the number of saves its page showed: somebody else's save meanwhile must not be lost."""

    shown_saves = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Article
        fields = (
            "title", "slug", "language", "lead", "type", "condition", "co_branded_with", "public_note", "owner",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["shown_saves"].initial = self.instance.saves
            self.settle_language()

    def settle_language(self) -> None:
        """Those who may only look have no such field."""
        if "language" in self.fields and drafts.language_is_settled(self.instance):
            self.fields["language"].disabled = True
            self.fields["language"].help_text = "Settled. For another language, begin a translation."

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.instance.pk:
            self.refuse_lost_update(given.get("shown_saves"))
        if "slug" in given:
            candidate = Article(pk=self.instance.pk, slug=given["slug"], language=given.get("language", "en"))
            for reason in drafts.address_refusals(candidate):
                self.add_error("slug", reason.words)
        return given

    def refuse_lost_update(self, shown: int | None) -> None:
        """Runs inside the save's transaction, so that the row stays locked until it is over."""
        now = Article.objects.select_for_update().get(pk=self.instance.pk)
        if shown == now.saves:
            return
        newest = now.history.select_related("history_user").first()
        who = newest.history_user if newest and newest.history_user else "Somebody"
        at = timezone.localtime(newest.history_date).strftime("%-I:%M %p") if newest else "an unknown time"
        raise forms.ValidationError(
            f"Not saved: {who} saved this article at {at}, after you opened it. Your text is kept below. "
            "Open the article in a second window to see theirs, bring your changes over there, and save.",
            code="stale",
        )

    @property
    def has_stale_error(self) -> bool:
        return any(error.code == "stale" for error in self.non_field_errors().as_data())


class CitationForm(forms.ModelForm):
    class Meta:
        model = Citation
        fields = ("position", "reference", "access_check", "supports")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        checks = (
            AccessCheck.objects.filter(reference=self.instance.reference_id)
            if self.instance.pk
            else AccessCheck.objects.none()
        )
        field: Any = self.fields["access_check"]
        field.queryset = checks.select_related("reference")
        field.label_from_instance = check_label

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        check, reference = given.get("access_check"), given.get("reference")
        if check and reference and check.reference_id != reference.pk:
            self.add_error(
                "access_check", "This access check is of another reference. Record one for this reference."
            )
        return given


def check_label(check: AccessCheck) -> str:
    day = f"{check.opened_on:%B %-d, %Y}" if check.opened_on else check.printed_date or "no day"
    return f"{day}, by {check.opened_by_name}: {check.get_found_display()}"


class OpenedForm(forms.Form):
    """Carries which source its page showed: the citation may be of another one by now."""

    reference = forms.IntegerField(widget=forms.HiddenInput)
    on = forms.DateField(label="Opened on", widget=forms.DateInput(attrs={"type": "date"}))
    found = forms.ChoiceField(
        label="What did you find?",
        choices=[choice for choice in Found.choices if choice[0] != Found.NOT_STATED],
        widget=forms.RadioSelect,
    )
    supports = forms.ChoiceField(
        label="Does it support what this article says?",
        choices=[choice for choice in Supports.choices if choice[0] != Supports.NOT_STATED],
        widget=forms.RadioSelect,
    )
    title_seen = forms.CharField(label="The title you saw there", required=False, max_length=500)
