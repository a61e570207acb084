"""What the library offers a draft since it was written: newer rows and newer access checks, to take or to leave."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import reversion
from django.db.models import Q

from accounts import permissions
from accounts.models import User
from content import differences
from content.access_checks import sharing
from content.differences import Difference
from content.drafts import revisions, saving
from content.drafts.restoring import stale
from content.library import replacing, versions
from content.models import AccessCheck, Article, Citation, PinnedTable, Reference
from content.models.access_checks import OPENED_LAST
from content.sequences import Budget
from content.snapshots import access, pins, snapshot
from content.snapshots.pins import Update
from evidence.findings import Finding, no_right, refuse_if


@dataclass(frozen=True)
class NewerCheck:
    """Somebody opened a cited source after the access check that the draft prints, if it prints one.

    `shown` is the source as the draft shows it, `known` are the changes of it.
    """

    citation: Citation
    check: AccessCheck
    known: tuple[AccessCheck, ...]
    shown: Any

    @property
    def key(self) -> str:
        return f"access check-{self.citation.pk}-{self.check.pk}"

    @property
    def printed(self) -> AccessCheck | None:
        return sharing.printed_by(self.citation, self.shown)

    @property
    def asks_again(self) -> bool:
        # A source found otherwise than before must be read again before it supports what the article says.
        return self.printed is None or not sharing.reads_as_before(self.printed, self.check, self.known)

    def __str__(self) -> str:
        return str(self.check)


def newer_checks(article: Article) -> list[NewerCheck]:
    """List them. A check of another address or wording than the draft shows is none."""
    citations = list(article.citations.select_related("reference", "access_check"))
    works = {each.reference.kept_id for each in citations}
    shown, newest = pins.pinned(article), by_work(newest_of_versions(works))
    changes = by_work(sharing.changes_of(works))
    offered = []
    for each in citations:
        row = shown.get((PinnedTable.REFERENCE, each.reference_id), each.reference)
        checks = access.counting(newest.get(each.reference.kept_id, ()), row)
        known = access.counting(changes.get(each.reference.kept_id, ()), row)
        if checks and sharing.is_newer(checks[0], sharing.printed_by(each, row)):
            offered.append(NewerCheck(each, checks[0], tuple(known), row))
    return offered


def newest_of_versions(works: Collection[int]) -> list[AccessCheck]:
    # Of each work the newest first.
    checks = AccessCheck.objects.of_works(works).select_related("reference")
    return sorted(checks.first_of_each_version(*OPENED_LAST), key=sharing.moment, reverse=True)


def by_work(checks: Iterable[AccessCheck]) -> dict[int, list[AccessCheck]]:
    found: dict[int, list[AccessCheck]] = {}
    for check in checks:
        found.setdefault(check.reference.kept_id, []).append(check)
    return found


@dataclass(frozen=True)
class NewerVersion:
    """The library has a newer version of a cited work, or keeps it under another entry."""

    citation: Citation
    newer: Reference

    @property
    def key(self) -> str:
        return f"version-{self.citation.pk}-{self.citation.reference_id}-{self.newer.pk}"

    @property
    def is_same_work(self) -> bool:
        return self.citation.reference.kept_id == self.newer.pk

    def __str__(self) -> str:
        return f"“{self.newer}” in place of “{self.citation.reference}”"


def newer_versions(article: Article) -> list[NewerVersion]:
    passed = ~Q(reference__superseded_by=None) | ~Q(reference__merged_into=None)
    cited = article.citations.filter(passed).select_related(
        "reference__superseded_by", "reference__merged_into__superseded_by"
    )
    return [
        NewerVersion(each, newest)
        for each in cited
        if (newest := versions.newest(each.reference)) != each.reference
    ]


def count(article: Article) -> int:
    return len(pins.updates(article)) + len(newer_checks(article)) + len(newer_versions(article))


def take(article: Article, keys: Collection[str], *, by: User, saves: int) -> None:
    """Take updates. `keys` name what is offered as the page showed it; what changed since is refused."""
    with deciding(article, keys, takeable, by=by, saves=saves, done="Used library updates") as (
        draft,
        chosen,
    ):
        pins.take(draft, [offer for offer in chosen if isinstance(offer, Update)], by=by)
        for offer in chosen:
            if isinstance(offer, NewerCheck):
                sharing.use(offer.citation, offer.check, offer.known, offer.shown)
        # Last, for each may take out a citation that was offered something else.
        for offer in chosen:
            if isinstance(offer, NewerVersion):
                replacing.swap(draft, offer.citation.reference, offer.newer)


def takeable(article: Article) -> list[Update | NewerCheck | NewerVersion]:
    return [*pins.differing(article), *newer_checks(article), *newer_versions(article)]


def leave(article: Article, keys: Collection[str], *, by: User, saves: int) -> None:
    """Leave updates, as `take` takes them. What is left is not offered again until it changes.

    Access checks and newer versions are left by not taking them.
    """
    with deciding(article, keys, pins.updates, by=by, saves=saves, done="Kept the versions of the draft") as (
        draft,
        chosen,
    ):
        pins.leave(draft, chosen, by=by)


@contextmanager
def deciding(
    article: Article,
    keys: Collection[str],
    offers: Callable[[Article], Sequence[Any]],
    *,
    by: User,
    saves: int,
    done: str,
) -> Iterator[tuple[Article, list[Any]]]:
    """Give the locked article and what was chosen of its offers, in one revision, in the person's name."""
    with revisions.revision(by=by, comment=""):
        article = Article.objects.select_for_update().get(pk=article.pk)
        offered = offers(article)
        keys_now = {offer.key for offer in offered}
        refuse_if(
            "decide on library updates",
            refusals(article, keys, keys_now, by=permissions.fresh(by), saves=saves),
        )
        chosen = [offer for offer in offered if offer.key in keys]
        reversion.set_comment(f"{done}: {', '.join(str(offer) for offer in chosen)}")
        yield article, chosen
        saving.saved(article)


def refusals(
    article: Article, keys: Collection[str], offered: set[str], *, by: User, saves: int
) -> Iterator[Finding]:
    if not permissions.may(by, permissions.CHANGE_ARTICLE):
        yield no_right(
            "Only editors can decide on library updates. Ask an administrator to add you to the group “Editors”."
        )
    if article.retired_at:
        yield Finding(
            "article-retired", "This article is retired, so it cannot be changed. Ask your administrator."
        )
    if saves != article.saves:
        yield Finding("stale-draft", stale(article))
    if not keys:
        yield Finding("nothing-chosen", "Choose at least one of the updates.")
    elif not offered.issuperset(keys):
        words = (
            "The library changed again after you opened the page. Check the updates below, then decide again."
        )
        yield Finding("stale-update", words)


def with_differences(article: Article, updates: Sequence[Update]) -> list[tuple[Update, Difference]]:
    # Each update is shown alone, nothing but the library's words, so that it stays short.
    shown = pins.pinned(article)
    citations = list(article.citations.select_related("reference", "access_check"))
    found, budget = [], Budget()
    for update in updates:
        is_reference = update.row_kind == PinnedTable.REFERENCE
        cited = [each for each in citations if is_reference and each.reference_id == update.row_key]
        old, new = (snapshot.of_rows(article, [], cited, rows) for rows in (shown, pins.taken(shown, update)))
        found.append((update, differences.between(old, new, budget)))
    return found
