"""On a reference's own page: who opened it, and what of that no longer counts since the entry was changed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from content.admin.audit_trail import AuditedAdmin
from content.models import AccessCheck, Reference
from content.models.access_checks import OPENED_LAST
from content.phrases import long_date
from content.snapshots import access

LISTED = 10


@dataclass(frozen=True)
class Opening:
    """An access check of the entry, or of one that was merged into it, and whether it counts for it as it is now."""

    check: AccessCheck
    counts: bool
    has_moved: bool


def openings(reference: Reference) -> list[Opening]:
    """List the newest, with the newest that counts."""
    found = AccessCheck.objects.of_work(reference.kept_id).order_by(*OPENED_LAST)
    newest = list(found[:LISTED])
    if not access.counting(newest, reference):
        newest += found.filter(identity=reference.identity)[:1]
    return [
        Opening(each, access.counts(each, reference), not access.is_of_address(each, reference.url))
        for each in newest
    ]


def no_longer_counting(reference: Reference) -> AccessCheck | None:
    """Return the newest check, where none counts for the entry as it is now."""
    found = openings(reference)
    return found[0].check if found and not any(each.counts for each in found) else None


class Opened(AuditedAdmin):
    """Tells whoever changes an entry what was opened before, and has to be opened anew."""

    def save_model(self, request: HttpRequest, obj: Reference, form: ModelForm, change: bool) -> None:
        counted = change and bool(access.counting(all_of(obj), Reference.objects.get(pk=obj.pk)))
        super().save_model(request, obj, form, change)
        if counted and (earlier := no_longer_counting(obj)):
            self.message_user(request, to_be_opened(obj, earlier), messages.WARNING)

    @admin.display(description="Access checks")
    def opened(self, reference: Reference) -> str:
        return render_to_string("admin/references/_openings.html", {"openings": openings(reference)})


def all_of(reference: Reference) -> list[AccessCheck]:
    return list(AccessCheck.objects.of_work(reference.kept_id).first_of_each_version(*OPENED_LAST))


def to_be_opened(reference: Reference, earlier: AccessCheck) -> Any:
    day = long_date(earlier.opened_on) if earlier.opened_on else earlier.printed_date
    has_moved = not access.is_of_address(earlier, reference.url)
    if not has_moved:
        what = f"The reference changed after it was opened on {day}. Open it again and record what you found."
    elif reference.url:
        what = f"The address changed after it was opened on {day}. Open the new address and record what you found."
    else:
        what = f"The reference was opened on {day}, when it had an address. Look it up and record what you found."
    rest = "Articles that still print the earlier version keep its access date until they use the library update."
    return format_html('{} {} <a href="{}">Sources to open</a>', what, rest, reverse("sources"))
