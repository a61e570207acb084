"""What is wrong with one CSL-JSON item, in an editor's words. Covers the part of CSL 1.0.2 this house uses."""

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from content.citing import normalising

TYPES = (
    "article article-journal article-magazine article-newspaper book chapter dataset document entry "
    "entry-encyclopedia legislation pamphlet paper-conference post-weblog regulation report review software "
    "standard thesis webpage"
).split()
TEXTS = (
    "id type title title-short container-title container-title-short publisher publisher-place version edition "
    "volume issue page chapter-number number genre status URL DOI PMID PMCID ISBN ISSN language note"
).split()
# CSL lets these be numbers as well as text.
NUMBERS = ("id", "edition", "volume", "issue", "page", "chapter-number", "number", "PMID")
NAMES = ("author", "editor", "translator")
NAME_PARTS = ("family", "given", "suffix", "dropping-particle", "non-dropping-particle", "literal")
DATES = ("issued", "accessed")
IDENTIFIERS: dict[str, Callable[[str], str]] = {
    "URL": normalising.url,
    "DOI": normalising.doi,
    "PMID": normalising.pmid,
    "ISBN": normalising.isbn,
}


def problems(csl: Mapping[str, Any]) -> list[str]:
    """List everything an editor has to fix before this item can go into the library; nothing if it is sound."""
    return [*_missing(csl), *_unknown(csl), *malformed(csl), *_unreadable_identifiers(csl)]


def malformed(csl: Mapping[str, Any]) -> list[str]:
    """List only what cannot be printed: values of the wrong shape."""
    found: list[str] = []
    for key, value in csl.items():
        if key in TEXTS:
            found += _text_problems(key, value)
        elif key in NAMES:
            found += _names_problems(key, value)
        elif key in DATES:
            found += _date_problems(key, value)
    return found


def _missing(csl: Mapping[str, Any]) -> list[str]:
    found = []
    if not csl.get("type"):
        found.append("“type” is missing: say what the source is, such as webpage or article-journal.")
    elif isinstance(csl["type"], str) and csl["type"] not in TYPES:
        found.append(f"“type” is “{csl['type']}”. Write one of: {', '.join(TYPES)}.")
    if not csl.get("title"):
        found.append("“title” is missing: enter the title of the source.")
    return found


def _unknown(csl: Mapping[str, Any]) -> list[str]:
    known = {*TEXTS, *NAMES, *DATES, "custom"}
    return [f"“{key}” is not a field of a reference here. Leave it out." for key in csl if key not in known]


def _unreadable_identifiers(csl: Mapping[str, Any]) -> list[str]:
    found = []
    for key, normalised in IDENTIFIERS.items():
        value = csl.get(key)
        try:
            normalised(str(value) if isinstance(value, str | int) else "")
        except ValueError as error:
            found.append(f"“{key}”: {error}")
    return found


def _text_problems(key: str, value: object) -> list[str]:
    if key in NUMBERS and type(value) is int:
        return []
    if not isinstance(value, str):
        return [f"“{key}” must be text."]
    if not all(map(is_shown, value)):
        return [f"“{key}” contains a character that cannot be shown. Type the text again."]
    return []


def _names_problems(key: str, names: object) -> list[str]:
    if not isinstance(names, list):
        return [f"“{key}” must be a list of names."]
    numbered = enumerate(names, start=1)
    return [problem for place, name in numbered for problem in _name_problems(f"{key} {place}", name)]


def _name_problems(label: str, name: object) -> list[str]:
    if not isinstance(name, dict):
        return [f"“{label}” must have a “family” name, or a “literal” one for an organisation."]
    found = [f"“{label}” has a part “{part}” that no name has." for part in name if part not in NAME_PARTS]
    found += [p for part in NAME_PARTS if part in name for p in _text_problems(f"{label} {part}", name[part])]
    if not name.get("family") and not name.get("literal"):
        found.append(f"“{label}” has neither a “family” name nor a “literal” one for an organisation.")
    return found


def _date_problems(key: str, value: object) -> list[str]:
    if isinstance(value, dict) and value.keys() == {"literal"}:
        return _text_problems(f"{key} literal", value["literal"])
    if not isinstance(value, dict) or value.keys() != {"date-parts"}:
        return [f"“{key}” must have either “date-parts” or a “literal” text, and nothing else."]
    parts = value["date-parts"]
    if not isinstance(parts, list) or len(parts) != 1 or not isinstance(parts[0], list):
        return [f"“{key}” must be one date: [[year, month, day]], [[year, month]] or [[year]]."]
    return [] if is_date(parts[0]) else [f"“{key}” is not a calendar date: {parts[0]}."]


def is_date(parts: list[Any]) -> bool:
    """Tell whether year, or year and month, or year, month and day are in the calendar. Digits in quotes count."""
    whole = [str(part) for part in parts if type(part) in (int, str)]
    if not 1 <= len(whole) == len(parts) <= 3 or not all(re.fullmatch("[0-9]{1,4}", part) for part in whole):
        return False
    year, month, day = [*map(int, whole), 1, 1][:3]
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def is_shown(character: str) -> bool:
    # Control characters and halves of pairs fit neither a page nor PostgreSQL.
    return character in "\t\r\n" or unicodedata.category(character) not in ("Cc", "Cs")
