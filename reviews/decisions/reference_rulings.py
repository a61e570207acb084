"""Ruling that a new version of a cited work changes nothing that pages say: approvals are carried to all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts import permissions
from accounts.models import Organisation, User
from content.library import usage
from content.models import Edition, PinnedTable, Publication, Reference, Retraction
from content.snapshots import pins, snapshot
from evidence import ledger
from evidence import shown as evidence_shown
from evidence.findings import Finding, no_right, refuse_if
from evidence.ledger import sha256
from evidence.shown import Shown, Statement, Statements
from reviews import statements
from reviews.approvals import integrity
from reviews.approvals.over_references import references_of
from reviews.decisions import signing
from reviews.models import KindVersion, ReferenceRuling
from reviews.models.signatures import signed

Entry = dict[str, Any]


@dataclass(frozen=True)
class Reprint:
    """How public pages print the work, and how they will; those of one language, for the words differ by it."""

    old: Entry
    new: Entry
    pages: tuple[Publication, ...]


def reprints(reference: Reference) -> list[Reprint]:
    """List each way in which public pages print the work, or one that it supersedes, other than the library does
    today.
    """
    newest = pins.versions(PinnedTable.REFERENCE, [reference.pk]).get(reference.pk)
    if newest is None:
        return []
    found: dict[str, tuple[Entry, Entry, list[Publication]]] = {}
    for earlier in (reference, *reference.supersedes.all()):
        uids = {str(each.uid) for each in usage.identities(earlier)}
        for page in usage.publications(earlier):
            content = snapshot.parsed(page.edition.snapshot)
            new = snapshot.reference_entry(newest, content["language"])
            for old in content["parts"]["references"]:
                if old["uid"] in uids and old != new:
                    key = snapshot.canonical({"old": old, "new": new})
                    found.setdefault(key, (old, new, []))[2].append(page)
    return [Reprint(old, new, tuple(pages)) for old, new, pages in found.values()]


def digest(shown: list[Reprint]) -> str:
    # Over everything that a page shows to the person who rules.
    return sha256(snapshot.canonical({"reprints": [[each.old, each.new] for each in shown]}).encode())


def rule(
    reference: Reference, *, kind: str, by: User, organisation: Organisation, shown: Shown, reason: str
) -> list[ReferenceRuling]:
    """Make one ruling for each way the work is printed. `shown` is what the page showed (see `statements_of`).

    Raises Refused with every reason. The same form posted again gives the same rows.
    """
    with transaction.atomic():
        reference = Reference.objects.select_for_update().get(pk=reference.pk)
        by = permissions.fresh(by)
        version = KindVersion.objects.select_related("may_sign").newest(kind)
        now = reprints(reference)
        refuse_if(
            "rule on reference", integrity.refusals_of_pages(page for each in now for page in each.pages)
        )
        reasons = [*who_may_not(version, by=by, organisation=organisation)]
        reasons += what_speaks_against(reference, version, now, reason=reason)
        reasons += evidence_shown.changed(shown, statements_of(now, by=by, organisation=organisation))
        refuse_if("rule on reference", reasons)
        known = rulings_of(reference, kind, by, organisation)
        made = [
            known.get((snapshot.canonical(each.old), snapshot.canonical(each.new)))
            or written(reference, version, each, shown, by=by, organisation=organisation, reason=reason)
            for each in now
        ]
        new = [ruling for ruling in made if ruling.pk is None]
        for ruling in new:
            ruling.save()
        if new:
            facts: dict[str, Any] = {"kind": kind, "reference": str(reference.uid), "reason": reason}
            ledger.record("rule on reference", by=by, at=new[0].signed_at, rows=new, **facts)
        return made


def statements_of(now: list[Reprint], *, by: User, organisation: Organisation) -> Statements:
    """Return what the page states on which this person rules."""
    words = "What the public pages print of this work changed after you opened this page. Read the page again, then decide."
    kinds = {f"kind {kind.code}": statements.of_kind(kind)["kind"] for kind in kinds_open_to(by)}
    return {
        "reprints": Statement("What pages print", digest(now), "stale-reference", words),
        **kinds,
        **statements.of_signer(by, organisation),
        **statements.of_house(),
    }


def rulings_of(
    reference: Reference, kind: str, by: User, organisation: Organisation
) -> dict[tuple[str, str], ReferenceRuling]:
    """Return the rulings that hold, by what was ruled on."""
    own = ReferenceRuling.objects.filter(
        reference=reference, kind__kind=kind, signed_by=by, organisation=organisation, withdrawal=None
    )
    return {(snapshot.canonical(each.old), snapshot.canonical(each.new)): each for each in own}


def who_may_not(kind: KindVersion, *, by: User, organisation: Organisation) -> Iterator[Finding]:
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


def what_speaks_against(
    reference: Reference, kind: KindVersion, now: list[Reprint], *, reason: str
) -> Iterator[Finding]:
    if not kind.may_be_ruled_minor or "references" not in kind.covers:
        yield Finding(
            "kind-takes-no-ruling",
            f"The {kind.name.lower()} has to be signed for every edition, so a ruling does not apply.",
        )
    if reference.retraction == Retraction.RETRACTED:
        words = "This work was retracted. Every page that is based on it has to be reviewed, so a ruling does not apply."
        yield Finding("ruled-on-retracted", words, rule="A12")
    if not now:
        yield Finding(
            "nothing-changed", "Every public page already prints this work as it is in the library."
        )
    if not reason.strip():
        yield Finding("reason-missing", "Say why the new version changes nothing that the pages say.")


def written(
    reference: Reference,
    kind: KindVersion,
    reprint: Reprint,
    shown: Shown,
    *,
    by: User,
    organisation: Organisation,
    reason: str,
) -> ReferenceRuling:
    return ReferenceRuling(
        kind=kind,
        reference=reference,
        old=reprint.old,
        new=reprint.new,
        reason=reason,
        **signed(by, organisation, shown),
    )


def kinds_open_to(person: User) -> list[KindVersion]:
    """List the kinds on whose behalf this person may rule on a reference."""
    current = KindVersion.objects.select_related("may_sign").current()
    return [
        kind
        for kind in current
        if kind.may_be_ruled_minor and "references" in kind.covers and signing.may_sign(person, kind)
    ]


def open_to(person: User, changed: Edition, before: Edition | None) -> list[Reference]:
    """List the works that the two editions print differently, for somebody who may rule on them."""
    if before is None or person.organisation_id is None or not kinds_open_to(person):
        return []
    old = {snapshot.canonical(entry) for entry in references_of(before)}
    new = [entry for entry in references_of(changed) if snapshot.canonical(entry) not in old]
    return list(Reference.objects.filter(uid__in=[entry["uid"] for entry in new], merged_into=None))
