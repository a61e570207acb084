"""Does a translation still say what its source says?"""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from content.translations import source_edition
from evidence.findings import Finding, Severity
from reviews.gate.state import State

RULE = "A31"
DAYS_TO_FOLLOW = 90


def translation_follows_its_source(state: State) -> Iterator[Finding]:
    # Never a blocker: an older translation with a banner serves its readers better than none.
    article = state.edition.article
    source = source_edition.source_of(article, state.snapshot["parts"]["listing"]["source"])
    if source is None:
        return
    live = source_edition.live_of(source)
    fix = reverse("article-source", args=[article.pk])
    if live is None:
        words = (
            f"“{source.article}”, the original of this translation, is no longer public. Decide whether this page "
            "can stay public."
        )
        yield Finding("translation-source-gone", words, Severity.FOLLOW_UP, RULE, fix=fix)
    elif since := source_edition.behind_since(source):
        words = (
            f"This is a translation of edition {source.number} of “{source.article}”, and edition {live.edition.number} is "
            "public now. Translate the changes, confirm that the draft follows that edition, and submit the draft. "
            "Until the new edition is public, the page tells its readers that it is behind."
        )
        due_on = timezone.localdate(since) + timedelta(days=DAYS_TO_FOLLOW)
        yield Finding(
            "translation-behind", words, Severity.FOLLOW_UP, RULE, fix=fix, due_on=due_on.isoformat()
        )
