"""Bringing references in from a file or a paste: first a page that says what each would be, then the storing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from content.admin.audit_trail import AuditedAdmin
from content.admin.requests import attempt, person
from content.citing import formatting
from content.citing.formats import csl_json, reading
from content.citing.formats.entries import Fault, Read
from content.library import adding, import_candidates
from content.library.import_candidates import Candidate
from content.phrases import plural

# A page to look through; for more there is `manage.py import_references`.
MOST_ON_A_PAGE = 500
LONGEST_PASTE = 500_000
# Below what Django takes in one field by default (DATA_UPLOAD_MAX_MEMORY_SIZE).
LONGEST_PAGE = 2_000_000


class ImportForm(forms.Form):
    file = forms.FileField(
        required=False,
        help_text="RIS (.ris), PubMed (.nbib) or CSL-JSON (.json), in UTF-8.",
        widget=forms.FileInput(attrs={"accept": ".ris,.nbib,.json,.txt"}),
    )
    pasted = forms.CharField(
        required=False,
        label="Or paste references here",
        help_text="One reference a line, in our house style, or the contents of such a file.",
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(given.get("file")) == bool(given.get("pasted")):
            raise forms.ValidationError("Either choose a file or paste references, not both.")
        return given


class Imported(AuditedAdmin):
    """The page, for whoever may add references."""

    def get_urls(self) -> list[URLPattern]:
        own = path("import/", self.admin_site.admin_view(self.import_view), name="content_reference_import")
        return [own, *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "entries" in request.POST:
            return self.store(request)
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        if not form.is_valid():
            return self.page(request, form=form, status=422 if form.is_bound else 200)
        name, read = read_from(form.cleaned_data)
        return self.preview(request, name, read, form)

    def preview(self, request: HttpRequest, name: str, read: Read, form: ImportForm | None) -> HttpResponse:
        found = import_candidates.compared(import_candidates.placed(entry) for entry in read.entries)
        faults = [*read.faults, *import_candidates.faults(found)]
        unfit = {fault.entry for fault in faults}
        new = [candidate for candidate in found if candidate.is_new and candidate.entry.number not in unfit]
        entries = csl_json.write(candidate.entry.csl for candidate in new)
        if len(found) > MOST_ON_A_PAGE or len(entries) > LONGEST_PAGE:
            faults, found, new = [*faults, too_much(len(found))], [], []
        context = {
            "form": form,
            "file_name": name,
            "faults": sorted(faults, key=lambda fault: (fault.entry, fault.line)),
            "new": [shown(candidate, number) for number, candidate in enumerate(new, start=1)],
            "again": [shown(candidate) for candidate in found if not candidate.is_new],
            "entries": entries,
        }
        return self.page(request, status=422 if faults and not found else 200, **context)

    def store(self, request: HttpRequest) -> HttpResponse:
        # What the page before showed is read and compared again.
        name, chosen = request.POST.get("file_name", "")[:200], set(request.POST.getlist("chosen"))
        read = reading.read(request.POST["entries"].encode(errors="replace"), wanted="csl-json")
        entries = [entry for entry in read.entries if str(entry.number) in chosen]
        if read.faults or not entries:
            messages.error(request, "Nothing was added: select at least one reference.")
            return self.preview(request, name, read, None)
        with attempt(request) as tried:
            found = adding.store(entries, by=person(request), file_name=name)
        if tried.refused:
            return self.page(request, form=ImportForm(), status=tried.status)
        say_what_was_added(request, found)
        return redirect(reverse("admin:content_reference_changelist"))

    def page(self, request: HttpRequest, *, status: int, **context: Any) -> HttpResponse:
        about = {"title": "Import references", "opts": self.opts, **self.admin_site.each_context(request)}
        return render(request, "admin/references/import_references.html", about | context, status=status)


def read_from(given: dict[str, Any]) -> tuple[str, Read]:
    upload: UploadedFile | None = given["file"]
    if upload is None:
        return "the pasted text", reading.read(given["pasted"].encode(errors="replace"))
    if (upload.size or 0) > reading.LARGEST:
        return str(upload.name), Read([], [Fault("too-large", reading.too_large_words())])
    return str(upload.name), reading.read(upload.read(), name=str(upload.name))


def too_much(count: int) -> Fault:
    words = f"There are {count:,} references, and this page takes {MOST_ON_A_PAGE} of usual length at a time."
    return Fault(
        "too-much",
        f"{words} Split the file, or ask an administrator to import it with manage.py import_references.",
    )


def shown(candidate: Candidate, number: int = 0) -> dict[str, Any]:
    # `number` is that of its place among those that can be chosen.
    return {
        "number": number,
        "entry": candidate.entry,
        "text": "(date)".join(formatting.formatted(candidate.entry.csl)),
        "unsure": candidate.unsure,
        "left_out": ", ".join(candidate.left_out),
        "already": candidate.already,
        "same_as": candidate.same_as,
    }


def say_what_was_added(request: HttpRequest, found: list[Candidate]) -> None:
    new = sum(candidate.is_new for candidate in found)
    messages.success(request, f"{plural(new, 'reference')} added to the library.")
    if new < len(found):
        messages.warning(
            request, f"{len(found) - new} were already in the library by then and were not added again."
        )
