"""Overruling an objection: somebody who has no part in it answers for going on, with a reason that stays on record."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts import permissions
from accounts.models import Organisation, User
from content.editions import authorship, current
from content.models import Article, Edition, Publication
from evidence import ledger
from evidence import shown as evidence_shown
from evidence.findings import Finding, no_right, refuse_if
from evidence.shown import Shown, Statement, Statements
from reviews import objection_mail, statements
from reviews.approvals import integrity, routes, validity
from reviews.decisions import signing
from reviews.models import KindVersion, Overruling, Signoff
from reviews.models.signatures import signed

CLINICAL = "medical-review"
# Where nobody else may sign one of these, a clinician may answer an objection of that kind.
ANSWERED_BY_CLINICIANS = frozenset({"editorial-review", "contribution"})


@dataclass(frozen=True)
class Answer:
    """Why the objection does not hold, and what the page showed when this was written (see `statements_of`)."""

    shown: Shown
    reason: str
    authentication: str = "session"


def overrule(
    objection: Signoff, *, edition: Edition, by: User, organisation: Organisation, answer: Answer
) -> Overruling:
    """Close somebody else's objection as it stands against the edition, or raise Refused with every reason.

    The same form posted again gives the same row.
    """
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=edition.article_id)
        edition = Edition.objects.select_related("article").get(pk=edition.pk)
        objection = Signoff.objects.select_related("kind", "edition").get(pk=objection.pk)
        by = permissions.fresh(by)
        refuse_if("overrule objection", integrity.refusals(edition))
        if sent := Overruling.objects.filter(signed_by=by, nonce=answer.shown.nonce).first():
            refuse_if("overrule objection", is_another(sent, objection, edition, organisation, answer))
            return sent
        refuse_if(
            "overrule objection", refusals(objection, edition, answer, by=by, organisation=organisation)
        )
        row = written(objection, edition, answer, by=by, organisation=organisation)
        row.save()
        objection_mail.tell_of_overruling(row)
        facts = {
            "edition": edition.number,
            "digest": edition.digest,
            "kind": objection.kind.code,
            "objection": objection.pk,
        }
        ledger.record(
            "overrule objection",
            by=by,
            at=row.signed_at,
            article_uid=edition.article.uid,
            rows=[row],
            **facts,
        )
        return row


def is_another(
    sent: Overruling, objection: Signoff, edition: Edition, organisation: Organisation, answer: Answer
) -> Iterator[Finding]:
    """Refuse a form that was sent before with another answer."""
    given = (objection.pk, edition.pk, organisation.pk, answer.reason, answer.shown.digest)
    stored = (sent.objection_id, sent.edition_id, sent.organisation_id, sent.reason, sent.shown_digest)
    if given != stored:
        words = "This form was sent before, and your answer is stored. What you wrote now is not."
        yield Finding("form-used", words)


def statements_of(
    objection: Signoff, edition: Edition, *, by: User, organisation: Organisation
) -> Statements:
    """Return what the page states on which this person answers the objection."""
    words = f"Your page showed another objection. {statements.AGAIN}"
    return {
        **statements.of_text(edition),
        "objection": Statement("The objection", str(objection.pk), words=words, alone=True),
        **statements.of_newest(signing.newest_decision(edition, objection.kind.code)),
        **statements.of_signer(by, organisation),
        **statements.of_live(current.live_publication(edition.article)),
    }


def shown_to(objection: Signoff, edition: Edition, *, by: User, organisation: Organisation) -> Shown:
    """Return what the page states, for the form that it gives out."""
    return evidence_shown.shown(statements_of(objection, edition, by=by, organisation=organisation))


def refusals(
    objection: Signoff, edition: Edition, answer: Answer, *, by: User, organisation: Organisation
) -> Iterator[Finding]:
    yield from who_may_not(objection, edition, by=by)
    if by.organisation_id != organisation.pk:
        yield no_right(
            f"You can sign only on behalf of your own organisation ({by.organisation or 'none is entered'}), not of "
            f"{organisation}."
        )
    yield from what_was_not_seen(objection, edition, by=by, organisation=organisation, answer=answer)
    if not answer.reason.strip():
        yield Finding(
            "reason-missing",
            "Give the reason why the objection does not hold. Its author reads it, and it stays on record.",
        )


def who_may_not(objection: Signoff, edition: Edition, *, by: User) -> Iterator[Finding]:
    """Give every reason why this person may not overrule the objection, whatever their reason is."""
    if kind_of(objection, by) is None:
        yield no_right(
            f"Only somebody who may sign the {objection.kind.name.lower()} can overrule this objection"
            f"{', or a clinician' if objection.kind.code in ANSWERED_BY_CLINICIANS else ''}. Ask one of them."
        )
    if objection.signed_by_id == by.pk:
        yield Finding(
            "own-objection",
            "This is your own objection. Withdraw it, or approve an edition that answers it.",
            rule="A33",
        )
    if by.pk in authorship.contributors(objection.edition) | authorship.contributors(edition):
        words = "You wrote part of the text that this objection is about, so somebody who wrote none of it has to answer it."
        yield Finding("not-independent", words, rule="A33")
    if has_published(by, objection.edition, edition):
        words = "You published this article, so somebody who does not publish it has to answer the objection."
        yield Finding("own-publication", words, rule="A33")


def kind_of(objection: Signoff, by: User) -> KindVersion | None:
    """Return the kind that entitles this person to answer: the objection's own, or the medical review."""
    codes = [objection.kind.code]
    if objection.kind.code in ANSWERED_BY_CLINICIANS:
        codes.append(CLINICAL)
    kinds = (KindVersion.objects.select_related("may_sign").newest(code) for code in codes)
    return next((kind for kind in kinds if signing.may_sign(by, kind)), None)


def has_published(by: User, *editions: Edition) -> bool:
    own = Publication.objects.filter(article=editions[0].article_id, published_by=by)
    return own.filter(until_at=None).exists() or own.filter(edition__in=editions).exists()


def what_was_not_seen(
    objection: Signoff, edition: Edition, *, by: User, organisation: Organisation, answer: Answer
) -> Iterator[Finding]:
    if not routes.is_signable(edition):
        words = f"Edition {edition.number} is no longer in review. Answer the objection on the page of the newest edition."
        yield Finding("stale-edition", words)
    now = statements_of(objection, edition, by=by, organisation=organisation)
    yield from evidence_shown.changed(answer.shown, now)
    if objection.pk not in {each.pk for each in validity.evidence(edition).objections_to(edition)}:
        words = f"This objection does not stand against edition {edition.number}, or it was closed. Look at the page again."
        yield Finding("not-open", words)


def written(
    objection: Signoff, edition: Edition, answer: Answer, *, by: User, organisation: Organisation
) -> Overruling:
    return Overruling(
        objection=objection,
        edition=edition,
        edition_digest=edition.digest,
        kind=kind_of(objection, by),
        reason=answer.reason,
        **signed(by, organisation, answer.shown, answer.authentication),
    )


def may_overrule(objection: Signoff, edition: Edition, by: User) -> bool:
    """Tell whether the page of the edition offers this person to answer the objection."""
    return (
        by.organisation_id is not None
        and routes.is_signable(edition)
        and not any(who_may_not(objection, edition, by=by))
    )
