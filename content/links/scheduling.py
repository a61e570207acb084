"""Which address is looked at next, and that no two watchers, in whichever processes, are at one site at a time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from content.links.http import targets
from content.links.http.faults import NotReached
from content.models import Publication, Reference, WatchedLink, WatchedSite

# Longer than any look takes. When its process dies, the site is free again after this, and the address due.
TAKEN_FOR = timedelta(minutes=5)


def enrol() -> None:
    known = WatchedLink.objects.filter(url=OuterRef("url_normalised"))
    new = in_library().filter(~Exists(known)).values_list("url_normalised", flat=True)
    add(set(new))
    again = WatchedLink.objects.filter(due_at=None, url__in=in_library().values("url_normalised"))
    if again.exists():
        again.update(due_at=timezone.now())


def add(urls: set[str]) -> None:
    if not urls:
        return
    now = timezone.now()
    names = {url: site_of(url) for url in urls}
    with transaction.atomic():
        sites = [WatchedSite(name=name, free_at=now) for name in sorted(set(names.values()))]
        WatchedSite.objects.bulk_create(sites, ignore_conflicts=True)
        kept = WatchedSite.objects.in_bulk(sorted(set(names.values())), field_name="name")
        links = [WatchedLink(url=url, site=kept[names[url]], due_at=now) for url in sorted(urls)]
        WatchedLink.objects.bulk_create(links, ignore_conflicts=True)


def in_library() -> QuerySet[Reference]:
    return Reference.objects.filter(merged_into=None).exclude(url_normalised="")


def site_of(url: str) -> str:
    try:
        name = targets.target(url).host
    except NotReached:
        name = urlsplit(url).netloc  # no such site; the look will say so
    return name[:255]


def take(sites: Collection[str] = ()) -> WatchedLink | None:
    """Take the address that has been due for longest, of a site that is free, or return None where there is none."""
    while True:
        now = timezone.now()
        link = waiting(sites, now).filter(site__free_at__lte=now).order_by("due_at", "pk").first()
        if link is None or (is_printed(link) and is_taken(link, now)):
            return link


def waiting(sites: Collection[str], now: datetime) -> QuerySet[WatchedLink]:
    due = WatchedLink.objects.due(now)
    return due.filter(site__name__in=sites) if sites else due


def is_printed(link: WatchedLink) -> bool:
    # What neither the library nor a public page names any more is let go; what was found there stays known.
    if in_library().filter(url_normalised=link.url).exists():
        return True
    if Publication.objects.live().filter(edition__snapshot__contains=link.url).exists():
        return True
    WatchedLink.objects.filter(pk=link.pk).update(due_at=None)
    return False


def is_taken(link: WatchedLink, now: datetime) -> bool:
    # Another watcher may have been quicker.
    until = now + TAKEN_FOR
    with transaction.atomic():
        if not WatchedLink.objects.due(now).filter(pk=link.pk).update(due_at=until):
            return False
        if not WatchedSite.objects.filter(pk=link.site_id, free_at__lte=now).update(free_at=until):
            transaction.set_rollback(True)
            return False
        return True


def take_this(url: str) -> WatchedLink | None:
    """Take one address, due or not, or return None while somebody is at its site."""
    add({url})
    now = timezone.now()
    link = WatchedLink.objects.get(url=url)
    free = WatchedSite.objects.filter(pk=link.site_id, free_at__lte=now)
    return link if free.update(free_at=now + TAKEN_FOR) else None


def make_all_due(sites: Collection[str] = ()) -> None:
    now = timezone.now()
    links = WatchedLink.objects.filter(due_at__gt=now)
    (links.filter(site__name__in=sites) if sites else links).update(due_at=now)
