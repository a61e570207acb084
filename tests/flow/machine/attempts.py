"""One attempt for each verb: what is asked of it, and what the oracle says must come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from content.models import Edition, Publication
from reviews import publishing
from reviews.decisions import minor_changes, overruling, signing, signoff_kinds, withdrawing
from reviews.models import KindVersion, Ruling, Signoff
from tests.flow.machine.needs import PARTS
from tests.flow.machine.oracle import MAY


@dataclass
class Attempt:
    """`codes`: why it must be refused, empty where it must be done; `is_replay`: done before, so it changes nothing."""

    verb: str
    do: Callable[[], Any]
    codes: set
    is_replay: bool = False
    then: Callable[[Any], None] = lambda result: None


def right(by, what):
    return set() if by.username in MAY[what] else {"no-right"}


def sign(world, oracle, edition, code, by, organisation, answer):
    is_replay = oracle.is_posted_again(edition, code, by, organisation.pk, answer)
    codes = set() if is_replay else oracle.sign(edition, code, by, organisation.pk, answer)
    row = Edition.objects.get(pk=edition)
    return Attempt(
        "sign",
        lambda: signing.sign(row, kind=code, by=by, organisation=organisation, answer=answer),
        codes,
        is_replay,
    )


def rule(world, oracle, start, end, code, by, organisation, shown, reason):
    same = [row for row in oracle.rows[Ruling] if (row["signed_by_id"], row["nonce"]) == (by.pk, shown.nonce)]
    codes = set() if same else oracle.rule(start, end, code, by, organisation.pk, shown.values, reason)
    first, second = Edition.objects.get(pk=start), Edition.objects.get(pk=end)
    asked = {"kind": code, "by": by, "organisation": organisation, "shown": shown, "reason": reason}
    return Attempt("rule", lambda: minor_changes.rule(second, start=first, **asked), codes, bool(same))


def withdraw_decision(world, oracle, model, key, by, reason):
    row = next(row for row in oracle.rows[model] if row["id"] == key)
    codes = oracle.withdraw_decision(row, by, reason)
    assert model in (Signoff, Ruling)
    return Attempt(
        "withdraw decision",
        lambda: withdrawing.withdraw(model.objects.get(pk=key), by=by, reason=reason),
        codes,
    )


def overrule(world, oracle, objection, edition, by, organisation, answer):
    row = next(row for row in oracle.rows[Signoff] if row["id"] == objection)
    is_replay = oracle.is_overruled_again(row, edition, by, organisation.pk, answer)
    codes = set() if is_replay else oracle.overrule(row, edition, by, organisation.pk, answer)
    raised, read = Signoff.objects.get(pk=objection), Edition.objects.get(pk=edition)
    return Attempt(
        "overrule",
        lambda: overruling.overrule(raised, edition=read, by=by, organisation=organisation, answer=answer),
        codes,
        is_replay,
    )


def publish(world, oracle, edition, by, shown, page):
    is_replay = oracle.is_published_again(edition, by, shown)
    codes = set() if is_replay else oracle.publish(edition, by, shown, page)
    row = Edition.objects.get(pk=edition)
    return Attempt(
        "publish",
        lambda: publishing.publish(row, by=by, shown=shown),
        codes,
        is_replay,
        lambda publication: None if is_replay else as_earned(oracle, edition, publication),
    )


def as_earned(oracle, edition, publication):
    """The floor below all routes, asked again by other means; and every date and name computed anew."""
    stored = Publication.objects.get(pk=publication.pk)
    approvals, writers = oracle.approvals(edition), oracle.contributors(edition)
    full = [row for row in oracle.full_reviews(approvals) if oracle.code(row) == "medical-review"]
    assert {part for row in approvals for part in row["covered"]} == PARTS
    assert any(row["signed_by_id"] not in writers for row in full), (
        "no medical review by somebody independent"
    )
    assert not any(oracle.requests(edition, code) for code in oracle.newest_kind)
    assert stored.credit == oracle.credit(approvals)
    assert stored.last_revised_on == oracle.last_revised(edition)
    assert stored.last_medical_review_on == oracle.last_medical_review(approvals)
    flag = oracle.before_minor_corrections(edition, approvals)
    assert flag in (None, stored.before_minor_corrections)
    _, follow_ups = oracle.blockers_and_follow_ups(edition)
    assert {finding["code"] for finding in stored.findings} == follow_ups
    assert (stored.edition_id, stored.from_at, stored.until_at) == (edition, oracle.now, None)


def withdraw_publication(world, oracle, publication, by, reason, note):
    row = next(row for row in oracle.rows[Publication] if row["id"] == publication)
    codes = right(by, "publish")
    if row["until_at"]:
        codes.add("not-live")
    if reason not in ("unsafe", "wrong", "outdated", "merged", "legal"):
        codes.add("reason-missing")
    stored = Publication.objects.get(pk=publication)
    return Attempt("withdraw", lambda: publishing.withdraw(stored, by=by, reason=reason, note=note), codes)


def revise(world, oracle, code, by, columns):
    newest = KindVersion.objects.newest(code)
    codes = right(by, "revise")
    if all(getattr(newest, name) == value for name, value in columns.items()):
        codes.add("nothing-changed")
    if newest.independent and not columns.get("independent", True):
        codes.add("independence-kept")
    if columns.get("how_many", 1) < 1:
        codes.add("nobody-asked")
    covers = columns.get("covers", newest.covers)
    if not set(covers) <= PARTS:
        codes.add("part-unknown")
    if not covers:
        codes.add("covers-nothing")
    return Attempt("revise", lambda: signoff_kinds.revise(code, by=by, **columns), codes)
