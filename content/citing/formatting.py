"""References in the house style, as plain text: whoever makes HTML of them escapes it."""

import datetime
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.formatter import plain
from citeproc.source import BibliographySource, Date, LiteralDate, Name, Reference
from citeproc.string import String

from content.citing import validating

LANGUAGES = ("en", "es")
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}
# Stands where the access date goes. The style prints the date last, so a title that contains this does no harm.
SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"
PRINTED_TEXTS = (
    "title container-title container-title-short publisher publisher-place version edition volume issue page "
    "chapter-number genre status URL DOI PMID"
).split()
PRINTED_NAMES = ("author", "editor")
PRINTED = ("type", "issued", *PRINTED_TEXTS, *PRINTED_NAMES)


class Styles(threading.local):
    """Each thread has its own: citeproc keeps the state of a rendering on the style."""

    def __init__(self) -> None:
        self.loaded: dict[str, CitationStylesStyle] = {}

    def __getitem__(self, name: str) -> CitationStylesStyle:
        if name not in self.loaded:
            path = Path(__file__).with_name(f"{name}.csl")
            # The tests validate our styles; here a fault would end in no more than a warning.
            self.loaded[name] = CitationStylesStyle(str(path), validate=False)
        return self.loaded[name]


styles = Styles()


def formatted(csl: Mapping[str, Any], *, language: str = "en") -> list[str]:
    """Return the reference, cut where its access date goes: `accessed_on_text.join(formatted(csl))` is the whole of
    it.

    There is one string where there is no URL, hence no access date. The item's own `accessed` is ignored, and so is
    what the style does not print. Raises ValueError where something to be printed has the wrong shape.
    """
    reference = _reference(csl, accessed=SLOT)
    text = _rendered(reference, styles[f"house-{_known(language)}"])
    if "accessed" not in reference:
        return [text]
    before, _, after = text.rpartition(SLOT)
    return [before, after]


def in_ama(csl: Mapping[str, Any], accessed: str = "") -> str:
    """Return the reference in the style of the AMA Manual of Style, 11th edition, for lists that leave the house.

    `accessed` is the date in words; without it the address stands alone. Raises ValueError as `formatted` does.
    """
    return _rendered(_reference(csl, accessed=accessed), styles["ama-11"])


def date_text(date: datetime.date | Sequence[int], language: str = "en") -> str:
    """Write October 6, 2025 or 6 de octubre de 2025. Date-parts keep their precision (October 2025, 2025)."""
    parts = (date.year, date.month, date.day) if isinstance(date, datetime.date) else tuple(date)
    year, month, day = (*parts, 0, 0)[:3]
    name = MONTHS[_known(language)][month - 1] if month else ""
    if _known(language) == "es":
        return " de ".join(str(part) for part in (day, name, year) if part)
    return f"{name} {day}, {year}" if day else f"{name} {year}".strip()


def _known(language: str) -> str:
    primary = language.lower().partition("-")[0]
    if primary not in LANGUAGES:
        raise ValueError(
            f"There is no house style for references in “{language}”, only for: {', '.join(LANGUAGES)}."
        )
    return primary


def _reference(csl: Mapping[str, Any], *, accessed: str) -> Reference:
    item = {key: csl[key] for key in PRINTED if csl.get(key)}
    if faults := validating.malformed(item):
        raise ValueError(" ".join(faults))
    # Not by citeproc's JSON reader, which takes <span class="nocase"> out of titles and fails without a type.
    texts = {key: _one_line(item[key]) for key in PRINTED_TEXTS if key in item}
    if "page" in texts:
        texts["page"] = _whole_ranges(texts["page"])
    fields: dict[str, Any] = {key.replace("-", "_"): String(text) for key, text in texts.items() if text}
    fields |= {key: [_name(name) for name in item[key]] for key in PRINTED_NAMES if key in item}
    if "issued" in item:
        fields["issued"] = _date(item["issued"])
    if "URL" in fields and accessed:
        fields["accessed"] = LiteralDate(accessed)
    return Reference("reference", item.get("type", "document"), **fields)


def _rendered(reference: Reference, style: CitationStylesStyle) -> str:
    source = BibliographySource()
    source.add(reference)
    bibliography = CitationStylesBibliography(style, source, plain)
    bibliography.register(Citation([CitationItem(reference.key)]))
    text = "".join(str(entry) for entry in bibliography.bibliography())
    return re.sub(r"([?!]|[.?!][”\"])\.(?=\s|$)", r"\1", text)


def _name(name: Mapping[str, str]) -> Name:
    parts = {part: _one_line(text) for part, text in name.items() if text}
    return Name(literal=parts["literal"]) if "literal" in parts else Name(**parts)


def _date(value: Mapping[str, Any]) -> Date | LiteralDate:
    if "literal" in value:
        return LiteralDate(_one_line(value["literal"]))
    return Date(**dict(zip(("year", "month", "day"), value["date-parts"][0], strict=False)))


def _whole_ranges(pages: str) -> str:
    # 1519-38 becomes 1519-1538, as page-range-format="expanded" has it; citeproc leaves the last page as it is.
    return re.sub(r"(?<![^\s,])(\d+)[-–](\d+)(?![^\s,])", _whole_range, pages)


def _whole_range(found: re.Match[str]) -> str:
    first, last = found.groups()
    whole = first[: max(len(first) - len(last), 0)] + last
    return f"{first}-{whole if whole > first else last}"


def _one_line(value: object) -> str:
    # A no-break space stays, because it was typed on purpose.
    return re.sub(r"[ \t\r\n]+", " ", str(value)).strip(" ")
