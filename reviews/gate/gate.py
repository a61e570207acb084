"""Ask the gate. The page asks it to show; the verb asks it again, under the lock."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from content import checks
from content.editions import current
from content.models import Article, Edition
from content.snapshots import snapshot
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding, Severity
from reviews.gate import evidence, page_facts, page_frame, signatures, translations
from reviews.gate.state import State, seen_from, state_of

Question = Callable[[State], Iterable[Finding]]

# Asked in this order. A test takes out each one in turn and sees a refusal disappear.
QUESTIONS: tuple[Question, ...] = (
    evidence.bytes_are_as_signed,
    evidence.edition_is_in_review,
    signatures.every_step_is_signed,
    signatures.nobody_asks_for_changes,
    signatures.every_part_is_covered,
    signatures.whole_page_has_a_medical_review,
    signatures.somebody_independent_signed,
    signatures.signers_were_asked_for_interests,
    signatures.reviews_are_within_their_term,
    page_facts.credit_can_be_given,
    page_facts.dates_are_in_order,
    page_facts.a_major_change_is_explained,
    page_facts.an_unsafe_page_was_reviewed_anew,
    page_facts.links_lead_somewhere,
    translations.translation_follows_its_source,
    page_frame.rights_are_stated,
)

# What gets worse by itself while a page is public (rule 11): it must not keep the better page from the public.
AGEING = frozenset({"review-overdue"}) | checks.AGEING
# A follow-up is to be settled within so many days, unless it says itself when it is due.
DAYS_TO_SETTLE = 90


def findings(edition: Edition, state: State | None = None) -> list[Finding]:
    """List what the gate finds, blockers first. Each finding knows where it is fixed, whether the live page has it
    too, and when it is due.

    `state` is the edition's, where it was read already.
    """
    # Every other question reads the snapshot, so damaged bytes are the only answer there is.
    if not is_readable(edition):
        return [evidence.altered(edition)]
    state = state or state_of(edition)
    is_full = state.is_full_review
    compared = [softened(each, is_full_review=is_full) for each in with_live(asked(state), state)]
    draft = reverse("admin:content_article_change", args=[edition.article_id])
    found = [with_address(dated(finding, state), draft) for finding in compared]
    return sorted(found, key=lambda finding: (finding.severity != Severity.BLOCKER, finding.due_on))


def is_readable(edition: Edition) -> bool:
    try:
        return "parts" in snapshot.parsed(edition.snapshot)
    except (ValueError, TypeError):
        return False


def blockers(edition: Edition) -> list[Finding]:
    return blocking(findings(edition))


def blocking(found: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.severity == Severity.BLOCKER]


def asked(state: State) -> list[Finding]:
    found = [finding for question in QUESTIONS for finding in question(state)]
    return found + checks.findings(state.snapshot, state.today)


def with_live(found: list[Finding], state: State) -> list[Finding]:
    # Findings that the live edition has too are marked.
    if state.live is None or not found:
        return found
    is_live = state.live.edition_id == state.edition.pk
    on_live = found if is_live else asked(seen_from(state.live.edition, state))
    known = known_on(on_live)
    return [marked(finding, known) for finding in found]


def known_on(live: Iterable[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.subject) for finding in live}


def marked(finding: Finding, known: set[tuple[str, str]]) -> Finding:
    return replace(finding, live_too=(finding.code, finding.subject) in known)


def softened(finding: Finding, *, is_full_review: bool) -> Finding:
    # What ages by itself blocks only a worse page or a full review; otherwise it can wait.
    if finding.code in AGEING and finding.live_too and not is_full_review:
        return replace(finding, severity=Severity.FOLLOW_UP)
    return finding


def of_draft(article: Article, content: Snapshot) -> list[Finding]:
    """List what the checks of words and sources say of a draft, as they will where nobody gives it a full review."""
    live = current.live_publication(article)
    found = checks.findings(content, timezone.localdate())
    if live is None or not found or not is_readable(live.edition):
        return found
    known = known_on(checks.findings(snapshot.parsed(live.edition.snapshot), timezone.localdate()))
    return [softened(marked(finding, known), is_full_review=False) for finding in found]


def dated(finding: Finding, state: State) -> Finding:
    if finding.severity != Severity.FOLLOW_UP or finding.due_on:
        return finding
    # Publishing again must not push back the day of what the live page had already.
    start = state.live.from_at if state.live and finding.live_too else state.now
    due_on = timezone.localdate(start) + timedelta(days=DAYS_TO_SETTLE)
    return replace(finding, due_on=due_on.isoformat())


def with_address(finding: Finding, draft: str) -> Finding:
    return finding if finding.fix.startswith("/") else replace(finding, fix=draft + finding.fix)
