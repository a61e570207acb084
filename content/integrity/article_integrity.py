"""Why an article's evidence cannot be trusted: asked before anything is signed or made public, and for each reader.

`verify` looks at everything. This looks at what one article rests on, in as many queries however many editions it has, and
never reads the ledger through. What it cannot see is an end of the ledger that was cut off together with the rows it named:
for that, `verify` is given a head that was exported before.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, QuerySet

from content.integrity.verification import (
    Named,
    Unreadable,
    digest_of,
    misfit,
    misfits,
    misnumbered,
    readable,
    reading,
    remember,
)
from content.models import Article, Edition, Notice, PageFrame, Publication
from content.phrases import plural
from evidence import ledger, triggers
from evidence.findings import Finding
from evidence.frozen import FrozenModel
from evidence.models import LedgerEvent

Frozen = type[FrozenModel]
Rows = dict[int, FrozenModel | None]
# How many lines a refusal repeats; `verify` has them all.
SAID = 3
KEY = attrgetter("pk")
# The verbs whose events name what a list shows: editions, publications and notices.
OF_A_LIST = ("submit", "publish", "withdraw", "withdraw decision", "notice")


@dataclass
class Look:
    """What the ledger says of one article's evidence, and what of it does not hold."""

    named: Named = field(default_factory=dict)
    # Of what serves every article, kinds of sign-off say: the rows that this one uses.
    used: dict[Frozen, set[int]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def of(article: Article) -> list[str]:
    return of_articles([article])[article.pk]


def of_articles(articles: Sequence[Article]) -> dict[int, list[str]]:
    """Say what does not hold of each article, by its key, in the words of `verify`; nothing where all does."""
    looks = looks_of(articles)
    what_is_used_holds(list(looks.values()))
    return {key: look.wrong for key, look in looks.items()}


def looks_of(articles: Sequence[Article]) -> dict[int, Look]:
    looks = {article.pk: Look() for article in articles}
    uids = {article.uid: looks[article.pk] for article in articles}
    chain_holds(LedgerEvent.objects.filter(article_uid__in=uids), uids)
    for model in models_of_articles():
        found = rows_of(model, looks)
        for key, look in looks.items():
            look_at(model, found.get(key, {}), look)
    return looks


def was_public(article: Article) -> bool:
    # By its rows or by the ledger: one of the two may be gone.
    events = LedgerEvent.objects.filter(article_uid=article.uid, verb="publish")
    return article.publications.exists() or events.exists()


def models_of_articles() -> list[Frozen]:
    return [model for model in triggers.evidence_models() if model.article_at]


def chain_holds(events: QuerySet[LedgerEvent], looks: dict[UUID, Look]) -> None:
    # Each event has its digest and follows the one before, whoever's that is.
    found = [event for event in read(events, by="number").values() if isinstance(event, LedgerEvent)]
    before = [event.number - 1 for event in found]
    digests = dict(LedgerEvent.objects.filter(number__in=before).values_list("number", "digest"))
    digests[0] = ledger.GENESIS
    for event in found:
        assert event.article_uid
        look = looks[event.article_uid]
        where = f"{LedgerEvent._meta.db_table}, event {event.number}"
        if event.previous_digest != digests.get(event.number - 1):
            look.wrong.append(f"{where}: does not follow the one before it")
        if digest_of(event) == event.digest:
            remember(event, look.named)
        else:
            look.wrong.append(f"{where}: its content does not have its digest")


def read(found: QuerySet[Any], by: str = "pk") -> Rows:
    """Read rows by key, in order, with None in place of a row that holds what no column can hold.

    They are put in order here, because Django hashes every column of a query that the database has to put in order.
    """
    try:
        with reading():
            return {row.pk: row for row in sorted(found.order_by(), key=attrgetter(by))}
    except Unreadable:
        keys = list(found.order_by(by).values_list("pk", flat=True))
        rows = readable(found, "pk", keys)
        return {key: rows.get(key) for key in keys}


def rows_of(model: Frozen, articles: Iterable[int]) -> dict[int, Rows]:
    found: dict[int, Rows] = {}
    for way in model.article_at:
        for owner, rows in with_one_of(list(articles), model, way).items():
            found.setdefault(owner, {}).update(rows)
    return found


def with_one_of(values: Sequence[Any], model: Frozen, column: str) -> dict[Any, Rows]:
    """Return the rows that have one of these values in a column, by that value, as `read` gives them."""
    if not values:
        return {}
    found: dict[Any, Rows] = {}
    try:
        with reading():
            rows = sorted(model._default_manager.raw(statement(model, column, len(values)), values), key=KEY)
        for row in rows:
            found.setdefault(getattr(row, "has"), {})[row.pk] = row  # noqa: B009  annotated in `having`
    except Unreadable:
        having_them = having(values, model, column)
        has = dict(having_them.values_list("pk", "has"))
        found = {}
        for key, readable_row in read(having_them).items():
            found.setdefault(has[key], {})[key] = readable_row
    return found


def having(values: Sequence[Any], model: Frozen, column: str) -> QuerySet[Any]:
    return model._default_manager.filter(**{f"{column}__in": values}).annotate(has=F(column))


@lru_cache(maxsize=1000)
def statement(model: Frozen, column: str, count: int) -> str:
    # Making the statement takes Django longer than carrying it out.
    sql, _ = having(range(count), model, column).order_by().query.sql_with_params()
    return sql


def look_at(model: Frozen, rows: Rows, look: Look) -> None:
    look.wrong += misfits(model, rows.items(), look.named.get(model.evidence_name, {}))
    numbers: dict[int, int] = {}
    for row in rows.values():
        if isinstance(row, Edition) and (wrong := misnumbered(row, numbers)):
            look.wrong.append(wrong)
    for link in model._meta.concrete_fields:
        serving = link.related_model
        if isinstance(serving, type) and issubclass(serving, FrozenModel) and serving.recorded_in:
            keys = {getattr(row, link.attname) for row in rows.values() if row}
            look.used.setdefault(serving, set()).update(keys)


def what_is_used_holds(looks: list[Look]) -> None:
    models = {model for look in looks for model in look.used}
    if not models:
        return
    named = named_by(models)
    for model in models:
        used = {key for look in looks for key in look.used.get(model, ())}
        found = {key: rows[key] for key, rows in with_one_of(sorted(used), model, "pk").items()}
        for look in looks:
            own = look.used.get(model, set())
            words = {key: word for key, word in named.get(model.evidence_name, {}).items() if key in own}
            look.wrong += misfits(model, [(key, found[key]) for key in sorted(own & found.keys())], words)


def named_by(models: Iterable[Frozen]) -> Named:
    verbs = {verb for model in models for verb in model.recorded_in}
    return words_of(LedgerEvent.objects.filter(verb__in=verbs))


def words_of(events: QuerySet[LedgerEvent]) -> Named:
    # An event that does not have its digest says nothing; `verify` names it.
    named: Named = {}
    for event in read(events, by="number").values():
        if isinstance(event, LedgerEvent) and digest_of(event) == event.digest:
            remember(event, named)
    return named


def of_house() -> list[str]:
    """Say what does not hold of the rows that serve every article: kinds of sign-off, and page frames."""
    # Asked again where something is wrong: a version may have been made between the two reads.
    return wrong_in_house() and wrong_in_house()


def wrong_in_house() -> list[str]:
    models = [model for model in triggers.evidence_models() if model.recorded_in]
    named = named_by(models)
    return [
        wrong
        for model in models
        for wrong in misfits(
            model, read(model._default_manager.all()).items(), named.get(model.evidence_name, {})
        )
    ]


def gaps() -> list[str]:
    # An event that was taken out of the middle with all that it named leaves nothing else.
    counted = LedgerEvent.objects.aggregate(events=Count("pk"), newest=Max("number"))
    if counted["events"] == (counted["newest"] or 0):
        return []
    table = LedgerEvent._meta.db_table
    return [f"{table}: {counted['events']} events, and the newest is number {counted['newest']}"]


def refusals(*articles: Article, besides: Iterable[str] = ()) -> Iterator[Finding]:
    # Asked under the articles' locks, before anything is computed from what may be forged.
    own = [line for look in looks_of(articles).values() for line in look.wrong]
    yield from said([*own, *of_house(), *gaps(), *besides])
    yield from unguarded()


def refusals_of_house() -> Iterator[Finding]:
    # For what serves every article.
    yield from said(of_house())
    yield from unguarded()


def said(wrong: list[str]) -> Iterator[Finding]:
    lines = list(dict.fromkeys(wrong))
    if lines:
        more = f"; and {len(lines) - SAID} more" if len(lines) > SAID else ""
        words = (
            "Nothing was stored, because something that was signed or recorded was changed outside this system. Ask your "
            "administrator to run “manage.py verify” and to restore the damaged rows from a backup. Details for your "
            f"administrator: {'; '.join(lines[:SAID])}{more}."
        )
        yield Finding("evidence-damaged", words, rule="A30", subject=lines[0].partition(":")[0])


def unguarded() -> Iterator[Finding]:
    # Nothing is signed or published into a database where it could be changed afterwards.
    if names := triggers.altered(connection):
        words = (
            "Nothing was stored, because the database no longer protects what was signed and recorded. Ask your administrator "
            "to run “manage.py verify”, to check what was changed meanwhile, and then to run “manage.py migrate”. Details for "
            f"your administrator: {plural(len(names), 'trigger')} missing or altered, such as {names[0]}."
        )
        yield Finding("evidence-unguarded", words, rule="A30", subject=names[0])


# What readers are shown of many pages, or around each


def of_list(live: Sequence[Publication]) -> set[int]:
    """Return the keys of those that must not be shown as signed: the publication, its edition or a notice does not
    fit.

    This takes three queries. `live` has its editions and articles with it.
    """
    articles = [publication.article_id for publication in live]
    named: dict[UUID | None, Named] = {}
    for event in read(events_of_lists(articles), by="number").values():
        if isinstance(event, LedgerEvent) and digest_of(event) == event.digest:
            remember(event, named.setdefault(event.article_uid, {}))
    notices = rows_of(Notice, articles)
    return {
        publication.pk
        for publication in live
        if is_unlike(publication, named.get(publication.article.uid, {}), notices)
    }


def events_of_lists(articles: list[int]) -> QuerySet[LedgerEvent]:
    uids = Article.objects.filter(pk__in=articles).values("uid")
    return LedgerEvent.objects.filter(article_uid__in=uids, verb__in=OF_A_LIST)


def is_unlike(publication: Publication, named: Named, notices: dict[int, Rows]) -> bool:
    shown = (publication, publication.edition)
    if any(misfit(row, named.get(row.evidence_name, {}).get(row.pk)) for row in shown):
        return True
    own = notices.get(publication.article_id, {})
    return any(misfits(Notice, own.items(), named.get(Notice.evidence_name, {})))


def frame() -> PageFrame | None:
    """Return the page frame that readers see, or None while it is not as it was approved."""
    try:
        with reading():
            current = PageFrame.objects.current()
    except Unreadable:
        return None
    if current is None:
        return None
    recorded = named_by([PageFrame]).get(PageFrame.evidence_name, {})
    return None if misfit(current, recorded.get(current.pk)) else current
