from collections.abc import Iterator
from typing import Any

from adminsortable2.admin import SortableAdminBase, SortableStackedInline
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from content import drafts, offers, opening, refusals, revisions
from content.admin.forms import ArticleForm, CitationForm, OpenedForm
from content.admin.offers import LibraryOffers
from content.admin.pictures import WithPictures, remind
from content.admin.revisions import ArticleRevisions
from content.findings import Finding, Refused, refuse_if
from content.models import Article, Citation, Pin, Section


class SectionInline(WithPictures, SortableStackedInline):
    model = Section
    extra = 0
    default_order_field = "position"
    ordering = ("position",)
    fieldsets = ((None, {"fields": ("heading", ("level", "kind", "drug"), "body", "position")}),)


class CitationInline(SortableStackedInline):
    model = Citation
    form = CitationForm
    extra = 0
    default_order_field = "position"
    ordering = ("position",)
    fields = ("reference", ("access_check", "supports"), "record")
    readonly_fields = ("record",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Citation]:
        return super().get_queryset(request).select_related("reference", "access_check")

    @admin.display(description="Opened today?")
    def record(self, citation: Citation) -> str:
        from django.utils.html import format_html

        if citation.pk is None:
            return "Save the article first."
        address = reverse("admin:content_citation_opened", args=[citation.article_id, citation.pk])
        return format_html('<a href="{}">Record that you opened it</a>', address)


@admin.register(Article)
class ArticleAdmin(SortableAdminBase, ArticleRevisions, LibraryOffers):
    form = ArticleForm
    inlines = (SectionInline, CitationInline)
    list_display = ("title", "type", "condition", "owner", "edition_public")
    list_filter = ("type", "language", "condition")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    save_on_top = True
    change_form_template = "admin/article_form.html"
    fieldsets = (
        (None, {"fields": ("title", "lead", "shown_saves")}),
        ("Listing", {"fields": (("type", "condition"), ("co_branded_with", "owner"), ("slug", "language"))}),
        ("For readers, when this is published", {"fields": ("public_note",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return (
            super()
            .get_queryset(request)
            .select_related("condition", "owner")
            .prefetch_related("publications__edition")
        )

    @admin.display(description="Public")
    def edition_public(self, article: Article) -> str:
        live = [publication for publication in article.publications.all() if publication.until_at is None]
        return f"edition {live[0].edition.number}" if live else "–"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_changeform_initial_data(request), "owner": request.user.pk}

    def audit_trails(self, row: Article) -> list[Any]:
        parts = [model.history.filter(article_id=row.pk) for model in (Section, Citation, Pin)]
        return [row.history.all(), *parts]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A draft that was handed in once is history; its owner may delete any other."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or (not obj.editions.exists() and obj.owner_id == request.user.pk))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting of many at once: each has its own conditions."""
        return {
            name: action for name, action in super().get_actions(request).items() if name != "delete_selected"
        }

    # Saving: the rows first, then drafts.saved() saves the article once and follows everything up.

    def save_model(self, request: HttpRequest, obj: Article, form: Form, change: bool) -> None:
        if not change:
            drafts.begun(obj)
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            drafts.saved(form.instance, old_slug=form.initial.get("slug", "") if change else "")
            remind(request, formsets)

    # Pages beside the form.

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        if article is not None:
            context["offered"] = offers.count(article)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:object_id>/opened/<int:citation_id>/",
            self.admin_site.admin_view(self.opened_view),
            name="content_citation_opened",
        )
        return [own, *super().get_urls()]

    def opened_view(self, request: HttpRequest, object_id: int, citation_id: int) -> HttpResponse:
        """Record that the source was opened, and let the draft print that day."""
        citation = get_object_or_404(
            Citation.objects.select_related("article", "reference"), pk=citation_id, article=object_id
        )
        if not (
            self.has_change_permission(request, citation.article) and request.user.has_perm(opening.RIGHT)
        ):
            raise PermissionDenied
        form = OpenedForm(
            request.POST or None,
            initial={
                "on": timezone.localdate(),
                "title_seen": citation.reference.title,
                "reference": citation.reference_id,
            },
        )
        if request.method == "POST" and form.is_valid():
            try:
                with refusals.recorded(by=request.user, article=citation.article):  # type: ignore[arg-type]
                    self.record_opening(request, citation, form.cleaned_data)
            except Refused as refused:
                for reason in refused.reasons:
                    form.add_error(None, reason.words)
            else:
                messages.success(
                    request, f"Recorded. The draft now prints {form.cleaned_data['on']:%B %-d, %Y}."
                )
                return redirect(
                    reverse("admin:content_article_change", args=[object_id]) + "#citations-group"
                )
        context = {
            **self.admin_site.each_context(request),
            "title": "Record that you opened a source",
            "opts": self.opts,
            "article": citation.article,
            "citation": citation,
            "address": citation.reference.url_normalised,
            "form": form,
        }
        return render(request, "admin/opened.html", context, status=422 if form.errors else 200)

    def record_opening(self, request: HttpRequest, citation: Citation, given: dict[str, Any]) -> None:
        by = request.user
        with revisions.revision(by=by, comment=f"Opened {citation.reference}"):  # type: ignore[arg-type]
            article = Article.objects.select_for_update().get(pk=citation.article_id)
            citation = Citation.objects.select_related("reference").get(pk=citation.pk)
            refuse_if("record an access", opening_refusals(article, citation, given.pop("reference")))
            supports = given.pop("supports")
            citation.access_check = opening.opened(citation.reference, by=by, **given)  # type: ignore[arg-type]
            citation.supports = supports
            citation.save()
            drafts.saved(article)


def opening_refusals(article: Article, citation: Citation, shown: int) -> Iterator[Finding]:
    if article.retired_at:
        yield Finding("article-retired", "This article is retired; bring it back before changing it.")
    if citation.reference_id != shown:
        yield Finding(
            "stale-reference", f"This citation is now of another source: {citation.reference}. Open that one."
        )
