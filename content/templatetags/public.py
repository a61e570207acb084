"""What the public templates say in the language of the page around them."""

from datetime import date

from django import template

from content import languages
from content.citing import formatting

register = template.Library()


@register.filter(expects_localtime=True)
def day(value: date | None) -> str:
    """Write October 6, 2025 or 6 de octubre de 2025, in the house's time zone."""
    return formatting.date_text(value, languages.spoken()) if value else ""


@register.simple_tag
def address(page: str, **keywords: str) -> str:
    return languages.address(page, languages.spoken(), **keywords)
