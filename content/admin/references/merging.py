"""Merging an entry of the library into another: which one, what it would do, and doing it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path

from content.admin.audit_trail import AuditedAdmin
from content.admin.references import facts
from content.admin.requests import attempt, person
from content.library import duplicates, merging, usage
from content.models import Article, Reference
from content.phrases import plural
from evidence.findings import Finding

FOUND = 20


@dataclass(frozen=True)
class Fact:
    """The same thing of both entries."""

    name: str
    alias: str
    kept: str

    @property
    def differs(self) -> bool:
        return self.alias != self.kept


class Merging(AuditedAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:object_id>/merge/", view(self.into_view), name="content_reference_merge_into"),
            path(
                "<int:object_id>/merge/<int:kept_id>/", view(self.merge_view), name="content_reference_merge"
            ),
        ]
        return [*own, *super().get_urls()]

    def into_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        # Entries that the library found by itself, or others by their words.
        if not self.has_change_permission(request):
            raise PermissionDenied
        alias = get_object_or_404(Reference, pk=object_id)
        query = request.GET.get("q", "").replace("\0", "").strip()
        found, _ = self.get_search_results(request, self.get_queryset(request), query)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Merge “{alias}”",
            "opts": self.opts,
            "alias": alias,
            "query": query,
            "matches": duplicates.matches(alias),
            "found": found.filter(merged_into=None).exclude(pk=alias.pk)[:FOUND] if query else [],
        }
        return render(request, "admin/references/reference_merge_into.html", context)

    def merge_view(self, request: HttpRequest, object_id: int, kept_id: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        alias, kept = (get_object_or_404(Reference, pk=key) for key in (object_id, kept_id))
        if request.method != "POST":
            return self.merge_page(request, alias, kept)
        with attempt(request) as tried:
            articles = merging.merge(alias, into=kept, by=person(request), seen=request.POST.get("seen", ""))
        if tried.refused:
            alias, kept = (get_object_or_404(Reference, pk=key) for key in (object_id, kept_id))
            return self.merge_page(request, alias, kept, tried.status)
        messages.success(request, said(alias, articles))
        back = "from" in request.POST
        page = "admin:content_reference_duplicates" if back else "admin:content_reference_change"
        return redirect(page) if back else redirect(page, kept.pk)

    def merge_page(
        self, request: HttpRequest, alias: Reference, kept: Reference, status: int = 200
    ) -> HttpResponse:
        seen = merging.shown(alias, kept)
        context = {
            **self.admin_site.each_context(request),
            "title": "Are these the same work?",
            "opts": self.opts,
            "alias": alias,
            "kept": kept,
            "seen": seen,
            "printed": [facts.printed(row) for row in (alias, kept)],
            "facts": beside(alias, kept),
            "drafts": drafts_of(alias, kept),
            "pages": usage.publications(alias),
            "taken_over": taken_over(alias, kept),
            "against": against(alias, kept, person(request), seen),
            "from": request.GET.get("from") or request.POST.get("from"),
        }
        return render(request, "admin/references/reference_merge.html", context, status=status)


def beside(alias: Reference, kept: Reference) -> list[Fact]:
    of_alias, of_kept = (dict(facts.facts(row)) for row in (alias, kept))
    names = {**of_kept, **of_alias}
    return [Fact(name, of_alias.get(name, ""), of_kept.get(name, "")) for name in names]


def drafts_of(alias: Reference, kept: Reference) -> list[tuple[Article, bool]]:
    """List each draft that would cite the kept entry from then on, and whether it cites both today."""
    cited = Article.objects.filter(retired_at=None)
    both = set(cited.filter(citations__reference=kept).values_list("pk", flat=True))
    return [(article, article.pk in both) for article in cited.filter(citations__reference=alias)]


def taken_over(alias: Reference, kept: Reference) -> str:
    # What the kept entry would learn.
    learnt = Reference.objects.get(pk=kept.pk)
    return facts.standing(learnt) if merging.inherit(alias, learnt) else ""


def against(alias: Reference, kept: Reference, by: Any, seen: str) -> list[Finding]:
    return list(merging.refusals(alias, kept, by=by, seen=seen))


def said(alias: Reference, articles: list[Article]) -> str:
    count = len(articles)
    drafts = f"{plural(count, 'draft now cites', 'drafts now cite')} this entry"
    return f"“{alias}” was merged into this entry. {drafts if count else 'No draft cited it'}."
