"""Which drug a heading is about. Parentheses alone tell nothing: brands, aliases and abbreviations stand in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from content.models import Drug, DrugClass

HEADING = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<more>[^()]+)\))?")


@dataclass(frozen=True)
class DrugNames:
    """The names of the library, folded: `drugs` gives the generic names a heading's words may stand for."""

    drugs: Mapping[str, list[str]] = field(default_factory=dict)
    names_of: Mapping[str, set[str]] = field(default_factory=dict)
    classes: frozenset[str] = frozenset()


def folded(name: str) -> str:
    return " ".join(re.sub("[®™©]", "", name).split()).casefold()


def of_library() -> DrugNames:
    drugs: dict[str, list[str]] = {}
    names_of: dict[str, set[str]] = {}
    for drug in Drug.objects.prefetch_related("aliases", "products"):
        called = {folded(name) for name in (drug.generic_name, *(alias.name for alias in drug.aliases.all()))}
        for name in called:
            drugs.setdefault(name, []).append(drug.generic_name)
        names_of[drug.generic_name] = called | {folded(product.brand) for product in drug.products.all()}
    classes = DrugClass.objects.values_list("name", "short_name")
    return DrugNames(drugs, names_of, frozenset(folded(name) for pair in classes for name in pair if name))


def recognised(heading: str, names: DrugNames) -> tuple[str | None, list[str]]:
    """Return the generic name of the drug that the whole heading names, if any, and what is doubtful about it."""
    match = HEADING.fullmatch(heading)
    if not match:
        return None, [
            f"The heading “{heading}” names no single drug; choose the drug of its section by hand."
        ]
    found = names.drugs.get(folded(match["name"]), [])
    if len(found) > 1:
        return None, [f"The heading “{heading}” may be about {' or '.join(found)}; choose the drug by hand."]
    inside = [part.strip() for part in re.split("[,;]", match["more"] or "") if part.strip()]
    if not found:
        return None, _not_a_drug(heading, match["name"], inside, names)
    unknown = [name for name in inside if folded(name) not in names.names_of[found[0]]]
    return found[0], [
        f"“{name}” is not a brand or other name of {found[0]} in the drug library." for name in unknown
    ]


def _not_a_drug(heading: str, name: str, inside: list[str], names: DrugNames) -> list[str]:
    if not inside or not names.classes.isdisjoint({folded(name), *map(folded, inside)}):
        return []
    return [
        f"The drug library does not know “{heading}”. If it is a drug, add it there and choose it in its section."
    ]
