from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from content.access_checks.recording import Answer, Shown
from content.drafts import saving
from content.drafts.restoring import stale
from content.models import AccessCheck, Article, Citation, Found, Reference, Supports
from content.phrases import long_date
from content.request_numbers import key
from content.snapshots import access
from evidence.findings import Finding, Refused

# Of a source, in the list of a citation.
CHECKS_SHOWN = 10


class HiddenNumber(forms.IntegerField):
    """A number that a page only carries along: that it differs is no change of the draft."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class ArticleForm(forms.ModelForm):
    """Carries the number of saves its page showed: somebody else's save meanwhile must not be lost. `kept` is the
    key of a text that was kept then and that this save brings in."""

    shown_saves = HiddenNumber(required=False)
    kept = HiddenNumber(required=False)

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
        # People who may only look have no such field.
        if "language" in self.fields and saving.language_is_settled(self.instance):
            self.fields["language"].disabled = True
            self.fields[
                "language"
            ].help_text = "Fixed since the article was submitted. For another language, start a translation."

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.instance.pk:
            self.refuse_lost_update(given.get("shown_saves"))
        if "slug" in given:
            candidate = Article(pk=self.instance.pk, slug=given["slug"], language=given.get("language", "en"))
            for reason in saving.address_refusals(candidate):
                self.add_error("slug", reason.words)
        return given

    def refuse_lost_update(self, shown: int | None) -> None:
        """Refuse a save that would overwrite another. It runs inside the save's transaction, so that the row stays
        locked until it is over.

        Raises Refused, which no form catches: the caller rolls back, and keeps what was typed
        (content/admin/articles/merging.py).
        """
        now = Article.objects.select_for_update().get(pk=self.instance.pk)
        if shown != now.saves:
            raise Refused("save", [Finding("stale-draft", stale(now))])


class CitationForm(forms.ModelForm):
    class Meta:
        model = Citation
        fields = ("position", "reference", "access_check", "supports")

    def __init__(self, *args: Any, shown: Mapping[int, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown or {}
        if self.instance.reference_id:
            self.instance.shown = self.as_printed(self.instance.reference)
        # A citation that comes back by a merge is a new row that has its access check already.
        reference = self.instance.reference_id or self.data.get(self.add_prefix("reference"), "")
        works = [key(reference)]
        field: Any = self.fields["access_check"]
        field.queryset = self.choices_of(AccessCheck.objects.of_works(works))
        field.label_from_instance = self.label_of

    def as_printed(self, reference: Reference) -> Any:
        """Return the source as the draft prints it, or will."""
        return self.shown.get(reference.pk, reference)

    def label_of(self, check: AccessCheck) -> str:
        printed = getattr(self.instance, "shown", None)
        if printed is None or access.counts(check, printed):
            return check_label(check)
        return f"{check_label(check)} ({of_earlier(check, printed)})"

    def choices_of(self, checks: QuerySet[AccessCheck]) -> QuerySet[AccessCheck]:
        """Return the newest checks, with the one that is printed and the one that was chosen.

        Of a source that all articles cite there are thousands.
        """
        newest = checks.order_by("-pk").values("pk")[:CHECKS_SHOWN]
        chosen = self.data.get(self.add_prefix("access_check"), "")
        named = [self.instance.access_check_id, key(chosen)]
        shown = Q(pk__in=newest) | Q(pk__in=[each for each in named if each])
        return checks.filter(shown).select_related("reference")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        check, reference = given.get("access_check"), given.get("reference")
        if check and reference and check.reference.kept_id != reference.kept_id:
            self.add_error(
                "access_check",
                "This access check belongs to another reference. Record one for this reference.",
            )
        elif check and reference and {"access_check", "reference"}.intersection(self.changed_data):
            self.refuse_other_address(check, self.as_printed(reference))
            self.forget_what_was_said_of_another(given, self.as_printed(reference))
        return given

    def forget_what_was_said_of_another(self, given: dict[str, Any], printed: Any) -> None:
        # Unless somebody says it anew, with the access check that they chose.
        before = AccessCheck.objects.filter(pk=self.initial.get("access_check") or 0).first()
        if self.instance.pk and "supports" not in self.changed_data and not access.counts(before, printed):
            given["supports"] = Supports.NOT_STATED

    def refuse_other_address(self, check: AccessCheck, printed: Any) -> None:
        if not access.counts(check, printed):
            what = of_earlier(check, printed)
            words = (
                f"This access check is {what}, so the article cannot print its date. Open the source and record what "
                "you found."
            )
            self.add_error("access_check", words)


def of_earlier(check: AccessCheck, printed: Any) -> str:
    """Say what somebody opened, where it is not what is printed."""
    if access.is_of_address(check, printed.url):
        return "of the earlier wording"
    return (
        f"of the earlier address {check.address}" if check.address else "of the time before it had an address"
    )


def check_label(check: AccessCheck) -> str:
    day = long_date(check.opened_on) if check.opened_on else check.printed_date or "no date"
    return f"{day}, by {check.opened_by_name}: {check.get_found_display()}"


class OpenedForm(forms.Form):
    """Carries which source its page showed, at which address, and the newest check of it: all may be others by now."""

    reference = forms.IntegerField(widget=forms.HiddenInput)
    newest = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    address = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
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
        required=False,
        help_text="You need not answer if you could not read the source.",
    )
    title_seen = forms.CharField(label="The title you saw there (optional)", required=False, max_length=500)

    def answer(self) -> Answer:
        given = self.cleaned_data
        supports = given["supports"] or Supports.NOT_STATED
        shown = Shown(given["version"], given["address"])
        return Answer(given["on"], given["found"], supports, given["title_seen"], given["newest"], shown)
