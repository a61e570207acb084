"""What people decided about an edition. Rows here are written once, but for assignments."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation
from content.models import Edition
from evidence.audit_trail import AuditTrail
from evidence.fields import LineField, TextLinesField
from evidence.frozen import FrozenModel
from reviews.models.kinds import KindVersion, SignoffKind
from reviews.models.reference_rulings import ReferenceRuling
from reviews.models.signatures import Signature


class Assignment(models.Model):
    """Somebody was asked for a sign-off on an edition, by a day."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="assignments")
    kind = models.ForeignKey(SignoffKind, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    due_on = models.DateField()
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    history = AuditTrail()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind", "organisation", "person"],
                name="a_person_is_asked_once_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["edition", "kind", "person"],
                condition=Q(organisation=None),
                name="a_person_is_asked_once_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind} of {self.edition} by {self.due_on}"


class Decision(models.TextChoices):
    APPROVE = "approve", "Approve"
    REQUEST_CHANGES = "request-changes", "Request changes"
    DECLINE = "decline", "Decline to review"


DECIDED = {
    Decision.APPROVE: "approved",
    Decision.REQUEST_CHANGES: "requested changes",
    Decision.DECLINE: "declined to review",
}


class Scope(models.TextChoices):
    WHOLE_PAGE = "whole-page", "the whole page"
    CHANGES_ONLY = "changes-only", "only what changed"


class Conflict(models.TextChoices):
    """The answer to: do you have an interest that a reader should know of?"""

    NONE = "none", "no interest to declare"
    DECLARED = "declared", "declared"
    NEVER_ASKED = "never-asked", "never asked"


class Signoff(Signature):
    """A person's decision on an edition, with what they saw, who they are and for whom they sign."""

    evidence_name: ClassVar[str] = "signoff"
    evidence: ClassVar[tuple[str, ...]] = (
        "signed_by_id", "printed_name", "credentials", "organisation_id", "organisation_name",
        "signed_at", "nonce", "shown_digest", "authentication", "edition_id", "kind_id", "decision", "reason", "scope",
        "since_edition_id", "edition_digest", "covered", "meaning", "organisation_in_credit",
        "organisation_is_publishing", "conflict", "conflict_text", "newest_shown_id",
    )  # fmt: skip
    article_at: ClassVar[tuple[str, ...]] = ("edition__article",)

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="signoffs")
    kind = models.ForeignKey(KindVersion, models.PROTECT, related_name="signoffs")
    decision = models.CharField(max_length=20, choices=Decision)
    reason = TextLinesField(blank=True)
    scope = models.CharField(max_length=20, choices=Scope)
    since_edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="+")
    edition_digest = models.CharField(max_length=64)
    covered = models.JSONField(help_text="Part and digest, as the signer saw them.")
    meaning = LineField(max_length=500)
    organisation_in_credit = LineField(max_length=250)
    organisation_is_publishing = models.BooleanField()
    conflict = models.CharField(max_length=20, choices=Conflict)
    conflict_text = TextLinesField(blank=True)
    # The newest decision of this kind that the signer's page showed.
    newest_shown = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta(Signature.Meta):
        verbose_name = "sign-off"
        constraints = [
            models.UniqueConstraint(fields=["signed_by", "nonce"], name="a_form_signs_once"),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="decision_is_known"),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="scope_is_known"),
            models.CheckConstraint(
                condition=Q(conflict__in=Conflict.values), name="conflict_answer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.APPROVE) | ~Q(reason=""),
                name="anything_but_an_approval_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.WHOLE_PAGE, since_edition__isnull=True)
                | Q(scope=Scope.CHANGES_ONLY, since_edition__isnull=False),
                name="a_review_of_changes_names_where_they_start",
            ),
            models.CheckConstraint(
                condition=~Q(conflict=Conflict.DECLARED) | ~Q(conflict_text=""),
                name="a_declared_interest_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.decided} by {self.printed_name}"

    @property
    def decided(self) -> str:
        """Say what its signer did: “requested changes”."""
        return DECIDED[Decision(self.decision)]

    @property
    def is_approval(self) -> bool:
        return self.decision == Decision.APPROVE

    @property
    def is_objection(self) -> bool:
        return self.decision == Decision.REQUEST_CHANGES


class Ruling(Signature):
    """Somebody who may sign a kind ruled the change from one edition to another minor."""

    evidence_name: ClassVar[str] = "minor-change-ruling"
    evidence: ClassVar[tuple[str, ...]] = (
        "signed_by_id", "printed_name", "credentials", "organisation_id", "organisation_name",
        "signed_at", "nonce", "shown_digest", "authentication", "kind_id", "from_edition_id", "to_edition_id", "parts",
        "difference", "reason",
    )  # fmt: skip
    article_at: ClassVar[tuple[str, ...]] = ("to_edition__article",)

    kind = models.ForeignKey(KindVersion, models.PROTECT, related_name="rulings")
    from_edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    to_edition = models.ForeignKey(Edition, models.PROTECT, related_name="rulings")
    parts = models.JSONField(help_text="The parts it bridges: text, references.")
    difference = models.TextField(help_text="What was shown to the person who ruled.")
    reason = TextLinesField()

    class Meta(Signature.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_edition=F("to_edition")), name="a_ruling_joins_two_editions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: minor from {self.from_edition.number} to {self.to_edition.number}"


class DecisionWithdrawal(FrozenModel):
    """A sign-off or a ruling was taken back by a further row; the first one stays."""

    evidence_name: ClassVar[str] = "decision-withdrawal"
    evidence: ClassVar[tuple[str, ...]] = (
        "signoff_id", "ruling_id", "reference_ruling_id", "reason", "withdrawn_by_id",
        "withdrawn_by_name", "withdrawn_at",
    )  # fmt: skip
    article_at: ClassVar[tuple[str, ...]] = ("signoff__edition__article", "ruling__to_edition__article")

    signoff = models.OneToOneField(Signoff, models.PROTECT, null=True, related_name="withdrawal")
    ruling = models.OneToOneField(Ruling, models.PROTECT, null=True, related_name="withdrawal")
    reference_ruling = models.OneToOneField(
        ReferenceRuling, models.PROTECT, null=True, related_name="withdrawal"
    )
    reason = TextLinesField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_by_name = LineField(max_length=150)
    withdrawn_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signoff__isnull=False, ruling=None, reference_ruling=None)
                | Q(signoff=None, ruling__isnull=False, reference_ruling=None)
                | Q(signoff=None, ruling=None, reference_ruling__isnull=False),
                name="a_withdrawal_is_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"withdrawal by {self.withdrawn_by_name}"
