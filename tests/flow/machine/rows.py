"""Every row of the spine as raw values, read once a step: what the oracle looks at, and what a refusal must leave alone."""

import json
from functools import lru_cache

from django.db import connection

from accounts.models import Organisation
from content.models import (
    AccessCheck,
    AccessPolicy,
    Article,
    Citation,
    Contributor,
    Edition,
    Notice,
    Notification,
    PageFrame,
    Pin,
    Publication,
    Reference,
    Section,
    Submission,
)
from evidence.models import LedgerEvent
from reviews.models import (
    ApprovalRoute,
    DecisionWithdrawal,
    KindVersion,
    Overruling,
    RouteStep,
    Ruling,
    Signoff,
)

EVIDENCE = (
    AccessCheck,
    PageFrame,
    Contributor,
    Edition,
    KindVersion,
    Notice,
    Overruling,
    Publication,
    Ruling,
    Signoff,
    Submission,
    DecisionWithdrawal,
)
DRAFT = (
    AccessPolicy,
    Article,
    Citation,
    Notification,
    Organisation,
    Pin,
    Reference,
    ApprovalRoute,
    RouteStep,
    Section,
)
# Of a publication, what may be set once after it was written.
ENDS = {"until_at", "end_kind", "end_reason", "end_note", "ended_by_id", "ended_by_name"}


LAST = {}


def read():
    """By table: the rows as dictionaries, in the order in which they were written."""
    return {model: of_table(model) for model in (*EVIDENCE, *DRAFT, LedgerEvent)}


def of_table(model):
    """Made of the stored values anew only where one of them differs: most steps leave most tables alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY id")
        stored = cursor.fetchall()
    if model not in LAST or LAST[model][0] != stored:
        LAST[model] = stored, list(model._base_manager.order_by("pk").values())
    return LAST[model][1]


# What an older revision may bring back of the article's own row.
RESTORED = ("title", "lead", "type", "condition_id", "co_branded_with_id", "public_note")


def of_draft(article):
    parts = (Section, Citation, Pin)
    of_parts = [list(model._base_manager.filter(article=article).order_by("pk").values()) for model in parts]
    return [Article._base_manager.values(*RESTORED).get(pk=article), *of_parts]


def written(draft):
    """What of a draft's rows somebody wrote; opening a source, and saying what was found there, is no writing."""
    article, sections, citations, pins = draft
    found = ("access_check_id", "supports")
    cited = [{name: value for name, value in row.items() if name not in found} for row in citations]
    return article, sections, cited, pins


@lru_cache(maxsize=500)
def parsed(text):
    return json.loads(text)
