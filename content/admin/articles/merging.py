"""A save that came too late: what was typed is kept, and merged on a page of its own with what was saved meanwhile."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from js_asset import Media

from accounts.models import User
from content import request_numbers
from content.admin.articles import merge_page, posted_form
from content.admin.articles.access_checks import PRESSED
from content.admin.audit_trail import AuditedAdmin
from content.admin.requests import attempt, person, shown_saves
from content.drafts import concurrent_saves, merging, revisions, unsaved_texts
from content.drafts.concurrent_saves import Save
from content.drafts.merging import CAN_BE_COMBINED, COMBINED, MINE, THEIRS, Choice, Draft, Merge
from content.drafts.revisions import Rows
from content.models import Article, UnsavedText
from content.pictures import storing
from evidence import refusals
from evidence.admin import SAFE
from evidence.findings import Refused

LATE = "stale-draft"


class MergingAdmin(AuditedAdmin):
    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:object_id>/kept/<int:kept_id>/{word}/",
                self.admin_site.admin_view(view),
                name=f"content_article_{word}",
            )
            for word, view in (("merge", self.merge_view), ("discard", self.discard_view))
        ]
        return [*own, *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        # Fields that the form only carries along are left out for people who may only look.
        (name, options), *others = super().get_fieldsets(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            return [(name, options), *others]
        return [(name, {**options, "fields": (*options["fields"], "shown_saves", "kept")}), *others]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        # Outside the save's revision and its transaction, so that what is kept outlives them.
        try:
            return super().change_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            if LATE not in refused.codes:
                raise
            return self.came_too_late(request, get_object_or_404(Article, pk=object_id), refused)

    def came_too_late(self, request: HttpRequest, article: Article, refused: Refused) -> HttpResponse:
        by, saves = person(request), number(request, "shown_saves")
        now = merging.of_rows(revisions.rows_now(article))
        base = draft_at(article, saves)
        mine = posted_form.read(request.POST, request.FILES, shown=base or now, upload=self.uploader(request))
        has_mine = merging.merge(base, now, mine).has_mine
        if has_mine or PRESSED in request.POST:
            refusals.record(refused, by=by, article=article)
        if PRESSED in request.POST:
            messages.error(
                request,
                "Your access check is not recorded yet. Press the button again on the draft as it is now.",
            )
        if not has_mine:
            who = others(concurrent_saves.saves_since(article, saves), by)
            messages.info(
                request,
                f"The draft was saved by {who} after you opened it. It contains everything you typed. This is the draft now.",
            )
            return redirect("admin:content_article_change", article.pk)
        kept = unsaved_texts.keep(
            article, mine, by=by, saves=saves if base else None, instead_of=number(request, "kept")
        )
        return self.merge_page(request, kept, status=409)

    def uploader(self, request: HttpRequest) -> posted_form.Upload:
        def upload(file: File) -> str:
            with attempt(request):
                return storing.upload(file, by=person(request)).digest
            messages.error(request, "Choose the picture again once your text is saved.")
            return ""

        return upload

    def merge_view(self, request: HttpRequest, object_id: int, kept_id: int) -> HttpResponse:
        kept = self.text_of_mine(request, object_id, kept_id)
        if request.method in SAFE:
            return self.merge_page(request, kept)
        if not self.has_change_permission(request, kept.article):
            raise PermissionDenied
        saves = shown_saves(request)
        over = rows_shown(kept.article, saves)
        if over is None:
            messages.error(
                request,
                "Not saved: the page did not say which draft it showed. Check the merged text below, then save again.",
            )
            return self.merge_page(request, kept, status=409)
        merge = merge_of(kept, merging.of_rows(over))
        choices = chosen(request, merge)
        if left := merging.unanswered(merge, choices):
            messages.error(request, f"Not saved yet: {count(len(left))} still to be made.")
            return self.merge_page(request, kept, saves=saves, status=422)
        draft = merging.result(merge, choices)
        # From here on as if all of it had been typed into the article form: its checks, lock, revision and audit trail.
        request.POST = posted_form.posted(draft, over=over, saves=saves, kept=kept.pk)  # type: ignore[assignment]
        address = reverse("admin:content_article_change", args=[object_id])
        return self.change_view(request, str(object_id), address)

    def discard_view(self, request: HttpRequest, object_id: int, kept_id: int) -> HttpResponse:
        kept = self.text_of_mine(request, object_id, kept_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, kept.article):
            raise PermissionDenied
        unsaved_texts.settle(kept.article, kept.pk, by=person(request))
        messages.success(request, "Your text is discarded. The draft is as it was.")
        return redirect("admin:content_article_change", object_id)

    def text_of_mine(self, request: HttpRequest, object_id: int, kept_id: int) -> UnsavedText:
        # Nobody else's text is found, whoever asks.
        article = self.audited(request, str(object_id))
        return get_object_or_404(unsaved_texts.of(person(request)), pk=kept_id, article=article)

    def merge_page(
        self, request: HttpRequest, kept: UnsavedText, *, saves: int | None = None, status: int = 200
    ) -> HttpResponse:
        """Show the page of merging over the draft now, or over the one that the page showed before."""
        article = Article.objects.get(pk=kept.article_id)
        saves = article.saves if saves is None else saves
        over = rows_shown(article, saves)
        assert over is not None  # the draft now, or what a page was answered over
        merge = merge_of(kept, merging.of_rows(over))
        form = merge_page.CombinedForm(merge, request.POST if "saves" in request.POST else None)
        newer = concurrent_saves.saves_since(article, kept.saves)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": f"Merge your text of {article}",
            "opts": self.opts,
            "article": article,
            "kept": kept,
            "saves": saves,
            "newer": newer,
            "chapters": list(
                merge_page.chapters(merge, chosen(request, merge), form, others(newer, person(request)))
            ),
            "asked": len(merge.asked),
            "has_mine": merge.has_mine,
            "media": Media.from_media(form.media).with_nonce(request.csp_nonce),  # type: ignore[attr-defined]
            "may_change": self.has_change_permission(request, article),
        }
        return render(request, "admin/articles/merge.html", context, status=status)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if kept := form.cleaned_data.get("kept"):
            unsaved_texts.settle(form.instance, kept, by=person(request))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if article := context.get("original"):
            context["unsaved_texts"] = unsaved_texts.of(person(request)).filter(article=article)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if not request.POST.get("kept"):
            return super().response_change(request, obj)
        messages.success(
            request, "The merged text is saved. The draft as it was before is kept as a revision."
        )
        return redirect("admin:content_article_change", obj.pk)


def number(request: HttpRequest, name: str) -> int | None:
    return request_numbers.number(request.POST.get(name, ""))


def rows_shown(article: Article, saves: int) -> Rows | None:
    return revisions.rows_now(article) if saves == article.saves else concurrent_saves.rows_at(article, saves)


def draft_at(article: Article, saves: int | None) -> Draft | None:
    rows = concurrent_saves.rows_at(article, saves)
    return merging.of_rows(rows) if rows else None


def merge_of(kept: UnsavedText, theirs: Draft) -> Merge:
    return merging.merge(draft_at(kept.article, kept.saves), theirs, merging.from_data(kept.text))


def chosen(request: HttpRequest, merge: Merge) -> dict[str, Choice]:
    asked = set(merge.asked)
    texts = {
        piece.key: posted_form.value(model, piece.name, request.POST.get(f"text-{piece.key}", ""))
        for model, piece in merge_page.pieces_of(merge)
        if piece.name in CAN_BE_COMBINED and piece.key in asked
    }
    sides = {key: request.POST.get(f"choose-{key}") for key in asked}
    found = {key: Choice(side) for key, side in sides.items() if side in {MINE, THEIRS}}
    return found | {
        key: Choice(COMBINED, texts[key]) for key, side in sides.items() if side == COMBINED and key in texts
    }


def others(saves: list[Save], me: User) -> str:
    names = ["you in another window" if save.by == me else str(save.by or "somebody") for save in saves]
    return " and ".join(dict.fromkeys(names)) or "somebody"


def count(left: int) -> str:
    return "one decision is" if left == 1 else f"{left} decisions are"
