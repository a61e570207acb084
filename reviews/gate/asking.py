"""Ask the gate. The page asks it to show; the verb asks it again, under the lock."""

from collections.abc import Callable, Iterable

from django.urls import reverse

from content import checks
from content.findings import Finding, Severity
from content.models import Edition
from reviews.gate import evidence, frame, people, words
from reviews.gate.state import State, state_of

Question = Callable[[State], Iterable[Finding]]

# Asked in this order. A test takes out each one in turn and sees a refusal disappear.
QUESTIONS: tuple[Question, ...] = (
    evidence.bytes_are_as_signed,
    evidence.edition_was_handed_in,
    people.every_step_is_signed,
    people.nobody_asks_for_changes,
    people.every_part_is_covered,
    people.whole_page_has_a_medical_review,
    people.somebody_independent_signed,
    people.signers_were_asked_for_interests,
    people.reviews_are_within_their_term,
    words.credit_can_be_given,
    words.dates_are_in_order,
    words.a_major_change_is_explained,
    words.links_lead_somewhere,
    frame.rights_are_stated,
)

# What gets worse by itself while a page is public (rule 11): it must not keep the better page from the public.
AGEING = frozenset({"review-overdue"})


def findings(edition: Edition) -> list[Finding]:
    """Blockers first. Each knows the address of the page where it is mended."""
    state = state_of(edition)
    found = softened(asked(state), state)
    draft = reverse("admin:content_article_change", args=[edition.article_id])
    mendable = [with_address(finding, draft) for finding in found]
    return sorted(mendable, key=lambda finding: finding.severity != Severity.BLOCKER)


def blockers(edition: Edition) -> list[Finding]:
    return [finding for finding in findings(edition) if finding.severity == Severity.BLOCKER]


def asked(state: State) -> list[Finding]:
    found = [finding for question in QUESTIONS for finding in question(state)]
    return found + checks.findings(state.snapshot, state.today)


def softened(found: list[Finding], state: State) -> list[Finding]:
    """What ages by itself blocks only a worse page, or a full review; else it is a debt."""
    if not any(finding.code in AGEING for finding in found):
        return found
    live_has = {(f.code, f.subject) for f in asked(state_of(state.live.edition))} if state.live else set()
    return [
        as_debt(finding)
        if finding.code in AGEING and (finding.code, finding.subject) in live_has and not state.is_full_review
        else finding
        for finding in found
    ]


def as_debt(finding: Finding) -> Finding:
    return Finding(finding.code, finding.words, Severity.DEBT, finding.rule, finding.subject, finding.mend)


def with_address(finding: Finding, draft: str) -> Finding:
    if finding.mend.startswith("/"):
        return finding
    return Finding(
        finding.code, finding.words, finding.severity, finding.rule, finding.subject, draft + finding.mend
    )
