"""Is what was signed still what is stored, and was it submitted?"""

from collections.abc import Iterator

from django.urls import reverse

from content.integrity import verification
from content.models import Edition
from evidence.findings import Finding
from reviews.gate.state import State


def altered(edition: Edition) -> Finding:
    # What exactly is damaged is for `verify` to say, and for who repairs it.
    words = f"Edition {edition.number} is no longer what was submitted. Ask your administrator to run “manage.py verify”."
    return Finding("tampered", words, rule="A30", fix=reverse("admin:index"))


def bytes_are_as_signed(state: State) -> Iterator[Finding]:
    if verification.damage(state.edition):
        yield altered(state.edition)
    for approval in state.approvals:
        signoff = approval.signoff
        own = signoff.edition
        seen = {part: own.parts.get(part) for part in signoff.covered}
        if signoff.edition_digest != own.digest or seen != signoff.covered:
            words = (
                f"{signoff.signature()}'s {signoff.kind} does not belong to edition {own.number}. Ask your administrator "
                "to run “manage.py verify”."
            )
            yield Finding(
                "tampered", words, rule="A01", subject=f"sign-off {signoff.pk}", fix=reverse("admin:index")
            )


def edition_is_in_review(state: State) -> Iterator[Finding]:
    # An edition may be published if it was submitted last, or was public before.
    edition = state.edition
    if state.candidate == edition or edition.publications.exists():
        return
    if state.candidate:
        words = f"Edition {state.candidate.number} was submitted after this one. Publish that one, or submit this text again."
        yield Finding("not-the-newest", words)
    else:
        yield Finding(
            "not-in-review",
            f"Edition {edition.number} was taken back. Submit the same text again to publish it.",
        )
