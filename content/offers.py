"""What the library offers a draft since it was written: newer rows and newer access checks, to take or to leave."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import reversion

from content import differences, drafts, people, pins, revisions, snapshot
from content.differences import Difference
from content.findings import Finding, no_right, refuse_if
from content.models import AccessCheck, Article, Citation, Found, Library, Person, Supports
from content.pins import Update
from content.restoring import RIGHT, stale


@dataclass(frozen=True)
class NewerCheck:
    """Somebody opened a cited source after the access check that the draft prints."""

    citation: Citation
    check: AccessCheck

    @property
    def key(self) -> str:
        return f"access check-{self.citation.pk}-{self.check.pk}"

    @property
    def asks_again(self) -> bool:
        """A source found otherwise than before must be read again before it supports what the article says."""
        return self.check.found != Found.UNCHANGED

    def __str__(self) -> str:
        return str(self.check)


def newer_checks(article: Article) -> list[NewerCheck]:
    citations = list(article.citations.select_related("reference", "access_check"))
    newest: dict[int, AccessCheck] = {}
    for check in AccessCheck.objects.filter(reference__in=[each.reference_id for each in citations]):
        best = newest.get(check.reference_id)
        if best is None or opened(check) > opened(best):
            newest[check.reference_id] = check
    offered = [(each, newest[each.reference_id]) for each in citations if each.reference_id in newest]
    return [
        NewerCheck(citation, check)
        for citation, check in offered
        if citation.access_check is None or opened(check) > opened(citation.access_check)
    ]


def opened(check: AccessCheck) -> tuple[Any, ...]:
    """Newer is what was opened on a later day; of one day, what was recorded later."""
    return check.opened_on or date.min, check.recorded_at, check.pk


def count(article: Article) -> int:
    return len(pins.updates(article)) + len(newer_checks(article))


def take(article: Article, keys: Collection[str], *, by: Person, saves: int) -> None:
    """`keys` name the updates and access checks as the page showed them; one that changed since is refused."""
    with deciding(article, keys, takeable, by=by, saves=saves, done="Took from the library") as (
        draft,
        chosen,
    ):
        pins.take(draft, [offer for offer in chosen if isinstance(offer, Update)], by=by)
        for offer in chosen:
            if isinstance(offer, NewerCheck):
                use(offer)


def takeable(article: Article) -> list[Update | NewerCheck]:
    return [*pins.differing(article), *newer_checks(article)]


def use(offer: NewerCheck) -> None:
    citation = offer.citation
    citation.access_check = offer.check
    if offer.asks_again:
        citation.supports = Supports.NOT_STATED
    citation.save()


def leave(article: Article, keys: Collection[str], *, by: Person, saves: int) -> None:
    """As `take`; what is left is not offered again until it changes. An access check is left by not taking it."""
    with deciding(article, keys, pins.updates, by=by, saves=saves, done="Left as the draft shows it") as (
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
    by: Person,
    saves: int,
    done: str,
) -> Iterator[tuple[Article, list[Any]]]:
    """The locked article and what was chosen of its offers; one revision, in the person's name."""
    with revisions.revision(by=by, comment=""):
        article = Article.objects.select_for_update().get(pk=article.pk)
        offered = offers(article)
        keys_now = {offer.key for offer in offered}
        refuse_if(
            "decide on library updates", refusals(article, keys, keys_now, by=people.fresh(by), saves=saves)
        )
        chosen = [offer for offer in offered if offer.key in keys]
        reversion.set_comment(f"{done}: {', '.join(str(offer) for offer in chosen)}")
        yield article, chosen
        drafts.saved(article)


def refusals(
    article: Article, keys: Collection[str], offered: set[str], *, by: Person, saves: int
) -> Iterator[Finding]:
    if not people.may(by, RIGHT):
        yield no_right("Deciding on library updates needs the right of an editor.")
    if article.retired_at:
        yield Finding("article-retired", "This article is retired; bring it back before changing it.")
    if saves != article.saves:
        yield Finding("stale-draft", stale(article))
    if not keys:
        yield Finding("nothing-chosen", "Choose at least one of the updates.")
    elif not offered.issuperset(keys):
        words = "The library changed again after you opened the page. Look at what it offers now, and decide again."
        yield Finding("stale-offer", words)


def with_differences(article: Article, updates: Sequence[Update]) -> list[tuple[Update, Difference]]:
    """Each update with what readers would see of it alone: nothing but the library's words, so that it stays short."""
    shown = pins.pinned(article)
    citations = list(article.citations.select_related("reference", "access_check"))
    found = []
    for update in updates:
        is_reference = update.library == Library.REFERENCE
        cited = [each for each in citations if is_reference and each.reference_id == update.row]
        old, new = (snapshot.of_rows(article, [], cited, rows) for rows in (shown, pins.taken(shown, update)))
        found.append((update, differences.between(old, new)))
    return found
