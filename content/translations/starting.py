"""Beginning a translation, and declaring that its draft follows a newer edition of its source."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content import languages
from content.drafts import revisions, saving
from content.models import Article, Edition, FormerAddress, Work
from content.translations import source_edition
from content.translations.copying import copy, lost
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if


def begin(source: Edition, *, language: str, by: User) -> Article:
    """Begin a draft in another language, with the source edition's words to be translated in place."""
    with transaction.atomic():
        # The work, not the article: its articles are what a second translator could add to at the same moment.
        work = Work.objects.select_for_update().get(pk=source.article.work_id)
        source = Edition.objects.select_related("article").get(pk=source.pk)
        by = permissions.fresh(by)
        refuse_if("translate", begin_refusals(source, work, language=language, by=by))
        article = Article(
            work=work,
            language=language,
            slug=free_slug(source.article.slug, language),
            source_digest=source.digest,
            owner=by,
        )
        name = languages.NAMES[language]
        with revisions.revision(by=by, comment=f"Copy of {source}, to be translated: {name}"):
            copy(source, article)
            saving.saved(article)
        facts = {"language": language, "source": source.digest}
        ledger.record("translate", by=by, at=timezone.now(), article_uid=article.uid, rows=[], **facts)
        return article


def begin_refusals(source: Edition, work: Work, *, language: str, by: User) -> Iterator[Finding]:
    if not permissions.may(by, permissions.ADD_ARTICLE):
        yield no_right(
            "Only editors can start a translation. Ask an administrator to add you to the group “Editors”."
        )
    if source.article.retired_at:
        yield Finding(
            "article-retired",
            f"“{source.article}” is retired, so it cannot be translated. Ask your administrator.",
        )
    if not source.publications.exists():
        words = (
            f"Edition {source.number} of “{source.article}” has never been public. "
            "Publish it first, or translate an edition that is or was public."
        )
        yield Finding("never-public", words)
    if language not in languages.NAMES:
        yield Finding("language-unknown", "Choose one of the languages in the list.")
    for existing in work.articles.filter(language=language):
        words = f"This article already exists in {languages.NAMES[language]}: “{existing}”. Continue with that one."
        yield Finding("translation-exists", words, subject=existing.title)
    yield from lost(source)


def free_slug(wanted: str, language: str) -> str:
    # The source's own where nobody has it in this language; the translator may choose another.
    slug, number = wanted, 2
    while is_taken(slug, language):
        slug, number = f"{wanted[:140]}-{number}", number + 1
    return slug


def is_taken(slug: str, language: str) -> bool:
    return any(
        model.objects.filter(slug=slug, language=language).exists() for model in (Article, FormerAddress)
    )


def renew_source(article: Article, *, by: User, shown: str) -> None:
    """Let the draft follow its source's live edition from now on.

    `shown` is the digest of the one that was compared.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        by = permissions.fresh(by)
        refuse_if("follow source", renew_refusals(article, by=by, shown=shown))
        with revisions.revision(by=by, comment="Follows the edition of its source that is public now"):
            before, article.source_digest = article.source_digest, shown
            saving.saved(article)
        facts = {"before": before, "source": shown}
        ledger.record("follow source", by=by, at=timezone.now(), article_uid=article.uid, rows=[], **facts)


def renew_refusals(article: Article, *, by: User, shown: str) -> Iterator[Finding]:
    if not permissions.may(by, permissions.CHANGE_ARTICLE):
        yield no_right(
            "Only editors can confirm which edition a translation follows. Ask an administrator to add you to the "
            "group “Editors”."
        )
    source = source_edition.source_of(article, article.source_digest)
    if source is None:
        yield Finding(
            "no-translation", f"“{article}” is not a translation, so there is no source edition to follow."
        )
        return
    live = source_edition.live_of(source)
    if live is None:
        words = f"“{source.article}” is not public now, so there is no newer edition to follow."
        yield Finding("source-not-public", words)
    elif live.edition.digest == article.source_digest:
        words = f"This draft already follows edition {live.edition.number}, which is the public one."
        yield Finding("source-followed", words)
    elif live.edition.digest != shown:
        words = (
            f"Edition {live.edition.number} of “{source.article}” is public now, and your page showed another one. "
            "Check the differences again, then confirm."
        )
        yield Finding("stale-source", words)
