"""Who wrote an edition."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Max
from reversion.models import Version

from accounts.models import User
from content.drafts.revisions import RESTORED
from content.editions import current
from content.models import Act, Article, Citation, Contributor, Edition, Pin, Section
from content.snapshots import pins


def writers_since_live(article: Article) -> set[int]:
    """Return the keys of those who wrote in the draft, or in a library row it took, since the live edition was last
    submitted.

    They are read from the audit trail, so that it does not matter by which way a change came. A change that names
    nobody is answered for by the person who submits it.
    """
    since = live_was_submitted_at(article)
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


def people_of(keys: set[int]) -> list[User]:
    return list(get_user_model()._default_manager.filter(pk__in=keys).order_by("pk"))


def writers_of_library_row(pin: Pin, since: datetime | None) -> set[int]:
    """Return who wrote what this pin newly brings: every version after the one that the draft showed before."""
    before = pin_before(pin, since) if since else None
    taken = pins.history_of(pin.row_kind).filter(id=pin.row_key, history_id__lte=pin.version)
    taken = taken.filter(history_id__gt=before.version) if before and before.version else taken
    return set(taken.exclude(history_user=None).values_list("history_user_id", flat=True))


def pin_before(pin: Pin, moment: datetime) -> Any:
    """Return the audit-trail row of the pin as it was then, if the draft showed the row at all."""
    earlier = Pin.history.filter(
        article_id=pin.article_id, row_kind=pin.row_kind, row_key=pin.row_key, history_date__lt=moment
    )
    newest = earlier.order_by("-history_id").first()
    return newest if newest and newest.history_type != "-" else None


def draft_trails(article: Article) -> Iterator[tuple[Any, frozenset[str]]]:
    """Give the audit trail of each table of the draft, and the columns whose change is no writing."""
    yield article.history.all(), frozenset({"saves"})
    yield Section.history.filter(article_id=article.pk), frozenset()
    # Opening a source is not authorship, nor is saying what was found there.
    yield Citation.history.filter(article_id=article.pk), frozenset({"access_check_id", "supports"})
    yield Pin.history.filter(article_id=article.pk), frozenset()


def writers_in(trail: Any, since: datetime | None, no_writing: frozenset[str]) -> set[int]:
    """Return who changed more of these rows than the columns in `no_writing`."""
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
    """Return the newest audit-trail row of each row of the table, as it was at that moment."""
    if moment is None:
        return {}
    earlier = trail.filter(history_date__lt=moment).order_by()
    newest = earlier.values("id").annotate(newest=Max("history_id")).values("newest")
    return {version.id: version for version in trail.filter(history_id__in=newest)}


def differs(one: Any, other: Any, no_writing: frozenset[str]) -> bool:
    columns = {field.attname for field in one.tracked_fields} - no_writing
    return any(getattr(one, column) != getattr(other, column) for column in columns)


def live_was_submitted_at(article: Article) -> datetime | None:
    live = current.live_publication(article)
    if live is None:
        return None
    newest = (
        live.edition.submissions.filter(act=Act.SUBMITTED, recorded_at__lte=live.from_at)
        .order_by("-pk")
        .first()
    )
    return newest.recorded_at if newest else None


def contributors(edition: Edition, *, until: datetime | None = None) -> set[int]:
    """Return the keys of everybody who wrote part of the edition, over all its submissions, or over those until then."""
    wrote = Contributor.objects.filter(submission__edition=edition)
    if until:
        wrote = wrote.filter(submission__recorded_at__lte=until)
    return set(wrote.values_list("person_id", flat=True))


def contributors_since(edition: Edition, *, until: datetime | None = None) -> dict[int, set[int]]:
    """Return, by the number of each edition up to this one, who wrote part of it or of any from there to this one."""
    wrote = Contributor.objects.filter(
        submission__edition__article=edition.article_id, submission__edition__number__lte=edition.number
    )
    if until:
        wrote = wrote.filter(submission__recorded_at__lte=until)
    rows = list(wrote.values_list("submission__edition__number", "person_id"))
    return {
        start: {person for number, person in rows if number >= start}
        for start in range(1, edition.number + 1)
    }
