"""Which version of each library row a draft shows. Newer ones are offered; nothing changes by itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from accounts.models import User
from content.models import (
    Article,
    Condition,
    Drug,
    DrugClass,
    Pin,
    PinnedTable,
    Product,
    ProductStatus,
    Reference,
)

Key = tuple[str, int]

MODELS: dict[str, type[models.Model]] = {
    PinnedTable.CONDITION: Condition,
    PinnedTable.DRUG_CLASS: DrugClass,
    PinnedTable.DRUG: Drug,
    PinnedTable.PRODUCT: Product,
    PinnedTable.STATUS: ProductStatus,
    PinnedTable.REFERENCE: Reference,
}


@dataclass(frozen=True)
class Update:
    """A library row that is no longer as the draft shows it; `old` or `new` is None where it came or went.

    `newest` is the key of its newest audit-trail row, that of a deletion too: what somebody who decides has looked at.
    """

    row_kind: str
    row_key: int
    old: Any
    new: Any
    newest: int
    is_left: bool = False

    @property
    def key(self) -> str:
        return f"{self.row_kind}-{self.row_key}-{self.newest}"

    def __str__(self) -> str:
        return f"{self.row_kind} {(self.new or self.old).instance}"


def history_of(table: str) -> Any:
    return MODELS[table].history  # type: ignore[attr-defined]


def name_of(pin: Pin) -> str:
    """Say what is pinned as the library has it today, as “product Pomalyst”."""
    row = MODELS[pin.row_kind]._default_manager.filter(pk=pin.row_key).first()
    return f"{pin.get_row_kind_display()} {row or '(deleted from the library)'}"


def newest_of(table: str, rows: Iterable[int]) -> dict[int, Any]:
    """Return the newest audit-trail row of each library row, or that of its deletion, where it was deleted."""
    trail = history_of(table).filter(id__in=list(rows))
    keys = trail.order_by().values("id").annotate(newest=models.Max("history_id")).values("newest")
    return {version.id: version for version in history_of(table).filter(history_id__in=keys)} if rows else {}


def versions(table: str, rows: Iterable[int]) -> dict[int, Any]:
    """Return the newest audit-trail row of each library row that still exists."""
    newest = newest_of(table, rows)
    return {row: version for row, version in newest.items() if version.history_type != "-"}


def library_of_drug(drug: Drug, condition_id: int | None) -> Iterator[Key]:
    """Give what comes with a drug: itself, its class, its products on the market, their status for the condition."""
    yield PinnedTable.DRUG, drug.pk
    if drug.drug_class_id:
        yield PinnedTable.DRUG_CLASS, drug.drug_class_id
    for product in drug.products.filter(off_market_on__isnull=True):
        yield PinnedTable.PRODUCT, product.pk
        for status in product.statuses.filter(condition=condition_id):
            yield PinnedTable.STATUS, status.pk


def shown_by(article: Article) -> set[Key]:
    """Return the library rows the draft would show if it took everything as it is today."""
    keys: set[Key] = set()
    if article.condition_id:
        keys.add((PinnedTable.CONDITION, article.condition_id))
    for drug in Drug.objects.filter(section__article=article).distinct():
        keys.update(library_of_drug(drug, article.condition_id))
    keys.update(
        (PinnedTable.REFERENCE, row) for row in article.citations.values_list("reference_id", flat=True)
    )
    return keys


def pinned(article: Article) -> dict[Key, Any]:
    """Return every pinned row as the draft shows it: its audit-trail row."""
    return rows_shown(article.pins.all())


def rows_shown(pins: Iterable[Pin]) -> dict[Key, Any]:
    """Return the rows by library and row. A pin whose audit-trail row is gone shows nothing."""
    keys: dict[str, list[int]] = {}
    for pin in pins:
        if pin.version is not None:
            keys.setdefault(pin.row_kind, []).append(pin.version)
    return {
        (table, version.id): version
        for table, wanted in keys.items()
        for version in history_of(table).filter(history_id__in=wanted)
    }


def renew(article: Article) -> None:
    """After a save, pin what the draft newly shows, drop what it shows no more, and leave the rest as it was."""
    have = pinned(article)
    wanted = shown_by(article)
    roots = {
        (table, row)
        for table, row in wanted
        if table in {PinnedTable.CONDITION, PinnedTable.DRUG, PinnedTable.REFERENCE}
    }
    new_roots = roots - have.keys()
    for key in [key for key in have if key not in wanted and gone_from_draft(key, have, roots)]:
        drop(article, key)
    for unshown in article.pins.filter(version=None):
        if (unshown.row_kind, unshown.row_key) not in wanted:
            unshown.delete()
    if new_roots:
        pin(article, {key for key in wanted - have.keys() if comes_with(key, new_roots)})


def gone_from_draft(key: Key, have: dict[Key, Any], roots: set[Key]) -> bool:
    """Tell whether the draft itself stopped showing the row, and not the library lost it."""
    table, row = key
    version = have[key]
    if table in {PinnedTable.CONDITION, PinnedTable.DRUG, PinnedTable.REFERENCE}:
        return key not in roots
    if table == PinnedTable.DRUG_CLASS:
        drugs = [have[root] for root in roots if root[0] == PinnedTable.DRUG and root in have]
        return all(drug.drug_class_id != row for drug in drugs)
    if table == PinnedTable.PRODUCT:
        return (PinnedTable.DRUG, version.drug_id) not in roots
    product = have.get((PinnedTable.PRODUCT, version.product_id))
    return (
        product is None
        or (PinnedTable.DRUG, product.drug_id) not in roots
        or (PinnedTable.CONDITION, version.condition_id) not in roots
    )


def comes_with(key: Key, new_roots: set[Key]) -> bool:
    table, row = key
    if key in new_roots:
        return True
    if table == PinnedTable.DRUG_CLASS:
        return any(
            r[0] == PinnedTable.DRUG and Drug.objects.filter(pk=r[1], drug_class=row).exists()
            for r in new_roots
        )
    if table == PinnedTable.PRODUCT:
        return (PinnedTable.DRUG, Product.objects.values_list("drug_id", flat=True).get(pk=row)) in new_roots
    if table == PinnedTable.STATUS:
        status = ProductStatus.objects.select_related("product").get(pk=row)
        return (PinnedTable.DRUG, status.product.drug_id) in new_roots or (
            PinnedTable.CONDITION,
            status.condition_id,
        ) in new_roots
    return False


def pin(article: Article, keys: Iterable[Key]) -> None:
    by_library: dict[str, set[int]] = {}
    for table, row in keys:
        by_library.setdefault(table, set()).add(row)
    for table, rows in sorted(by_library.items()):
        newest = versions(table, rows)
        for row in sorted(rows):
            if row not in newest:
                raise LookupError(
                    f"The {table} with key {row} has no audit trail. Save it once in the admin."
                )
            pin_one(article, table, row, newest[row].history_id)


def pin_one(article: Article, table: str, row: int, version: int) -> None:
    existing = article.pins.filter(row_kind=table, row_key=row).first()
    if existing is None:
        Pin(article=article, row_kind=table, row_key=row, version=version).save()
    elif existing.version != version:
        existing.version = version
        existing.save(update_fields=["version"])


def drop(article: Article, key: Key) -> None:
    for existing in article.pins.filter(row_kind=key[0], row_key=key[1]):
        existing.delete()


# Columns of library rows that no page prints.
BOOKKEEPING = {
    "history_id",
    "history_date",
    "history_change_reason",
    "history_type",
    "history_user_id",
    "source",
    "checked_on",
    "label_revised_on",
    "superseded_by_id",
    "retraction",
    "retracted_on",
    "retraction_source",
    "merged_into_id",
    "url_normalised",
    "doi_normalised",
    "pmid_normalised",
    "isbn_normalised",
    "identity",
}


def shows(version: Any) -> dict[str, Any]:
    """Return the columns of a version that a reader could come to see."""
    return {
        f.attname: getattr(version, f.attname)
        for f in version._meta.concrete_fields
        if f.attname not in BOOKKEEPING
    }


def updates(article: Article) -> list[Update]:
    """Library rows whose newest version differs, for a reader, from what the draft shows, and that nobody left."""
    return [update for update in differing(article) if not update.is_left]


def differing(article: Article) -> list[Update]:
    have = pinned(article)
    wanted = shown_by(article)
    left = {
        (pin.row_kind, pin.row_key): pin.declined_version
        for pin in article.pins.exclude(declined_version=None)
    }
    found = []
    for table in MODELS:
        newest = newest_of(table, {row for lib, row in wanted | have.keys() if lib == table})
        for row in sorted(newest):
            key = (table, row)
            old, new = have.get(key), newest[row] if key in wanted else None
            if not follows(table, old, new, have, wanted) and (
                old is None or new is None or shows(old) != shows(new)
            ):
                update = Update(table, row, old, new, newest[row].history_id)
                found.append(replace(update, is_left=was_left(update, left.get(key))))
    return found


def follows(table: str, old: Any, new: Any, have: dict[Key, Any], wanted: set[Key]) -> bool:
    """Tell whether it comes or goes with another row: a class with its drug, a status with its product.

    Offered alone, it could be taken without the other, and the page would say what the library never said.
    """
    if table == PinnedTable.DRUG_CLASS:
        return old is None or new is None
    if table == PinnedTable.STATUS:
        product = (PinnedTable.PRODUCT, (new or old).product_id) if new or old else None
        return product is None or product not in have or (new is None and product not in wanted)
    return old is None and new is None


def was_left(update: Update, left: int | None) -> bool:
    """Tell whether somebody left just this: nothing a reader could see changed since the version they looked at."""
    if left is None or left == update.newest:
        return left is not None
    seen = history_of(update.row_kind).filter(history_id=left).first()
    return update.new is not None and seen is not None and shows(seen) == shows(update.new)


def taken(shown: dict[Key, Any], update: Update) -> dict[Key, Any]:
    """Return what the draft shows once the update is taken, with what comes along: a drug's new class, a new
    product's status.
    """
    key = (update.row_kind, update.row_key)
    if update.new is None:
        return {each: version for each, version in shown.items() if each != key}
    along: dict[Key, Any] = {}
    if update.row_kind == PinnedTable.DRUG and update.new.drug_class_id:
        along = newest_by_key(PinnedTable.DRUG_CLASS, {update.new.drug_class_id})
    elif update.row_kind == PinnedTable.PRODUCT and update.old is None:
        conditions = [row for table, row in shown if table == PinnedTable.CONDITION]
        statuses = ProductStatus.objects.filter(product=update.row_key, condition__in=conditions)
        along = newest_by_key(PinnedTable.STATUS, set(statuses.values_list("pk", flat=True)))
    return {**along, **shown, key: update.new}


def newest_by_key(table: str, rows: set[int]) -> dict[Key, Any]:
    return {(table, row): version for row, version in versions(table, rows).items()}


def take(article: Article, chosen: Iterable[Update], *, by: User) -> None:
    """Let the draft show these rows as the library has them now. The caller holds the article's lock."""
    before = after = pinned(article)
    for update in chosen:
        after = taken(after, update)
    for key in sorted(before.keys() - after.keys()):
        drop(article, key)
    for table, row in sorted(after):
        pin_one(article, table, row, after[table, row].history_id)


def leave(article: Article, chosen: Iterable[Update], *, by: User) -> None:
    """Remember that these were looked at: none is offered again until it changes.

    The caller holds the article's lock.
    """
    for update in chosen:
        key = {"row_kind": update.row_kind, "row_key": update.row_key}
        pin = article.pins.filter(**key).first() or Pin(article=article, version=None, **key)
        pin.declined_version = update.newest
        pin.save()
