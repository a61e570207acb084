"""The pages of an article's revisions: list, one as readers would see it, two compared, one restored."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from reversion.errors import RevertError
from reversion.models import Version

from content import differences
from content.admin.audit_trail import AuditedAdmin, RevisionsAdmin
from content.admin.requests import attempt, person, saved_meanwhile, shown_saves
from content.drafts import restoring, revision_summaries, revisions
from content.models import Article
from content.public import pages
from content.request_numbers import key
from content.snapshots import pins, snapshot
from content.snapshots.snapshot import Snapshot
from evidence.admin import SAFE

PER_PAGE = 25
DRAFT = "draft"


class ArticleRevisions(RevisionsAdmin, AuditedAdmin):
    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:object_id>/history/compare/",
                self.admin_site.admin_view(self.compare_view),
                name="content_article_compare",
            ),
            path(
                "<int:object_id>/history/<int:version_id>/restore/",
                self.admin_site.admin_view(self.restore_view),
                name="content_article_restore",
            ),
        ]
        return [*own, *super().get_urls()]

    def found(self, article: Article, version_id: str) -> Version:
        version = revisions.versions(article).filter(pk=key(version_id)).first()
        if version is None:
            raise Http404("This article has no such revision.")
        return version

    def page(
        self, request: HttpRequest, template: str, article: Article, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "article": article, **more}
        return render(request, template, context, status=status)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if request.method not in SAFE:
            return HttpResponseNotAllowed(SAFE)
        article = self.audited(request, object_id)
        found = revisions.versions(article)
        shown = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
        last = shown.object_list[len(shown) - 1] if len(shown) else None
        # The newest one of the next page is what the last one here is compared with.
        listed = [*shown, *(found.filter(pk__lt=last.pk)[:1] if last else ())]
        rows = revision_summaries.stored(article, [version.revision_id for version in listed])
        olders = [rows[version.revision_id] for version in listed[1:]] + [None]
        described = [
            (version, revision_summaries.summary(older, rows[version.revision_id]))
            for version, older in zip(shown, olders, strict=False)
        ]
        title = f"Revisions of {article}"
        return self.page(
            request,
            "admin/articles/revisions.html",
            article,
            title=title,
            object=article,
            page_obj=shown,
            revisions=described,
        )

    def revision_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        # The library's own page would revert the draft inside a transaction to show a revision.
        if request.method not in SAFE:
            return HttpResponseNotAllowed(SAFE)
        article = self.audited(request, object_id)
        version = self.found(article, version_id)
        try:
            rows = revisions.rows_at(version)
        except RevertError:
            return self.unreadable(request, article)
        return self.page(
            request,
            "admin/articles/revision.html",
            article,
            title=f"{article}, revision of {revisions.written(version)}",
            version=version,
            stored=rows.article,
            lost=list(restoring.lost(rows)),
            page=pages.page(revisions.snapshot_of(rows), pages.Facts()),
            may_restore=self.has_change_permission(request, article),
        )

    def unreadable(self, request: HttpRequest, article: Article) -> HttpResponse:
        messages.error(
            request, "This revision was stored by an older version of the software and can no longer be read."
        )
        return redirect("admin:content_article_history", article.pk)

    def compare_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        # Two revisions, or one and the draft as it is now; whichever is older comes first.
        if request.method not in SAFE:
            return HttpResponseNotAllowed(SAFE)
        article = self.audited(request, str(object_id))
        chosen = {request.GET.get("one", DRAFT), request.GET.get("other", DRAFT)}
        versions = sorted(
            (self.found(article, pk) for pk in chosen - {DRAFT}), key=lambda version: version.pk
        )
        names = [f"the revision of {revisions.written(version)}" for version in versions]
        if len(chosen) < 2:
            messages.error(request, "Choose two different revisions, or one revision and the present draft.")
            return redirect("admin:content_article_history", object_id)
        try:
            shown = [self.snapshot_at(version) for version in versions]
        except RevertError:
            return self.unreadable(request, article)
        if DRAFT in chosen:
            names, shown = [*names, "the present draft"], [*shown, snapshot.build(article)]
        return self.page(
            request,
            "admin/articles/compare.html",
            article,
            title=f"{article}: two revisions compared",
            names=names,
            difference=differences.between(shown[0], shown[1]),
        )

    def snapshot_at(self, version: Version) -> Snapshot:
        return revisions.snapshot_of(revisions.rows_at(version))

    def restore_view(self, request: HttpRequest, object_id: int, version_id: int) -> HttpResponse:
        article = self.audited(request, str(object_id))
        version = self.found(article, str(version_id))
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        if request.method != "POST":
            return self.restore_page(request, article, version)
        with attempt(request, article=article) as tried:
            restoring.restore(article, version, by=person(request), saves=shown_saves(request))
        if tried.refused:
            article.refresh_from_db()
            more = saved_meanwhile(request, article)
            return self.restore_page(request, article, version, status=tried.status, **more)
        messages.success(
            request,
            f"The draft is restored to the revision of {revisions.written(version)}. The draft as it was before is kept "
            "as a revision.",
        )
        return redirect(reverse("admin:content_article_change", args=[object_id]))

    def restore_page(
        self, request: HttpRequest, article: Article, version: Version, status: int = 200, **more: Any
    ) -> HttpResponse:
        try:
            rows = revisions.rows_at(version)
        except RevertError:
            return self.unreadable(request, article)
        after = revisions.snapshot_of(restoring.restored(article, rows))
        return self.page(
            request,
            "admin/articles/restore.html",
            article,
            status=status,
            title=f"Restore the revision of {revisions.written(version)}",
            version=version,
            lost=list(restoring.lost(rows)),
            lost_rows=[pins.name_of(pin) for pin in restoring.lost_pins(rows)],
            is_same=restoring.plan(article, rows).is_empty,
            difference=differences.between(snapshot.build(article), after),
            **more,
        )
