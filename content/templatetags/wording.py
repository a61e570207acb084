"""Codes, days and times in the words of staff pages: `content.snapshots.wording` and `content.phrases`."""

from django import template

from content.phrases import moment_to_the_second
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

register.filter("to_the_second", moment_to_the_second)
