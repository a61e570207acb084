"""One access check for every article that cites the source: each draft prints it by a save of its own."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accounts import permissions
from accounts.models import User
from content.drafts import revisions, saving
from content.models import AccessCheck, Article, Citation, Found, Supports
from content.snapshots import access
from evidence.findings import Finding, no_right, refuse_if

Moment = tuple[date, datetime, int]


def moment(check: AccessCheck) -> Moment:
    """Return the order of checks: a later day is newer, and of one day what was recorded later."""
    return check.opened_on or date.min, check.recorded_at, check.pk


def counting(checks: Iterable[AccessCheck]) -> list[AccessCheck]:
    # Of what one person recorded of one source for one day, the last word counts: it corrects the others.
    ordered = sorted(checks, key=moment)
    last = {(check.reference.kept_id, check.opened_by_id, check.opened_on): check.pk for check in ordered}
    return [
        check
        for check in ordered
        if check.is_imported or last[check.reference.kept_id, check.opened_by_id, check.opened_on] == check.pk
    ]


def reads_as_before(printed: AccessCheck | None, check: AccessCheck, known: Iterable[AccessCheck]) -> bool:
    """Tell whether the check found the source unchanged, and nobody found it changed on a later day than the printed
    one.

    Somebody who said that the source supports the article had read it as it was that day. `known` are `changes_of`
    it, or all checks of it.
    """
    read_on = printed.opened_on if printed else None
    changes = [
        each for each in counting(known) if each.found == Found.CHANGED and moment(each) <= moment(check)
    ]
    unread = any(read_on is None or each.opened_on is None or each.opened_on > read_on for each in changes)
    return check.found == Found.UNCHANGED and not unread


def changes_of(works: Iterable[int]) -> list[AccessCheck]:
    """List what `reads_as_before` has to know: who found these works changed, and what else they said that day.

    Of a source that all articles cite there are thousands of checks, and a few of these.
    """
    checks = AccessCheck.objects.of_works(list(works)).select_related("reference")
    changed = list(checks.filter(found=Found.CHANGED))
    said = Q()
    for each in changed:
        said |= Q(opened_by=each.opened_by_id, opened_on=each.opened_on)
    return (
        [*changed, *checks.filter(said, opened_by__isnull=False).exclude(found=Found.CHANGED)]
        if said
        else changed
    )


def renew(citation: Citation, check: AccessCheck, known: Iterable[AccessCheck], shown: Any) -> None:
    """Let a citation that prints `shown` print the check, without saving it."""
    # What was said of the support stays only where what was read is printed still, and reads as before.
    read = printed_by(citation, shown)
    if read is None or not reads_as_before(read, check, access.counting(known, shown)):
        citation.supports = Supports.NOT_STATED
    citation.access_check = check


def use(citation: Citation, check: AccessCheck, known: Iterable[AccessCheck], shown: Any) -> None:
    """Let a citation print the check, inside a save of the draft."""
    renew(citation, check, known, shown)
    citation.save()


def printed_by(citation: Citation, shown: Any) -> AccessCheck | None:
    """Return the check whose day is printed: none where something else was opened than the draft shows."""
    check = citation.access_check
    return check if access.counts(check, shown) else None


def share(check: AccessCheck, *, by: User) -> Iterator[Article]:
    """Share the access check, and yield each article once its draft prints it. Those not reached are offered it.

    Raises Refused before the first.
    """
    refuse_if("share access check", refusals(check, by=permissions.fresh(by)))
    return (article for key in wanting(check) if (article := shared_with(key, check, by=by)))


def refusals(check: AccessCheck, *, by: User) -> Iterator[Finding]:
    if not permissions.may(by, permissions.ADD_ACCESS_CHECK, permissions.CHANGE_ARTICLE):
        yield no_right(
            "Only editors can share an access check with other articles. Ask an administrator to add you to the group “Editors”."
        )
    if check.found != Found.UNCHANGED:
        words = (
            "Only an access check that found the source unchanged can be shared. Otherwise the source has to be "
            "read for each article."
        )
        yield Finding("not-unchanged", words)


def wanting(check: AccessCheck) -> list[int]:
    """Return the keys of the articles whose drafts cite the source and print another check of it."""
    cited = Citation.objects.filter(reference=check.reference.kept_id, article__retired_at=None)
    others = cited.exclude(access_check=check.pk) | cited.filter(access_check=None)
    return list(others.order_by("article_id").values_list("article_id", flat=True))


def shared_with(key: int, check: AccessCheck, *, by: User) -> Article | None:
    # None where the draft meanwhile prints something newer, no longer cites the source, or prints another address or
    # wording of it than was opened.
    with revisions.revision(by=by, comment=f"Shared access check: {check}"):
        article = Article.objects.select_for_update().get(pk=key)
        cited = article.citations.filter(reference=check.reference.kept_id)
        citation = cited.select_related("access_check", "reference__merged_into").first()
        if citation is None or article.retired_at:
            return None
        shown = access.shown(article, citation.reference)
        if not access.counts(check, shown) or not is_newer(check, printed_by(citation, shown)):
            return None
        use(citation, check, changes_of([citation.reference_id]), shown)
        saving.saved(article)
        return article


def is_newer(check: AccessCheck, printed: AccessCheck | None) -> bool:
    return printed is None or moment(check) > moment(printed)
