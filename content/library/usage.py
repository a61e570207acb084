"""Where a library row is used: on public pages, by what their snapshots say, and in drafts, by what they pin."""

from collections.abc import Callable
from typing import Any

from content.models import Article, Drug, Mention, Pin, PinnedTable, Product, Publication, Reference
from content.snapshots import snapshot

Row = Drug | Product | Reference


def drafts(row: Row) -> list[Article]:
    table = {Drug: PinnedTable.DRUG, Product: PinnedTable.PRODUCT, Reference: PinnedTable.REFERENCE}[
        type(row)
    ]
    pins = Pin.objects.filter(row_kind=table, row_key__in=[each.pk for each in identities(row)])
    pins = pins.exclude(version=None)
    return list(Article.objects.filter(pk__in=pins.values("article"), retired_at=None))


def identities(row: Row) -> list[Row]:
    # Public pages name a work by the entry of their day, so what was merged into the row counts too.
    return [row, *row.aliases.all()] if isinstance(row, Reference) else [row]


def publications(row: Row) -> list[Publication]:
    """Live ones. Those that mention the row are read, for a product those that mention its drug."""
    table = PinnedTable.REFERENCE if isinstance(row, Reference) else PinnedTable.DRUG
    uids = [each.drug.uid if isinstance(each, Product) else each.uid for each in identities(row)]
    mentions = Mention.objects.filter(row_kind=table, uid__in=uids)
    live = Publication.objects.live().filter(edition__in=mentions.values("edition"))
    shows = shown_by(row)
    found = live.select_related("article", "edition").order_by("article__title")
    return [each for each in found if shows(snapshot.parsed(each.edition.snapshot)["parts"])]


def shown_by(row: Row) -> Callable[[dict[str, Any]], bool]:
    if isinstance(row, Reference):
        uids = {str(each.uid) for each in identities(row)}
        return lambda parts: not uids.isdisjoint(entry["uid"] for entry in parts["references"])
    if isinstance(row, Drug):
        return lambda parts: str(row.uid) in {drug["uid"] for drug in parts["drugs"]}
    # A snapshot names a product by its brand, and a published page keeps the brand of its day.
    brands = {row.brand, *row.history.values_list("brand", flat=True)}
    uid = str(row.drug.uid)
    return lambda parts: any(
        drug["uid"] == uid and brands & {product["brand"] for product in drug["products"]}
        for drug in parts["drugs"]
    )
