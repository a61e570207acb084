"""On a library row's own page: where it is used."""

from typing import Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from content.admin.audit_trail import AuditedAdmin
from content.library import usage
from content.models import Article, Publication
from content.phrases import plural


class Used(AuditedAdmin):
    """Puts “Where it is used” on the form; a class whose form names its fields names this one too."""

    readonly_fields: ClassVar[tuple[str, ...]] = ("used",)

    @admin.display(description="Where it is used")
    def used(self, row: Any) -> str | SafeString:
        if row.pk is None:
            return "Save it first, then this shows where it is used."
        return public_words(usage.publications(row)) + draft_words(usage.drafts(row))


def public_words(publications: list[Publication]) -> SafeString:
    links = [(each.article.get_absolute_url(), each.article, each.edition.number) for each in publications]
    return told("public page", format_html_join("", '<br><a href="{}">{}</a>, edition {}', links), len(links))


def draft_words(articles: list[Article]) -> SafeString:
    links = [(reverse("admin:content_article_change", args=[each.pk]), each) for each in articles]
    return told("draft", format_html_join("", '<br><a href="{}">{}</a>', links), len(links))


def told(thing: str, lines: SafeString, count: int) -> SafeString:
    return format_html("<p>{}{}</p>", plural(count, thing) if count else f"No {thing}s", lines)
