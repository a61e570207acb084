"""Which requests for changes stand against an edition. An objection is answered, not outvoted.

It is closed by its author, who withdraws it or approves a later edition of the kind for the same organisation, or by
somebody else who overrules it with a reason. Until then it stands against its own edition and all later ones. The very
words that were objected to stay so until its author approves those words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from content.models import Edition
from reviews.models import Signoff

Digests = dict[str, str]


@dataclass(frozen=True)
class Timeline:
    """By the key of each edition of an article: when it was last submitted, and when it first became public."""

    submitted_at: dict[int, datetime] = field(default_factory=dict)
    public_since: dict[int, datetime] = field(default_factory=dict)


def open_against(edition: Edition, signoffs: list[Signoff], timeline: Timeline) -> list[Signoff]:
    """List the objections that nobody has answered for this edition, oldest first."""
    return [
        objection
        for objection in unanswered(edition, signoffs, timeline)
        if not hasattr(objection, "overruling")
    ]


def unanswered(edition: Edition, signoffs: list[Signoff], timeline: Timeline) -> list[Signoff]:
    """List those that their authors have not answered, whether somebody overruled them or not."""
    return [
        signoff
        for signoff in signoffs
        if signoff.is_objection
        and not hasattr(signoff, "withdrawal")
        and concerns(signoff, edition, timeline)
        and answer_to(signoff, edition, signoffs) is None
    ]


def concerns(objection: Signoff, edition: Edition, timeline: Timeline) -> bool:
    """Tell whether the objection is about what this edition says.

    It is about its own words wherever they stand, and about later editions. Of what was public before nobody can say
    whether it is meant. An older text that was submitted again since is a later edition too.
    """
    if reads_as(objection.covered, edition):
        return True
    public, submitted = timeline.public_since.get(edition.pk), timeline.submitted_at.get(edition.pk)
    if public is not None and public < objection.signed_at:
        return False
    came_back = submitted is not None and submitted > objection.signed_at
    return came_back or edition.number >= objection.edition.number


def answer_to(objection: Signoff, edition: Edition, signoffs: Iterable[Signoff]) -> Signoff | None:
    """Return the approval by which the author of the objection is content with this edition."""
    own = (signoff for signoff in signoffs if is_later_approval(signoff, objection))
    return next((approval for approval in own if answers(approval, objection, edition)), None)


def is_later_approval(signoff: Signoff, objection: Signoff) -> bool:
    return (
        signoff.pk > objection.pk
        and signoff.is_approval
        and speaks_for(signoff) == speaks_for(objection)
        and not hasattr(signoff, "withdrawal")
    )


def speaks_for(signoff: Signoff) -> tuple[int, str, int]:
    # Who changes employer speaks for another organisation from then on, and answers nothing for the first.
    return signoff.signed_by_id, signoff.kind.code, signoff.organisation_id


def answers(approval: Signoff, objection: Signoff, edition: Edition) -> bool:
    if reads_as(approval.covered, edition) or reads_as(objection.covered, approval.edition):
        return True
    # Who is content with a later edition is so because it reads otherwise.
    return approval.edition.number >= objection.edition.number and not reads_as(objection.covered, edition)


def reads_as(covered: Digests, edition: Edition) -> bool:
    return all(edition.parts.get(part) == digest for part, digest in covered.items())


def closing_approval(objection: Signoff, signoffs: Iterable[Signoff]) -> Signoff | None:
    """Return the author's approval of the same or a later edition by which the objection was closed, if any."""
    return next(
        (
            signoff
            for signoff in signoffs
            if is_later_approval(signoff, objection)
            and (
                signoff.edition.number >= objection.edition.number
                or reads_as(objection.covered, signoff.edition)
            )
        ),
        None,
    )
