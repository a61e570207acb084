"""The public site: live publications only, read-only, without cookies."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from content import languages
from content.integrity import article_integrity, verification
from content.models import Article, EndKind, FormerAddress, Publication
from content.public import alternates, pages
from content.public.pages import Page
from content.snapshots import snapshot
from evidence.models import LedgerEvent


def live(language: str) -> QuerySet[Publication]:
    return Publication.objects.live().filter(article__language=language).select_related("article", "edition")


@require_safe
def index(request: HttpRequest, language: str = languages.HOUSE) -> HttpResponse:
    # Titles and conditions come from the live snapshots; drafts have no say here.
    with verification.one_moment():
        found = article_integrity.read(live(language))
        shown = [row for row in found.values() if isinstance(row, Publication)]
        damaged = article_integrity.of_list(shown)
    entries = [entry_of(publication) for publication in shown if publication.pk not in damaged]
    entries.sort(key=lambda entry: (entry["condition"], entry["title"]))
    unread = [key for key, row in found.items() if row is None]
    context = {
        "entries": entries,
        "out_of_order": addresses_of([*damaged, *unread]),
        "alternates": alternates.of_index(language),
        "frame": article_integrity.frame(),
    }
    return render(request, "public/index.html", context)


def entry_of(publication: Publication) -> dict[str, Any]:
    content = snapshot.parsed(publication.edition.snapshot)
    return {
        "title": content["parts"]["text"]["title"],
        "address": publication.article.get_absolute_url(),
        "condition": content["parts"]["listing"]["condition"] or "",
        "last_revised_on": publication.last_revised_on,
        "language": content["language"],
    }


def addresses_of(publications: list[int]) -> list[str]:
    # Addresses are all that is said of pages whose own words cannot be trusted.
    found = Article.objects.filter(publications__in=publications) if publications else []
    return sorted(article.get_absolute_url() for article in found)


@require_safe
def article(request: HttpRequest, slug: str, language: str = languages.HOUSE) -> HttpResponse:
    if is_damaged(slug, language):
        return out_of_order(request)
    publication = live(language).filter(article__slug=slug).first()
    if publication is None:
        return former_address(slug, language) or withdrawn(request, slug, language)
    others = alternates.of_article(publication.article)
    return article_page(request, pages.published(publication), publication=publication, alternates=others)


def is_damaged(slug: str, language: str) -> bool:
    """Tell whether what stands behind this address is not as it was signed and recorded.

    Of what never was public, nothing is told.
    """
    with verification.one_moment():
        article = Article.objects.filter(slug=slug, language=language).first()
        return (
            article is not None
            and bool(article_integrity.of(article))
            and article_integrity.was_public(article)
        )


def article_page(request: HttpRequest, page: Page, **context: Any) -> HttpResponse:
    # Also for previews, whose address does not tell the language.
    with translation.override(page.language):
        return render(request, "public/article.html", {"page": page, **context})


def former_address(slug: str, language: str) -> HttpResponse | None:
    former = FormerAddress.objects.filter(slug=slug, language=language).select_related("article").first()
    return HttpResponsePermanentRedirect(former.article.get_absolute_url()) if former else None


def withdrawn(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Answer 410 with the public notice where the page was withdrawn, and 404 for everything that never was public."""
    last = publications(slug, language).first()
    if last is None or last.end_kind != EndKind.WITHDRAWN:
        raise Http404("There is no such page.")
    title = snapshot.parsed(last.edition.snapshot)["parts"]["text"]["title"]
    context = {"publication": last, "title": title, "frame": article_integrity.frame()}
    return render(request, "public/withdrawn.html", context, status=410)


def publications(slug: str, language: str) -> QuerySet[Publication]:
    found = Publication.objects.filter(article__slug=slug, article__language=language)
    return found.select_related("edition", "article")


def out_of_order(request: HttpRequest) -> HttpResponse:
    response = render(request, "public/out_of_order.html", {"frame": article_integrity.frame()}, status=503)
    response["Retry-After"] = "3600"
    return response


@require_safe
def article_snapshot(request: HttpRequest, slug: str, language: str = languages.HOUSE) -> HttpResponse:
    # The exact bytes that were signed, for anyone to check.
    if is_damaged(slug, language):
        return out_of_order(request)
    publication = live(language).filter(article__slug=slug).first()
    if publication is None:
        raise Http404("There is no such page.")
    response = HttpResponse(publication.edition.snapshot.encode(), content_type="application/json")
    response["X-Edition-Digest"] = f"sha256={publication.edition.digest}"
    return response


@require_safe
def article_history(request: HttpRequest, slug: str, language: str = languages.HOUSE) -> HttpResponse:
    # Dates and public notes of every publication; the old texts are for staff.
    if is_damaged(slug, language):
        return out_of_order(request)
    found = list(publications(slug, language).prefetch_related("notices"))
    if not found:
        raise Http404("There is no such page.")
    entries = [(p, snapshot.parsed(p.edition.snapshot)["parts"]) for p in found]
    context = {
        "entries": entries,
        "title": entries[0][1]["text"]["title"],
        "frame": article_integrity.frame(),
    }
    return render(request, "public/history.html", context)


@require_safe
def usage_policy(request: HttpRequest) -> HttpResponse:
    frame = article_integrity.frame()
    if frame is None:
        raise Http404("There is no such page.")
    policy = mark_safe(frame.usage_policy)  # noqa: S308  sanitised by its field
    return render(request, "public/usage_policy.html", {"frame": frame, "policy": policy})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    LedgerEvent.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain")
