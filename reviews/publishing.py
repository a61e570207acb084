"""The way to the public, `publish`, and the way back, `withdraw`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts import permissions
from accounts.models import User
from content import outbox, prose
from content.checks import imitations
from content.editions import current
from content.models import (
    Article,
    Edition,
    EndKind,
    PageFrame,
    PageWithdrawalReason,
    Publication,
    PublicationBasis,
)
from content.public import pages
from content.public.pages import Facts
from evidence import ledger
from evidence import shown as evidence_shown
from evidence.findings import Finding, no_right, refuse_if
from evidence.shown import Shown, Statement, Statements
from reviews import gate, statements
from reviews.approvals import earned, integrity, validity
from reviews.gate import State, is_readable
from reviews.models import Overruling, ReferenceRuling


def publish(edition: Edition, *, by: User, shown: Shown) -> Publication:
    """Make exactly these bytes public, or raise Refused with every reason.

    `shown` is what the publisher's page showed (see `statements_of`). The same form sent again gives the same row.
    """
    with transaction.atomic():
        # Locked first, then read again: what the page showed, and who may publish, can have changed since.
        article = Article.objects.select_for_update().get(pk=edition.article_id)
        edition = Edition.objects.select_related("article").get(pk=edition.pk)
        by = permissions.fresh(by)
        refuse_if("publish", integrity.refusals(edition))
        old = current.live_publication(article)
        if old and is_replay(old, edition, by=by, shown=shown):
            return old
        rulings_stay(edition)
        # The page asked the gate to show it; only this answer, given under the lock, lets anything out.
        found = gate.findings(edition)
        refuse_if("publish", refusals(edition, found, by=by, shown=shown))
        new = written(gate.state_of(edition), found, by=by, shown=shown)
        if old:
            # The moment one ends is the moment the other begins: an address is never without a page in between.
            end(old, at=new.from_at, kind=EndKind.SUPERSEDED, by=by)
        new.save()
        rows = [row for row in (old, new) if row]
        ledger.record(
            "publish",
            by=by,
            at=new.from_at,
            article_uid=article.uid,
            rows=rows,
            edition=edition.number,
            digest=edition.digest,
        )
        return new


def rulings_stay(edition: Edition) -> None:
    # Until this is done, nobody withdraws a ruling on a cited work: they would not see the page that rests on it.
    rulings = ReferenceRuling.objects.select_for_update().filter(reference__uid__in=integrity.cited(edition))
    list(rulings.order_by("pk").values_list("pk"))


def is_replay(live_now: Publication, edition: Edition, *, by: User, shown: Shown) -> bool:
    # The same button pressed twice.
    sent = (live_now.edition_id, live_now.published_by_id, live_now.nonce, live_now.shown_digest)
    return sent == (edition.pk, by.pk, shown.nonce, shown.digest)


def facts_if_published(state: State) -> Facts:
    """Return what the page would say beside the text if it became public now."""
    reviewed_on, before_corrections = earned.last_medical_review(state.approvals)
    return Facts(
        number=state.edition.number,
        last_revised_on=earned.last_revised_on(state.edition, state.live, state.now),
        last_medical_review_on=reviewed_on,
        before_minor_corrections=before_corrections,
        credit=earned.credit(state.approvals),
        published_at=state.now,
        newer_source=pages.newer_source(state.snapshot, state.edition),
    )


def statements_of(edition: Edition, *, by: User) -> Statements:
    """Return what the page states on which this person publishes: the public page to the letter, but for today's date."""
    if not is_readable(edition):
        return statements.of_text(edition)
    state = gate.state_of(edition)
    facts = facts_if_published(state)
    is_revised = facts.last_revised_on == earned.last_revised_on(edition, None, state.now)
    frame = PageFrame.objects.current()
    reviewed_on = facts.last_medical_review_on
    return {
        **statements.of_text(edition),
        **statements.of_live(state.live),
        **statements.of_person(by),
        "credit": Statement("The credit", facts.credit),
        "last-revised": Statement(
            "The date last revised", "the day of publishing" if is_revised else str(facts.last_revised_on)
        ),
        "last-medical-review": Statement("The date of the last medical review", str(reviewed_on or "")),
        "frame": Statement(
            "The page frame",
            ledger.row_digest(frame) if frame else "",
            words=f"What stands around every article changed after you opened this page. {statements.AGAIN}",
        ),
        "page": Statement(
            "The page",
            ledger.sha256(letters_of(state, replace(facts, last_revised_on=None)).encode()),
            words=f"Readers would get another page than the one you were shown. {statements.AGAIN}",
        ),
    }


def shown_to(edition: Edition, *, by: User) -> Shown:
    """Return what the page states, for the form that it gives out."""
    return evidence_shown.shown(statements_of(edition, by=by))


def letters_of(state: State, facts: Facts) -> str:
    page = pages.of_edition(state.edition, facts)
    with translation.override(page.language):
        return render_to_string("public/_article.html", {"page": page})


def refusals(edition: Edition, found: list[Finding], *, by: User, shown: Shown) -> Iterator[Finding]:
    if not permissions.may(by, permissions.PUBLISH_EDITION):
        yield no_right(
            "Only publishers can publish. Ask an administrator to add you to the group “Publishers”."
        )
    if edition.article.retired_at:
        yield Finding(
            "article-retired", "This article is retired, so it cannot be changed. Ask your administrator."
        )
    yield from evidence_shown.changed(shown, statements_of(edition, by=by))
    yield from own_overrulings(edition, by)
    yield from gate.blocking(found)


def own_overrulings(edition: Edition, by: User) -> Iterator[Finding]:
    """Give each objection that stands against this edition but for the word of the person who would publish it."""
    own = Overruling.objects.filter(signed_by=by, objection__edition__article=edition.article_id)
    if not own.exists():
        return
    for objection in validity.evidence(edition).overruled_for(edition):
        overruling = objection.overruling
        if overruling.signed_by_id == by.pk and not was_published_since(overruling):
            words = (
                f"You overruled the objection of {objection.signature()} to edition {objection.edition.number}, so another "
                "publisher has to publish this edition."
            )
            fix = reverse("edition", args=[edition.pk])
            yield Finding("own-overruling", words, rule="A33", subject=f"objection {objection.pk}", fix=fix)


def was_published_since(overruling: Overruling) -> bool:
    # Then somebody else has answered for going on.
    pages = Publication.objects.filter(
        article=overruling.edition.article_id, from_at__gt=overruling.signed_at
    )
    since = pages.filter(edition__number__gte=overruling.objection.edition.number)
    return since.exclude(published_by=overruling.signed_by_id).exists()


def written(state: State, found: list[Finding], *, by: User, shown: Shown) -> Publication:
    facts = facts_if_published(state)
    return Publication(
        article=state.edition.article,
        edition=state.edition,
        basis=PublicationBasis.SIGNED,
        from_at=state.now,
        last_revised_on=earned.last_revised_on(state.edition, state.live, state.now),
        last_medical_review_on=facts.last_medical_review_on,
        before_minor_corrections=facts.before_minor_corrections,
        credit=facts.credit,
        findings=[finding.as_data() for finding in found],
        published_by=by,
        published_by_name=str(by),
        nonce=shown.nonce,
        shown_digest=shown.digest,
    )


def end(
    publication: Publication,
    *,
    at: datetime,
    kind: str,
    by: User,
    reason: str | None = None,
    note: str | None = None,
) -> None:
    publication.until_at = at
    publication.end_kind = kind
    publication.end_reason = reason
    publication.end_note = note
    publication.ended_by = by
    publication.ended_by_name = str(by)
    publication.save(update_fields=list(Publication.settable_once))


def withdraw(publication: Publication, *, by: User, reason: str, note: str) -> None:
    """Withdraw a page from the public. Its address says so from then on, in the fixed words of the reason.

    `note` are the publisher's own words, if any: readers see them when somebody else has confirmed them.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=publication.article_id)
        publication = Publication.objects.select_related("edition").get(pk=publication.pk)
        by = permissions.fresh(by)
        refuse_if("withdraw", withdraw_refusals(publication, by=by, reason=reason, note=note))
        at = timezone.now()
        end(publication, at=at, kind=EndKind.WITHDRAWN, by=by, reason=reason, note=note)
        tell_owner(article, publication, by=by, at=at)
        facts = {"edition": publication.edition.number, "reason": reason}
        ledger.record("withdraw", by=by, at=at, article_uid=article.uid, rows=[publication], **facts)


def withdraw_refusals(publication: Publication, *, by: User, reason: str, note: str) -> Iterator[Finding]:
    if not permissions.may(by, permissions.PUBLISH_EDITION):
        yield no_right(
            "Only publishers can withdraw a page. Ask an administrator to add you to the group “Publishers”."
        )
    if publication.until_at:
        yield Finding(
            "not-live",
            f"Edition {publication.edition.number} is no longer public, so there is nothing to withdraw.",
        )
    if reason not in PageWithdrawalReason.values:
        yield Finding("reason-missing", "Choose why the page is withdrawn.")
    for words in unfit(note):
        yield Finding("words-unfit", words)


def unfit(note: str) -> Iterator[str]:
    """Say what in a publisher's own words must not stand on a public page."""
    for flaw in (*prose.strange(note), *prose.hidden_characters(note), *prose.mojibake(note)):
        yield f"The word “{flaw.snippet}” can be taken for another: {flaw.words}. Type it again."
    if said := imitations.imitated(note):
        yield f"The words “{said}” read like a date or a credit that a page gives by itself. Say it in other words."


def tell_owner(article: Article, publication: Publication, *, by: User, at: datetime) -> None:
    reason = PageWithdrawalReason(publication.end_reason).label if publication.end_reason else ""
    outbox.notify(
        get_user_model()._default_manager.filter(pk=article.owner_id),
        subject=f"Withdrawn: {article.title}",
        body=f"{by} withdrew edition {publication.edition.number} of “{article.title}” from the public. Reason: {reason}. "
        f"Readers are told: {publication.withdrawal_words}"
        + (
            f" {by} also wrote: “{publication.end_note}” Readers see this when somebody else has confirmed it."
            if publication.end_note
            else ""
        ),
        path=reverse("publication", args=[publication.pk]),
        at=at,
    )


def follow_ups(publication: Publication) -> list[Finding]:
    # What today's gate has against a live page: it stays public, and somebody has to see to it.
    return gate.findings(publication.edition)
