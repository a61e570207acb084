"""On a library row's own page: where it is used."""

from typing import Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from content import uses
from content.admin.histories import AuditedAdmin
from content.models import Article, Publication


class Used(AuditedAdmin):
    """Puts “Where it is used” on the form; a class whose form names its fields names this one too."""

    readonly_fields: ClassVar[tuple[str, ...]] = ("used",)

    @admin.display(description="Where it is used")
    def used(self, row: Any) -> str | SafeString:
        if row.pk is None:
            return "Shown once it is saved."
        return public_words(uses.publications(row)) + draft_words(uses.drafts(row))


def public_words(publications: list[Publication]) -> SafeString:
    links = [(each.article.get_absolute_url(), each.article, each.edition.number) for each in publications]
    items = format_html_join("", '<li><a href="{}">{}</a>, edition {}</li>', links)
    return told(counted(len(links), "public page"), items)


def draft_words(articles: list[Article]) -> SafeString:
    links = [(reverse("admin:content_article_change", args=[each.pk]), each) for each in articles]
    return told(counted(len(links), "draft"), format_html_join("", '<li><a href="{}">{}</a></li>', links))


def told(count: str, items: SafeString) -> SafeString:
    return format_html("<p>{}</p><ul>{}</ul>", count, items) if items else format_html("<p>{}</p>", count)


def counted(count: int, thing: str) -> str:
    return f"{count or 'No'} {thing}{'' if count == 1 else 's'}"
