from django.conf import settings
from django.db import models

from content.models.articles import Article
from content.phrases import long_date


class UnsavedText(models.Model):
    """What somebody typed into the form of a draft and could not save: theirs until they merge or discard it."""

    # Whoever deletes a draft must not take along what somebody else typed into it.
    article = models.ForeignKey(Article, models.PROTECT, related_name="unsaved_texts")
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="unsaved_texts")
    kept_at = models.DateTimeField()
    saves = models.PositiveIntegerField(
        null=True, help_text="The draft's counter on the form that was typed into; empty where it named none."
    )
    text = models.JSONField(help_text="The whole form, as content.drafts.merging.Draft writes it.")

    class Meta:
        ordering = ["kept_at", "pk"]

    def __str__(self) -> str:
        return f"text of {self.typed_by} for {self.article}, not saved on {long_date(self.kept_at)}"
