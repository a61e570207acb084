"""Which version of each library row a draft shows. Newer ones are offered; nothing changes by itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from content.models import (
    Article,
    Condition,
    Drug,
    DrugClass,
    Library,
    Person,
    Pin,
    Product,
    ProductStatus,
    Reference,
)

Key = tuple[str, int]

MODELS: dict[str, type[models.Model]] = {
    Library.CONDITION: Condition,
    Library.DRUG_CLASS: DrugClass,
    Library.DRUG: Drug,
    Library.PRODUCT: Product,
    Library.STATUS: ProductStatus,
    Library.REFERENCE: Reference,
}


@dataclass(frozen=True)
class Update:
    """A library row that is no longer as the draft shows it; `old` or `new` is None where it came or went."""

    library: str
    row: int
    old: Any
    new: Any


def history_of(library: str) -> Any:
    return MODELS[library].history  # type: ignore[attr-defined]


def versions(library: str, rows: Iterable[int]) -> dict[int, Any]:
    """The newest audit-trail row of each library row that still exists."""
    newest = history_of(library).filter(id__in=list(rows)).order_by("history_id")
    return {version.id: version for version in newest if version.history_type != "-"} if rows else {}


def library_of_drug(drug: Drug, condition_id: int | None) -> Iterator[Key]:
    """What comes with a drug: itself, its class, its products on the market, their status for the condition."""
    yield Library.DRUG, drug.pk
    if drug.drug_class_id:
        yield Library.DRUG_CLASS, drug.drug_class_id
    for product in drug.products.filter(off_market_on__isnull=True):
        yield Library.PRODUCT, product.pk
        for status in product.statuses.filter(condition=condition_id):
            yield Library.STATUS, status.pk


def shown_by(article: Article) -> set[Key]:
    """The library rows the draft would show if it took everything as it stands today."""
    keys: set[Key] = set()
    if article.condition_id:
        keys.add((Library.CONDITION, article.condition_id))
    for drug in Drug.objects.filter(section__article=article).distinct():
        keys.update(library_of_drug(drug, article.condition_id))
    keys.update((Library.REFERENCE, row) for row in article.citations.values_list("reference_id", flat=True))
    return keys


def pinned(article: Article) -> dict[Key, Any]:
    """Every pinned row as the draft shows it: its audit-trail row."""
    pins: dict[str, dict[int, int]] = {}
    for library, row, version in article.pins.exclude(version=None).values_list("library", "row", "version"):
        pins.setdefault(library, {})[row] = version or 0
    return {
        (library, version.id): version
        for library, rows in pins.items()
        for version in history_of(library).filter(history_id__in=list(rows.values()))
    }


def renew(article: Article) -> None:
    """After a save: pin what the draft newly shows, drop what it shows no more, leave the rest as it was."""
    have = pinned(article)
    wanted = shown_by(article)
    roots = {
        (library, row)
        for library, row in wanted
        if library in {Library.CONDITION, Library.DRUG, Library.REFERENCE}
    }
    new_roots = roots - have.keys()
    for key in [key for key in have if key not in wanted and gone_from_draft(key, have, roots)]:
        drop(article, key)
    if new_roots:
        pin(article, {key for key in wanted - have.keys() if comes_with(key, new_roots)})


def gone_from_draft(key: Key, have: dict[Key, Any], roots: set[Key]) -> bool:
    """Whether the draft itself stopped showing the row (not: whether the library lost it)."""
    library, row = key
    version = have[key]
    if library in {Library.CONDITION, Library.DRUG, Library.REFERENCE}:
        return key not in roots
    if library == Library.DRUG_CLASS:
        drugs = [have[root] for root in roots if root[0] == Library.DRUG and root in have]
        return all(drug.drug_class_id != row for drug in drugs)
    if library == Library.PRODUCT:
        return (Library.DRUG, version.drug_id) not in roots
    product = have.get((Library.PRODUCT, version.product_id))
    return (
        product is None
        or (Library.DRUG, product.drug_id) not in roots
        or (Library.CONDITION, version.condition_id) not in roots
    )


def comes_with(key: Key, new_roots: set[Key]) -> bool:
    library, row = key
    if key in new_roots:
        return True
    if library == Library.DRUG_CLASS:
        return any(
            r[0] == Library.DRUG and Drug.objects.filter(pk=r[1], drug_class=row).exists() for r in new_roots
        )
    if library == Library.PRODUCT:
        return (Library.DRUG, Product.objects.values_list("drug_id", flat=True).get(pk=row)) in new_roots
    if library == Library.STATUS:
        status = ProductStatus.objects.select_related("product").get(pk=row)
        return (Library.DRUG, status.product.drug_id) in new_roots or (
            Library.CONDITION,
            status.condition_id,
        ) in new_roots
    return False


def pin(article: Article, keys: Iterable[Key]) -> None:
    """Set the pins of these rows to their newest version."""
    by_library: dict[str, set[int]] = {}
    for library, row in keys:
        by_library.setdefault(library, set()).add(row)
    for library, rows in sorted(by_library.items()):
        newest = versions(library, rows)
        for row in sorted(rows):
            if row not in newest:
                raise LookupError(
                    f"The {library} with key {row} has no audit trail; save it once in the admin."
                )
            pin_one(article, library, row, newest[row].history_id)


def pin_one(article: Article, library: str, row: int, version: int) -> None:
    existing = article.pins.filter(library=library, row=row).first()
    if existing is None:
        Pin(article=article, library=library, row=row, version=version).save()
    elif existing.version != version:
        existing.version = version
        existing.save(update_fields=["version"])


def drop(article: Article, key: Key) -> None:
    for existing in article.pins.filter(library=key[0], row=key[1]):
        existing.delete()


BOOKKEEPING = {
    "history_id",
    "history_date",
    "history_change_reason",
    "history_type",
    "history_user_id",
    "source",
    "checked_on",
}


def shows(version: Any) -> dict[str, Any]:
    """The columns of a version that a reader could come to see."""
    return {
        f.attname: getattr(version, f.attname)
        for f in version._meta.concrete_fields
        if f.attname not in BOOKKEEPING
    }


def updates(article: Article) -> list[Update]:
    """Library rows whose newest version differs, for a reader, from what the draft shows."""
    have = pinned(article)
    wanted = shown_by(article)
    found = []
    for library in MODELS:
        rows = {row for lib, row in wanted | have.keys() if lib == library}
        newest = versions(library, rows)
        for row in sorted(rows):
            old = have.get((library, row))
            new = newest.get(row) if (library, row) in wanted else None
            if old is None or new is None or shows(old) != shows(new):
                found.append(Update(library, row, old, new))
    return found


def take(article: Article, chosen: Iterable[Update], *, by: Person) -> None:
    """Let the draft show these rows as the library has them now. The caller holds the article's lock."""
    for update in chosen:
        if update.new is None:
            drop(article, (update.library, update.row))
        else:
            pin_one(article, update.library, update.row, update.new.history_id)
