"""Where links of ours lead: an article is named by its uid, and found at its address only while it is public."""

from collections.abc import Iterable
from uuid import UUID

from content.models import Article, Publication

ARTICLE = "article:"
UNRESOLVED = "unresolved:"


def is_inner(href: str) -> bool:
    return href.startswith((ARTICLE, UNRESOLVED))


def public(hrefs: Iterable[str]) -> dict[str, str]:
    """Return the addresses of those `article:<uid>` links whose article is public now."""
    uids = {href.removeprefix(ARTICLE) for href in hrefs if href.startswith(ARTICLE)}
    wanted = [uid for uid in uids if is_uid(uid)]
    if not wanted:
        return {}
    live = Article.objects.filter(uid__in=wanted, pk__in=Publication.objects.live().values("article_id"))
    return {f"{ARTICLE}{article.uid}": article.get_absolute_url() for article in live}


def is_uid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
