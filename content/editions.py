"""Handing a draft in, and taking it back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from reversion.models import Version

from content import ledger, people, pins, snapshot
from content.findings import Finding, no_right, refuse_if
from content.models import (
    Act,
    Article,
    Change,
    Citation,
    Contributor,
    Edition,
    EndKind,
    Person,
    Pin,
    Publication,
    Section,
    Submission,
)
from content.revisions import RESTORED

SUBMIT = "content.submit_edition"


def submit(article: Article, *, by: Person, change: str, note: str = "", saves: int | None = None) -> Edition:
    """Freeze the draft as it stands and hand it in. Equal content gives the edition that it already is.

    `saves` is the draft's counter on the page the editor saw; a draft saved since is refused.
    """
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        by = people.fresh(by)
        refuse_if("submit", submit_refusals(article, by=by, change=change, saves=saves))
        at = timezone.now()
        edition, is_new = edition_of_draft(article, at)
        writers = writers_since_live(article)
        if is_handed_in_already(edition, article, change=change, writers=writers):
            return edition
        submission = Submission(
            edition=edition, act=Act.HANDED_IN, change=change, note=note, by=by, by_name=str(by), at=at
        )
        submission.save()
        wrote = [named(submission, person) for person in people_of(writers | {by.pk})]
        rows = [*([edition] if is_new else []), submission, *wrote]
        facts = {"edition": edition.number, "digest": edition.digest, "change": change}
        ledger.record("submit", by=by, at=at, article_uid=article.uid, rows=rows, **facts)
        return edition


def is_handed_in_already(edition: Edition, article: Article, *, change: str, writers: set[int]) -> bool:
    """A second click. But an edit that was undone since makes its people writers, though the content is the same."""
    newest = newest_submission(article)
    return (
        newest is not None
        and (newest.edition_id, newest.act, newest.change) == (edition.pk, Act.HANDED_IN, change)
        and writers <= contributors(edition)
    )


def submit_refusals(article: Article, *, by: Person, change: str, saves: int | None) -> Iterator[Finding]:
    if not people.may(by, SUBMIT):
        yield no_right("Handing in needs the right of an editor; ask an administrator to add you to Editors.")
    if article.retired_at:
        yield Finding("article-retired", "This article is retired; bring it back before handing it in.")
    if change not in Change.values:
        yield Finding("change-unknown", "Say whether the change is major or minor.")
    if saves is not None and saves != article.saves:
        yield Finding(
            "stale-draft",
            "Somebody saved this draft after you opened the page; look at it again before handing in.",
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
    return edition, True


def named(submission: Submission, person: Person) -> Contributor:
    contributor = Contributor(submission=submission, person=person, person_name=str(person))
    contributor.save()
    return contributor


def newest_submission(article: Article) -> Submission | None:
    return (
        Submission.objects.filter(edition__article=article).select_related("edition").order_by("-pk").first()
    )


def candidate(article: Article) -> Edition | None:
    """The edition that is handed in and not taken back: the one people may sign."""
    newest = newest_submission(article)
    return newest.edition if newest and newest.act == Act.HANDED_IN else None


def live_publication(article: Article) -> Publication | None:
    return Publication.objects.live().filter(article=article).select_related("edition").first()


def withdrawn_from_public(edition: Edition) -> Publication | None:
    """How the very bytes of this edition were last taken from the public, where nothing took their place since."""
    newest = Publication.objects.filter(article=edition.article_id).order_by("-pk").first()
    was_taken = (
        newest is not None and newest.end_kind == EndKind.WITHDRAWN and newest.edition_id == edition.pk
    )
    return newest if was_taken else None


def writers_since_live(article: Article) -> set[int]:
    """Keys of those who wrote in the draft, or in a library row it took, since the live edition was last handed in.

    Read from the audit trail, so that it does not matter through which door a change came. A change that names nobody
    is answered for by whoever hands it in.
    """
    since = live_was_handed_in_at(article)
    if since and was_restored(article, since):
        since = None  # what came back may be anybody's who ever wrote here
    keys: set[int] = set()
    for trail, no_writing in draft_trails(article):
        keys.update(writers_in(trail, since, no_writing))
    for pin in article.pins.exclude(version=None):
        keys.update(writers_of_library_row(pin, since))
    return keys


def was_restored(article: Article, since: datetime) -> bool:
    restored = {"revision__date_created__gte": since, "revision__comment__startswith": RESTORED}
    return bool(Version.objects.get_for_object(article).filter(**restored).exists())


def people_of(keys: set[int]) -> list[Person]:
    return list(get_user_model()._default_manager.filter(pk__in=keys).order_by("pk"))


def writers_of_library_row(pin: Pin, since: datetime | None) -> set[int]:
    """Who wrote what this pin newly brings: every version after the one that the draft showed before."""
    before = pin_before(pin, since) if since else None
    taken = pins.history_of(pin.library).filter(id=pin.row, history_id__lte=pin.version)
    taken = taken.filter(history_id__gt=before.version) if before and before.version else taken
    return set(taken.exclude(history_user=None).values_list("history_user_id", flat=True))


def pin_before(pin: Pin, moment: datetime) -> Any:
    """The audit-trail row of the pin as it stood then, if the draft showed the row at all."""
    earlier = Pin.history.filter(
        article_id=pin.article_id, library=pin.library, row=pin.row, history_date__lt=moment
    )
    newest = earlier.order_by("-history_id").first()
    return newest if newest and newest.history_type != "-" else None


def draft_trails(article: Article) -> Iterator[tuple[Any, frozenset[str]]]:
    """The audit trail of each table of the draft, and the columns whose change is no writing."""
    yield article.history.all(), frozenset({"saves"})
    yield Section.history.filter(article_id=article.pk), frozenset()
    # Opening a source is not authorship, nor is saying what was found there.
    yield Citation.history.filter(article_id=article.pk), frozenset({"access_check_id", "supports"})
    yield Pin.history.filter(article_id=article.pk), frozenset()


def writers_in(trail: Any, since: datetime | None, no_writing: frozenset[str]) -> set[int]:
    """Who changed more of these rows than the columns in `no_writing`."""
    changes = trail.filter(history_date__gte=since) if since else trail
    if not no_writing:
        return set(changes.exclude(history_user=None).values_list("history_user_id", flat=True))
    keys, before = set(), rows_before(trail, since)
    for version in changes.order_by("history_date", "history_id"):
        earlier = before.get(version.id)
        if version.history_type != "~" or earlier is None or differs(earlier, version, no_writing):
            keys.add(version.history_user_id)
        before[version.id] = version
    return keys - {None}


def rows_before(trail: Any, moment: datetime | None) -> dict[int, Any]:
    """The newest audit-trail row of each row of the table, as it was at that moment."""
    if moment is None:
        return {}
    earlier = trail.filter(history_date__lt=moment).order_by()
    newest = earlier.values("id").annotate(newest=Max("history_id")).values("newest")
    return {version.id: version for version in trail.filter(history_id__in=newest)}


def differs(one: Any, other: Any, no_writing: frozenset[str]) -> bool:
    columns = {field.attname for field in one.tracked_fields} - no_writing
    return any(getattr(one, column) != getattr(other, column) for column in columns)


def live_was_handed_in_at(article: Article) -> datetime | None:
    live = live_publication(article)
    if live is None:
        return None
    newest = live.edition.submissions.filter(act=Act.HANDED_IN, at__lte=live.from_at).order_by("-pk").first()
    return newest.at if newest else None


def contributors(edition: Edition, *, until: datetime | None = None) -> set[int]:
    """Keys of everybody who wrote part of the edition, over all its submissions, or over those until then."""
    wrote = Contributor.objects.filter(submission__edition=edition)
    if until:
        wrote = wrote.filter(submission__at__lte=until)
    return set(wrote.values_list("person_id", flat=True))


def contributors_since(edition: Edition, *, until: datetime | None = None) -> dict[int, set[int]]:
    """By the number of each edition up to this one: who wrote part of it, or of any from there to this one."""
    wrote = Contributor.objects.filter(
        submission__edition__article=edition.article_id, submission__edition__number__lte=edition.number
    )
    if until:
        wrote = wrote.filter(submission__at__lte=until)
    rows = list(wrote.values_list("submission__edition__number", "person_id"))
    return {
        start: {person for number, person in rows if number >= start}
        for start in range(1, edition.number + 1)
    }


def take_back(edition: Edition, *, by: Person, note: str = "") -> None:
    """The edition waits for nobody any more. Its sign-offs stay, and hold again if it is handed in again."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=edition.article_id)
        by = people.fresh(by)
        refuse_if("take back", take_back_refusals(edition, article, by=by))
        at = timezone.now()
        change = edition.submissions.order_by("-pk")[0].change
        row = Submission(
            edition=edition, act=Act.TAKEN_BACK, change=change, note=note, by=by, by_name=str(by), at=at
        )
        row.save()
        ledger.record("take back", by=by, at=at, article_uid=article.uid, rows=[row], edition=edition.number)


def take_back_refusals(edition: Edition, article: Article, *, by: Person) -> Iterator[Finding]:
    if not people.may(by, SUBMIT):
        yield no_right("Taking back needs the right of an editor.")
    if candidate(article) != edition:
        yield Finding(
            "not-handed-in", f"Edition {edition.number} is not handed in, so there is nothing to take back."
        )
