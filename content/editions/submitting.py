"""Handing a draft in, and taking it back."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.editions import authorship, current
from content.models import (
    Act,
    Article,
    Change,
    Contributor,
    Edition,
    Mention,
    Submission,
)
from content.snapshots import snapshot
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if


def submit(article: Article, *, by: User, change: str, note: str = "", saves: int | None = None) -> Edition:
    """Freeze the draft as it is and submit it. Equal content gives the edition that it already is.

    `saves` is the draft's counter on the page the editor saw; a draft saved since is refused.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        by = permissions.fresh(by)
        refuse_if("submit", submit_refusals(article, by=by, change=change, saves=saves))
        at = timezone.now()
        edition, is_new = edition_of_draft(article, at)
        writers = authorship.writers_since_live(article)
        if is_submitted_already(edition, article, change=change, writers=writers):
            return edition
        submission = Submission(
            article=article,
            edition=edition,
            act=Act.SUBMITTED,
            change=change,
            note=note,
            recorded_by=by,
            recorded_by_name=str(by),
            recorded_at=at,
        )
        submission.save()
        wrote = [named(submission, person) for person in authorship.people_of(writers | {by.pk})]
        rows = [*([edition] if is_new else []), submission, *wrote]
        facts = {"edition": edition.number, "digest": edition.digest, "change": change}
        ledger.record("submit", by=by, at=at, article_uid=article.uid, rows=rows, **facts)
        return edition


def is_submitted_already(edition: Edition, article: Article, *, change: str, writers: set[int]) -> bool:
    # A second click. But an edit that was undone since makes its people writers, though the content is the same.
    newest = current.newest_submission(article)
    return (
        newest is not None
        and (newest.edition_id, newest.act, newest.change) == (edition.pk, Act.SUBMITTED, change)
        and writers <= authorship.contributors(edition)
    )


def submit_refusals(article: Article, *, by: User, change: str, saves: int | None) -> Iterator[Finding]:
    if not permissions.may(by, permissions.SUBMIT_EDITION):
        yield no_right(
            "Only editors can submit articles for review. Ask an administrator to add you to the group “Editors”."
        )
    if article.retired_at:
        yield Finding(
            "article-retired", "This article is retired, so it cannot be changed. Ask your administrator."
        )
    if change not in Change.values:
        yield Finding("change-unknown", "Choose whether the change is major or minor.")
    if saves is not None and saves != article.saves:
        yield Finding(
            "stale-draft",
            "Somebody saved this draft after you opened the page. Check it again, then submit it.",
        )


def edition_of_draft(article: Article, at: datetime) -> tuple[Edition, bool]:
    content = snapshot.build(article)
    text = snapshot.canonical(content)
    digest = snapshot.digest(text)
    existing = article.editions.filter(digest=digest).first()
    if existing:
        return existing, False
    edition = Edition(
        article=article,
        number=article.editions.count() + 1,
        snapshot=text,
        digest=digest,
        parts=snapshot.part_digests(content),
        created_at=at,
    )
    edition.save()
    Mention.objects.bulk_create(mentions(edition, content))
    return edition, True


def mentions(edition: Edition, content: snapshot.Snapshot) -> list[Mention]:
    return [Mention(edition=edition, row_kind=table, uid=uid) for table, uid in snapshot.mentioned(content)]


def named(submission: Submission, person: User) -> Contributor:
    contributor = Contributor(submission=submission, person=person, person_name=str(person))
    contributor.save()
    return contributor


def take_back(edition: Edition, *, by: User, note: str = "") -> None:
    # Nobody is waited for any more. The sign-offs stay, and hold again if the edition is submitted again.
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=edition.article_id)
        by = permissions.fresh(by)
        refuse_if("take back", take_back_refusals(edition, article, by=by))
        at = timezone.now()
        change = edition.submissions.order_by("-pk")[0].change
        row = Submission(
            article=article,
            edition=edition,
            act=Act.TAKEN_BACK,
            change=change,
            note=note,
            recorded_by=by,
            recorded_by_name=str(by),
            recorded_at=at,
        )
        row.save()
        ledger.record("take back", by=by, at=at, article_uid=article.uid, rows=[row], edition=edition.number)


def take_back_refusals(edition: Edition, article: Article, *, by: User) -> Iterator[Finding]:
    if not permissions.may(by, permissions.SUBMIT_EDITION):
        yield no_right(
            "Only editors can take an edition back. Ask an administrator to add you to the group “Editors”."
        )
    if current.candidate(article) != edition:
        yield Finding(
            "not-in-review", f"Edition {edition.number} is not in review, so there is nothing to take back."
        )
