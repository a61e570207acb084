"""The public site: live publications only, read-only, without cookies."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from content import languages, snapshot, verifying
from content.models import Chrome, EndKind, FormerAddress, LedgerEvent, Publication
from content.public import alternates, pages
from content.public.pages import Page


def live(language: str) -> QuerySet[Publication]:
    return Publication.objects.live().filter(article__language=language).select_related("article", "edition")


@require_safe
def index(request: HttpRequest, language: str = languages.HOUSE) -> HttpResponse:
    """Titles and conditions as the live snapshots have them; drafts have no say here."""
    entries = []
    for publication in live(language):
        content = snapshot.parsed(publication.edition.snapshot)
        parts = content["parts"]
        entries.append(
            {
                "title": parts["text"]["title"],
                "address": publication.article.get_absolute_url(),
                "condition": parts["listing"]["condition"] or "",
                "last_revised_on": publication.last_revised_on,
                "language": content["language"],
            }
        )
    entries.sort(key=lambda entry: (entry["condition"], entry["title"]))
    context = {
        "entries": entries,
        "alternates": alternates.of_index(language),
        "frame": Chrome.objects.current(),
    }
    return render(request, "content/index.html", context)


@require_safe
def article(request: HttpRequest, slug: str, language: str = languages.HOUSE) -> HttpResponse:
    publication = live(language).filter(article__slug=slug).first()
    if publication is None:
        return former_address(slug, language) or withdrawn(request, slug, language)
    damage = verifying.live_damage(publication)
    if damage:
        return out_of_order(request)
    others = alternates.of_article(publication.article)
    return article_page(request, pages.published(publication), publication=publication, alternates=others)


def article_page(request: HttpRequest, page: Page, **context: Any) -> HttpResponse:
    """Also for previews, whose address does not tell the language."""
    with translation.override(page.language):
        return render(request, "content/article.html", {"page": page, **context})


def former_address(slug: str, language: str) -> HttpResponse | None:
    former = FormerAddress.objects.filter(slug=slug, language=language).select_related("article").first()
    return HttpResponsePermanentRedirect(former.article.get_absolute_url()) if former else None


def withdrawn(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """410 with the public notice where the page was withdrawn; 404 for everything that never was public."""
    last = publications(slug, language).first()
    if last is None or last.end_kind != EndKind.WITHDRAWN:
        raise Http404("There is no such page.")
    title = snapshot.parsed(last.edition.snapshot)["parts"]["text"]["title"]
    context = {"publication": last, "title": title, "frame": Chrome.objects.current()}
    return render(request, "content/withdrawn.html", context, status=410)


def publications(slug: str, language: str) -> QuerySet[Publication]:
    """All that ever were, newest first."""
    found = Publication.objects.filter(article__slug=slug, article__language=language)
    return found.select_related("edition", "article")


def out_of_order(request: HttpRequest) -> HttpResponse:
    response = render(request, "content/out_of_order.html", {"frame": Chrome.objects.current()}, status=503)
    response["Retry-After"] = "3600"
    return response


@require_safe
def article_snapshot(request: HttpRequest, slug: str, language: str = languages.HOUSE) -> HttpResponse:
    """The exact bytes that were signed, for anyone to check."""
    publication = live(language).filter(article__slug=slug).first()
    if publication is None:
        raise Http404("There is no such page.")
    if verifying.live_damage(publication):
        return out_of_order(request)
    response = HttpResponse(publication.edition.snapshot.encode(), content_type="application/json")
    response["X-Edition-Digest"] = f"sha256={publication.edition.digest}"
    return response


@require_safe
def article_history(request: HttpRequest, slug: str, language: str = languages.HOUSE) -> HttpResponse:
    """Dates and public notes of every publication; the old texts are for staff."""
    found = list(publications(slug, language).prefetch_related("notices"))
    if not found:
        raise Http404("There is no such page.")
    entries = [(p, snapshot.parsed(p.edition.snapshot)["parts"]) for p in found]
    context = {"entries": entries, "title": entries[0][1]["text"]["title"], "frame": Chrome.objects.current()}
    return render(request, "content/history.html", context)


@require_safe
def usage_policy(request: HttpRequest) -> HttpResponse:
    frame = Chrome.objects.current()
    if frame is None:
        raise Http404("There is no such page.")
    policy = mark_safe(frame.usage_policy)  # noqa: S308  sanitised by its field
    return render(request, "content/usage_policy.html", {"frame": frame, "policy": policy})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Up, and the database answers."""
    LedgerEvent.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain")
