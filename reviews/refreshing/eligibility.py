"""Which public articles have nothing new but newer access checks, and why the others have to wait for somebody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts.models import User
from content.access_checks import sharing
from content.editions import current
from content.library import updates
from content.library.updates import NewerCheck
from content.models import AccessCheck, Article, Citation, Edition, PinnedTable, Publication, Supports
from content.models import Found as Opened
from content.phrases import long_date
from content.snapshots import access, pins, snapshot
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding
from reviews.approvals import validity

REFRESHED = "access_dates"


@dataclass(frozen=True)
class Found:
    """An article looked at: the checks it would take, what it would then say, and why it may not be refreshed."""

    offers: list[NewerCheck]
    content: Snapshot
    reasons: list[Finding]


@dataclass(frozen=True)
class NewDate:
    """What a refresh changes for one reference: the day, and what goes with it."""

    number: int
    text: str
    old: dict[str, Any]
    new: dict[str, Any]

    @property
    def is_said_anew(self) -> bool:
        return bool(self.old["supports"] != self.new["supports"])


def checks_since(owner: User | None = None, kind: str = "") -> QuerySet[Publication]:
    """List live publications of whose sources somebody recorded an access check after their edition was frozen."""
    cited = Citation.objects.filter(article=OuterRef("article"))
    checks = AccessCheck.objects.filter(
        reference__citations__article=OuterRef("article"), recorded_at__gt=OuterRef("edition__created_at")
    )
    live = Publication.objects.live().filter(Exists(cited), article__retired_at=None)
    live = live.filter(Exists(checks.filter(reference__type=kind) if kind else checks))
    live = live.filter(article__owner=owner.pk) if owner else live
    return live.select_related("article", "edition").order_by("article__title", "pk")


def look(live: Publication, *, by: User) -> Found:
    """Look at an article without changing it. `by` is the person who would submit it."""
    article = live.article
    cited = list(article.citations.select_related("reference__merged_into", "access_check"))
    newer = updates.newer_checks(article)
    of = {offer.citation.pk: offer for offer in newer}
    pinned = pins.pinned(article)
    reasons = [*unreadable(article, newer), *opened_elsewhere(article, cited, pinned)]
    for citation in cited:
        if offer := of.get(citation.pk):
            sharing.renew(citation, offer.check, offer.known, offer.shown)
    sections = list(article.sections.select_related("drug"))
    content = snapshot.of_rows(article, sections, cited, pinned)
    told = {reason.subject for reason in reasons}
    reasons += [*waiting(live, content, told), *worse(live, content, told), *own_review(live, by)]
    return Found(newer, content, reasons)


def draft_page(article: Article) -> str:
    return reverse("admin:content_article_change", args=[article.pk])


def unreadable(article: Article, newer: list[NewerCheck]) -> Iterator[Finding]:
    for offer in newer:
        if offer.asks_again:
            source = offer.citation.reference
            words = f"“{source}” has to be read again for this article: {why_read(offer.check)}."
            fix = reverse("admin:content_citation_opened", args=[article.pk, offer.citation.pk])
            yield Finding("source-to-be-read", words, rule="H04", subject=str(source.uid), fix=fix)


def opened_elsewhere(
    article: Article, cited: list[Citation], pinned: Mapping[pins.Key, Any]
) -> Iterator[Finding]:
    # A day is printed behind an address: it must be the address that was opened that day, and the same work.
    newest = updates.by_work(updates.newest_of_versions({each.reference.kept_id for each in cited}))
    for citation in cited:
        source, shown = citation.reference, pinned[PinnedTable.REFERENCE, citation.reference_id]
        [check, *_] = newest.get(source.kept_id, [None])
        printed = sharing.printed_by(citation, shown)
        if check is None or access.counts(check, shown) or not sharing.is_newer(check, printed):
            continue
        if access.counts(check, source.merged_into or source):
            what = "wording" if access.is_of_address(check, shown.url) else "address"
            words = (
                f"“{source}” has another {what} in the library than the page prints. Use the library update, and "
                "open the source as it is printed then."
            )
            fix = reverse("admin:content_article_library", args=[article.pk])
            yield Finding("address-differs", words, rule="H04", subject=str(source.uid), fix=fix)


def why_read(check: AccessCheck) -> str:
    if check.opened_on is None:
        return "its access date came from a file and is not a full date"
    if check.found == Opened.UNCHANGED:
        return "somebody found it changed after it was last read for this article"
    return f"{check.opened_by_name} opened it on {long_date(check.opened_on)}, {check.get_found_display()}"


def waiting(live: Publication, content: Snapshot, told: set[str]) -> Iterator[Finding]:
    # Somebody has to finish something else first.
    article, digests = live.article, snapshot.part_digests(content)
    changed = changed_beside_dates(live.edition, digests)
    if article.retired_at:
        yield Finding(
            "article-retired",
            "This article is retired, so it cannot be changed. Ask your administrator.",
            fix=draft_page(article),
        )
    if changed:
        words = (
            f"The draft has other changes ({', '.join(changed).replace('_', ' ')}), which need sign-offs of their "
            "own. Submit the draft for review instead."
        )
        yield Finding("draft-differs", words, fix=draft_page(article))
    elif digests[REFRESHED] == live.edition.parts[REFRESHED] and not told:
        words = "There is nothing newer: the public page already prints the newest access dates."
        yield Finding("nothing-newer", words, fix=draft_page(article))
    candidate = current.candidate(article)
    if (
        candidate
        and candidate.pk != live.edition_id
        and candidate.digest != snapshot.digest(snapshot.canonical(content))
    ):
        words = f"Edition {candidate.number} is in review. Publish it, or take it back first."
        yield Finding("edition-in-review", words, fix=reverse("edition", args=[candidate.pk]))


def changed_beside_dates(old: Edition, digests: Mapping[str, str]) -> list[str]:
    return [part for part, digest in digests.items() if part != REFRESHED and digest != old.parts[part]]


def worse(live: Publication, content: Snapshot, told: set[str]) -> Iterator[Finding]:
    # A refresh prints newer days, and nothing that is less certain. `told` are sources that were named already.
    if snapshot.part_digests(content)["references"] != live.edition.parts["references"]:
        return  # other changes: said already
    for new in new_dates(live.edition, content):
        name = f"Reference {new.number}, “{new.text}”,"
        if new.is_said_anew and new.new["supports"] != Supports.YES and new.new["reference"] not in told:
            words = f"{name} is no longer recorded as supporting this article. Read it and state whether it does, or replace it."
            yield Finding("support-not-stated", words, rule="H04", fix=draft_page(live.article))


def own_review(live: Publication, by: User) -> Iterator[Finding]:
    # Whoever submits counts among the writers; a refresh must cost nobody's independent sign-off.
    for approval in validity.approvals(live.edition):
        signoff = approval.signoff
        if any(each.by.signed_by_id == by.pk for each in approval.bridges):
            words = (
                f"The {signoff.kind.name.lower()} of this article is valid because you reviewed a change or ruled it minor, "
                "and would no longer be if you submitted the article. Ask somebody else to refresh it."
            )
            yield Finding("own-review", words, rule="A03", fix=reverse("edition", args=[live.edition_id]))
        if signoff.kind.independent and signoff.signed_by_id == by.pk:
            words = (
                f"Your own {signoff.kind.name.lower()} of this article would no longer be valid if you submitted the article. "
                "Ask somebody else to refresh it."
            )
            yield Finding("own-review", words, rule="A03", fix=reverse("edition", args=[live.edition_id]))


def new_dates(old: Edition, content: Snapshot) -> list[NewDate]:
    """List the references whose access entry differs, in their order. Both editions cite the same works."""
    before: Mapping[str, Any] = snapshot.parsed(old.snapshot)["parts"]
    now = content["parts"]
    return [
        NewDate(number, "".join(entry["text"])[:80], was, is_now)
        for number, (entry, was, is_now) in enumerate(
            zip(now["references"], before[REFRESHED], now[REFRESHED], strict=True), start=1
        )
        if was != is_now
    ]
