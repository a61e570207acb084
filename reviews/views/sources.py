"""Sources that have to be opened, and recording that somebody opened them."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts import permissions
from accounts.models import User
from content.access_checks import queue, recording, sharing
from content.access_checks.queue import Filter, Source
from content.access_checks.recording import Answer, Shown
from content.admin.requests import attempt, person
from content.models import AccessCheck, Article, Found, Reference, Supports
from content.phrases import plural
from content.request_numbers import key, number
from reviews.forms import FoundForm, SourcesForm
from reviews.views.access import page, staff_page
from reviews.views.edition_page import edition_page
from reviews.views.editions import found

PER_PAGE = 25
# An answer is shared for no longer than this; the drafts not reached by then are offered it, as all newer checks are.
SECONDS_TO_SHARE = 5.0
UNSAID = "Nothing was recorded: choose what you found."


@staff_page(permissions.ADD_ACCESS_CHECK)
@require_safe
def to_be_opened(request: HttpRequest) -> HttpResponse:
    return list_page(request)


def list_page(
    request: HttpRequest, *, answered: int | None = None, refused: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    """Show the list. `answered` is the source whose answer was refused, and `refused` says why, in words."""
    me, asked = person(request), request.GET
    filters = SourcesForm(asked)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    whose = wanted.get("whose") or ("mine" if queue.owns_articles(me) else "all")
    narrowed = Filter(me if whose == "mine" else None, wanted.get("type", ""), wanted.get("site", ""))
    shown = Paginator(queue.found(narrowed), PER_PAGE).get_page(asked.get("p"))
    corrected = own_check(asked.get("again", ""), me)
    again = list(queue.one(corrected.reference_id)) if corrected else []
    others = [row for row in shown if row.pk not in {each.pk for each in again}]
    rows = queue.sources([*again, *others], me, first=corrected.opened_for_id if corrected else None)
    kept = {"whose": whose, "type": narrowed.type, "site": narrowed.site, "p": shown.number}
    context = {
        "title": "Sources to open",
        "filters": SourcesForm(initial={**wanted, "whose": whose}),
        "page_obj": shown,
        "rows": list(zip(rows, following(rows), strict=True)),
        "kept": urlencode({name: value for name, value in kept.items() if value}),
        "other_pages": urlencode({name: value for name, value in kept.items() if value and name != "p"}),
        "share": (request.POST or asked).get("share") == "1",
        "again": {row.pk for row in again},
        "last": own_check(asked.get("last", ""), me),
        "answered": answered,
        "refused": refused,
    }
    return page(request, "reviews/source_queue/sources.html", context, status)


def following(rows: list[Source]) -> Iterator[int | None]:
    """Give for each row the key of the one to go on with: the next, and after the last the one before."""
    keys = [row.reference.pk for row in rows]
    for place in range(len(keys)):
        rest = keys[place + 1 : place + 2] or keys[max(place - 1, 0) : place]
        yield rest[0] if rest else None


def own_check(posted: str, me: User) -> AccessCheck | None:
    checks = AccessCheck.objects.select_related("reference", "opened_for").filter(recorded_by=me.pk)
    return checks.filter(pk=key(posted)).first()


@staff_page(permissions.ADD_ACCESS_CHECK)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    source, me = get_object_or_404(Reference, pk=pk), person(request)
    form = FoundForm(request.POST)
    if not form.is_valid():
        messages.error(request, UNSAID)
        return list_page(request, answered=pk, refused=(UNSAID,), status=422)
    given = form.cleaned_data
    article = get_object_or_404(Article, pk=given["article"])
    supports = given["supports"] or Supports.NOT_STATED
    shown = Shown(given["version"], given["address"], in_library=True)
    said = Answer(timezone.localdate(), given["found"], supports, newest=given["newest"], shown=shown)
    with attempt(request, article=article) as tried:
        check = recording.recorded(article, source, by=me, answer=said)
    if tried.refused:
        return list_page(request, answered=pk, refused=tried.words, status=tried.status)
    messages.success(request, told(check, shared(check, me) if given["share"] else None))
    if not article.citations.filter(access_check=check).exists():
        messages.warning(request, not_printed(article, source))
    kept = {**request.GET.dict(), "last": check.pk, "share": "1" if given["share"] else ""}
    kept.pop("again", None)
    place = f"#source-{given['next']}" if given["next"] else ""
    return redirect(f"{reverse('sources')}?{urlencode({k: v for k, v in kept.items() if v})}{place}")


@dataclass(frozen=True)
class Shared:
    """How many drafts print the access check too, and whether others are left to be offered it."""

    drafts: int
    is_unfinished: bool


def shared(check: AccessCheck, me: User) -> Shared | None:
    # A source that changed has to be read for each article.
    if check.found != Found.UNCHANGED:
        return None
    until, drafts = monotonic() + SECONDS_TO_SHARE, 0
    for drafts, _ in enumerate(sharing.share(check, by=me), start=1):
        if monotonic() > until:
            return Shared(drafts, is_unfinished=bool(sharing.wanting(check)))
    return Shared(drafts, is_unfinished=False)


def not_printed(article: Article, source: Reference) -> str:
    return (
        f"“{article}” still prints “{source}” as it was before the library changed, so it does not print this day. Use the "
        "library update of that article, and then the newest access check."
    )


def told(check: AccessCheck, shared: Shared | None) -> str:
    words = f"Recorded: “{check.reference}”, {check.get_found_display()}."
    if shared is None:
        return words
    drafts = plural(shared.drafts, "other article")
    rest = " The remaining articles get it as a library update." if shared.is_unfinished else ""
    return f"{words} Shared with {drafts}.{rest}"


@staff_page(permissions.ADD_ACCESS_CHECK)
@require_POST
def open_again(request: HttpRequest, pk: int, reference: int) -> HttpResponse:
    # The edition stays as it is: the draft prints the day, and so will the next edition.
    edition, source, me = found(pk), get_object_or_404(Reference, pk=reference), person(request)
    version = number(request.POST.get("version", ""))
    shown = Shown(version, request.POST.get("address", ""))
    answer = recording.today_unchanged(number(request.POST.get("newest", "")), shown)
    with attempt(request, edition=edition) as tried:
        recording.recorded(edition.article, source, by=me, answer=answer)
    if tried.refused:
        return edition_page(request, edition, status=tried.status)
    messages.success(
        request, f"Recorded: you opened “{source}” today. The access date applies to the next edition."
    )
    return redirect(f"{request.path.rpartition('/opened/')[0]}/#sources")
