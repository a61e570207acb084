"""Codes and days of a snapshot in the words of staff pages: `content.snapshots.wording`."""

from django import template

from content.snapshots import wording

register = template.Library()

for shown in (
    wording.article_type,
    wording.route,
    wording.status,
    wording.society,
    wording.found,
    wording.supports,
):
    register.filter(shown.__name__, shown)
