"""Evidence: what was frozen, submitted and made public. Rows here are written once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.models.articles import Article, PinnedTable
from content.phrases import long_date
from evidence.agreements import Agreement
from evidence.fields import LineField, TextLinesField
from evidence.frozen import FrozenModel, FrozenQuerySet

OF_ITS_EDITION = Agreement(
    "article_is_that_of_its_edition",
    "NEW.article_id = (SELECT article_id FROM content_edition WHERE id = NEW.edition_id)",
)


class Edition(FrozenModel):
    """A draft's content frozen: its exact bytes, and their digests."""

    evidence_name: ClassVar[str] = "edition"
    evidence: ClassVar[tuple[str, ...]] = (
        "article_id", "number", "snapshot", "digest", "parts", "created_at",
    )  # fmt: skip
    article_at: ClassVar[tuple[str, ...]] = ("article",)

    article = models.ForeignKey(Article, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    snapshot = models.TextField(help_text="Canonical JSON (RFC 8785); its UTF-8 bytes are what is signed.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the snapshot's bytes, hexadecimal.")
    parts = models.JSONField(help_text="Name of each part and the SHA-256 of its canonical JSON.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["article", "number"]
        permissions = [
            ("submit_edition", "Can submit an edition and take it back"),
            ("publish_edition", "Can publish, withdraw and roll back"),
            ("assign_signoff", "Can ask people for sign-offs"),
            ("read_editions", "Can read editions, sign-offs and the ledger"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="edition_numbers_are_not_reused"),
            models.UniqueConstraint(fields=["article", "digest"], name="same_content_is_the_same_edition"),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_numbers_start_at_1"),
        ]

    def __str__(self) -> str:
        return f"edition {self.number} of {self.article}"


class Mention(FrozenModel):
    """An edition names this drug or reference: found without reading the snapshots, which it is derived from."""

    in_ledger: ClassVar[bool] = False

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="mentions")
    row_kind = models.CharField(max_length=20, choices=PinnedTable)
    uid = models.UUIDField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "row_kind", "uid"], name="an_edition_mentions_a_row_once"
            ),
            models.CheckConstraint(
                condition=Q(row_kind__in=PinnedTable.values), name="mentioned_row_kind_is_known"
            ),
        ]
        indexes = [models.Index(fields=["row_kind", "uid"], name="editions_by_mention")]

    def __str__(self) -> str:
        return f"{self.edition} names {self.row_kind} {self.uid}"


class Act(models.TextChoices):
    SUBMITTED = "submitted", "submitted"
    TAKEN_BACK = "taken-back", "taken back"


class Change(models.TextChoices):
    MAJOR = "major", "major: readers should be told"
    MINOR = "minor", "minor: nothing readers need to be told"


class Submission(FrozenModel):
    """An edition was submitted, or taken back: by whom, when, and as what change."""

    evidence_name: ClassVar[str] = "submission"
    evidence: ClassVar[tuple[str, ...]] = (
        "article_id", "edition_id", "act", "change", "note", "recorded_by_id", "recorded_by_name", "recorded_at",
    )  # fmt: skip
    article_at: ClassVar[tuple[str, ...]] = ("article",)
    agreements: ClassVar[tuple[Agreement, ...]] = (OF_ITS_EDITION,)

    article = models.ForeignKey(Article, models.PROTECT, related_name="submissions")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="submissions")
    act = models.CharField(max_length=20, choices=Act)
    change = models.CharField(max_length=10, choices=Change)
    note = TextLinesField(blank=True, help_text="From the editor to the reviewers.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_by_name = LineField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["article", "-id"], name="newest_submission")]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=Act.values), name="submission_act_is_known"),
            models.CheckConstraint(condition=Q(change__in=Change.values), name="submission_change_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.act} by {self.recorded_by_name}"

    @property
    def is_taken_back(self) -> bool:
        return self.act == Act.TAKEN_BACK


class Contributor(FrozenModel):
    """Somebody who wrote part of an edition: saved the draft or a library row it took, or submitted it."""

    evidence_name: ClassVar[str] = "contributor"
    evidence: ClassVar[tuple[str, ...]] = (
        "submission_id", "person_id", "person_name",
    )  # fmt: skip
    article_at: ClassVar[tuple[str, ...]] = ("submission__edition__article",)

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="contributors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person_name = LineField(max_length=150)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "person"], name="a_contributor_once_per_submission")
        ]

    def __str__(self) -> str:
        return self.person_name


class PublicationBasis(models.TextChoices):
    """How an edition came to be public."""

    SIGNED = "signed", "signed"
    URGENT = "urgent", "urgent, review pending"
    ADOPTED = "adopted", "adopted from before this system"


class EndKind(models.TextChoices):
    SUPERSEDED = "superseded", _("superseded by a later publication")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PageWithdrawalReason(models.TextChoices):
    UNSAFE = "unsafe", _("It could harm readers")
    WRONG = "wrong", _("It is wrong")
    OUTDATED = "outdated", _("It is out of date")
    MERGED = "merged", _("Its content moved to another article")
    LEGAL = "legal", _("For legal reasons")


# What readers are told at once, in fixed words; a publisher's own come second, when somebody else has confirmed them.
WITHDRAWAL_WORDS = {
    PageWithdrawalReason.UNSAFE: _(
        "It could harm readers. Do not act on what you may have read here before. Talk with your doctor, nurse or "
        "pharmacist before you change anything about your treatment."
    ),
    PageWithdrawalReason.WRONG: _(
        "Something on it was wrong. Do not rely on what you may have read here before, and ask your care team."
    ),
    PageWithdrawalReason.OUTDATED: _("It was out of date. Ask your care team what is known today."),
    PageWithdrawalReason.MERGED: _("What it said is now part of another article."),
    PageWithdrawalReason.LEGAL: _("It was taken down for legal reasons."),
}


class PublicationQuerySet(FrozenQuerySet["Publication"]):
    def live(self) -> "PublicationQuerySet":
        return self.filter(until_at__isnull=True)


class Publication(FrozenModel):
    """An edition being public, with the dates, credit and findings as they stood when it became so."""

    evidence_name: ClassVar[str] = "publication"
    evidence: ClassVar[tuple[str, ...]] = (
        "article_id", "edition_id", "basis", "from_at", "last_revised_on", "last_medical_review_on",
        "before_minor_corrections", "credit", "findings", "published_by_id", "published_by_name",
        "nonce", "shown_digest", "until_at", "end_kind", "end_reason", "end_note", "ended_by_id", "ended_by_name",
    )  # fmt: skip
    settable_once: ClassVar[tuple[str, ...]] = (
        "until_at",
        "end_kind",
        "end_reason",
        "end_note",
        "ended_by",
        "ended_by_name",
    )
    article_at: ClassVar[tuple[str, ...]] = ("article",)
    agreements: ClassVar[tuple[Agreement, ...]] = (OF_ITS_EDITION,)

    article = models.ForeignKey(Article, models.PROTECT, related_name="publications")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="publications")
    basis = models.CharField(max_length=10, choices=PublicationBasis)
    from_at = models.DateTimeField()
    last_revised_on = models.DateField()
    last_medical_review_on = models.DateField(null=True)
    before_minor_corrections = models.BooleanField(default=False)
    credit = LineField(max_length=1000)
    findings = models.JSONField(help_text="What the checks found when this was published.")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_by_name = LineField(max_length=150)
    nonce = models.CharField(max_length=64, db_index=True, help_text="The number of the form that was sent.")
    shown_digest = models.CharField(
        max_length=64, help_text="SHA-256 of what its page stated: evidence.shown."
    )
    until_at = models.DateTimeField(null=True)
    end_kind = models.CharField(max_length=20, choices=EndKind, null=True)
    end_reason = models.CharField(max_length=20, choices=PageWithdrawalReason, null=True)
    end_note = TextLinesField(
        null=True, help_text="The publisher's own words; readers see them once confirmed."
    )
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_by_name = LineField(max_length=150, null=True)

    objects = PublicationQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["-from_at", "-pk"]
        constraints = [
            # Two live rows would be two truths under one address.
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(until_at__isnull=True),
                name="one_live_publication_per_article",
            ),
            models.CheckConstraint(
                condition=Q(basis__in=PublicationBasis.values), name="publication_basis_is_known"
            ),
            models.CheckConstraint(
                condition=Q(until_at__isnull=True, end_kind__isnull=True)
                | Q(until_at__isnull=False, end_kind__in=EndKind.values),
                name="an_ended_publication_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(end_kind=EndKind.WITHDRAWN)
                | Q(end_reason__in=PageWithdrawalReason.values, ended_by__isnull=False),
                name="a_withdrawal_has_a_reason_and_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}, public from {long_date(self.from_at)}"

    @property
    def withdrawal_words(self) -> str:
        """Say to readers why the page was withdrawn, in fixed words."""
        return str(WITHDRAWAL_WORDS[PageWithdrawalReason(self.end_reason)]) if self.end_reason else ""

    @property
    def confirmed_note(self) -> str:
        """Return the publisher's own words, if somebody else has confirmed them."""
        return (self.end_note or "") if hasattr(self, "words_confirmation") else ""


class WordsConfirmation(FrozenModel):
    """Somebody else confirmed what a publisher wrote to readers of a withdrawn page."""

    evidence_name: ClassVar[str] = "words-confirmation"
    evidence: ClassVar[tuple[str, ...]] = (
        "publication_id", "words", "nonce", "shown_digest", "confirmed_by_id", "confirmed_by_name", "confirmed_at",
    )  # fmt: skip
    article_at: ClassVar[tuple[str, ...]] = ("publication__article",)

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="words_confirmation")
    words = TextLinesField()
    nonce = models.CharField(max_length=64, help_text="The number of the form that was sent.")
    shown_digest = models.CharField(
        max_length=64, help_text="SHA-256 of what its page stated: evidence.shown."
    )
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by_name = LineField(max_length=150)
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"confirmed by {self.confirmed_by_name}"


class NoticeKind(models.TextChoices):
    SIGNOFF_WITHDRAWN = "signoff-withdrawn", _("sign-off withdrawn")
    REVIEW_PENDING = "review-pending", _("review pending")
    SAFETY = "safety-notice", _("safety notice")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Notice(FrozenModel):
    """Something a public page must say since it was published."""

    evidence_name: ClassVar[str] = "notice"
    evidence: ClassVar[tuple[str, ...]] = (
        "publication_id", "kind", "text", "credit", "last_medical_review_on",
        "before_minor_corrections", "lifts_id", "recorded_by_id", "recorded_by_name", "recorded_at",
    )  # fmt: skip
    article_at: ClassVar[tuple[str, ...]] = ("publication__article",)

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20, choices=NoticeKind)
    text = TextLinesField()
    # A sign-off that was withdrawn takes its phrase and date away at once: the page shows these instead.
    credit = LineField(max_length=1000, null=True)
    last_medical_review_on = models.DateField(null=True)
    before_minor_corrections = models.BooleanField(default=False)
    lifts = models.OneToOneField("self", models.PROTECT, null=True, related_name="lifted_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_by_name = LineField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"
