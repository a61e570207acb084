"""What follows from saving a draft, whoever saved it: the form, an import, a restored revision."""

from collections.abc import Iterator

from content.models import Article, FormerAddress, Work
from content.snapshots import pins, snapshot
from evidence.findings import Finding, refuse_if


def begun(article: Article) -> None:
    work = Work(name=article.title)
    work.save()
    article.work = work


def saved(article: Article, *, old_slug: str = "") -> None:
    """Finish a save, after the rows were saved in the same transaction: count it, pin, and keep the old address."""
    if old_slug and old_slug != article.slug:
        move(article, old_slug)
    refuse_if("save", language_refusals(article))
    article.saves += 1
    article.save()
    pins.renew(article)


def move(article: Article, old_slug: str) -> None:
    # The address of an article that was ever public redirects for ever.
    refuse_if("change address", address_refusals(article))
    article.former_addresses.filter(slug=article.slug).delete()
    if article.publications.exists():
        FormerAddress.objects.get_or_create(article=article, language=article.language, slug=old_slug)


def address_refusals(article: Article) -> Iterator[Finding]:
    taken = (
        FormerAddress.objects.filter(language=article.language, slug=article.slug)
        .exclude(article=article.pk)
        .first()
    )
    if taken:
        words = (
            f"The address “{article.slug}” still leads readers to “{taken.article}”. Choose another address."
        )
        yield Finding("address-taken", words, fix="#id_slug")


def language_is_settled(article: Article) -> bool:
    # Its signed editions, its public addresses and its translations hang on it.
    return article.editions.exists() or bool(article.source_digest) or article.work.articles.count() > 1


def language_refusals(article: Article) -> Iterator[Finding]:
    newest = article.editions.order_by("-number").first()
    if newest and snapshot.parsed(newest.snapshot)["language"] != article.language:
        words = f"Edition {newest.number} was submitted in another language. Start a translation instead."
        yield Finding("language-fixed", words, fix="#id_language")
