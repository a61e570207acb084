"""Anyone can check: every digest, link, number and trigger recomputed from the rows as they are stored.

Everything is read once and in chunks. Each check yields one line for each thing that does not hold, naming table and row.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from itertools import islice
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db import DataError, OperationalError, connection
from django.db.models import Model, QuerySet, prefetch_related_objects

from content.models import Edition, Picture, Publication
from content.pictures import storing
from content.snapshots import snapshot
from evidence import ledger, trigger_checks, triggers
from evidence.frozen import FrozenModel
from evidence.models import LedgerEvent

CHUNK = 500
NO_TEXT = "Could not decode to UTF-8"  # as Python's module for SQLite says it

Row = TypeVar("Row", bound=Model)


class Word(NamedTuple):
    """What the ledger says of a row: the digests that the first and the newest event naming it give, and that of its end.

    Each with the number of the schema that it was made by.
    """

    first: str
    first_schema: int
    newest: str
    newest_schema: int
    end: str


# Of each kind of row, by the row's key.
Named = dict[str, dict[int, Word]]
# Is told how many rows were read since it was last told.
Seen = Callable[[int], object]


class Unreadable(Exception):
    """A column holds what no value of its kind can be."""


@contextmanager
def reading() -> Iterator[None]:
    # SQLite stores a 30th of February and text that is no UTF-8, PostgreSQL the day infinity: reading them fails.
    try:
        yield
    except (ValueError, DataError) as error:
        raise Unreadable from error
    except OperationalError as error:
        if NO_TEXT not in str(error):
            raise
        raise Unreadable from error


def unwatched(count: int) -> None:
    """Nobody looks on."""


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything inside as of one moment: a verb carried out meanwhile is no damage, and waits for nobody.

    This is not `atomic`, which takes SQLite's only write lock and would keep everybody from writing for as long as
    this takes.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = (
        "BEGIN"
        if connection.vendor == "sqlite"
        else "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
    )
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def rows(
    found: QuerySet[Row], seen: Seen = unwatched, *, key: str = "pk"
) -> Iterator[tuple[int, Row | None]]:
    """Give every row with its key, in the order of the keys, with None in place of a row that holds what no column
    can hold.
    """
    ordered = found.order_by(key)
    keys = list(ordered.values_list(key, flat=True)[:CHUNK])
    while keys:
        read = readable(found, key, keys)
        yield from ((each, read.get(each)) for each in keys)
        seen(len(keys))
        keys = list(ordered.filter(**{f"{key}__gt": keys[-1]}).values_list(key, flat=True)[:CHUNK])


def readable(found: QuerySet[Row], key: str, keys: list[int]) -> dict[int, Row]:
    try:
        with reading():
            return {getattr(row, key): row for row in found.filter(**{f"{key}__in": keys})}
    except Unreadable:
        return (
            {}
            if len(keys) == 1
            else {k: row for each in keys for k, row in readable(found, key, [each]).items()}
        )


def place(model: type[Model], key: int) -> str:
    return f"{model._meta.db_table}, row {key}"


def editions_hold(seen: Seen = unwatched) -> Iterator[str]:
    # The stored bytes must have the digests that were signed, and numbers no gaps.
    numbers: dict[int, int] = {}
    found = Edition.objects.select_related("article").prefetch_related("mentions")
    for key, edition in rows(found, seen):
        if edition is None:
            continue  # evidence_holds names it
        if wrong := misnumbered(edition, numbers):
            yield wrong
        if wrong := damage(edition) or mislisted(edition):
            yield f"{place(Edition, key)}: {wrong}"


def misnumbered(edition: Edition, numbers: dict[int, int]) -> str:
    """Say whether a number is missing.

    `numbers` holds the number of the edition before, by article; editions come in the order of their keys.
    """
    expected = numbers.get(edition.article_id, 0) + 1
    numbers[edition.article_id] = edition.number
    if edition.number == expected:
        return ""
    return f"{place(Edition, edition.pk)}: its number is {edition.number} and should be {expected}"


def mislisted(edition: Edition) -> str:
    listed = {(each.row_kind, str(each.uid)) for each in edition.mentions.all()}
    mentioned = set(snapshot.mentioned(snapshot.parsed(edition.snapshot)))
    return "" if listed == mentioned else "the list of what it mentions differs from what it mentions"


def damage(edition: Edition) -> str:
    """Say what does not fit together in an edition's own row; empty where all does."""
    if snapshot.digest(edition.snapshot) != edition.digest:
        return f"its bytes do not have its digest {edition.digest}"
    try:
        content = snapshot.parsed(edition.snapshot)
        if snapshot.part_digests(content) != edition.parts:
            return "its parts do not have their digests"
        return "" if content["uid"] == str(edition.article.uid) else "it belongs to another article"
    except (ValueError, KeyError, TypeError):
        return "its bytes are no snapshot"


def pictures_hold(seen: Seen = unwatched) -> Iterator[str]:
    # The files must be there, and be the ones that were uploaded.
    for key, picture in rows(Picture.objects.all(), seen):
        if picture is None:
            continue  # evidence_holds names it
        try:
            storing.stored(picture)
        except storing.Damaged as damaged:
            yield f"{place(Picture, key)}: {damaged}"


def ledger_holds(named: Named, seen: Seen = unwatched) -> Iterator[str]:
    """Check that the chain is whole. What whole events name is collected in `named`, the newest word on each row."""
    previous, expected = ledger.GENESIS, 1
    for number, event in rows(LedgerEvent.objects.all(), seen, key="number"):
        where = f"{LedgerEvent._meta.db_table}, event {number}"
        if number != expected:
            yield f"{where}: stands where event {expected} should"
        expected = number + 1
        if event is None:
            yield f"{where}: contains what cannot be read"
            continue
        if event.previous_digest != previous:
            yield f"{where}: does not follow the one before it"
        if digest_of(event) == event.digest:
            remember(event, named)
        else:
            yield f"{where}: its content does not have its digest"
        previous = event.digest


def digest_of(event: LedgerEvent) -> str:
    try:
        return ledger.event_digest(event)
    except ValueError:  # a number too large for canonical JSON
        return ""


def remember(event: LedgerEvent, named: Named) -> None:
    for row in event.evidence_rows:
        words = named.setdefault(row["row"], {})
        digest, schema = row["sha256"], row["schema"]
        first, first_schema, *_ = words.get(row["key"], (digest, schema))
        words[row["key"]] = Word(first, first_schema, digest, schema, row.get("end", ""))


def recorded_models() -> list[type[FrozenModel]]:
    """The models whose every row the ledger names."""
    return [model for model in triggers.evidence_models() if model.in_ledger]


def evidence_holds(named: Named, seen: Seen = unwatched) -> Iterator[str]:
    # Every piece of evidence must be as the ledger recorded it, and none may have come or gone without it.
    for model in recorded_models():
        yield from table_holds(model, named.get(model.evidence_name, {}), seen)
    known = {model.evidence_name for model in recorded_models()}
    for name in sorted(set(named) - known):
        yield f"{name}: the ledger names such rows, and this version of the system knows no table of them"


def table_holds(model: type[FrozenModel], recorded: dict[int, Word], seen: Seen) -> Iterator[str]:
    return misfits(model, rows(model._default_manager.all(), seen), recorded)


def misfits(
    model: type[FrozenModel], found: Iterable[tuple[int, FrozenModel | None]], recorded: dict[int, Word]
) -> Iterator[str]:
    gone = set(recorded)
    for key, row in found:
        gone.discard(key)
        if wrong := misfit(row, recorded.get(key)):
            yield f"{place(model, key)}: {wrong}"
    for key in sorted(gone):
        yield f"{place(model, key)}: recorded in the ledger, and gone"


def misfit(row: FrozenModel | None, word: Word | None) -> str:
    """Say why a row is not what the ledger says of it. None is a row that cannot be read."""
    if word is None:
        return "the ledger knows nothing of it"
    if row is None:
        return "differs from what the ledger recorded"
    is_newest = row_digest(row, word.newest_schema) == word.newest
    if word.first == word.newest:
        return "" if is_newest else "differs from what the ledger recorded"
    # Ending a row records it anew: what was changed before must not be the truth from then on.
    if row_digest(as_begun(row), word.first_schema) == word.first and (is_newest or ends_as(row, word)):
        return ""
    return (
        "was changed before the ledger recorded its end"
        if is_newest
        else "differs from what the ledger recorded"
    )


def ends_as(row: FrozenModel, word: Word) -> bool:
    return bool(word.end) and ledger.end_digest(row, word.newest_schema) == word.end


def as_begun(row: FrozenModel) -> FrozenModel:
    """Return the row as it was before it ended."""
    begun = copy(row)
    columns = {column.name: column.attname for column in row._meta.concrete_fields}
    for name in row.settable_once:
        setattr(begun, columns[name], None)
    return begun


def row_digest(row: FrozenModel, schema: int) -> str:
    """Empty where the row holds what canonical JSON cannot, or the schema is none of this table's."""
    try:
        return ledger.row_digest(row, schema)
    except (ValueError, KeyError):
        return ""


def is_as_recorded(row: FrozenModel, recorded: dict[tuple[str, int], tuple[str, int]]) -> bool:
    """`recorded` holds the digest and the schema of each row, by its name and key."""
    digest, schema = recorded.get((row.evidence_name, row.pk), ("", 0))
    return bool(digest) and row_digest(row, schema) == digest


def recorded_by(event: LedgerEvent) -> dict[tuple[str, int], tuple[str, int]]:
    return {(row["row"], row["key"]): (row["sha256"], row["schema"]) for row in event.evidence_rows}


def guard_holds() -> Iterator[str]:
    yield from map(str, trigger_checks.weaknesses(connection))


def current_head() -> str:
    """Return NUMBER:DIGEST of the newest event, to be kept where nobody who can write this database can write."""
    newest = LedgerEvent.objects.order_by("-number").first()
    return f"{newest.number}:{newest.digest}" if newest else f"0:{ledger.GENESIS}"


def head_holds(head: str) -> Iterator[str]:
    # A head that was exported earlier must still be in the chain: without it, nobody sees a tail that was cut off.
    number, _, digest = head.partition(":")
    event = LedgerEvent.objects.filter(number=int(number)).values("digest").first()
    where = f"{LedgerEvent._meta.db_table}, event {number}"
    if event is None:
        if head != f"0:{ledger.GENESIS}":
            yield f"{where}: the exported head is gone; the end of the ledger was cut off"
    elif event["digest"] != digest:
        yield f"{where}: differs from the exported head"


def live_damages(seen: Seen = unwatched) -> Iterator[tuple[Publication, str]]:
    """Give every live publication with its damage, or with an empty text."""
    found = rows(Publication.objects.live().select_related("edition", "article"), seen)
    while chunk := list(islice(found, CHUNK)):
        live = [publication for _, publication in chunk if publication]
        events = events_of_publishing(live)
        prefetch_related_objects(live, "notices")
        yield from ((each, damage_since(each, events.get(each.article.uid))) for each in live)


def events_of_publishing(publications: Iterable[Publication]) -> dict[UUID | None, LedgerEvent]:
    uids = [publication.article.uid for publication in publications]
    events = LedgerEvent.objects.filter(article_uid__in=uids, verb="publish").order_by("number")
    return {event.article_uid: event for event in events}


def damage_since(publication: Publication, event: LedgerEvent | None) -> str:
    edition = publication.edition
    if snapshot.digest(edition.snapshot) != edition.digest:
        return f"the bytes of edition {edition.number} do not have their digest"
    if not is_as_recorded(publication, recorded_by(event) if event else {}):
        return f"the publication of edition {edition.number} is not as the ledger recorded it"
    if event is None or event.facts.get("digest") != edition.digest:
        return f"edition {edition.number} does not have the digest that the ledger says was published"
    return damaged_notice(publication)


def damaged_notice(publication: Publication) -> str:
    # A notice changes what the page says of its credit and dates, so each must be one that the ledger recorded.
    notices = list(publication.notices.all())
    if not notices:
        return ""
    recorded: dict[tuple[str, int], tuple[str, int]] = {}
    for event in LedgerEvent.objects.filter(article_uid=publication.article.uid).order_by("number"):
        recorded.update(recorded_by(event))
    forged = [each for each in notices if not is_as_recorded(each, recorded)]
    return f"notice {forged[0].pk} is not as the ledger recorded it" if forged else ""
