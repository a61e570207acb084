"""Pictures on pages: what a snapshot's figure shows, and the addresses of the files. Readers see those of live pages only."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from content.models import Picture, Publication
from content.pictures import storing
from content.snapshots import snapshot
from evidence.ledger import sha256
from evidence.models import LedgerEvent

# Names of addresses: one answers everybody, the other staff.
PUBLIC = "picture"
STAFF = "admin:content_picture_file"
A_YEAR = 365 * 24 * 60 * 60
NO_FIGURES = sha256(b"[]")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Figure:
    """Without an address where its file was never uploaded: a page then tells in words what it shows."""

    alt: str
    caption: str
    credit: str
    address: str = ""
    width: int = 0
    height: int = 0


def figures(entries: Iterable[dict[str, str]], *, address: str) -> list[Figure]:
    entries = list(entries)
    digests = {entry["digest"] for entry in entries if entry["digest"]}
    stored = Picture.objects.in_bulk(digests, field_name="digest") if digests else {}
    return [figure(entry, stored.get(entry["digest"]), address) for entry in entries]


def figure(entry: dict[str, str], stored: Picture | None, address: str) -> Figure:
    words = Figure(entry["alt"], entry["caption"], entry["credit"])
    if stored is None:
        return words
    return Figure(
        words.alt, words.caption, words.credit, address_of(stored, address), stored.width, stored.height
    )


def address_of(stored: Picture, address: str) -> str:
    return reverse(address, args=[stored.digest, stored.ending])


def live_digests() -> frozenset[str]:
    """Return the digests of every picture that a live publication shows."""
    newest = LedgerEvent.objects.order_by("-number").values_list("digest", flat=True).first()
    return _live_digests(newest or "")


@lru_cache(maxsize=1)
def _live_digests(ledger_head: str) -> frozenset[str]:
    # Nothing is published or withdrawn without an event, so between two events the answer stays the same.
    shown = Publication.objects.live().exclude(edition__parts__figures=NO_FIGURES)
    return frozenset(
        entry["digest"]
        for text in shown.values_list("edition__snapshot", flat=True).iterator()
        for entry in snapshot.parsed(text)["parts"]["figures"]
    )


@require_safe
def picture(request: HttpRequest, digest: str, ending: str) -> HttpResponseBase:
    found = named(digest, ending)
    if digest not in live_digests():
        raise Http404("There is no such picture.")
    response = file_response(found)
    if response.status_code != 200:
        return response
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    response["ETag"] = f'"{digest}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def named(digest: str, ending: str) -> Picture:
    found = get_object_or_404(Picture, digest=digest)
    if found.ending != ending:
        raise Http404("There is no such picture.")
    return found


def file_response(found: Picture) -> HttpResponse:
    """Answer with the file, once its digest was checked, or with 503 in plain words where it is not what was signed."""
    try:
        response = HttpResponse(storing.stored(found), content_type=found.media_type)
    except storing.Damaged as damaged:
        logger.error("Picture %s is not shown: %s", found.pk, damaged)
        words = "We cannot show this picture just now, because its file is not the one that was signed. Please try again later.\n"
        response = HttpResponse(words, content_type="text/plain; charset=utf-8", status=503)
        response["Retry-After"] = "3600"
    return response
