"""The same in other languages, where it is public there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from content import languages
from content.models import Article, Publication


@dataclass(frozen=True)
class Alternate:
    language: str
    path: str

    @property
    def name(self) -> str:
        # As its own speakers call the language.
        return languages.NAMES[self.language]

    @property
    def url(self) -> str:
        # With the host: search engines pass over alternates without one.
        return f"{settings.SITE_URL}{self.path}"


def page_of(article: Article) -> Alternate:
    return Alternate(article.language, article.get_absolute_url())


def of_article(article: Article) -> list[Alternate]:
    """List the live pages of its work, this one included; empty where it is the only one."""
    live = Publication.objects.live().filter(article__work=article.work_id).select_related("article")
    return several(page_of(publication.article) for publication in live)


def of_index(language: str) -> list[Alternate]:
    """List the front pages that list something, and this one."""
    spoken = set(Publication.objects.live().values_list("article__language", flat=True)) | {language}
    return several(Alternate(code, languages.address("index", code)) for code in spoken)


def several(found: Iterable[Alternate]) -> list[Alternate]:
    order = list(languages.NAMES)
    alternates = sorted(found, key=lambda alternate: order.index(alternate.language))
    return alternates if len(alternates) > 1 else []
