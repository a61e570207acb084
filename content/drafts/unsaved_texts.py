"""Text that somebody typed and could not save, kept until they merge or discard it."""

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from content.drafts.merging import Draft, from_data
from content.models import Article, UnsavedText


def keep(
    article: Article, typed: Draft, *, by: User, saves: int | None, instead_of: int | None = None
) -> UnsavedText:
    """Keep a text, in the row whose merge it is (`instead_of`), in the one that holds it already, or in a new one."""
    with transaction.atomic():
        mine = of(by).filter(article=article).select_for_update()
        kept = mine.filter(pk=instead_of).first() if instead_of else same(mine, typed, saves)
        kept = kept or UnsavedText(article=article, typed_by=by)
        kept.saves, kept.text, kept.kept_at = saves, typed.as_data(), timezone.now()
        kept.save()
        return kept


def of(person: User) -> models.QuerySet[UnsavedText]:
    return UnsavedText.objects.filter(typed_by=person).select_related("article")


def same(rows: models.QuerySet[UnsavedText], typed: Draft, saves: int | None) -> UnsavedText | None:
    # A form that was sent twice is one text.
    return next((row for row in rows if row.saves == saves and from_data(row.text) == typed), None)


def settle(article: Article, kept: int, *, by: User) -> None:
    # Merged, or not wanted any more: the row goes. Somebody else's stays, whatever key is named.
    of(by).filter(article=article, pk=kept).delete()
