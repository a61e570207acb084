"""What reviewers, editors and publishers answer. Each form carries what its page showed."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model

from content.models import Change, Edition, Found, PageWithdrawalReason, ReferenceType, Supports
from evidence.shown import Shown, ShownField
from reviews.approvals.routes import Step
from reviews.decisions import assigning
from reviews.decisions.signing import Answer
from reviews.models import Conflict, Decision, KindVersion, Scope

CONFLICTS = [
    (Conflict.NONE, "No, I have none"),
    (Conflict.DECLARED, "Yes, the one named below"),
]
SCOPES = [(Scope.WHOLE_PAGE, "I read the whole page"), (Scope.CHANGES_ONLY, "I read only what changed")]
WHOLE_PAGE_ONLY = SCOPES[:1]


class SignForm(forms.Form):
    shown = ShownField()
    since = forms.IntegerField(widget=forms.HiddenInput, required=False)
    decision = forms.ChoiceField(choices=Decision, widget=forms.RadioSelect, label="Your decision")
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        label="Why",
        help_text="Required if you request changes or decline. The editors read it.",
    )
    scope = forms.ChoiceField(
        choices=SCOPES, widget=forms.RadioSelect, required=False, label="What did you read?"
    )
    conflict = forms.ChoiceField(
        choices=CONFLICTS,
        widget=forms.RadioSelect,
        required=False,
        label="Do you have a conflict of interest?",
    )
    conflict_text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}), required=False, label="The interest, and with whom"
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: KindVersion,
        shown: Shown,
        start: Edition | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        # Without an edition that this person's organisation approved before, they may not read changes only.
        begun = {
            "shown": shown,
            "since": start.pk if start else None,
            "scope": None if start else Scope.WHOLE_PAGE,
            **(initial or {}),
        }
        super().__init__(data, initial=begun, auto_id=f"id_{kind.code}_%s")
        self.kind, self.start = kind, start
        # Why this decision was not stored; told where it stands, far below the head of the page.
        self.refused: list[str] = []
        if start is None:
            scope: Any = self.fields["scope"]
            scope.choices = WHOLE_PAGE_ONLY

    @property
    def decision_in_words(self) -> str:
        return str(dict(Decision.choices).get(self["decision"].value(), ""))

    def answer(self) -> Answer:
        given = self.cleaned_data
        return Answer(
            shown=given["shown"],
            scope=given["scope"] or (Scope.WHOLE_PAGE if self.start is None else ""),
            since=self.start if given["scope"] == Scope.CHANGES_ONLY else None,
            decision=given["decision"],
            reason=given["reason"].strip(),
            conflict=given["conflict"] or Conflict.NEVER_ASKED,
            conflict_text=given["conflict_text"].strip(),
        )


class RulingForm(forms.Form):
    shown = ShownField()
    start = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label="Why is it minor?")


class ReferenceRulingForm(forms.Form):
    shown = ShownField()
    kind = forms.ChoiceField(widget=forms.RadioSelect, label="Which review is the ruling for?")
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), label="Why does this change nothing that the pages say?"
    )

    def __init__(self, data: Any = None, *, kinds: list[KindVersion]) -> None:
        super().__init__(data, initial={"kind": kinds[0].code} if len(kinds) == 1 else None)
        kind: Any = self.fields["kind"]
        kind.choices = [(each.code, each.name) for each in kinds]


class WithdrawDecisionForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), label="Why")


class OverruleForm(forms.Form):
    """An answer to somebody else's objection; `objection` is its key."""

    shown = ShownField()
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), label="Why does the objection not hold?"
    )

    def __init__(self, data: Any = None, *, objection: int, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id=f"id_overrule_{objection}_%s")
        self.objection = objection


class SubmitForm(forms.Form):
    saves = forms.IntegerField(widget=forms.HiddenInput)
    change = forms.ChoiceField(choices=Change, widget=forms.RadioSelect, label="What kind of change is this?")
    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        label="Message to the reviewers",
        help_text="Say what you changed and where they should look. Readers do not see this.",
    )


class AssignForm(forms.Form):
    person = forms.ModelChoiceField(queryset=get_user_model()._default_manager.none(), label="Person")
    due_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), label="Due on")

    def __init__(
        self, data: Any = None, *, edition: Edition, step: Step, initial: dict[str, Any] | None = None
    ) -> None:
        for_whom = f"_{step.organisation.code}" if step.organisation else ""
        super().__init__(data, initial=initial, auto_id=f"id_ask_{step.kind.code}{for_whom}_%s")
        self.people = assigning.people_for(step, edition)
        keys = [person.pk for person in self.people]
        people = get_user_model()._default_manager.filter(pk__in=keys).order_by("printed_name")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.step = step


class PublishForm(forms.Form):
    shown = ShownField()


class WithdrawForm(forms.Form):
    reason = forms.ChoiceField(
        choices=PageWithdrawalReason, widget=forms.RadioSelect, label="Why do you withdraw the page?"
    )
    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        label="Your own words to readers, if any",
        help_text="Readers are told at once, in fixed words, why the page is gone. What you write here follows when somebody "
        "else has confirmed it: another publisher or an editor; where it names a medicine or an amount, or tells readers "
        "what to take or stop, a medical reviewer.",
    )


class ConfirmWordsForm(forms.Form):
    shown = ShownField()


class SourcesForm(forms.Form):
    """Which of the sources that have to be opened are shown."""

    whose = forms.ChoiceField(
        choices=[("mine", "of my articles"), ("all", "of all articles")], required=False, label="Sources"
    )
    type = forms.ChoiceField(
        choices=[("", "any"), *ReferenceType.choices], required=False, label="Type of source"
    )
    site = forms.CharField(required=False, max_length=200, label="Address contains")


class FoundForm(forms.Form):
    """What somebody found who opened a source of the list; the buttons are its answers."""

    article = forms.IntegerField()
    newest = forms.IntegerField(required=False)
    version = forms.IntegerField(required=False)
    address = forms.CharField(required=False, strip=False)
    found = forms.ChoiceField(choices=Found)
    supports = forms.ChoiceField(choices=Supports, required=False)
    share = forms.BooleanField(required=False)
    next = forms.IntegerField(required=False)


class RefreshForm(forms.Form):
    """Which public articles get newer access dates."""

    whose = forms.ChoiceField(choices=[("mine", "mine"), ("all", "all")], required=False, label="Articles")
    type = forms.ChoiceField(
        choices=[("", "any"), *ReferenceType.choices], required=False, label="Type of source opened again"
    )


class RefreshSignForm(forms.Form):
    """One answer for all articles on the page."""

    shown = ShownField()
    conflict = forms.ChoiceField(
        choices=CONFLICTS,
        widget=forms.RadioSelect,
        required=False,
        label="Do you have a conflict of interest?",
    )
    conflict_text = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 2}), required=False, label="The interest, and with whom"
    )
