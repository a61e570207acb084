"""Where the links of a file lead once they are here."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from lxml.html import HtmlElement

from content.decoding import Note
from content.models import Article

ARTICLE = "article:"
UNRESOLVED = "unresolved:"
ABSOLUTE = {"http", "https", "mailto", "tel"}
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
OURS = re.compile(r"(?:/(?P<language>[a-z]{2}))?/articles/(?P<slug>[\w-]+)/?(?P<rest>[?#].*)?")

ArticleAt = Callable[[str], str | None]


def article_at(href: str, language: str) -> str | None:
    """Return the uid of the article at an address of this site. Where the address names no language, it is this one."""
    match = OURS.fullmatch(href.removeprefix(settings.SITE_URL))
    if not match:
        return None
    language = match["language"] or language
    now = Article.objects.filter(language=language, slug=match["slug"])
    once = Article.objects.filter(former_addresses__language=language, former_addresses__slug=match["slug"])
    article = now.first() or once.first()
    return str(article.uid) if article else None


class Doubt(NamedTuple):
    """Why a link may not lead where it should; `kind` is what all links with the same doubt have in common."""

    line: int
    kind: str
    words: str


def settle(body: HtmlElement, find: ArticleAt, base_url: str = "") -> Iterator[Note]:
    """Give every link in the tree the target it has here, and say which of them lead nowhere."""
    doubts = []
    for link in list(body.iter("a")):
        href = re.sub(r"[\t\n]", "", link.get("href") or "").strip()
        if "href" not in link.attrib:
            continue
        target, kind, doubt = settled(href, find, base_url)
        if target:
            link.set("href", target)
        else:
            del link.attrib["href"]
        if doubt:
            words = " ".join(link.text_content().split())
            doubts.append(Doubt(link.sourceline or 0, kind, f"The link “{words}” {doubt}"))
    yield from grouped(doubts)


def grouped(doubts: Iterable[Doubt]) -> Iterator[Note]:
    # One note for all links of a kind: a page of a dictionary's pop-ups would bury the rest.
    kinds: dict[str, list[Doubt]] = {}
    for doubt in doubts:
        kinds.setdefault(doubt.kind, []).append(doubt)
    for kind, alike in kinds.items():
        first, *others = alike
        also = f" So do {len(others)} more links to {kind}." if others else ""
        also = also.replace("So do 1 more links", "So does 1 more link")
        yield Note(first.line, f"{first.words}{also}")


def settled(href: str, find: ArticleAt, base_url: str = "") -> tuple[str, str, str]:
    """Return the target, the kind of link it is, and what is doubtful about it."""
    if not href or href.startswith("#"):
        doubt = f"leads to a place on its own page (“{href}”). Its words are kept, the link is not."
        return "", "places on the page", doubt
    href = whole(href, base_url)
    if uid := find(href):
        lost = href.partition("#")[2]
        doubt = f"leads to the whole article, no longer to “#{lost}” in it." if lost else ""
        return f"{ARTICLE}{uid}", "places in articles", doubt
    scheme = SCHEME.match(href)
    if not scheme:
        doubt = f"leads to {href}, which is no article here. It has no target yet."
        return f"{UNRESOLVED}{href}", f"pages in {folder(href)}/", doubt
    if scheme[1].lower() in ABSOLUTE:
        return href, "", ""
    doubt = (
        f"leads to “{href}”, an address of a kind no reader can open. Its words are kept, the link is not."
    )
    return "", f"addresses with “{scheme[0]}”", doubt


def whole(href: str, base_url: str) -> str:
    try:
        return urljoin(base_url, href) if base_url else re.sub("^//", "https://", href)
    except ValueError:  # the brackets of an address that is none
        return href


def folder(href: str) -> str:
    return re.split("[?#]", href)[0].rpartition("/")[0]
