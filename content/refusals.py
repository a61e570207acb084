from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from content.findings import Refused
from content.models import Article, Edition, Person, Refusal


@contextmanager
def recorded(*, by: Person, article: Article | None = None, edition: Edition | None = None) -> Iterator[None]:
    """Keep a refusal of the verb inside, after its transaction was rolled back, and let it through."""
    try:
        yield
    except Refused as refused:
        record(refused, by=by, article=article, edition=edition)
        raise


def record(
    refused: Refused, *, by: Person, article: Article | None = None, edition: Edition | None = None
) -> None:
    article = article or (edition.article if edition else None)
    Refusal(
        at=timezone.now(),
        verb=refused.verb,
        article_uid=article.uid if article else None,
        edition_number=edition.number if edition else None,
        by=by,
        by_name=str(by),
        reasons=[reason.as_data() for reason in refused.reasons],
    ).save()
