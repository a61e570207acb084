"""The public site: live publications only, read-only, without cookies."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from content import snapshot, verifying
from content.models import Chrome, EndKind, FormerAddress, LedgerEvent, Publication
from content.public import pages

LANGUAGE = "en"


def live() -> QuerySet[Publication]:
    return Publication.objects.live().select_related("article", "edition")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Titles and conditions as the live snapshots have them; drafts have no say here."""
    entries = []
    for publication in live():
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
    return render(request, "content/index.html", {"entries": entries, "frame": Chrome.objects.current()})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    publication = live().filter(article__slug=slug, article__language=LANGUAGE).first()
    if publication is None:
        return former_address(slug) or withdrawn(request, slug)
    damage = verifying.live_damage(publication)
    if damage:
        return out_of_order(request)
    return render(
        request, "content/article.html", {"page": pages.published(publication), "publication": publication}
    )


def former_address(slug: str) -> HttpResponse | None:
    former = FormerAddress.objects.filter(slug=slug, language=LANGUAGE).select_related("article").first()
    return HttpResponsePermanentRedirect(former.article.get_absolute_url()) if former else None


def withdrawn(request: HttpRequest, slug: str) -> HttpResponse:
    """410 with the public notice where the page was withdrawn; 404 for everything that never was public."""
    last = (
        Publication.objects.filter(article__slug=slug, article__language=LANGUAGE)
        .select_related("edition", "article")
        .first()
    )
    if last is None or last.end_kind != EndKind.WITHDRAWN:
        raise Http404("There is no such page.")
    title = snapshot.parsed(last.edition.snapshot)["parts"]["text"]["title"]
    context = {"publication": last, "title": title, "frame": Chrome.objects.current()}
    return render(request, "content/withdrawn.html", context, status=410)


def out_of_order(request: HttpRequest) -> HttpResponse:
    response = render(request, "content/out_of_order.html", {"frame": Chrome.objects.current()}, status=503)
    response["Retry-After"] = "3600"
    return response


@require_safe
def article_snapshot(request: HttpRequest, slug: str) -> HttpResponse:
    """The exact bytes that were signed, for anyone to check."""
    publication = live().filter(article__slug=slug, article__language=LANGUAGE).first()
    if publication is None:
        raise Http404("There is no such page.")
    if verifying.live_damage(publication):
        return out_of_order(request)
    response = HttpResponse(publication.edition.snapshot.encode(), content_type="application/json")
    response["X-Edition-Digest"] = f"sha256={publication.edition.digest}"
    return response


@require_safe
def article_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Dates and public notes of every publication; the old texts are for staff."""
    publications = list(
        Publication.objects.filter(article__slug=slug, article__language=LANGUAGE)
        .select_related("edition", "article")
        .prefetch_related("notices")
    )
    if not publications:
        raise Http404("There is no such page.")
    entries = [(p, snapshot.parsed(p.edition.snapshot)["parts"]) for p in publications]
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
