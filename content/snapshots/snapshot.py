"""A draft as data: the bytes that people sign.

Shape: {"schema", "uid", "language", "parts": {text, drugs, references, access_dates, figures, listing, public_note}},
made of str, int, bool, null, list and object only, written as RFC 8785 canonical JSON.
"""

import json
from collections.abc import Sequence
from typing import Any

import rfc8785

from content.citing import formatting
from content.models import (
    AccessCheck,
    Article,
    Citation,
    PinnedTable,
    Section,
    SectionKind,
    Supports,
    csl_of,
    csl_type,
)
from content.snapshots import access, pins
from evidence.ledger import sha256

SCHEMA = 1
PARTS = ("text", "drugs", "references", "access_dates", "figures", "listing", "public_note")

Snapshot = dict[str, Any]


def build(article: Article) -> Snapshot:
    return of_rows(
        article,
        list(article.sections.select_related("drug")),
        list(article.citations.select_related("reference", "access_check")),
        pins.pinned(article),
    )


def of_rows(
    article: Article, sections: Sequence[Section], citations: Sequence[Citation], shown: dict[pins.Key, Any]
) -> Snapshot:
    """Build the snapshot of rows in their order, stored or not. `shown` is the library as the draft shows it."""
    printed = [shown[PinnedTable.REFERENCE, citation.reference_id] for citation in citations]
    parts = {
        "text": {
            "title": article.title,
            "lead": article.lead,
            "sections": [section_entry(section) for section in sections],
        },
        "drugs": drug_entries(shown),
        "references": [reference_entry(row, article.language) for row in printed],
        "access_dates": [
            access_entry(citation, row, article.language)
            for citation, row in zip(citations, printed, strict=True)
        ],
        "figures": [figure_entry(section) for section in sections if section.kind == SectionKind.FIGURE],
        "listing": listing_entry(article, shown),
        "public_note": {"text": article.public_note},
    }
    return {"schema": SCHEMA, "uid": str(article.uid), "language": article.language, "parts": parts}


def mentioned(content: Snapshot) -> list[tuple[str, str]]:
    """Table and uid of each drug and reference that a snapshot names, once."""
    drugs = [(PinnedTable.DRUG.value, entry["uid"]) for entry in content["parts"]["drugs"]]
    references = [(PinnedTable.REFERENCE.value, entry["uid"]) for entry in content["parts"]["references"]]
    return list(dict.fromkeys(drugs + references))


def section_entry(section: Any) -> dict[str, Any]:
    return {
        "kind": section.kind,
        "level": section.level,
        "heading": section.heading,
        "drug": str(section.drug.uid) if section.drug else None,
        "body": section.body,
    }


def figure_entry(section: Any) -> dict[str, str]:
    return {
        "digest": section.image_id or "",
        "alt": section.image_alt,
        "caption": section.image_caption,
        "credit": section.image_credit,
    }


def drug_entries(shown: dict[pins.Key, Any]) -> list[dict[str, Any]]:
    drugs = sorted(
        (row for (lib, _), row in shown.items() if lib == PinnedTable.DRUG),
        key=lambda row: str(row.generic_name),
    )
    return [drug_entry(drug, shown) for drug in drugs]


def drug_entry(drug: Any, shown: dict[pins.Key, Any]) -> dict[str, Any]:
    group = shown.get((PinnedTable.DRUG_CLASS, drug.drug_class_id))
    products = [
        row for (lib, _), row in shown.items() if lib == PinnedTable.PRODUCT and row.drug_id == drug.id
    ]
    return {
        "uid": str(drug.uid),
        "name": drug.generic_name,
        "pronunciation": drug.pronunciation,
        "class": {"name": group.name, "short_name": group.short_name} if group else None,
        "products": [
            product_entry(product, shown) for product in sorted(products, key=lambda row: str(row.brand))
        ],
    }


def product_entry(product: Any, shown: dict[pins.Key, Any]) -> dict[str, Any]:
    statuses = [
        row for (lib, _), row in shown.items() if lib == PinnedTable.STATUS and row.product_id == product.id
    ]
    return {
        "brand": product.brand,
        "full_name": product.full_name,
        "route": product.route,
        "statuses": [
            {
                "condition": shown[PinnedTable.CONDITION, status.condition_id].name,
                "status": status.status,
                "since": status.since_on.isoformat() if status.since_on else None,
            }
            for status in statuses
            if (PinnedTable.CONDITION, status.condition_id) in shown
        ],
    }


def reference_entry(reference: Any, language: str) -> dict[str, Any]:
    """Return the entry. Its `text` is cut where the access date goes: two strings, or one where none is printed."""
    return {
        "uid": str(reference.uid),
        "type": csl_type(reference.type),
        "text": formatting.formatted(csl_of(reference), language=language),
        "url": reference.url,
        "href": reference.url_normalised,
    }


def access_entry(citation: Any, printed: Any, language: str) -> dict[str, Any]:
    # What was opened is what is printed, or there is no day. `shared` is there only where it is true: somebody opened
    # the source while working on another article.
    check = citation.access_check if access.counts(citation.access_check, printed) else None
    entry = {
        "reference": str(citation.reference.uid),
        "on": check.opened_on.isoformat() if check and check.opened_on else None,
        "printed": printed_date(check, language) if check else "",
        "found": check.found if check else None,
        "imported": check.is_imported if check else False,
        "supports": supports(citation, check),
    }
    is_shared = check is not None and check.opened_for_id not in (None, citation.article_id)
    return {**entry, "shared": True} if is_shared else entry


def supports(citation: Any, check: AccessCheck | None) -> str:
    # Nobody says of what they did not open that it supports the article; that it does not may be known without.
    if check or (citation.access_check is None and citation.supports == Supports.NO):
        return str(citation.supports)
    return Supports.NOT_STATED.value


def printed_date(check: AccessCheck, language: str) -> str:
    return formatting.date_text(check.opened_on, language) if check.opened_on else check.printed_date


def listing_entry(article: Article, shown: dict[pins.Key, Any]) -> dict[str, Any]:
    condition = shown.get((PinnedTable.CONDITION, article.condition_id or 0))
    partner = article.co_branded_with
    return {
        "type": article.type,
        "condition": condition.name if condition else None,
        "co_branded_with": partner.code if partner else None,
        "source": article.source_digest or None,
    }


def canonical(snapshot: Snapshot) -> str:
    return rfc8785.dumps(snapshot).decode()


def parsed(text: str) -> Snapshot:
    snapshot: Snapshot = json.loads(text)
    return snapshot


def digest(text: str) -> str:
    return sha256(text.encode())


def part_digests(snapshot: Snapshot) -> dict[str, str]:
    return {name: sha256(rfc8785.dumps(snapshot["parts"][name])) for name in PARTS}
