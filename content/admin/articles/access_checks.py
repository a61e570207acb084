"""Recording on the article form that a source was opened: one press for the usual answer, a page for the others."""

from typing import Any

from adminsortable2.admin import CustomInlineFormSet, SortableStackedInline
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property

from accounts import permissions
from content.access_checks import recording
from content.access_checks.recording import Shown
from content.admin.articles.forms import CitationForm, OpenedForm
from content.admin.audit_trail import AuditedAdmin
from content.admin.references.autocomplete import ChooseSource
from content.admin.requests import attempt, person
from content.models import AccessCheck, Article, Citation, Reference
from content.phrases import long_date
from content.request_numbers import key
from content.snapshots import access

# Name of the button, and of what it posts: keys of the citation, of its source, of the newest check shown, and of the
# version of the source that the draft printed.
PRESSED = "opened"
POSTED = 4


class CitationFormSet(CustomInlineFormSet):
    """Gives each form the sources as the draft prints them."""

    @cached_property
    def shown(self) -> dict[int, Any]:
        return access.shown_by(self.instance) if self.instance.pk else {}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "shown": self.shown}


class CitationInline(SortableStackedInline):
    model = Citation
    form = CitationForm
    formset = CitationFormSet
    # A list of the whole library for each citation would be thousands of lines.
    autocomplete_fields = ("reference",)
    extra = 0
    default_order_field = "position"
    ordering = ("position",)
    fields = ("reference", ("access_check", "supports"), "last_opened", "open_again")
    readonly_fields = ("last_opened", "open_again")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = ChooseSource(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        # Without the button for those who may not press it.
        fields = super().get_fields(request, obj)
        return [field for field in fields if field != "open_again" or self.may_open(request, obj)]

    def may_open(self, request: HttpRequest, article: Any) -> bool:
        may_record = request.user.has_perm(permissions.ADD_ACCESS_CHECK)
        return may_record and self.has_change_permission(request, article)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        newest = recording.recorded_last(OuterRef(OuterRef("work"))).values("pk")
        found = super().get_queryset(request).annotate(work=Coalesce("reference__merged_into", "reference"))
        found = found.annotate(newest=Subquery(newest[:1]))
        return found.select_related("reference", "access_check__opened_for")

    @admin.display(description="Last opened")
    def last_opened(self, citation: Citation) -> str:
        if citation.pk is None:
            return "Save the article first, then record an access check here."
        context = {"citation": citation, **earlier(citation.access_check, shown_by(citation))}
        return render_to_string("admin/articles/_printed_check.html", context)

    @admin.display(description="Open it again")
    def open_again(self, citation: Any) -> str:
        if citation.pk is None:
            return "–"
        shown = shown_by(citation)
        keys = [citation.pk, citation.reference_id, citation.newest, getattr(shown, "history_id", None)]
        pressed = "-".join(str(each or "") for each in keys)
        context = {"citation": citation, "shown": shown, "pressed": pressed}
        return render_to_string("admin/articles/_open_again.html", context)


class AccessChecks(AuditedAdmin):
    """The button saves the whole form, so that nothing typed is lost and the form is not stale for whoever has it open."""

    def open_pressed(self, request: HttpRequest, article: Article) -> bool:
        """Record the check, and tell whether the draft prints a new one.

        Called inside the save, after its rows were saved.
        """
        keys = [key(part) for part in request.POST.get(PRESSED, "").split("-")]
        if len(keys) != POSTED or not request.user.has_perm(permissions.ADD_ACCESS_CHECK):
            return False
        cited = Citation.objects.filter(pk=keys[0], article=article).select_related("reference").first()
        if cited is None or cited.reference_id != keys[1]:
            messages.error(
                request,
                "Not recorded, because you chose another source in this citation. Open the new source and record that.",
            )
            return False
        answer = recording.today_unchanged(keys[2] or None, Shown(keys[3] or None))
        me = person(request)
        with attempt(request, article=article) as tried:
            _, is_new = recording.answered(article, cited.reference, by=me, answer=answer)
        if tried.refused:
            return False
        messages.success(
            request, f"Recorded: you opened “{cited.reference}” today. The draft now prints that date."
        )
        return is_new

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if PRESSED in request.POST:
            return redirect(place_of(obj, request.POST[PRESSED].partition("-")[0]))
        return super().response_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context.get("errors") and PRESSED in request.POST:
            messages.error(
                request,
                "Your access check is not recorded yet. Correct what is marked below, then press the button again.",
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:object_id>/opened/<int:citation_id>/",
            self.admin_site.admin_view(self.opened_view),
            name="content_citation_opened",
        )
        return [own, *super().get_urls()]

    def opened_view(self, request: HttpRequest, object_id: int, citation_id: int) -> HttpResponse:
        """Record any answer, and let the draft print that day."""
        citation = get_object_or_404(
            Citation.objects.select_related("article", "reference"), pk=citation_id, article=object_id
        )
        self.refuse_those_who_may_not_record(request, citation.article)
        if request.method != "POST":
            return self.opened_page(request, citation, fresh_form(citation))
        form = OpenedForm(request.POST)
        if not form.is_valid():
            return self.opened_page(request, citation, form, status=422)
        reference = get_object_or_404(Reference, pk=form.cleaned_data["reference"])
        article, answer = citation.article, form.answer()
        with attempt(request, article=article) as tried:
            check = recording.recorded(article, reference, by=person(request), answer=answer)
        if tried.refused:
            return self.opened_page(request, citation, fresh_form(citation, form.cleaned_data), tried.status)
        assert check.opened_on  # only an imported check may lack its day
        messages.success(request, f"Recorded. The draft now prints {long_date(check.opened_on)}.")
        return redirect(place_of(article, str(citation_id)))

    def refuse_those_who_may_not_record(self, request: HttpRequest, article: Article) -> None:
        may_record = request.user.has_perm(permissions.ADD_ACCESS_CHECK)
        if not (may_record and self.has_change_permission(request, article)):
            raise PermissionDenied

    def opened_page(
        self, request: HttpRequest, citation: Citation, form: OpenedForm, status: int = 200
    ) -> HttpResponse:
        shown = access.shown(citation.article, citation.reference)
        context = {
            **self.admin_site.each_context(request),
            "title": "Record an access check",
            "opts": self.opts,
            "article": citation.article,
            "citation": citation,
            "shown": shown,
            **earlier(citation.access_check, shown),
            "form": form,
        }
        return render(request, "admin/articles/opened.html", context, status=status)


def fresh_form(citation: Citation, given: dict[str, Any] | None = None) -> OpenedForm:
    # What was answered stays; what the page shows is of now, so that it can be posted again knowingly.
    newest = recording.newest_recorded(citation.reference)
    usual = {"on": timezone.localdate(), "title_seen": citation.reference.title}
    row = access.shown(citation.article, citation.reference)
    shown = {
        "reference": citation.reference_id,
        "newest": newest.pk if newest else None,
        "version": getattr(row, "history_id", None),
        "address": row.url,
    }
    return OpenedForm(initial={**usual, **(given or {}), **shown})


def shown_by(citation: Any) -> Any:
    # The form knows: see CitationForm.
    return getattr(citation, "shown", None) or access.shown(citation.article, citation.reference)


def earlier(check: AccessCheck | None, shown: Any) -> dict[str, Any]:
    """Return the check, where it is of another address or wording than the draft prints, and whether the source moved."""
    if check is None or access.counts(check, shown):
        return {}
    return {"earlier": check, "has_moved": not access.is_of_address(check, shown.url)}


def place_of(article: Article, citation: str) -> str:
    """Return the place of the citation on the article form, or of all citations where it is gone."""
    form = reverse("admin:content_article_change", args=[article.pk])
    keys = [str(key) for key in article.citations.values_list("pk", flat=True)]
    return f"{form}#citations-{keys.index(citation) if citation in keys else 'group'}"
