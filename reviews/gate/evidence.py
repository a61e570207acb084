"""Is what was signed still what is stored, and was it handed in?"""

from collections.abc import Iterator

from content import snapshot
from content.findings import Finding
from content.models import Edition
from reviews.gate.state import State


def damage(edition: Edition) -> str:
    """What does not fit together in the edition's own row; empty where all does."""
    if snapshot.digest(edition.snapshot) != edition.digest:
        return "its bytes do not have its digest"
    content = snapshot.parsed(edition.snapshot)
    if snapshot.part_digests(content) != edition.parts:
        return "its parts do not have their digests"
    if content["uid"] != str(edition.article.uid):
        return "it belongs to another article"
    return ""


def bytes_are_as_signed(state: State) -> Iterator[Finding]:
    edition = state.edition
    wrong = damage(edition)
    if wrong:
        words = (
            f"Edition {edition.number} was altered after it was handed in: {wrong}. Tell your administrator."
        )
        yield Finding("tampered", words, rule="A30", mend="/admin/")
    for approval in state.approvals:
        signoff = approval.signoff
        own = signoff.edition
        seen = {part: own.parts.get(part) for part in signoff.covered}
        if signoff.edition_digest != own.digest or seen != signoff.covered:
            words = f"{signoff.signature()}'s {signoff.kind} does not belong to edition {own.number}. Tell your administrator."
            yield Finding("tampered", words, rule="A01", subject=f"sign-off {signoff.pk}", mend="/admin/")


def edition_was_handed_in(state: State) -> Iterator[Finding]:
    """Publishable are the edition handed in last, and those that were public before."""
    edition = state.edition
    if state.candidate == edition or edition.publications.exists():
        return
    if state.candidate:
        words = f"Edition {state.candidate.number} was handed in after this one. Publish that, or hand this one in again."
        yield Finding("not-the-newest", words)
    else:
        yield Finding(
            "not-handed-in", f"Edition {edition.number} was taken back. Hand it in again to publish it."
        )
