"""What the library knows of a reference, in words, for pages on which it is looked at rather than filled in."""

from typing import Any

from content.admin.references.form_fields import VARIABLES, WITH_A_FIELD
from content.citing import form_text, formatting
from content.models import Reference, csl_of
from content.phrases import long_date

LABELS = {
    "title": "Title", "container_title": "Published in", "version": "Version", "url": "Address", "doi": "DOI",
    "pmid": "PubMed number", "isbn": "ISBN",
}  # fmt: skip


def printed(row: Reference, language: str = "en") -> list[str]:
    """Print the work in house style, cut where the access date goes, or say what is wrong where it cannot be printed."""
    try:
        return formatting.formatted(csl_of(row), language=language)
    except ValueError as fault:
        return [str(fault)]


def facts(row: Reference) -> list[tuple[str, str]]:
    """List name and value of each thing that is filled in."""
    literal = row.more.get("issued", {})
    said = {
        "Type": label(row.get_type_display()),
        "Authors": "; ".join(map(form_text.name_written, row.author)),
        **{label: getattr(row, column) for column, label in LABELS.items()},
        "Issued": form_text.date_written(row.issued, literal.get("literal", "")),
        **{label(variable): row.more.get(variable, "") for variable in VARIABLES.values()},
        "Editors": "; ".join(map(form_text.name_written, row.more.get("editor", []))),
        **{label(name): value for name, value in row.more.items() if name not in WITH_A_FIELD},
        "Standing": standing(row),
    }
    return [(name, str(value)) for name, value in said.items() if value]


def label(variable: str) -> str:
    return variable[:1].upper() + variable[1:].replace("-", " ")


def standing(row: Reference) -> str:
    """Say in a few words what speaks against citing the work; empty where nothing does."""
    words = []
    if row.retraction:
        assert row.retracted_on  # the database stores no retraction without a day
        words.append(f"{row.get_retraction_display()} on {long_date(row.retracted_on)}")
    if row.superseded_by_id:
        words.append("superseded by a newer version")
    if row.merged_into_id:
        words.append("merged into another entry")
    return "; ".join(words)


def read_as(row: Reference) -> list[tuple[str, str, str]]:
    """List each identifier as it is read: its name, the one spelling, and an address where the work can be looked up."""
    addresses = {
        "doi": "https://doi.org/{}",
        "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
        "isbn": "",
        "url": "{}",
    }
    found: list[Any] = [
        (LABELS[column], getattr(row, f"{column}_normalised"), address)
        for column, address in addresses.items()
    ]
    return [(name, key, address.format(key)) for name, key, address in found if key]
