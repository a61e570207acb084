"""References whose addresses are watched, made without the rest of a house."""

from content.models import Reference, WatchedLink, WatchedSite


def reference(url, title="Kaposi Sarcoma"):
    made = Reference(type="webpage", title=title, url=url)
    made.save()
    return made


def at(server, path):
    return f"http://{server.address}:{server.port}{path}"


def cited(server, *paths):
    for path in paths:
        reference(at(server, path))


def link(url):
    return WatchedLink.objects.get(url=url)


def outcomes():
    """Of every address, by its path."""
    return {"/" + row.url.split("/", 3)[3]: row.outcome for row in WatchedLink.objects.all()}


def free_all():
    """As if every pause were over, and every watcher that died had died long ago."""
    WatchedSite.objects.update(free_at="2000-01-01T00:00Z")
