"""Every row of the spine as raw values, read once a step: what the oracle looks at, and what a refusal must leave alone."""

import json
from functools import lru_cache

from content.models import (
    AccessCheck,
    Article,
    Chrome,
    Citation,
    Contributor,
    Edition,
    LedgerEvent,
    Notice,
    Notification,
    Organisation,
    Pin,
    Publication,
    Section,
    Submission,
)
from reviews.models import KindVersion, Route, RouteStep, Ruling, Signoff, Withdrawal

EVIDENCE = (
    AccessCheck,
    Chrome,
    Contributor,
    Edition,
    KindVersion,
    Notice,
    Publication,
    Ruling,
    Signoff,
    Submission,
    Withdrawal,
)
DRAFT = (Article, Citation, Notification, Organisation, Pin, Route, RouteStep, Section)
# Of a publication, what may be set once after it was written.
ENDS = {"until_at", "end_kind", "end_reason", "end_note", "ended_by_id", "ended_by_name"}


def read():
    """By table: the rows as dictionaries, in the order in which they were written."""
    tables = (*EVIDENCE, *DRAFT, LedgerEvent)
    return {model: list(model._base_manager.order_by("pk").values()) for model in tables}


@lru_cache(maxsize=500)
def parsed(text):
    return json.loads(text)
