"""Where the links of a file lead once they are here."""

import re
from collections.abc import Callable, Iterator

from django.conf import settings
from lxml.html import HtmlElement

from content.importing.faults import Note
from content.models import Article

ARTICLE = "article:"
UNRESOLVED = "unresolved:"
ABSOLUTE = {"http", "https", "mailto", "tel"}
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
OURS = re.compile(r"(?:/(?P<language>[a-z]{2}))?/articles/(?P<slug>[\w-]+)/?(?P<rest>[?#].*)?")

ArticleAt = Callable[[str], str | None]


def article_at(href: str, language: str) -> str | None:
    """The uid of the article at an address of this site; where the address names no language, it is this one."""
    match = OURS.fullmatch(href.removeprefix(settings.SITE_URL))
    if not match:
        return None
    language = match["language"] or language
    now = Article.objects.filter(language=language, slug=match["slug"])
    once = Article.objects.filter(former_addresses__language=language, former_addresses__slug=match["slug"])
    article = now.first() or once.first()
    return str(article.uid) if article else None


def settle(body: HtmlElement, find: ArticleAt) -> Iterator[Note]:
    """Give every link in the tree the target it has here, and say which of them lead nowhere."""
    for link in list(body.iter("a")):
        href = re.sub(r"[\t\n]", "", link.get("href") or "").strip()
        if "href" not in link.attrib:
            continue
        target, doubt = settled(href, find)
        if target:
            link.set("href", target)
        else:
            del link.attrib["href"]
        if doubt:
            words = " ".join(link.text_content().split())
            yield Note(link.sourceline or 0, f"The link “{words}” {doubt}")


def settled(href: str, find: ArticleAt) -> tuple[str, str]:
    """The target, and what is doubtful about it."""
    if not href or href.startswith("#"):
        return "", f"leads to a place on its own page (“{href}”). Its words are kept, the link is not."
    if href.startswith("//"):
        href = f"https:{href}"
    if uid := find(href):
        lost = href.partition("#")[2]
        return f"{ARTICLE}{uid}", f"leads to the whole article, no longer to “#{lost}” in it." if lost else ""
    scheme = SCHEME.match(href)
    if not scheme:
        return f"{UNRESOLVED}{href}", f"leads to {href}, which is no article here. It has no target yet."
    if scheme[1].lower() in ABSOLUTE:
        return href, ""
    return (
        "",
        f"leads to “{href}”, an address of a kind no reader can open. Its words are kept, the link is not.",
    )
