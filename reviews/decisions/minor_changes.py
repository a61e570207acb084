"""Ruling a change minor: an approval of this kind, for this organisation, is carried over it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts import permissions
from accounts.models import Organisation, User
from content import differences
from content.editions import authorship
from content.models import Article, Drug, DrugAlias, Edition, Product
from content.snapshots import snapshot
from evidence import ledger
from evidence import shown as evidence_shown
from evidence.findings import Finding, no_right, refuse_if
from evidence.shown import Shown, Statement, Statements
from reviews import statements
from reviews.approvals import integrity, routes, validity
from reviews.approvals.validity import Evidence
from reviews.decisions import signing
from reviews.models import KindVersion, Ruling
from reviews.models.signatures import signed
from reviews.statements import Around

MAY_BRIDGE = frozenset(validity.BRIDGED_BY_RULING)


@dataclass(frozen=True)
class Change:
    """A change somebody might rule minor, with what speaks against it."""

    kind: KindVersion
    start: Edition
    end: Edition
    against: tuple[str, ...]
    shown: Shown

    @property
    def carried(self) -> str:
        return evidence_shown.sealed(self.shown)


def rule(
    end: Edition,
    *,
    start: Edition,
    kind: str,
    by: User,
    organisation: Organisation,
    shown: Shown,
    reason: str,
) -> Ruling:
    """Rule that the change is minor. `shown` is what the page showed (see `statements_of`).

    Raises Refused with every reason. The same form posted again gives the same row.
    """
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=end.article_id)
        end = Edition.objects.select_related("article").get(pk=end.pk)
        by = permissions.fresh(by)
        refuse_if("rule minor", integrity.refusals(end))
        version = KindVersion.objects.select_related("may_sign").newest(kind)
        if sent := Ruling.objects.filter(signed_by=by, nonce=shown.nonce).select_related("kind").first():
            refuse_if(
                "rule minor",
                is_another(
                    sent, start, end, kind=kind, organisation=organisation, shown=shown, reason=reason
                ),
            )
            return sent
        refuse_if(
            "rule minor",
            [
                *who_may_not(version, start, end, by=by, organisation=organisation),
                *what_was_not_seen(start, end, reason=reason),
                *what_changed(version, start, end, shown, by=by, organisation=organisation),
                *what_is_not_minor(version, start, end, organisation=organisation),
            ],
        )
        ruling = written(version, start, end, shown, by=by, organisation=organisation, reason=reason)
        ruling.save()
        facts = {"kind": kind, "from": start.number, "edition": end.number}
        ledger.record(
            "rule minor", by=by, at=ruling.signed_at, article_uid=end.article.uid, rows=[ruling], **facts
        )
        return ruling


def is_another(
    sent: Ruling,
    start: Edition,
    end: Edition,
    *,
    kind: str,
    organisation: Organisation,
    shown: Shown,
    reason: str,
) -> Iterator[Finding]:
    """Refuse a form that was sent before with another answer."""
    given = (start.pk, end.pk, kind, organisation.pk, reason, shown.digest)
    stored = (
        sent.from_edition_id,
        sent.to_edition_id,
        sent.kind.code,
        sent.organisation_id,
        sent.reason,
        sent.shown_digest,
    )
    if given != stored:
        words = "This form was sent before, and your ruling is stored. What you wrote now is not."
        yield Finding("form-used", words)


def statements_of(
    kind: KindVersion, start: Edition, end: Edition, *, by: User, organisation: Organisation, around: Around
) -> Statements:
    """Return what the page states on which this person rules."""
    words = f"What changed since edition {start.number} is not what your page showed. {statements.AGAIN}"
    return {
        **statements.of_kind(kind),
        **statements.of_text(end),
        "start": Statement("The edition before", start.digest, words=words),
        **statements.of_signer(by, organisation),
        **around.statements(kind),
    }


def what_changed(
    kind: KindVersion, start: Edition, end: Edition, shown: Shown, *, by: User, organisation: Organisation
) -> Iterator[Finding]:
    now = statements_of(kind, start, end, by=by, organisation=organisation, around=statements.around(end))
    yield from evidence_shown.changed(shown, now)


def who_may_not(
    kind: KindVersion, start: Edition, end: Edition, *, by: User, organisation: Organisation
) -> Iterator[Finding]:
    if not signing.may_sign(by, kind):
        yield no_right(
            f"Only members of the group “{kind.may_sign.name}” can rule on the {kind.name.lower()}. Ask an "
            "administrator to add you."
        )
    if by.organisation_id != organisation.pk:
        yield no_right(
            f"You can rule only on behalf of your own organisation ({by.organisation or 'none is entered'}), not of "
            f"{organisation}."
        )
    if by.pk in authorship.contributors(start) | authorship.contributors(end):
        words = "You helped to write one of the two editions, so somebody else must judge whether the change is minor."
        yield Finding("not-independent", words, rule="A03")


def what_was_not_seen(start: Edition, end: Edition, *, reason: str) -> Iterator[Finding]:
    if start.article_id != end.article_id or start.pk == end.pk:
        yield Finding(
            "other-article", "A ruling compares two editions of the same article. Choose two of one article."
        )
    if not routes.is_signable(end):
        yield Finding(
            "stale-edition", f"Edition {end.number} is no longer in review. Open the newest edition."
        )
    if not reason.strip():
        yield Finding("reason-missing", "Say why the change is minor.")


def what_is_not_minor(
    kind: KindVersion,
    start: Edition,
    end: Edition,
    *,
    organisation: Organisation,
    known: Evidence | None = None,
) -> Iterator[Finding]:
    """Find what the machine refuses, whoever rules."""
    if not kind.may_be_ruled_minor:
        yield Finding(
            "kind-takes-no-ruling",
            f"The {kind.name.lower()} has to be signed for every edition, so a ruling does not apply.",
        )
    changed = {part for part in kind.covers if start.parts[part] != end.parts[part]}
    if changed - MAY_BRIDGE:
        named = ", ".join(part.replace("_", " ") for part in sorted(changed - MAY_BRIDGE))
        yield Finding("not-minor", f"A change in this part is never minor and must be signed: {named}.")
    if not changed:
        yield Finding(
            "nothing-changed",
            f"Nothing that the {kind.name.lower()} covers has changed between the two editions.",
        )
    known = known or validity.evidence(end)
    is_same_article = start.article_id == end.article_id
    if not (is_same_article and signing.can_carry_on(start, kind.code, organisation, known)):
        words = (
            f"No {kind.name.lower()} on behalf of {organisation} is valid for edition {start.number}, so a ruling "
            "would change nothing."
        )
        yield Finding("nothing-to-extend", words)
    for words in guards(start, end):
        yield Finding("not-minor", words)


def guards(start: Edition, end: Edition) -> list[str]:
    return differences.guards(
        snapshot.parsed(start.snapshot), snapshot.parsed(end.snapshot), known=names_in_the_library()
    )


def names_in_the_library() -> set[str]:
    return {
        *Drug.objects.values_list("generic_name", flat=True),
        *DrugAlias.objects.values_list("name", flat=True),
        *Product.objects.values_list("brand", flat=True),
    }


def written(
    kind: KindVersion,
    start: Edition,
    end: Edition,
    shown: Shown,
    *,
    by: User,
    organisation: Organisation,
    reason: str,
) -> Ruling:
    changed = [part for part in validity.BRIDGED_BY_RULING if start.parts[part] != end.parts[part]]
    return Ruling(
        kind=kind,
        from_edition=start,
        to_edition=end,
        parts=[part for part in changed if part in kind.covers],
        difference=shown_difference(start, end),
        reason=reason,
        **signed(by, organisation, shown),
    )


def shown_difference(start: Edition, end: Edition) -> str:
    """Write the changed blocks as lines. The person who ruled was shown them, and they are kept with the ruling."""
    difference = differences.between(snapshot.parsed(start.snapshot), snapshot.parsed(end.snapshot))
    lines = []
    for part in difference.changed_parts:
        for row in part.blocks:
            if row.kind != "same":
                pieces = "".join(
                    f"[{piece.kind}: {piece.text}]" if piece.kind != "same" else piece.text
                    for piece in row.pieces
                )
                lines.append(f"{part.title}, {row.place}, {row.kind}: {pieces}")
    return "\n".join(lines)


def open_to(edition: Edition, person: User, known: Evidence, around: Around) -> list[Change]:
    """List the changes this person could rule on, each with what the machine has against it."""
    organisation = person.organisation
    if organisation is None or not routes.is_signable(edition):
        return []
    found = []
    for kind in KindVersion.objects.select_related("may_sign").current():
        if (
            kind.may_be_ruled_minor
            and signing.may_sign(person, kind)
            and not signing.can_carry_on(edition, kind.code, organisation, known)
            and (start := signing.start_for(edition, kind.code, organisation, known))
        ):
            against = [
                *who_may_not(kind, start, edition, by=person, organisation=organisation),
                *what_is_not_minor(kind, start, edition, organisation=organisation, known=known),
            ]
            stated = statements_of(kind, start, edition, by=person, organisation=organisation, around=around)
            words = tuple(finding.words for finding in against)
            found.append(Change(kind, start, edition, words, evidence_shown.shown(stated)))
    return found
