"""Is what the page will say about itself true, and is what changed explained?"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from content import prose
from content.checks.markup import prose_of
from content.models import Change, PageWithdrawalReason
from content.phrases import long_date
from content.public import addresses
from evidence.findings import Finding, Severity
from reviews.approvals import earned, routes
from reviews.gate.signatures import is_said_already
from reviews.gate.state import State


def credit_can_be_given(state: State) -> Iterator[Finding]:
    if earned.house() is None:
        words = (
            "No organisation has “Publishing organisation” selected, so there can be no credit line. Ask an "
            "administrator to select it for one."
        )
        yield Finding(
            "house-missing", words, rule="A01", fix=reverse("admin:accounts_organisation_changelist")
        )
    elif not earned.credit(state.approvals) and not is_said_already(state):
        words = "No approval is valid for this edition, so there is nobody to credit. Ask for sign-offs."
        yield Finding("credit-unearned", words, rule="A01", fix=reverse("edition", args=[state.edition.pk]))


def dates_are_in_order(state: State) -> Iterator[Finding]:
    # A clock that was set back must not forge a date: none on the page may lie after the day of publication.
    revised = earned.last_revised_on(state.edition, state.live, state.now)
    if revised > state.today:
        words = (
            f"Last Revised would be {long_date(revised)}, which is in the future. Ask your administrator to check "
            "the clock of the server."
        )
        yield Finding("last-revised-in-future", words, rule="A05", fix=reverse("admin:index"))
    reviewed, _ = earned.last_medical_review(state.approvals)
    if reviewed and reviewed > state.today:
        words = (
            f"Last Medical Review would be {long_date(reviewed)}, which is in the future. Ask your administrator to "
            "check the clock of the server."
        )
        yield Finding("last-medical-review-in-future", words, rule="A06", fix=reverse("admin:index"))


def a_major_change_is_explained(state: State) -> Iterator[Finding]:
    # An edition that was public before keeps its note, because its bytes cannot change and it is news to nobody.
    submission = routes.submission_of(state.edition)
    is_major = submission is not None and submission.change == Change.MAJOR
    if state.live is None or not is_major or state.edition.publications.exists():
        return
    note = state.edition.parts["public_note"]
    if note == state.live.edition.parts["public_note"] or not state.snapshot["parts"]["public_note"]["text"]:
        words = "This is a major change of a public article. Tell readers what changed in the note to readers of the draft."
        yield Finding("public-note-missing", words, fix="#id_public_note")


def an_unsafe_page_was_reviewed_anew(state: State) -> Iterator[Finding]:
    withdrawn = state.edition.article.publications.order_by("-pk").first()
    if withdrawn is None or withdrawn.end_reason != PageWithdrawalReason.UNSAFE or withdrawn.until_at is None:
        return
    if not any(approval.signoff.signed_at > withdrawn.until_at for approval in state.medical_reviews):
        day = long_date(timezone.localdate(withdrawn.until_at))
        words = (
            f"This page was withdrawn on {day} because it could harm readers. It can come back only with a medical review "
            "of the whole page that was signed since."
        )
        yield Finding(
            "unsafe-without-new-review", words, rule="A02", fix=reverse("edition", args=[state.edition.pk])
        )


def links_lead_somewhere(state: State) -> Iterator[Finding]:
    # A link to an article that is not public is printed as plain text until it is.
    wanted = [(fix, link) for fix, html in prose_of(state.snapshot) for link in prose.links(html)]
    public = addresses.public([link.href for _, link in wanted])
    for fix, link in wanted:
        if addresses.is_inner(link.href) and link.href not in public:
            words = f"The link “{link.text}” leads to an article that is not public yet. Readers see its words without a link."
            yield Finding("link-without-target", words, Severity.FOLLOW_UP, subject=link.href, fix=fix)
