"""A person decides on an edition, and says so with their name."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts import permissions
from accounts.models import Organisation, User
from content.editions import authorship, current
from content.models import Act, Article, Edition
from evidence import ledger, shown
from evidence.findings import Finding, no_right, refuse_if
from evidence.shown import Shown, Statements
from reviews import objection_mail, statements
from reviews.approvals import integrity, routes, validity
from reviews.approvals.chains import Reading, reading
from reviews.approvals.validity import Evidence, Parts
from reviews.gate.signatures import is_fulfilled
from reviews.gate.state import state_of
from reviews.models import Conflict, Decision, KindVersion, Scope, Signoff
from reviews.models.signatures import signed
from reviews.statements import Around


@dataclass(frozen=True)
class Answer:
    """What the signer said, and what their page showed when they said it (see `statements_of`)."""

    shown: Shown
    decision: str
    reason: str = ""
    scope: str = Scope.WHOLE_PAGE
    since: Edition | None = None
    conflict: str = Conflict.NEVER_ASKED
    conflict_text: str = ""
    authentication: str = "session"

    def said(self) -> tuple[str, ...]:
        return (self.decision, self.reason, self.scope, self.conflict, self.conflict_text)


def newest_decision(edition: Edition, kind: str) -> Signoff | None:
    # A page must have shown this decision to be up to date.
    decisions = Signoff.objects.filter(edition__article=edition.article_id, kind__kind=kind)
    return decisions.select_related("edition", "kind").order_by("-pk").first()


def may_sign(person: User, kind: KindVersion) -> bool:
    # Membership of the kind's group counts; being an administrator is no qualification.
    return person.is_active and person.groups.filter(pk=kind.may_sign_id).exists()


def sign(edition: Edition, *, kind: str, by: User, organisation: Organisation, answer: Answer) -> Signoff:
    """Store the decision, or raise Refused with every reason. The same form posted again gives the same row."""
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=edition.article_id)
        edition = Edition.objects.select_related("article").get(pk=edition.pk)
        by = permissions.fresh(by)
        refuse_if("sign", integrity.refusals(edition))
        version = KindVersion.objects.select_related("may_sign").newest(kind)
        if sent := sent_before(by, answer):
            refuse_if("sign", is_another(sent, edition, version, organisation, answer))
            return sent
        newest = newest_decision(edition, kind)
        refuse_if("sign", refusals(edition, version, by=by, organisation=organisation, answer=answer))
        signoff = written(edition, version, newest, by=by, organisation=organisation, answer=answer)
        signoff.save()
        if signoff.is_objection:
            objection_mail.tell_of_objection(signoff)
        facts = {
            "edition": edition.number,
            "digest": edition.digest,
            "kind": kind,
            "decision": answer.decision,
        }
        ledger.record(
            "sign", by=by, at=signoff.signed_at, article_uid=edition.article.uid, rows=[signoff], **facts
        )
        return signoff


def sent_before(by: User, answer: Answer) -> Signoff | None:
    """Return what this very form stored already: a second click, or a browser that sends it again."""
    own = Signoff.objects.filter(signed_by=by, nonce=answer.shown.nonce)
    return own.select_related("edition", "kind").first()


def is_another(
    sent: Signoff, edition: Edition, kind: KindVersion, organisation: Organisation, answer: Answer
) -> Iterator[Finding]:
    """Refuse a form that was sent before with other answers: its sender would think that these are stored."""
    since = answer.since.pk if answer.since else None
    given = (edition.pk, kind.code, organisation.pk, *answer.said(), since, answer.shown.digest)
    stored = (
        sent.edition_id,
        sent.kind.code,
        sent.organisation_id,
        *said_in(sent),
        sent.since_edition_id,
        sent.shown_digest,
    )
    if given != stored:
        words = (
            f"This form was sent before, and your answer is stored: {sent.kind}, {sent.decided}. What you answered now is "
            "not. Answer again on the page below if you want to decide anew."
        )
        yield Finding("form-used", words)


def said_in(signoff: Signoff) -> tuple[str, ...]:
    return (signoff.decision, signoff.reason, signoff.scope, signoff.conflict, signoff.conflict_text)


def statements_of(
    edition: Edition,
    kind: KindVersion,
    *,
    by: User,
    organisation: Organisation,
    around: Around,
) -> Statements:
    """Return what the page states on which this person decides on the edition."""
    return {
        **statements.of_kind(kind),
        **statements.of_text(edition),
        **statements.of_newest(newest_decision(edition, kind.code)),
        **statements.of_signer(by, organisation),
        **around.statements(kind),
    }


def refusals(
    edition: Edition, kind: KindVersion, *, by: User, organisation: Organisation, answer: Answer
) -> Iterator[Finding]:
    yield from who_may_not(edition, kind, by=by, organisation=organisation, answer=answer)
    yield from what_was_not_seen(edition, kind, by=by, organisation=organisation, answer=answer)
    yield from what_is_not_said(edition, kind, organisation, answer)


def who_may_not(
    edition: Edition, kind: KindVersion, *, by: User, organisation: Organisation, answer: Answer
) -> Iterator[Finding]:
    if not may_sign(by, kind):
        yield no_right(
            f"Only members of the group “{kind.may_sign.name}” can sign the {kind.name.lower()}. Ask an administrator to add you."
        )
    # The organisation earns the credit: who left it since the page was opened must not sign for it.
    if by.organisation_id != organisation.pk:
        yield no_right(
            f"You can sign only on behalf of your own organisation ({by.organisation or 'none is entered'}), not of "
            f"{organisation}."
        )
    if answer.decision != Decision.APPROVE or by.pk not in authorship.contributors(edition):
        return
    if kind.independent:
        words = f"{how_they_took_part(edition, by)}, so somebody else has to sign its {kind.name.lower()}."
        yield Finding("not-independent", words, rule="A03")


def how_they_took_part(edition: Edition, by: User) -> str:
    # It may be news to somebody that saving a draft counts, whoever submitted it.
    submissions = edition.submissions.filter(act=Act.SUBMITTED)
    if submissions.filter(recorded_by=by).exists():
        return "You submitted this edition yourself"
    names = " and ".join(dict.fromkeys(submissions.values_list("recorded_by_name", flat=True)))
    return f"You wrote part of this edition before {names} submitted it"


def what_was_not_seen(
    edition: Edition,
    kind: KindVersion,
    *,
    by: User,
    organisation: Organisation,
    answer: Answer,
) -> Iterator[Finding]:
    """Find what the signer's page did not show. Only an approval waits for it to be read: whoever asks for changes, or
    declines, has answered what they were shown.
    """
    if answer.decision != Decision.APPROVE:
        yield from of_another_page(edition, kind, by, answer)
        return
    if not routes.is_signable(edition):
        candidate = current.candidate(edition.article)
        words = f"Edition {edition.number} is no longer in review, so it cannot be signed."
        if candidate:
            words = (
                f"Edition {candidate.number} was submitted after the edition you read ({edition.number}). Read what "
                f"changed, then decide on edition {candidate.number}."
            )
        yield Finding("stale-edition", words)
    yield from what_changed(edition, kind, by=by, organisation=organisation, answer=answer)


def what_changed(
    edition: Edition, kind: KindVersion, *, by: User, organisation: Organisation, answer: Answer
) -> Iterator[Finding]:
    """Tell what the page would state otherwise now than it did to the signer."""
    around = statements.around(edition)
    now = statements_of(edition, kind, by=by, organisation=organisation, around=around)
    yield from shown.changed(answer.shown, now)


def shown_to(
    edition: Edition, kind: KindVersion, *, by: User, organisation: Organisation, around: Around
) -> Shown:
    """Return what the page states, for the form that it gives out."""
    return shown.shown(statements_of(edition, kind, by=by, organisation=organisation, around=around))


def of_another_page(edition: Edition, kind: KindVersion, by: User, answer: Answer) -> Iterator[Finding]:
    """Find that the form was given out for another text, kind or person."""
    carried = answer.shown.values
    about = (carried.get("digest"), (carried.get("kind") or "").split(" ")[0], carried.get("person"))
    if about != (edition.digest, kind.code, str(by.pk)):
        yield Finding(
            "stale-page", "Your form belongs to another page. Open the page again and answer there."
        )


def what_is_not_said(
    edition: Edition, kind: KindVersion, organisation: Organisation, answer: Answer
) -> Iterator[Finding]:
    if answer.decision not in Decision.values:
        yield Finding("decision-missing", "Choose your decision: approve, request changes or decline.")
    if answer.decision != Decision.APPROVE and not answer.reason.strip():
        yield Finding(
            "reason-missing",
            "Give the reason, so that the editors know what to change or whom to ask instead.",
        )
    yield from what_conflict_is_not_said(answer)
    yield from what_scope_is_not_said(edition, answer)
    if answer.decision == Decision.APPROVE:
        yield from what_an_approval_needs(edition, kind, organisation, answer)


def what_conflict_is_not_said(answer: Answer) -> Iterator[Finding]:
    # Somebody who approves must answer; somebody who does not may leave it open.
    is_open = answer.conflict == Conflict.NEVER_ASKED and answer.decision != Decision.APPROVE
    if answer.conflict not in (Conflict.NONE, Conflict.DECLARED) and not is_open:
        words = "Answer whether you have a conflict of interest."
        yield Finding("conflict-not-answered", words, rule="A04")
    if answer.conflict == Conflict.DECLARED and not answer.conflict_text.strip():
        yield Finding("conflict-not-named", "Name your conflict of interest, and with whom.", rule="A04")


def what_scope_is_not_said(edition: Edition, answer: Answer) -> Iterator[Finding]:
    if answer.scope not in Scope.values:
        yield Finding("scope-missing", "Say whether you reviewed the whole page or only what changed.")
    if (answer.scope == Scope.CHANGES_ONLY) != (answer.since is not None):
        yield Finding(
            "scope-without-start", "A review of the changes must name the edition that they start from."
        )
    if answer.since is not None and not starts_elsewhere(edition, answer.since):
        yield Finding("scope-start-wrong", "The changes must start from another edition of the same article.")


def what_an_approval_needs(
    edition: Edition, kind: KindVersion, organisation: Organisation, answer: Answer
) -> Iterator[Finding]:
    if (
        answer.since is not None
        and starts_elsewhere(edition, answer.since)
        and not can_carry_on(answer.since, kind.code, organisation, validity.evidence(edition))
    ):
        words = (
            f"No {kind.name.lower()} of the whole page on behalf of {organisation} is valid for edition {answer.since.number}. "
            "Review the whole page."
        )
        yield Finding("nothing-to-extend", words)
    yield from waits_for_others(edition, kind)


def starts_elsewhere(edition: Edition, since: Edition) -> bool:
    return since.article_id == edition.article_id and since.pk != edition.pk


def can_carry_on(start: Edition, kind: str, organisation: Organisation, known: Evidence) -> bool:
    """Tell whether an approval reaches the edition in such a way that it could be carried on to the one that `known`
    was read for.
    """
    return is_reached(start, validity.reached(kind, organisation.pk, known))


def is_reached(edition: Edition, reached: dict[Parts, set[Reading]]) -> bool:
    return any(reading(edition.parts, covered) in readings for covered, readings in reached.items())


def start_for(edition: Edition, kind: str, organisation: Organisation, known: Evidence) -> Edition | None:
    """Return the newest other edition from which the organisation's whole-page approval of this kind can be carried on
    to this one.
    """
    signed = {
        signoff.edition
        for signoff in known.signoffs
        if (signoff.kind.code, signoff.organisation_id) == (kind, organisation.pk)
        and signoff.decision == Decision.APPROVE
    }
    others = sorted(signed - {edition}, key=lambda other: -other.number)
    reached = validity.reached(kind, organisation.pk, known)
    return next((other for other in others if is_reached(other, reached)), None)


def waits_for_others(edition: Edition, kind: KindVersion) -> Iterator[Finding]:
    # Where the route has an order, an approval waits for those before it.
    state = state_of(edition)
    own = [step.order for step in state.steps if step.kind.code == kind.code]
    for step in state.steps:
        if own and step.order < min(own) and not is_fulfilled(step, state.approvals):
            yield Finding(
                "too-early", f"{step.words} has to be signed first for this article, and is still open."
            )


def written(
    edition: Edition,
    kind: KindVersion,
    newest: Signoff | None,
    *,
    by: User,
    organisation: Organisation,
    answer: Answer,
) -> Signoff:
    return Signoff(
        edition=edition,
        kind=kind,
        decision=answer.decision,
        reason=answer.reason,
        scope=answer.scope,
        since_edition=answer.since,
        edition_digest=edition.digest,
        covered={part: edition.parts[part] for part in kind.covers},
        meaning=kind.meaning,
        organisation_in_credit=organisation.in_credit,
        organisation_is_publishing=organisation.is_publishing,
        **signed(by, organisation, answer.shown, answer.authentication),
        conflict=answer.conflict,
        conflict_text=answer.conflict_text,
        newest_shown=newest,
    )


def kinds_open_to(person: User, edition: Edition) -> list[KindVersion]:
    """List the kinds this person may sign on this edition: first those its route asks for, then any other they may
    sign.
    """
    wrote = person.pk in authorship.contributors(edition)
    groups = set(person.groups.values_list("pk", flat=True))
    return [
        kind
        for kind in KindVersion.objects.select_related("may_sign").current()
        if kind.may_sign_id in groups and not (kind.independent and wrote)
    ]
