from typing import Any

from adminsortable2.admin import SortableAdminBase, SortableStackedInline
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse

from content.admin.articles.access_checks import AccessChecks, CitationInline
from content.admin.articles.forms import ArticleForm
from content.admin.articles.library_updates import LibraryUpdates
from content.admin.articles.merging import MergingAdmin
from content.admin.articles.revisions import ArticleRevisions
from content.admin.pictures import WithPictures, remind
from content.drafts import saving
from content.library import updates
from content.models import Article, Citation, Pin, Section


class SectionInline(WithPictures, SortableStackedInline):
    model = Section
    extra = 0
    default_order_field = "position"
    ordering = ("position",)
    fieldsets = ((None, {"fields": ("heading", ("level", "kind", "drug"), "body", "position")}),)


@admin.register(Article)
class ArticleAdmin(MergingAdmin, SortableAdminBase, ArticleRevisions, LibraryUpdates, AccessChecks):
    form = ArticleForm
    inlines = (SectionInline, CitationInline)
    list_display = ("title", "type", "condition", "owner", "edition_public")
    list_filter = ("type", "language", "condition")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    save_on_top = True
    change_form_template = "admin/articles/article_form.html"
    fieldsets = (
        (None, {"fields": ("title", "lead")}),
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
        # A draft that was submitted once is history; its owner may delete any other.
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or (not obj.editions.exists() and obj.owner_id == request.user.pk))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # No deleting of many at once: each has its own conditions.
        return {
            name: action for name, action in super().get_actions(request).items() if name != "delete_selected"
        }

    # Saving: the rows first, then drafts.saved() saves the article once and follows everything up.

    def save_model(self, request: HttpRequest, obj: Article, form: Form, change: bool) -> None:
        if not change:
            saving.begun(obj)
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        was_opened = change and self.open_pressed(request, form.instance)
        has_changed = form.has_changed() or any(formset.has_changed() for formset in formsets)
        if not change or has_changed or was_opened:
            saving.saved(form.instance, old_slug=form.initial.get("slug", "") if change else "")
            remind(request, formsets)

    # Pages beside the form.

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        if article is not None:
            context["offered"] = updates.count(article)
        return super().render_change_form(request, context, *args, **kwargs)
