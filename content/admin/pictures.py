"""Pictures on the staff side: uploading one in a section of the article form, and looking at those that are stored."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html

from accounts import permissions
from accounts.models import User
from content.admin.evidence import ReadOnly
from content.admin.requests import attempt_in
from content.models import Picture, Section, SectionKind
from content.pictures import storing
from content.public import pictures

TAKEN = "image/png,image/jpeg,image/webp"
HELP = "PNG, JPEG or WebP, at most 10 MB. The place and the camera stored in a photo are removed."
LOST = (
    "“{}” has to be chosen again, because the browser drops the file when something else on the page has to be "
    "corrected first."
)


class SectionForm(forms.ModelForm):
    """`by`, who is signed in, is set by the inline."""

    by: User
    picture_file = forms.FileField(
        required=False,
        label="Picture file",
        help_text=HELP,
        widget=forms.FileInput(attrs={"accept": TAKEN}),
    )
    # The digest of a picture that came with a text which could not be saved at once.
    picture_kept = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Section
        fields = (
            "position", "kind", "level", "heading", "drug", "body", "image_alt", "image_caption", "image_credit",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.files.get(self.add_prefix("picture_file")) if self.is_bound else None
        if chosen:  # seen only where the page comes back
            self.fields["picture_file"].help_text = f"{LOST.format(chosen.name)} {HELP}"

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if kept := given.get("picture_kept"):
            self.take_kept(kept)
        chosen = given.get("picture_file")
        if not chosen:
            return given
        if given.get("kind") != SectionKind.FIGURE:
            words = "Only a section of the kind “figure” shows a picture. Choose that kind, or upload it in a section of its own."
            self.add_error("picture_file", words)
        elif not self.errors:
            self.take(chosen)
        return given

    def take_kept(self, digest: str) -> None:
        if Picture.objects.filter(digest=digest).exists():
            self.instance.image_id = digest
        else:
            self.add_error("picture_file", "The picture for this place was not stored. Choose it again.")

    def take(self, chosen: Any) -> None:
        # Here, not when saving: what is wrong with the file is said beside it, and no typed word is lost.
        article = self.instance.article if self.instance.pk else None
        with attempt_in(self, "picture_file", by=self.by, article=article):
            self.instance.image_id = storing.upload(chosen, by=self.by).digest


class WithPictures(admin.StackedInline):
    """The part of a section's inline that is about its picture."""

    form = SectionForm
    readonly_fields = ("picture",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        # The upload stands here: of a field that a person may not use, the admin would still print the label.
        fields = ("picture", "picture_file", "picture_kept", "image_alt", "image_caption", "image_credit")
        may_change = self.has_change_permission(request, obj)
        shown = [name for name in fields if may_change or name not in {"picture_file", "picture_kept"}]
        return [*super().get_fieldsets(request, obj), ("Picture", {"classes": ("picture",), "fields": shown})]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.by = request.user  # type: ignore[attr-defined]  # the class is made anew for each request
        return formset

    @admin.display(description="Picture")
    def picture(self, section: Section) -> str:
        return thumbnail(section.image, section.image_alt) if section.image else "None yet."


def thumbnail(stored: Picture, alt: str) -> str:
    address = pictures.address_of(stored, pictures.STAFF)
    width, height = stored.width, stored.height
    html = '<a href="{0}"><img class="thumbnail" src="{0}" alt="{1}" width="{2}" height="{3}" loading="lazy"></a>'
    return format_html(html, address, alt or "A picture, not yet described", width, height)


def remind(request: HttpRequest, formsets: list[Any]) -> None:
    # A reminder, no refusal: a draft may wait for its words, the gate does not.
    forms = [form for formset in formsets if formset.model is Section for form in formset.forms]
    for section in [form.instance for form in forms if form.has_changed()]:
        if section.kind == SectionKind.FIGURE and section.image_id and not section.image_alt:
            words = (
                f"The picture of “{section}” is stored. Some readers cannot see it, so write what it shows "
                "in “What the picture shows” before you submit the article."
            )
            messages.warning(request, words)


@admin.register(Picture)
class PictureAdmin(ReadOnly):
    list_display = ("shown", "file_name", "media_type", "width", "height", "uploaded_by_name", "uploaded_at")
    list_display_links = ("file_name",)
    fields = (
        "shown", "file_name", "media_type", "width", "height", "size", "uploaded_by_name", "uploaded_at", "digest",
    )  # fmt: skip
    search_fields = ("file_name", "digest")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Pictures are shown in drafts and editions, so whoever may read either may see them.
        readers = (permissions.VIEW_ARTICLE, permissions.READ_EDITIONS)
        return any(request.user.has_perm(right) for right in readers)

    @admin.display(description="Picture")
    def shown(self, stored: Picture) -> str:
        return thumbnail(stored, stored.file_name)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<slug:digest>.<slug:ending>",
            self.admin_site.admin_view(self.file_view),
            name="content_picture_file",
        )
        return [own, *super().get_urls()]

    def file_view(self, request: HttpRequest, digest: str, ending: str) -> HttpResponse:
        # In previews and on the article form; readers have another address.
        if not self.has_view_permission(request):
            raise PermissionDenied
        return pictures.file_response(pictures.named(digest, ending))
