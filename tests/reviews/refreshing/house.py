"""Public articles whose one source was opened again, and the steps of a refresh as people take them."""

from datetime import timedelta

from django.utils import timezone

from content.access_checks import recording
from content.models import Article, Edition
from evidence import shown as evidence_shown
from reviews.models import Conflict, KindVersion
from reviews.refreshing import preparing, publishing, signing
from reviews.refreshing.signing import Said
from tests import cast


def public(people, number=1):
    """So many public articles, named One, Two …"""
    names = ["One", "Two", "Three", "Four", "Five"][:number]
    return [cast.published(people, title=name, slug=name.lower()) for name in names]


def opened_again(by, *, found="unchanged", days_ago=0):
    """The source that all these articles cite."""
    source = Article.objects.order_by("pk")[0].citations.get().reference
    day = timezone.localdate() - timedelta(days=days_ago)
    return recording.opened(source, by=by, on=day, found=found)


def begun(people, by="ann", **given):
    refresh = preparing.begin(by=people[by], **given)
    list(preparing.prepare(refresh, by=people[by]))
    return refresh


def said(refresh, by, stated=None, organisation=None, **given):
    rows, kind = signing.rows(refresh), KindVersion.objects.newest(signing.KIND)
    organisation = organisation or by.organisation or cast.house()
    shown = evidence_shown.shown(signing.statements_of(rows, kind, by=by, organisation=organisation))
    usual = {"shown": cast.with_stated(shown, stated or {}), "conflict": Conflict.NONE}
    return Said(**{**usual, **given})


def reviewed(refresh, by, **given):
    return signing.review(refresh, by=by, organisation=by.organisation, said=said(refresh, by, **given))


def signed(refresh, by):
    act = reviewed(refresh, by)
    return list(signing.sign(act, by=by))


def published(refresh, by):
    shown = publishing.fingerprint(publishing.ready(refresh))
    return list(publishing.publish(refresh, by=by, shown=shown))


def codes(refresh):
    """Of each article that is held up, what is said of it."""
    items = refresh.items.exclude(reasons=[])
    return {item.article.title: [reason["code"] for reason in item.reasons] for item in items}


def editions_of(article):
    return list(Edition.objects.filter(article=article).order_by("number"))
