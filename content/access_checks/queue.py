"""Sources that somebody has to open, most urgent first: one row for each source, however many articles cite it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from accounts.models import User
from content.models import (
    AccessCheck,
    AccessPolicy,
    Article,
    Citation,
    Found,
    Pin,
    PinnedTable,
    Publication,
    Reference,
    Supports,
)
from content.models.access_checks import OPENED_LAST
from content.snapshots import access, pins

NUMBER = models.IntegerField(null=True)
# Articles named beside a source; the others are counted.
NAMED = 4


class Why(models.IntegerChoices):
    """Why a source has to be opened; the most urgent first."""

    GONE = 1, "gone"
    MISSING = 2, "never opened"
    OVER_AGE = 3, "over age"
    CHANGED = 4, "changed"
    UNSAID = 5, "support not stated"
    OWED = 6, "ageing"
    LOGIN = 7, "needs a login"
    IMPORTED = 8, "date from a file"


@dataclass(frozen=True)
class Filter:
    """`owner` is whose articles must cite the source; `site` any piece of its address."""

    owner: User | None = None
    type: str = ""
    site: str = ""


@dataclass(frozen=True)
class Source:
    """A source with what there is to know before opening it. The first citation is the one that the answer is for.

    `newest` is of the source as the library has it today, which is its `version`; `earlier` was opened before that, where
    nobody has opened it since it was changed.
    """

    reference: Reference
    why: Why | None
    newest: AccessCheck | None
    earlier: AccessCheck | None
    recorded: int | None
    age: int | None
    citations: list[Citation]
    cited: int
    version: int | None

    @property
    def citation(self) -> Citation:
        return self.citations[0]

    @property
    def said(self) -> str:
        # Whether a changed source still supports the article has to be said anew, and so has that of another address.
        was_read = access.counts(self.citation.access_check, self.reference)
        return self.citation.supports if was_read and self.why != Why.CHANGED else Supports.NOT_STATED

    @property
    def said_yes(self) -> bool:
        return self.said == Supports.YES

    @property
    def said_no(self) -> bool:
        return self.said == Supports.NO

    @property
    def has_moved(self) -> bool:
        return self.earlier is not None and not access.is_of_address(self.earlier, self.reference.url)

    @property
    def others(self) -> int:
        return self.cited - 1

    @property
    def unnamed(self) -> int:
        return self.cited - len(self.citations)


def found(wanted: Filter) -> QuerySet[Reference]:
    """Find sources to open, in their order.

    Each has `why`, `check` and `recorded` (keys of the check opened and of the one recorded last).
    """
    rows = narrowed(with_newest(Reference.objects.filter(Exists(cited())).exclude(url="")), wanted)
    rows = rows.annotate(why=why(timezone.localdate()), public=Exists(cited().filter(is_public())))
    order = ("why", "-public", F("opened_on").asc(nulls_first=True), "pk")
    return rows.exclude(why=None).order_by(*order)


def one(key: int) -> QuerySet[Reference]:
    """Find the source with this key, whether it has to be opened or not."""
    rows = with_newest(Reference.objects.filter(Exists(cited()), pk=key))
    return rows.annotate(why=why(timezone.localdate()))


def cited() -> QuerySet[Citation]:
    return Citation.objects.filter(reference=OuterRef("pk"), article__retired_at=None)


def cited_as_today() -> QuerySet[Citation]:
    return as_today(cited())


def as_today(citations: QuerySet[Citation]) -> QuerySet[Citation]:
    """Narrow them to those of drafts that print the source as the library has it today.

    The others print an earlier version until they take the newer one; what was opened then counts for them.
    """
    version = Reference.history.filter(history_id=OuterRef("version")).values("identity")
    pinned = Pin.objects.filter(
        article=OuterRef("article"), row_kind=PinnedTable.REFERENCE, row_key=OuterRef("reference")
    )
    printed = Subquery(pinned.annotate(identity=Subquery(version[:1])).values("identity")[:1])
    today = F("reference__identity")
    return citations.annotate(printed=Coalesce(printed, today)).filter(printed=today)


def unopened() -> Q:
    # Nothing was opened for the draft, or something else.
    return Q(access_check=None) | ~Q(access_check__identity=F("reference__identity"))


def is_public() -> Q:
    live = Publication.objects.live().filter(article=OuterRef("article"))
    return Q(Exists(live))


def narrowed(rows: QuerySet[Reference], wanted: Filter) -> QuerySet[Reference]:
    if wanted.owner:
        rows = rows.filter(Exists(cited().filter(article__owner=wanted.owner.pk)))
    if wanted.type:
        rows = rows.filter(type=wanted.type)
    return rows.filter(url_normalised__icontains=wanted.site) if wanted.site else rows


def with_newest(rows: QuerySet[Reference]) -> QuerySet[Reference]:
    of_it = AccessCheck.objects.of_work(OuterRef(OuterRef("work")))
    newest = newest_of(of_it.filter(identity=OuterRef("identity")))
    return rows.annotate(work=Coalesce("merged_into", "pk")).annotate(
        check_key=Subquery(newest.values("pk")[:1]),
        opened_on=Subquery(newest.values("opened_on")[:1]),
        opened_by=Subquery(newest.values("opened_by")[:1]),
        found=Subquery(newest.values("found")[:1]),
        any_key=Subquery(newest_of(of_it).values("pk")[:1]),
        recorded=Subquery(of_it.order_by("-pk").values("pk")[:1]),
    )


def newest_of(checks: QuerySet[AccessCheck]) -> QuerySet[AccessCheck]:
    return checks.order_by(*OPENED_LAST)


def why(today: date) -> Case:
    # The limits of the types of source are few, so they are read first and written into the query.
    policies = [policy for policy in AccessPolicy.objects.all() if not policy.exempt]
    return Case(
        When(found=Found.GONE, then=Value(Why.GONE)),
        When(Q(opened_on=None) | Q(Exists(cited_as_today().filter(unopened()))), then=Value(Why.MISSING)),
        When(
            older(today, [(each.type, each.block_after_days) for each in policies]), then=Value(Why.OVER_AGE)
        ),
        When(Q(Exists(cited_otherwise()), found=Found.CHANGED), then=Value(Why.CHANGED)),
        When(Q(Exists(cited_as_today().filter(unsaid()))) & ~Q(found=Found.LOGIN), then=Value(Why.UNSAID)),
        When(
            older(today, [(each.type, each.follow_up_after_days) for each in policies]), then=Value(Why.OWED)
        ),
        When(found=Found.LOGIN, then=Value(Why.LOGIN)),
        When(opened_by=None, then=Value(Why.IMPORTED)),
        default=None,
        output_field=NUMBER,
    )


def older(today: date, limits: Iterable[tuple[str, int | None]]) -> Q:
    # On the last day of a limit it is not exceeded yet.
    asked = Q(pk__in=[])
    for kind, days in limits:
        if days is not None:
            asked |= Q(type=kind, opened_on__lt=today - timedelta(days=days))
    return asked


def cited_otherwise() -> QuerySet[Citation]:
    # Drafts whose check is of an earlier day than the newest; of one day, one reading is as good as another.
    check = "access_check__opened_on"
    return cited_as_today().filter(Q(**{check: None}) | Q(**{f"{check}__lt": OuterRef("opened_on")}))


def unsaid() -> Q:
    # Somebody opened the source for the article and did not say whether it supports it, or could not read it.
    return Q(access_check__opened_by__isnull=False, supports=Supports.NOT_STATED)


def sources(rows: Sequence[Any], me: User, *, first: int | None = None) -> list[Source]:
    """Describe a page of `found`, in four queries however many articles cite a source.

    `first` is the key of the article that is asked about first where it cites the source.
    """
    keys = [row.pk for row in rows]
    named_checks = {key for row in rows for key in (row.check_key, row.any_key) if key}
    checks, versions = (
        AccessCheck.objects.in_bulk(named_checks),
        pins.versions(PinnedTable.REFERENCE, keys),
    )
    counts = dict(
        Citation.objects.filter(reference__in=keys, article__retired_at=None)
        .order_by()
        .values_list("reference")
        .annotate(Count("pk"))
    )
    citations: dict[int, list[Citation]] = {}
    for citation in named(keys, me, first):
        citations.setdefault(citation.reference_id, []).append(citation)
    return [
        Source(
            reference=row,
            why=Why(row.why) if row.why else None,
            newest=checks.get(row.check_key),
            earlier=None if row.check_key else checks.get(row.any_key),
            recorded=row.recorded,
            age=(timezone.localdate() - row.opened_on).days if row.opened_on else None,
            citations=citations[row.pk],
            cited=counts[row.pk],
            version=versions[row.pk].history_id if row.pk in versions else None,
        )
        for row in rows
    ]


def named(keys: Sequence[int], me: User, first: int | None) -> QuerySet[Citation]:
    """Find a few citations of each source: that of `first`, then those that wait for an answer, then those of my
    articles; last those that print an earlier version of it.
    """
    of_it = AccessCheck.objects.of_work(OuterRef(OuterRef("work")))
    newest = newest_of(of_it.filter(identity=OuterRef("reference__identity")))
    rows = Citation.objects.filter(reference__in=keys, article__retired_at=None)
    rows = rows.annotate(work=Coalesce("reference__merged_into", "reference")).annotate(
        opened_on=Subquery(newest.values("opened_on")[:1]),
        found=Subquery(newest.values("found")[:1]),
        is_public=Exists(Publication.objects.live().filter(article=OuterRef("article"))),
        prints_it=Exists(as_today(Citation.objects.filter(pk=OuterRef("pk")))),
    )
    unread = Q(access_check__opened_on=None) | Q(access_check__opened_on__lt=F("opened_on"))
    waits = unopened() | unsaid() | (Q(found=Found.CHANGED) & unread)
    urgent = Case(
        When(article=first, then=0),
        When(Q(prints_it=False), then=4),
        When(waits, then=1),
        When(article__owner=me.pk, then=2),
        default=3,
        output_field=NUMBER,
    )
    order = [urgent.asc(), F("is_public").desc(), F("article__title").asc(), F("pk").asc()]
    place = Window(RowNumber(), partition_by=F("reference"), order_by=order)
    shown = rows.annotate(place=place).filter(place__lte=NAMED)
    return shown.select_related("article", "access_check").order_by("reference", "place")


def owns_articles(me: User) -> bool:
    return Article.objects.filter(owner=me.pk, retired_at=None).exists()
