"""One editorial review of all new dates of a refresh: one act, from which each edition gets a sign-off of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse

from accounts import permissions
from accounts.models import Organisation, User
from content.models import Citation, Edition
from content.snapshots import snapshot
from evidence import ledger
from evidence import shown as evidence_shown
from evidence.findings import Finding, Refused, no_right, refuse_if
from evidence.shown import Shown, Statement, Statements
from reviews import statements
from reviews.approvals import integrity
from reviews.decisions import signing
from reviews.decisions.signing import Answer
from reviews.models import (
    Conflict,
    Decision,
    KindVersion,
    Refresh,
    RefreshItem,
    RefreshReview,
    Scope,
    Signoff,
    signatures,
)
from reviews.refreshing.eligibility import NewDate, changed_beside_dates, new_dates
from reviews.refreshing.preparing import edition_of, kept, locked, one_by_one

KIND = "editorial-review"


@dataclass(frozen=True)
class Row:
    """One article on the page of the review: what changes in it, who opened it, and who decided on it last.

    Of an edition that is `more_than_dates` this page cannot show what changes.
    """

    item: RefreshItem
    dates: list[tuple[NewDate, str]]
    newest: Signoff | None
    more_than_dates: bool


@dataclass(frozen=True)
class Said:
    """What the signer said of all articles on the page at once, and what that page showed (see `statements_of`)."""

    shown: Shown
    conflict: str
    conflict_text: str = ""
    authentication: str = "session"


def unsigned(refresh: Refresh) -> QuerySet[RefreshItem]:
    """Items that were submitted, and that nobody has approved yet, on this page or on the edition's own."""
    items = refresh.items.in_hand().untried()
    approved = Signoff.objects.filter(kind__kind=KIND, decision=Decision.APPROVE, withdrawal=None)
    rest = items.exclude(edition__in=approved.values("edition"))
    return rest.select_related("article", "edition", "live__edition", "signoff")


def rows(refresh: Refresh) -> list[Row]:
    # As many queries for a thousand articles as for one.
    items = list(unsigned(refresh))
    newest, names = newest_decisions(items), openers(items)
    found = []
    for item in items:
        more = changed_beside_dates(item.live.edition, edition_of(item).parts)
        dates = [] if more else new_dates(item.live.edition, snapshot.parsed(edition_of(item).snapshot))
        named = [
            (each, names.get((item.article_id, each.new["reference"], each.new["on"]), "")) for each in dates
        ]
        found.append(Row(item, named, newest.get(item.article_id), bool(more)))
    return found


def openers(items: list[RefreshItem]) -> dict[tuple[int, str, str], str]:
    """Return who opened each source, by article, source and day, as the drafts say.

    The stored bytes hold the days alone.
    """
    cited = Citation.objects.filter(article__in=[item.article_id for item in items])
    columns = ("article", "reference__uid", "access_check__opened_on", "access_check__opened_by_name")
    return {(key, str(uid), str(on)): name for key, uid, on, name in cited.values_list(*columns)}


def newest_decisions(items: list[RefreshItem]) -> dict[int, Signoff]:
    decisions = Signoff.objects.filter(
        kind__kind=KIND, edition__article__in=[item.article_id for item in items]
    )
    found = decisions.order_by().values("edition__article").annotate(newest=Max("pk"))
    related = ("kind", "edition", "organisation", "signed_by", "withdrawal")
    rows = Signoff.objects.filter(pk__in=found.values("newest")).select_related(*related)
    return {signoff.edition.article_id: signoff for signoff in rows}


def shown(found: list[Row]) -> list[Any]:
    """List, for each edition on the page, its key, its digest, the newest decision of the kind on its article, and
    the edition that the changes start from.
    """
    return [
        [
            edition_of(row.item).pk,
            edition_of(row.item).digest,
            row.newest.pk if row.newest else None,
            row.item.live.edition_id,
        ]
        for row in found
    ]


def fingerprint(found: list[Row]) -> str:
    return ledger.sha256(rfc8785.dumps(shown(found)))


def statements_of(found: list[Row], kind: KindVersion, *, by: User, organisation: Organisation) -> Statements:
    """Return what the page of the review states."""
    words = "The list of articles or their access dates changed after you opened the page. Check it again, then sign."
    return {
        **statements.of_kind(kind),
        "rows": Statement("The list of articles", fingerprint(found), "stale-refresh", words),
        **statements.of_signer(by, organisation),
        **statements.of_house(),
    }


def review(refresh: Refresh, *, by: User, organisation: Organisation, said: Said) -> RefreshReview:
    """Store the act of review. `sign` then gives each edition its sign-off."""
    with transaction.atomic():
        refresh = Refresh.objects.select_for_update().get(pk=refresh.pk)
        by = permissions.fresh(by)
        kind = KindVersion.objects.select_related("may_sign").newest(KIND)
        found = rows(refresh)
        refuse_if("sign refresh", act_refusals(found, kind, by=by, organisation=organisation, said=said))
        act = RefreshReview(
            refresh=refresh,
            kind=kind,
            shown=shown(found),
            stated=dict(said.shown.values),
            conflict=said.conflict,
            conflict_text=said.conflict_text,
            **signatures.signed(by, organisation, said.shown, said.authentication),
        )
        act.save()
        ledger.record(
            "sign refresh", by=by, at=act.signed_at, rows=[act], refresh=refresh.pk, editions=len(found)
        )
        return act


def act_refusals(
    found: list[Row], kind: KindVersion, *, by: User, organisation: Organisation, said: Said
) -> Iterator[Finding]:
    # What is the same for all. The rest is asked of each edition when it is signed.
    if not signing.may_sign(by, kind):
        yield no_right(
            f"Only members of the group “{kind.may_sign.name}” can sign the {kind.name.lower()}. Ask an administrator to add you."
        )
    if by.organisation_id != organisation.pk:
        yield no_right(
            f"You can sign only on behalf of your own organisation ({by.organisation or 'none is entered'}), not of "
            f"{organisation}."
        )
    now = statements_of(found, kind, by=by, organisation=organisation)
    yield from evidence_shown.changed(said.shown, now)
    if not found:
        yield Finding("nothing-to-sign", "No article of this refresh is waiting for a signature.")
    yield from what_one_act_cannot_sign(found)
    if said.conflict not in (Conflict.NONE, Conflict.DECLARED):
        words = "Answer whether you have a conflict of interest."
        yield Finding("conflict-not-answered", words, rule="A04")
    if said.conflict == Conflict.DECLARED and not said.conflict_text.strip():
        yield Finding("conflict-not-named", "Name your conflict of interest, and with whom.", rule="A04")


def what_one_act_cannot_sign(found: list[Row]) -> Iterator[Finding]:
    # The page says that nothing but days changes in what is public; of these that is not so, or not so any more.
    for row in found:
        edition = edition_of(row.item)
        page = reverse("edition", args=[edition.pk])
        if row.more_than_dates:
            words = (
                f"Edition {edition.number} of “{row.item.article}” changes more than its access dates. "
                "Open the edition, and sign it or take it back there."
            )
            yield Finding("more-than-dates", words, fix=page)
        elif row.item.live.until_at is not None:
            words = (
                f"“{row.item.article}” is no longer public as it was when this refresh started. "
                f"Open edition {edition.number} and take it back."
            )
            yield Finding("not-live", words, fix=page)


def unfinished(refresh: Refresh, by: User) -> RefreshReview | None:
    """Return an act of this person that has not reached all its editions. Only they can go on with it."""
    newest = refresh.reviews.filter(signed_by=by.pk).order_by("-pk").first()
    return newest if newest and left_of(newest) else None


def left_of(act: RefreshReview) -> list[RefreshItem]:
    # A signature that was withdrawn needs another act.
    keys = {key for key, *_ in act.shown}
    found = unsigned(act.refresh).defer("edition__snapshot", "live__edition__snapshot")
    waiting = [item for item in found if item.edition_id in keys]
    return [item for item in waiting if item.signoff is None or item.signoff.signed_at < act.signed_at]


def sign(act: RefreshReview, *, by: User) -> Iterator[RefreshItem]:
    """Sign each edition of the act that has no sign-off yet, and yield it when it has one or was refused one."""
    refuse_if("sign refresh", [*not_theirs(act, by), *integrity.refusals_of_act(act)])
    said = {key: rest for key, *rest in act.shown}
    return one_by_one(signed(item.pk, act, *said[edition_of(item).pk], by=by) for item in left_of(act))


def not_theirs(act: RefreshReview, by: User) -> Iterator[Finding]:
    if act.signed_by_id != by.pk:
        yield no_right(
            f"{act.printed_name} gave this signature, so only they can continue it. You can sign the remaining articles yourself."
        )


def shown_of(edition: Edition, act: RefreshReview, digest: str, newest: int | None, *, by: User) -> Shown:
    """Return what the page of the act showed of one edition."""
    around = statements.around(edition)
    on_its_page = signing.statements_of(
        edition, act.kind, by=by, organisation=act.organisation, around=around
    )
    values = {code: act.stated.get(code, each.value) for code, each in on_its_page.items()}
    values |= {"digest": digest, "newest": str(newest) if newest else ""}
    return Shown(values, nonce=ledger.sha256(f"{act.nonce} {edition.pk}".encode()))


def signed(
    key: int, act: RefreshReview, digest: str, newest: int | None, start: int, *, by: User
) -> RefreshItem:
    try:
        with transaction.atomic():
            item = locked(key)
            edition = edition_of(item)
            answer = Answer(
                shown=shown_of(edition, act, digest, newest, by=by),
                decision=Decision.APPROVE,
                scope=Scope.CHANGES_ONLY,
                since=Edition.objects.get(pk=start),
                conflict=act.conflict,
                conflict_text=act.conflict_text,
                authentication=act.authentication,
            )
            item.signoff = signing.sign(
                edition, kind=KIND, by=by, organisation=act.organisation, answer=answer
            )
            item.save(update_fields=["signoff"])
            return item
    except Refused as refused:
        return kept(key, refused, by=by)
