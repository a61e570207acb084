"""The page on which an editor takes or leaves what the library offers a draft."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from content.admin.audit_trail import AuditedAdmin
from content.admin.requests import attempt, person, saved_meanwhile, shown_saves
from content.library import updates
from content.models import Article
from content.phrases import plural
from content.snapshots import pins

VERBS = {"take": updates.take, "leave": updates.leave}


class LibraryUpdates(AuditedAdmin):
    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<int:object_id>/library/",
            self.admin_site.admin_view(self.library_view),
            name="content_article_library",
        )
        return [own, *super().get_urls()]

    def library_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        article = self.audited(request, str(object_id))
        if request.method != "POST":
            return self.library_page(request, article)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        word, _, key = request.POST.get("do", "").partition(" ")
        if word not in VERBS:
            return HttpResponseBadRequest(
                "Choose whether to use each update or keep the version of the draft."
            )
        keys = [key] if key else request.POST.getlist("shown")
        with attempt(request, article=article) as tried:
            VERBS[word](article, keys, by=person(request), saves=shown_saves(request))
        if tried.refused:
            article.refresh_from_db()
            return self.library_page(
                request, article, status=tried.status, **saved_meanwhile(request, article)
            )
        messages.success(request, said(word, len(keys)))
        return redirect("admin:content_article_library", object_id)

    def library_page(
        self, request: HttpRequest, article: Article, status: int = 200, **more: Any
    ) -> HttpResponse:
        differing = pins.differing(article)
        checks = updates.newer_checks(article)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": f"Library updates for {article}",
            "opts": self.opts,
            "article": article,
            "updates": updates.with_differences(article, [each for each in differing if not each.is_left]),
            "left": updates.with_differences(article, [each for each in differing if each.is_left]),
            "checks": checks,
            "versions": updates.newer_versions(article),
            "may_decide": self.has_change_permission(request, article),
            **more,
        }
        return render(request, "admin/articles/library_updates.html", context, status=status)


def said(word: str, count: int) -> str:
    things = plural(count, "update")
    if word == "leave":
        return f"The draft keeps its own version ({things}). You are asked again when the library changes."
    return f"The draft now uses the library’s version ({things})."
