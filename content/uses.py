"""Where a library row is used: on public pages, by what their snapshots say, and in drafts, by what they pin."""

from collections.abc import Callable
from typing import Any

from content import snapshot
from content.models import Article, Drug, Library, Pin, Product, Publication, Reference


def drafts(row: Drug | Product | Reference) -> list[Article]:
    library = {Drug: Library.DRUG, Product: Library.PRODUCT, Reference: Library.REFERENCE}[type(row)]
    pins = Pin.objects.filter(library=library, row=row.pk).exclude(version=None)
    return list(Article.objects.filter(pk__in=pins.values("article"), retired_at=None))


def publications(row: Drug | Product | Reference) -> list[Publication]:
    """Live ones. The database reads every live snapshot for the identifier; only those that have it are opened here."""
    drug = row.drug if isinstance(row, Product) else row
    live = Publication.objects.live().filter(edition__snapshot__contains=str(drug.uid))
    shows = shown_by(row)
    found = live.select_related("article", "edition").order_by("article__title")
    return [each for each in found if shows(snapshot.parsed(each.edition.snapshot)["parts"])]


def shown_by(row: Drug | Product | Reference) -> Callable[[dict[str, Any]], bool]:
    if isinstance(row, Reference):
        return lambda parts: str(row.uid) in {entry["uid"] for entry in parts["references"]}
    if isinstance(row, Drug):
        return lambda parts: str(row.uid) in {drug["uid"] for drug in parts["drugs"]}
    # A snapshot names a product by its brand, and a published page keeps the brand of its day.
    brands = {row.brand, *row.history.values_list("brand", flat=True)}
    uid = str(row.drug.uid)
    return lambda parts: any(
        drug["uid"] == uid and brands & {product["brand"] for product in drug["products"]}
        for drug in parts["drugs"]
    )
