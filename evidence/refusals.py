from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from evidence.findings import Refused
from evidence.models import Refusal


class Article(Protocol):
    """Articles and editions live above this room; of them a refusal keeps only these."""

    @property
    def uid(self) -> UUID: ...


class Edition(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def article(self) -> Article: ...


@contextmanager
def recorded(
    *, by: AbstractBaseUser, article: Article | None = None, edition: Edition | None = None
) -> Iterator[None]:
    """Record a refusal of the verb inside, once its transaction was rolled back, and raise it again."""
    try:
        yield
    except Refused as refused:
        record(refused, by=by, article=article, edition=edition)
        raise


def record(
    refused: Refused, *, by: AbstractBaseUser, article: Article | None = None, edition: Edition | None = None
) -> None:
    article = article or (edition.article if edition else None)
    Refusal(
        refused_at=timezone.now(),
        verb=refused.verb,
        article_uid=article.uid if article else None,
        edition_number=edition.number if edition else None,
        requested_by_id=by.pk,
        requested_by_name=str(by),
        reasons=[reason.as_data() for reason in refused.reasons],
    ).save()
