"""Beginning a refresh, and bringing its articles one after the other from what is public to an edition with new dates."""

from collections.abc import Iterator
from time import sleep
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.access_checks import sharing
from content.drafts import revisions, saving
from content.editions import submitting
from content.models import Article, Change, Edition
from content.snapshots import snapshot
from evidence import ledger, refusals
from evidence.findings import Finding, Refused, no_right, refuse_if
from reviews.models import Refresh, RefreshItem
from reviews.refreshing import eligibility

PAUSE = 0.1
NOTE = "Sources opened again. Nothing else changed."


def begin(*, by: User, owner: User | None = None, kind: str = "") -> Refresh:
    """Write down which articles are looked at. Each is then prepared in a transaction of its own."""
    with transaction.atomic():
        by = permissions.fresh(by)
        chosen = list(eligibility.checks_since(owner, kind))
        refuse_if("start refresh", begin_refusals(by, has_any=bool(chosen)))
        refresh = Refresh(
            owner=owner, type=kind, started_by=by, started_by_name=str(by), started_at=timezone.now()
        )
        refresh.save()
        RefreshItem.objects.bulk_create(
            RefreshItem(refresh=refresh, article=live.article, live=live) for live in chosen
        )
        ledger.record("start refresh", by=by, at=refresh.started_at, rows=[refresh], articles=len(chosen))
        return refresh


def begin_refusals(by: User, *, has_any: bool) -> Iterator[Finding]:
    yield from without_right(by)
    if not has_any:
        words = "No source of these articles was opened after publication. Record access checks first, then start a refresh."
        yield Finding("nothing-newer", words)


def without_right(by: User) -> Iterator[Finding]:
    if not permissions.may(by, permissions.SUBMIT_EDITION, permissions.CHANGE_ARTICLE):
        yield no_right(
            "Only editors can refresh access dates. Ask an administrator to add you to the group “Editors”."
        )


def prepare(refresh: Refresh, *, by: User) -> Iterator[RefreshItem]:
    """Prepare each article that was not looked at yet, and yield it when it is done.

    Begun again, it goes on where it was.
    """
    refuse_if("refresh", without_right(permissions.fresh(by)))
    keys = list(refresh.items.pending().values_list("pk", flat=True))
    return one_by_one(prepared(key, by=by) for key in keys)


def one_by_one(done: Iterator[RefreshItem]) -> Iterator[RefreshItem]:
    # Between two articles, others who wait to save come in: SQLite has one lock, and those who wait ask for it ten
    # times a second, so that without a pause they would miss every gap for as long as the batch takes.
    for item in done:
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            sleep(PAUSE)
        yield item


def prepared(key: int, *, by: User) -> RefreshItem:
    """Take the newer checks into the draft and submit it, or write down why not.

    If it was done already, nothing is done.
    """
    with revisions.revision(by=by, comment="Access dates refreshed"):
        item = locked(key)
        if item.edition_id or item.reasons:
            return item
        found = eligibility.look(item.live, by=by)
        gone = [] if item.live.until_at is None else [not_live_any_more(item)]
        reasons = [*gone, *found.reasons]
        if not reasons:
            try:
                item.edition = submitted(item.article, found, by=by)
            except Refused as refused:
                reasons = list(refused.reasons)
        item.reasons = as_data(reasons)
        item.save(update_fields=["edition", "reasons"])
        return item


def locked(key: int) -> RefreshItem:
    found = RefreshItem.objects.get(pk=key)
    Article.objects.select_for_update().get(pk=found.article_id)
    related = ("refresh", "article", "live__article", "live__edition", "edition__article")
    return RefreshItem.objects.select_related(*related).get(pk=key)


def not_live_any_more(item: RefreshItem) -> Finding:
    words = f"Edition {item.live.edition.number} is no longer public, so there is nothing to refresh."
    return Finding("not-live", words, fix=eligibility.draft_page(item.article))


def submitted(article: Article, found: eligibility.Found, *, by: User) -> Edition:
    # What was looked at is what is submitted, or nothing is.
    with transaction.atomic():
        for offer in found.offers:
            sharing.use(offer.citation, offer.check, offer.known, offer.shown)
        if found.offers:
            saving.saved(article)
        edition = submitting.submit(article, by=by, change=Change.MINOR, note=NOTE)
        if edition.digest != snapshot.digest(snapshot.canonical(found.content)):
            words = "Saving the draft would change more than its access dates. Open the draft, save it and check what changed."
            raise Refused("refresh", [Finding("draft-differs", words, fix=eligibility.draft_page(article))])
        return edition


def as_data(reasons: list[Finding]) -> list[dict[str, Any]]:
    return [{**reason.as_data(), "fix": reason.fix} for reason in reasons]


def edition_of(item: RefreshItem) -> Edition:
    # Items that were not submitted have none, and nobody asks for theirs.
    assert item.edition is not None
    return item.edition


def kept(key: int, refused: Refused, *, by: User) -> RefreshItem:
    # The reasons stand beside the article, and the others go on.
    with transaction.atomic():
        item = locked(key)
        item.reasons = as_data(list(refused.reasons))
        item.save(update_fields=["reasons"])
    refusals.record(refused, by=by, edition=edition_of(item))
    return item
