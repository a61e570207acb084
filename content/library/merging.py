"""Two entries of the library that are one work: one becomes an alias of the other, and drafts cite the one kept.

What is frozen stays as it is: editions name the entry of their day, and access checks the one that was opened.
"""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.drafts import revisions, saving
from content.library import duplicates, replacing, versions
from content.models import Article, Citation, PinnedTable, Reference, Retraction
from content.phrases import long_date
from content.snapshots import pins
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if

RIGHTS = (permissions.CHANGE_REFERENCE, permissions.CHANGE_ARTICLE)


def shown(alias: Reference, kept: Reference) -> str:
    """Return what a page that shows both carries along: the newest audit-trail row of each."""
    newest = pins.newest_of(PinnedTable.REFERENCE, [alias.pk, kept.pk])
    return "-".join(str(newest[row.pk].history_id) for row in (alias, kept))


def merge(alias: Reference, *, into: Reference, by: User, seen: str) -> list[Article]:
    """Merge the alias, and return the articles whose drafts cite the kept entry from then on.

    `seen` is what `shown` gave to the page.
    """
    with transaction.atomic():
        articles = citing(alias)
        alias, kept = locked(alias, into)
        by = permissions.fresh(by)
        refuse_if("merge references", refusals(alias, kept, by=by, seen=seen))
        comment = f"Merged “{alias}” into “{kept}”"
        with revisions.revision(by=by, comment=comment):
            flatten(alias, kept)
        for article in articles:
            with revisions.revision(by=by, comment=comment):
                swap(article, alias, kept)
        facts: dict[str, Any] = {"reference": str(kept.uid), "alias": str(alias.uid)}
        moved = [str(article.uid) for article in articles]
        ledger.record("merge references", by=by, at=timezone.now(), rows=[], articles=moved, **facts)
        return articles


def citing(alias: Reference) -> list[Article]:
    # Locked before the references, as every save of a draft does. What is retired is left to the library updates.
    cited = Citation.objects.filter(reference=alias).values("article")
    return list(Article.objects.select_for_update().filter(pk__in=cited, retired_at=None).order_by("pk"))


def locked(*rows: Reference) -> list[Reference]:
    # Read again. A draft that comes to cite one of them need not wait.
    keys = {row.pk for row in rows}
    found = {
        row.pk: row
        for row in Reference.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    }
    return [found[row.pk] for row in rows]


def swap(article: Article, alias: Reference, kept: Reference) -> None:
    replacing.swap(article, alias, kept)
    saving.saved(article)


def flatten(alias: Reference, kept: Reference) -> None:
    # Nothing leads to the alias any more but its own name; what was known against the work is known of the kept
    # entry.
    for row in alias.aliases.all():
        row.merged_into = kept
        row.save()
    for row in alias.supersedes.all():
        row.superseded_by = kept
        row.save()
    if inherit(alias, kept):
        kept.save()
    alias.merged_into = kept
    alias.save()


def inherit(alias: Reference, kept: Reference) -> bool:
    """Give the kept entry what was known of the alias, and tell whether that was new."""
    newer = alias.superseded_by if kept.superseded_by_id is None else None
    kept.superseded_by = newer or kept.superseded_by
    is_worse = WORSE.index(alias.retraction) > WORSE.index(kept.retraction)
    if is_worse:
        for column in ("retraction", "retracted_on", "retraction_source"):
            setattr(kept, column, getattr(alias, column))
    return is_worse or newer is not None


WORSE = ("", Retraction.CONCERN, Retraction.RETRACTED)


def refusals(alias: Reference, kept: Reference, *, by: User, seen: str) -> Iterator[Finding]:
    if not all(permissions.may(by, right) for right in RIGHTS):
        yield no_right(
            "Only editors can merge references. Ask an administrator to add you to the group “Editors”."
        )
    if alias.pk == kept.pk:
        yield Finding(
            "same-reference", "These are the same entry of the library. Choose another one to merge with."
        )
    if alias.merged_into:
        words = f"“{alias}” was already merged into “{alias.merged_into}”."
        yield Finding("already-merged", words)
    if kept.merged_into:
        words = f"“{kept}” was itself merged into “{kept.merged_into}”. Merge with that entry instead."
        yield Finding("merged-away", words)
    if alias.pk != kept.pk and are_versions(alias, kept):
        words = (
            "One of the two supersedes the other, so they are different works. If that is wrong, correct it on the "
            "page of the older entry first."
        )
        yield Finding("versions-of-a-work", words)
    if told := duplicates.telling_apart(alias, kept):
        day = long_date(told.recorded_at)
        words = (
            f"{told.recorded_by_name} said on {day} that these are different works. If that is wrong, choose “Compare again” "
            "under “Recently marked as different works” "
            "on the page of likely duplicates."
        )
        yield Finding("different-works", words)
    if seen != shown(alias, kept):
        yield Finding(
            "stale-reference",
            "One of the two entries was changed after you opened this page. Compare them again, then merge.",
        )


def are_versions(one: Reference, other: Reference) -> bool:
    return versions.would_loop(one, other) or versions.would_loop(other, one)
