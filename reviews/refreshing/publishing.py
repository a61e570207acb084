"""The last step of a refresh: each article is published through its own gate, or all are taken back."""

from collections.abc import Iterator

from django.db import transaction

from accounts import permissions
from accounts.models import User
from content.editions import submitting
from content.models import PageFrame
from evidence import shown as evidence_shown
from evidence.findings import Finding, Refused, no_right, refuse_if
from evidence.shown import Shown
from reviews import publishing
from reviews.approvals import earned
from reviews.models import Decision, Refresh, RefreshItem, Signoff
from reviews.refreshing.preparing import edition_of, kept, locked, one_by_one
from reviews.refreshing.signing import KIND


def ready(refresh: Refresh) -> list[RefreshItem]:
    """List the items that were submitted and signed for, as far as one sees without asking each gate, and not refused
    since the last try.
    """
    approved = Signoff.objects.filter(kind__kind=KIND, decision=Decision.APPROVE, withdrawal=None)
    signed = refresh.items.in_hand().untried().filter(edition__in=approved.values("edition"))
    return list(signed.select_related("article", "edition", "live").defer("edition__snapshot"))


def fingerprint(items: list[RefreshItem]) -> str:
    """Return the digest of what a publisher's page showed: each edition's digest, what was public in its place, and what
    the credit and the frame of every page are made of.
    """
    frame, house = PageFrame.objects.current(), earned.house()
    around = [frame.pk if frame else None, house.in_credit if house else None]
    rows = [[item.pk, edition_of(item).digest, item.live_id] for item in items]
    return evidence_shown.of_values([around, rows])


def publish(refresh: Refresh, *, by: User, shown: str) -> Iterator[RefreshItem]:
    """Publish each article that is ready, and yield it when it is public or was refused.

    `shown` is what the page showed.
    """
    found = ready(refresh)
    refuse_if("publish refresh", publish_refusals(permissions.fresh(by), found, shown))
    return one_by_one(published(item.pk, by=by) for item in found)


def publish_refusals(by: User, found: list[RefreshItem], shown: str) -> Iterator[Finding]:
    if not permissions.may(by, permissions.PUBLISH_EDITION):
        yield no_right(
            "Only publishers can publish. Ask an administrator to add you to the group “Publishers”."
        )
    if shown != fingerprint(found):
        words = "The list of articles changed after you opened the page. Check it again, then publish."
        yield Finding("stale-refresh", words)
    elif not found:
        yield Finding("nothing-to-publish", "No article of this refresh is ready to publish.")


def published(key: int, *, by: User) -> RefreshItem:
    try:
        with transaction.atomic():
            item = locked(key)
            edition = edition_of(item)
            if item.publication_id is None:
                item.publication = publishing.publish(edition, by=by, shown=shown_of(item, by=by))
                item.save(update_fields=["publication"])
            return item
    except Refused as refused:
        return kept(key, refused, by=by)


def shown_of(item: RefreshItem, *, by: User) -> Shown:
    """Return what is stated of an article whose page the list stands for: its text, and what was public in its place."""
    edition = edition_of(item)
    values = evidence_shown.shown(publishing.statements_of(edition, by=by)).values
    return Shown({**values, "live": str(item.live_id)})


def take_back(refresh: Refresh, *, by: User) -> Iterator[RefreshItem]:
    """Take back each edition that is submitted and not public, and yield it when nobody can sign it any more."""
    by = permissions.fresh(by)
    if not permissions.may(by, permissions.SUBMIT_EDITION):
        raise Refused(
            "take back refresh",
            [
                no_right(
                    "Only editors can take an edition back. Ask an administrator to add you to the group “Editors”."
                )
            ],
        )
    left = refresh.items.in_hand().values_list("pk", flat=True)
    return one_by_one(taken_back(key, by=by) for key in list(left))


def taken_back(key: int, *, by: User) -> RefreshItem:
    try:
        with transaction.atomic():
            item = locked(key)
            submitting.take_back(edition_of(item), by=by, note="The refresh was taken back.")
            return item
    except Refused as refused:
        return kept(key, refused, by=by)


def try_again(refresh: Refresh, *, by: User) -> int:
    """Forget what was refused, so that those articles are signed or published with the others.

    Returns how many there are.
    """
    by = permissions.fresh(by)
    either = (permissions.SUBMIT_EDITION, permissions.PUBLISH_EDITION)
    if not any(permissions.may(by, right) for right in either):
        raise Refused(
            "try again",
            [
                no_right(
                    "Only editors and publishers can try again. Ask an administrator to add you to one of these groups."
                )
            ],
        )
    return refresh.items.refused().update(reasons=[])
