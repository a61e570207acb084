"""What a translation translates, and whether that has moved on."""

from datetime import datetime

from content.models import Article, Edition, Publication

# A source that was only opened again, or only got another note to readers, gives a translator nothing to do.
TRANSLATED = ("text", "drugs", "references", "figures")


def source_of(article: Article, digest: str | None) -> Edition | None:
    """Return the edition that the translation names by its digest, or None where `article` is no translation."""
    if not digest:
        return None
    siblings = Edition.objects.filter(article__work=article.work_id).exclude(article=article.pk)
    return siblings.filter(digest=digest).select_related("article").first()


def live_of(source: Edition) -> Publication | None:
    """Return what is public now of the article that the source is an edition of."""
    live = Publication.objects.live().filter(article=source.article_id)
    return live.select_related("article", "edition").first()


def newer(article: Article, digest: str | None) -> Publication | None:
    """Return the source's live publication, where it says something else than what was translated."""
    source = source_of(article, digest)
    live = live_of(source) if source else None
    return live if source and live and says_other_things(source, live.edition) else None


def behind_since(source: Edition) -> datetime | None:
    """Tell when readers of the source first saw something else than this edition, if they still do."""
    since = None
    publications = Publication.objects.filter(article=source.article_id).select_related("edition")
    for publication in publications.defer("edition__snapshot"):  # newest first
        if not says_other_things(source, publication.edition):
            break
        since = publication.from_at
    return since


def says_other_things(source: Edition, now: Edition) -> bool:
    return any(source.parts[part] != now.parts[part] for part in TRANSLATED)
