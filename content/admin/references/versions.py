"""A newer version of a work: a form that is filled in with the older one, which is superseded once it is saved."""

from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest

from content.admin.references.prefill import FilledIn
from content.admin.requests import attempt, person
from content.library import versions
from content.models import Reference
from content.request_numbers import key

# What no two versions share.
OF_ONE_VERSION = (
    "version", "issued_on", "doi", "pmid", "isbn", "superseded_by", "retraction", "retracted_on", "retraction_source",
)  # fmt: skip


class Versions(FilledIn):
    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        older = Reference.objects.filter(pk=key(initial.get("newer_than", ""))).first()
        if older is None:
            return {name: value for name, value in initial.items() if name != "newer_than"}
        shared = {name: value for name, value in self.initial_of(older).items() if name not in OF_ONE_VERSION}
        return {**shared, **initial}

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        older = form.cleaned_data.get("newer_than")
        if older is None or change:
            return
        with attempt(request) as tried:
            versions.supersede(older, obj, by=person(request))
        if not tried.refused:
            messages.success(
                request,
                f"“{older}” is now superseded by this version. Drafts that cite it get a library update.",
            )
