"""Every save of a draft is one revision of the whole article: to look at, compare and restore; never evidence."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import reversion
from reversion.models import Version
from simple_history.models import HistoricalRecords

from content.models import Article, Citation, Person, Pin, Section

for model in (Section, Citation, Pin):
    reversion.register(model)
reversion.register(Article, follow=("sections", "citations", "pins"))


@contextmanager
def revision(*, by: Person, comment: str) -> Iterator[None]:
    """One transaction and one revision around all that is saved inside; the audit trail names `by` too."""
    request = getattr(HistoricalRecords.context, "request", None)
    HistoricalRecords.context.request = SimpleNamespace(user=by)
    try:
        with reversion.create_revision():
            reversion.set_user(by)
            reversion.set_comment(comment)
            yield
    finally:
        HistoricalRecords.context.request = request


def versions(article: Article) -> list[Version]:
    """Newest first."""
    found: list[Version] = list(Version.objects.get_for_object(article).select_related("revision__user"))
    return found


def fields_at(version: Version) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The article's own columns and its sections, as this revision stored them."""
    rows = Version.objects.get_for_model(Section).filter(revision=version.revision_id)
    sections = [row.field_dict for row in rows]
    return version.field_dict, sorted(sections, key=lambda columns: (columns["position"], columns["id"]))
