from typing import ClassVar

from django.db import models
from django.db.models import Q

from content.models import Edition
from evidence.agreements import Agreement
from evidence.fields import TextLinesField
from reviews.models.kinds import KindVersion
from reviews.models.signatures import Signature
from reviews.models.signoffs import Signoff

ARTICLE_OF = "(SELECT article_id FROM content_edition WHERE id = {edition})"
OBJECTED = "(SELECT {column} FROM reviews_signoff WHERE id = NEW.objection_id)"


class Overruling(Signature):
    """Somebody who may sign, and wrote none of it, answered another person's objection with a reason."""

    evidence_name: ClassVar[str] = "overruling"
    evidence: ClassVar[tuple[str, ...]] = (
        "signed_by_id", "printed_name", "credentials", "organisation_id", "organisation_name",
        "signed_at", "authentication", "nonce", "shown_digest", "objection_id", "edition_id",
        "edition_digest", "kind_id", "reason",
    )  # fmt: skip
    article_at: ClassVar[tuple[str, ...]] = ("edition__article",)
    agreements: ClassVar[tuple[Agreement, ...]] = (
        Agreement(
            "an_overruling_is_of_a_request_for_changes",
            f"{OBJECTED.format(column='decision')} = 'request-changes'",
        ),
        Agreement(
            "nobody_overrules_their_own_objection",
            f"{OBJECTED.format(column='signed_by_id')} <> NEW.signed_by_id",
        ),
        Agreement(
            "an_overruling_stays_within_its_article",
            f"{ARTICLE_OF.format(edition='NEW.edition_id')} = "
            f"{ARTICLE_OF.format(edition=OBJECTED.format(column='edition_id'))}",
        ),
    )

    objection = models.OneToOneField(Signoff, models.PROTECT, related_name="overruling")
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="overrulings", help_text="The one that was read."
    )
    edition_digest = models.CharField(max_length=64)
    kind = models.ForeignKey(
        KindVersion, models.PROTECT, related_name="+", help_text="What the person may sign."
    )
    reason = TextLinesField()

    class Meta(Signature.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_overruling_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"objection {self.objection_id} overruled by {self.printed_name}"
