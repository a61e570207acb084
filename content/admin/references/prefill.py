"""On the form for a new reference: a box that fills the form in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from content.admin.audit_trail import AuditedAdmin
from content.library import prefill
from content.models import Reference

LONGEST = 2000


class FilledIn(AuditedAdmin):
    """The box asks for the form anew, with what was typed under `from`; nothing is stored before the form is saved."""

    add_form_template = "admin/references/add_reference.html"

    def initial_of(self, row: Reference) -> dict[str, Any]:
        """Return what the form shows of a row that is not stored."""
        raise NotImplementedError

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        text = str(initial.pop("from", "")).strip()[:LONGEST]
        return initial | self.filled_in(request, text) if text else initial

    def filled_in(self, request: HttpRequest, text: str) -> dict[str, Any]:
        found = prefill.filled(text)
        for note in found.notes:
            messages.warning(request, note)
        if found.already:
            address = reverse("admin:content_reference_change", args=[found.already.pk])
            words = 'This seems to be in the library already: <a href="{}">{}</a>. Use that entry if it is the same work.'
            messages.warning(request, format_html(words, address, found.already))
        return self.initial_of(found.row)
