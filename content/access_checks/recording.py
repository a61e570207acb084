"""Recording that a person opened a source, what they found, and whether it supports the article."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.drafts import revisions, saving
from content.models import AccessCheck, Article, Citation, Found, Reference, Supports
from content.models.references import identity_of
from content.snapshots import access
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if

# Whoever could not read the source cannot say what it supports.
READ = (Found.UNCHANGED, Found.CHANGED)


@dataclass(frozen=True)
class Shown:
    """What a page gave to be opened: an audit-trail row of the reference, and the address that it has.

    Pages of the library show its newest version (`in_library`), pages of a draft the one that the draft prints. Without
    an address it is that of the version.
    """

    version: int | None
    address: str | None = None
    in_library: bool = False


@dataclass(frozen=True)
class Answer:
    """What somebody says who opened a source. `newest` is the check recorded last of it when their page was made.

    Without `shown` it was opened as the draft prints it.
    """

    on: date
    found: str
    supports: str = Supports.NOT_STATED
    title_seen: str = ""
    newest: int | None = None
    shown: Shown | None = None


def today_unchanged(newest: int | None, shown: Shown | None = None) -> Answer:
    """Answer for one press: opened today, found unchanged, and it supports the article."""
    return Answer(timezone.localdate(), Found.UNCHANGED, Supports.YES, newest=newest, shown=shown)


def newest_recorded(reference: Reference) -> AccessCheck | None:
    return recorded_last(reference.kept_id).first()


def recorded_last(work: int | OuterRef) -> QuerySet[AccessCheck]:
    return AccessCheck.objects.of_work(work).order_by("-pk")


def recorded(article: Article, reference: Reference, *, by: User, answer: Answer) -> AccessCheck:
    """Record an access check and let the draft print it, if it is of what the draft prints.

    This is an ordinary save, by which nobody becomes an author.
    """
    with revisions.revision(by=by, comment=f"Opened {reference}"):
        article = Article.objects.select_for_update().get(pk=article.pk)
        check, is_printed = answered(article, reference, by=by, answer=answer)
        if is_printed:
            saving.saved(article)
        return check


def answered(article: Article, reference: Reference, *, by: User, answer: Answer) -> tuple[AccessCheck, bool]:
    """Record an access check inside a save of the draft, and tell whether the draft prints it from now on.

    The caller holds the article's lock, and finishes the save where it does. Of a library that has passed the draft by,
    the draft goes on printing what it did.
    """
    by = permissions.fresh(by)
    newest = newest_recorded(reference)
    if newest and is_same(newest, article, by, answer):
        return newest, False
    reference = Reference.objects.select_for_update(no_key=True).get(pk=reference.pk)
    printed = access.shown(article, reference)
    now = access.in_library(reference) if answer.shown and answer.shown.in_library else printed
    citation = article.citations.filter(reference=reference).first()
    reasons = [*answer_refusals(article, citation, newest, by=by, answer=answer), *stale(answer.shown, now)]
    refuse_if("record access check", reasons)
    assert citation is not None
    given = {"on": answer.on, "found": answer.found, "title_seen": answer.title_seen}
    check = opened(reference, by=by, opened_for=article, version=now, **given)  # type: ignore[arg-type]
    if not access.counts(check, printed):
        return check, False
    citation.access_check = check
    citation.supports = answer.supports if answer.found in READ else Supports.NOT_STATED
    citation.save()
    return check, True


def stale(shown: Shown | None, now: Any) -> Iterator[Finding]:
    """Refuse what was answered on a page that gave something else to be opened than is printed now."""
    if shown is None:
        return
    versions = Reference.history.filter(id=now.pk if isinstance(now, Reference) else now.id)
    seen = versions.filter(history_id=shown.version).first()
    address = shown.address if shown.address is not None else (seen.url if seen else "")
    if seen and seen.url == address == now.url and identity_of(seen) == identity_of(now):
        return
    if address == now.url:
        words = (
            f"This source was changed after you opened the page. It is now “{now.title}”, at {in_print(now.url)}. "
            "Open it again, then answer."
        )
    else:
        words = (
            "The address of this source changed after you opened the page. The page showed "
            f"{in_print(address)}, and now it is {in_print(now.url)}. Open the new address, then answer again."
        )
    yield Finding("stale-reference", words)


def in_print(address: str) -> str:
    return address or "no address"


def is_same(newest: AccessCheck, article: Article, by: User, answer: Answer) -> bool:
    # This very form was accepted before: a second click, or a browser that sends it again.
    given = (by.pk, article.pk, answer.on, answer.found, answer.title_seen)
    stored = (newest.opened_by_id, newest.opened_for_id, newest.opened_on, newest.found, newest.title_seen)
    earlier = recorded_last(newest.reference.kept_id).filter(pk__lt=newest.pk)
    return given == stored and answer.newest == earlier.values_list("pk", flat=True).first()


def answer_refusals(
    article: Article, citation: Citation | None, newest: AccessCheck | None, *, by: User, answer: Answer
) -> Iterator[Finding]:
    if not permissions.may(by, permissions.CHANGE_ARTICLE):
        yield no_right(
            "Only editors can change the access date of an article. Ask an administrator to add you to the group “Editors”."
        )
    yield from refusals(by, answer.on, answer.found)
    if article.retired_at:
        yield Finding(
            "article-retired", "This article is retired, so it cannot be changed. Ask your administrator."
        )
    if citation is None:
        words = "The draft no longer cites this source. Open the source that it cites now."
        yield Finding("stale-reference", words)
    if answer.found in READ and answer.supports not in (Supports.YES, Supports.NO):
        yield Finding(
            "support-missing", "Choose whether the source supports this article: yes or no.", rule="H04"
        )
    if newest and newest.pk != answer.newest and newest.recorded_by_id != by.pk:
        words = (
            f"{newest.recorded_by_name} recorded an access check after you opened this page: "
            f"{newest.get_found_display()}. Check the source, then answer again."
        )
        yield Finding("stale-access-check", words)


def opened(
    reference: Reference,
    *,
    by: User,
    on: date,
    found: str,
    title_seen: str = "",
    opened_for: Article | None = None,
    version: Any = None,
) -> AccessCheck:
    """Record an access check that no draft prints yet, of the reference as it is in the library.

    `version` is another version of it that was opened.
    """
    with transaction.atomic():
        by = permissions.fresh(by)
        refuse_if("record access check", refusals(by, on, found))
        # Read again, and kept as it is until this is stored.
        reference = Reference.objects.select_for_update(no_key=True).get(pk=reference.pk)
        check = AccessCheck(
            reference=reference,
            opened_on=on,
            opened_by=by,
            opened_by_name=str(by),
            found=found,
            title_seen=title_seen,
            opened_for=opened_for,
            recorded_by=by,
            recorded_by_name=str(by),
            recorded_at=timezone.now(),
        )
        check.freeze(version or reference)
        check.save()
        ledger.record(
            "record access check",
            by=by,
            at=check.recorded_at,
            article_uid=opened_for.uid if opened_for else None,
            rows=[check],
            reference=str(reference.uid),
            on=on.isoformat(),
            found=found,
            address=check.address,
        )
        return check


def refusals(by: User, on: date, found: str) -> Iterator[Finding]:
    if not permissions.may(by, permissions.ADD_ACCESS_CHECK):
        yield no_right(
            "Your account cannot record access checks. Ask an administrator to add you to the right group."
        )
    if on > timezone.localdate():
        yield Finding("access-date-future", "The date you opened it cannot be in the future.", rule="A08")
    if found not in Found.values or found == Found.NOT_STATED:
        yield Finding("finding-missing", "Choose what you found: unchanged, changed, gone, or needs a login.")
