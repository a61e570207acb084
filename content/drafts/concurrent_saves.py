"""What was saved of a draft since somebody opened it: by whom, when, and what it changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from reversion.errors import RevertError
from reversion.models import Version

from accounts.models import User
from content import differences
from content.differences import Difference
from content.drafts import revision_summaries, revisions
from content.drafts.revision_summaries import Stored
from content.drafts.revisions import Rows
from content.models import Article
from content.snapshots import snapshot

SHOWN = 20


@dataclass(frozen=True)
class Save:
    at: datetime
    by: User | None
    comment: str
    summary: str


@dataclass(frozen=True)
class Meanwhile:
    """`saves` newest first; `difference` is None where what was opened is not on record."""

    saves: list[Save]
    difference: Difference | None


def since(article: Article, saves: int | None) -> Meanwhile:
    was = rows_at(article, saves)
    now = snapshot.build(article)
    return Meanwhile(
        saves_since(article, saves), differences.between(revisions.snapshot_of(was), now) if was else None
    )


def rows_at(article: Article, saves: int | None) -> Rows | None:
    """Return the draft as it was at this count of its saves, or None where no revision of it can be read."""
    if saves is None:
        return None
    version = next((version for version, count in down_to(article, saves) if count == saves), None)
    try:
        return revisions.rows_at(version) if version else None
    except RevertError:
        return None


def down_to(article: Article, saves: int) -> Iterator[tuple[Version, int]]:
    """Give each revision with its count of saves, newest first. The last is that of `saves`, or the one before it."""
    for version in revisions.versions(article).iterator():
        try:
            count = version.field_dict["saves"]
        except RevertError:
            return
        yield version, count
        if count <= saves:
            return


def saves_since(article: Article, saves: int | None) -> list[Save]:
    """Return the newest of the saves.

    Where nobody knows since when, only the very newest: the others may have been seen.
    """
    saves = article.saves - 1 if saves is None else saves
    counted = list(islice(down_to(article, saves), SHOWN + 1))
    newer = [version for version, count in counted if count > saves][:SHOWN]
    rows = revision_summaries.stored(article, [version.revision_id for version, _ in counted])
    olders = [rows[version.revision_id] for version, _ in counted[1:]] + [None]
    return [described(version, older, rows) for version, older in zip(newer, olders, strict=False)]


def described(version: Version, older: Stored | None, rows: dict[int, Stored]) -> Save:
    revision = version.revision
    summary = revision_summaries.summary(older, rows[version.revision_id]) if older else ""
    # What the form writes into it, its list of fields, the summary says better.
    is_restored = revision.comment.startswith(revisions.RESTORED)
    return Save(revision.date_created, revision.user, revision.comment if is_restored else "", summary)
