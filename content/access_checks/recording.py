"""Recording that a person opened a source, what they found, and whether it supports the article."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.drafts import revisions, saving
from content.models import AccessCheck, Article, Citation, Found, Reference, Supports
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if

# Whoever could not read the source cannot say what it supports.
READ = (Found.UNCHANGED, Found.CHANGED)


@dataclass(frozen=True)
class Answer:
    """What somebody says who opened a source. `newest` is the check recorded last of it when their page was made."""

    on: date
    found: str
    supports: str = Supports.NOT_STATED
    title_seen: str = ""
    newest: int | None = None


def today_unchanged(newest: int | None) -> Answer:
    """Answer for one press: opened today, found unchanged, and it supports the article."""
    return Answer(timezone.localdate(), Found.UNCHANGED, Supports.YES, newest=newest)


def newest_recorded(reference: Reference) -> AccessCheck | None:
    return recorded_last(reference.kept_id).first()


def recorded_last(work: int | OuterRef) -> QuerySet[AccessCheck]:
    return AccessCheck.objects.of_work(work).order_by("-pk")


def recorded(article: Article, reference: Reference, *, by: User, answer: Answer) -> AccessCheck:
    """Record an access check and let the draft print it.

    This is an ordinary save, by which nobody becomes an author.
    """
    with revisions.revision(by=by, comment=f"Opened {reference}"):
        article = Article.objects.select_for_update().get(pk=article.pk)
        check, is_new = answered(article, reference, by=by, answer=answer)
        if is_new:
            saving.saved(article)
        return check


def answered(article: Article, reference: Reference, *, by: User, answer: Answer) -> tuple[AccessCheck, bool]:
    """Record an access check inside a save of the draft.

    The caller holds the article's lock, and finishes the save where the check is new.
    """
    by = permissions.fresh(by)
    newest = newest_recorded(reference)
    if newest and is_same(newest, article, by, answer):
        return newest, False
    citation = article.citations.filter(reference=reference).first()
    refuse_if("record access check", [*answer_refusals(article, citation, newest, by=by, answer=answer)])
    assert citation is not None
    given = {"on": answer.on, "found": answer.found, "title_seen": answer.title_seen}
    citation.access_check = opened(reference, by=by, opened_for=article, **given)  # type: ignore[arg-type]
    citation.supports = answer.supports if answer.found in READ else Supports.NOT_STATED
    citation.save()
    return citation.access_check, True


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
) -> AccessCheck:
    """Record an access check that no draft prints yet."""
    with transaction.atomic():
        by = permissions.fresh(by)
        refuse_if("record access check", refusals(by, on, found))
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
