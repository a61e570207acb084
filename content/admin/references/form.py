"""The form of a reference: fields that an editor knows, in place of the variables of CSL-JSON."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from content.admin.references.form_fields import STATUSES, TELLING, USED_BY, VARIABLES, WITH_A_FIELD
from content.citing import form_text, validating
from content.library import duplicates, versions
from content.library.duplicates import Match
from content.models import Reference, csl_of
from content.models.references import NORMALISED

# The admin makes a Meta of its own from the form's, with all that it shows; so what the form fills stands here.
COLUMNS = (
    "type", "title", "container_title", "version", "url", "doi", "pmid", "isbn",
    "superseded_by", "retraction", "retracted_on", "retraction_source",
)  # fmt: skip


def line(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=300, help_text=help_text)


def names(rows: int, help_text: str) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows}), required=False, help_text=help_text)


class ReferenceForm(forms.ModelForm):
    """What was not touched is stored as it was, however else it could be written."""

    authors = names(
        4,
        "One name a line. Write a person as “Groopman, J E”, “van der Berg, A” or “Smith, J A, Jr”. Write an organisation, "
        "such as National Cancer Institute, without a comma, or in quotation marks if its name has one.",
    )
    issued_on = line(
        "Issued",
        "As precisely as the source gives it: 2025, 2025-10 or 2025-10-06. Leave it empty if there is none.",
    )
    container_title_short = line(
        "Abbreviated journal name",
        "For example J Clin Oncol. If given, it is printed instead of the full title.",
    )
    volume = line("Volume")
    issue = line("Issue", "For a supplement: 15_suppl.")
    page = line("Pages", "For example 4125-4131, or an article number such as e70.")
    status = forms.ChoiceField(label="Publication status", required=False)
    chapter_number = line("Chapter number")
    edition = line("Edition", "The number only, for example 6.")
    editors = names(3, "The editors of the book, written as the authors are.")
    publisher_place = line("Place", "For example Philadelphia, Pa.")
    publisher = line("Publisher")
    genre = line("Kind of document", "Printed in brackets after the title, for example package insert.")
    further = forms.JSONField(
        label="Other CSL-JSON fields",
        required=False,
        help_text='Anything that has no field above, for example {"ISSN": "0732-183X", "language": "en"}.',
    )
    anyway = forms.CharField(required=False, widget=forms.HiddenInput)
    newer_than = forms.ModelChoiceField(Reference.objects.all(), required=False, widget=forms.HiddenInput)

    class Meta:
        model = Reference
        fields = COLUMNS
        labels = {
            "container_title": "Published in",
            "pmid": "PubMed number",
            "retraction": "Retraction",
            "retracted_on": "On",
        }

    instance: Reference

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Works of the library that this one may be, and that nobody said it is not.
        self.alike: list[Match] = []
        self.initial = {**as_typed(self.instance), **self.initial}
        for name, types in USED_BY.items():
            if name in self.fields:
                self.fields[name].widget.attrs["data-used-by"] = "|".join(types)
        self.offer_statuses()
        self.offer_newer()
        self.say_what_identifiers_are_read_as()

    def offer_statuses(self) -> None:
        if isinstance(field := self.fields.get("status"), forms.ChoiceField):
            stored = self.initial.get("status", "")
            field.choices = list({**STATUSES, stored: STATUSES.get(stored, stored)}.items())

    def offer_newer(self) -> None:
        if isinstance(field := self.fields.get("superseded_by"), forms.ModelChoiceField):
            field.queryset = Reference.objects.kept().exclude(pk=self.instance.pk)

    def say_what_identifiers_are_read_as(self) -> None:
        for column in NORMALISED.keys() & self.fields.keys():
            read = getattr(self.instance, f"{column}_normalised")
            if read and read != getattr(self.instance, column):
                field = self.fields[column]
                field.help_text = f"{field.help_text} Recognised as {read}.".strip()

    def clean_authors(self) -> list[dict[str, str]]:
        return self.names_given("authors", "author", self.instance.author)

    def clean_editors(self) -> list[dict[str, str]]:
        return self.names_given("editors", "editor", self.instance.more.get("editor", []))

    def names_given(self, field: str, variable: str, stored: list[dict[str, str]]) -> list[dict[str, str]]:
        found = form_text.names_read(self.cleaned_data[field], stored)
        if problems := validating.malformed({variable: found}):
            raise ValidationError(problems)
        return found

    def clean_issued_on(self) -> dict[str, Any]:
        if "issued_on" not in self.changed_data:
            return {}
        try:
            return form_text.date_read(self.cleaned_data["issued_on"])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def clean_further(self) -> dict[str, Any]:
        further = self.cleaned_data["further"] or {}
        if not isinstance(further, dict):
            raise ValidationError('Write it as {…}, for example {"ISSN": "0732-183X"}, or leave it empty.')
        problems = [
            f"“{name}” has a field of its own. Enter it there." for name in further if name in WITH_A_FIELD
        ]
        rest = {name: value for name, value in further.items() if name not in WITH_A_FIELD}
        if problems := problems + validating.problems({"type": "document", "title": "–", **rest}):
            raise ValidationError(problems)
        return further

    def clean_superseded_by(self) -> Reference | None:
        newer: Reference | None = self.cleaned_data["superseded_by"]
        if newer and self.instance.pk and versions.would_loop(self.instance, newer):
            raise ValidationError(
                f"“{newer}” was itself superseded by this entry, or by one that this entry superseded. Choose another."
            )
        return newer

    def clean_newer_than(self) -> Reference | None:
        older: Reference | None = self.cleaned_data["newer_than"]
        if older and (reasons := list(versions.what_speaks_against(older))):
            raise ValidationError([reason.words for reason in reasons])
        return older

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for field, variable in VARIABLES.items():
            for problem in validating.malformed({variable: given.get(field, "")}):
                self.add_error(field, problem)
        for field, problem in retraction_problems(given):
            self.add_error(field, problem)
        return given

    def _post_clean(self) -> None:
        # What the form's own fields say must be on the instance before its model is asked whether it is sound.
        self.fill()
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            for problem in validating.problems(csl_of(self.instance)):
                self.add_error(None, problem)
        if not self.errors:
            self.ask_about_doubles()

    def fill(self) -> None:
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}
        more = {**self.instance.more}
        if "further" in changed:
            more = {name: value for name, value in more.items() if name in WITH_A_FIELD} | changed["further"]
        said = {variable: changed[field] for field, variable in VARIABLES.items() if field in changed}
        if "editors" in changed:
            said["editor"] = changed["editors"]
        if "issued_on" in changed:
            date = changed["issued_on"]
            said["issued"] = date if "literal" in date else {}
            self.instance.issued = date.get("date-parts", [[]])[0]
        if "authors" in changed:
            self.instance.author = changed["authors"]
        emptied = {name for name, value in said.items() if not value}
        self.instance.more = {name: value for name, value in (more | said).items() if name not in emptied}

    @property
    def alike_keys(self) -> str:
        return ",".join(str(match.reference.pk) for match in self.alike)

    def ask_about_doubles(self) -> None:
        # For works that the library has already, the person has to say that this is another one.
        self.alike = self.new_matches()
        said = set(self.cleaned_data.get("anyway", "").split(","))
        if any(str(match.reference.pk) not in said for match in self.alike):
            raise_hand = "This work seems to be in the library already. Use that entry, or say that this is another work."
            self.add_error(None, ValidationError(raise_hand, code="alike"))

    def new_matches(self) -> list[Match]:
        # Only matches that this change of the form brings about.
        stored = Reference.objects.filter(pk=self.instance.pk).first()
        if stored and TELLING.isdisjoint(self.changed_data):
            return []
        before = {match.reference.pk for match in duplicates.matches(stored)} if stored else set()
        older: Reference | None = self.cleaned_data.get("newer_than")
        known = {*before, older.pk} if older else before
        self.instance.normalise()
        return [match for match in duplicates.matches(self.instance) if match.reference.pk not in known]


def as_typed(row: Reference) -> dict[str, Any]:
    """Return the values of the form's own fields for a stored reference."""
    literal = row.more["issued"].get("literal", "") if isinstance(row.more.get("issued"), dict) else ""
    start: dict[str, Any] = {
        field: str(row.more[name]) for field, name in VARIABLES.items() if name in row.more
    }
    return start | {
        "authors": form_text.names_written(row.author),
        "editors": form_text.names_written(row.more.get("editor", [])),
        "issued_on": form_text.date_written(row.issued, literal),
        "further": {name: value for name, value in row.more.items() if name not in WITH_A_FIELD},
    }


def retraction_problems(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    what, on, source = (given.get(name) for name in ("retraction", "retracted_on", "retraction_source"))
    found = []
    if what and "retracted_on" in given and not on:
        found.append(("retracted_on", "Enter the date of the notice."))
    if what and "retraction_source" in given and not source:
        found.append(
            ("retraction_source", "Enter the web address of the notice, so that others can read it.")
        )
    if not what and (on or source):
        found.append(("retraction", "Choose what happened, or clear the date and the address of the notice."))
    if on and on > timezone.localdate():
        found.append(("retracted_on", "This date is in the future."))
    return found
