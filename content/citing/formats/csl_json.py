"""CSL-JSON as other programs write it, into the part of it this house uses, and back."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from content.citing import validating
from content.citing.formats import dates, json_values
from content.citing.formats.entries import Entry, Fault, checked, filled, tidy

# What CSL allows for in titles; readers of this house would see the tags.
MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc)>|<span (?:class|style)=\"[^\"<>]*\">|</span>")
MARKED_UP = ("title", "title-short", "container-title", "container-title-short")
SYNONYMS = {"journalAbbreviation": "container-title-short", "shortTitle": "title-short"}


def read(data: bytes) -> Iterator[Entry | Fault]:
    for number, (line, value) in enumerate(json_values.values(data), start=1):
        if isinstance(value, dict):
            yield entry(value, number, line)
        else:
            yield Fault("json", "An entry must be an object, {…}.", number, line)


def entry(value: dict[str, Any], number: int, line: int) -> Entry | Fault:
    unsure, left_out = list[str](), list[str]()
    csl: dict[str, Any] = {}
    for name, raw in value.items():
        key = SYNONYMS.get(name, name)
        if raw is None or (key != name and key in value):
            continue
        if key in validating.TEXTS:
            csl[key] = text_of(key, raw, unsure)
        elif key in validating.NAMES:
            csl[key] = names_of(key, raw, left_out)
        elif key in validating.DATES:
            csl[key] = date_of(key, raw, unsure)
        else:
            left_out.append(key)
    return checked(Entry(number, line, filled(csl), unsure, left_out))


def text_of(key: str, raw: Any, unsure: list[str]) -> Any:
    # What is no text stays as it is, for validating to refuse.
    if not isinstance(raw, str):
        return raw
    if key == "type" and raw and raw not in validating.TYPES:
        unsure.append(f"The type “{raw}” is not known here, so it is stored as “another document”.")
        return "document"
    if key in MARKED_UP and MARKUP.search(raw):
        unsure.append(f"“{key}” loses its formatting: {raw}")
        raw = MARKUP.sub("", raw)
    return tidy(raw)


def names_of(key: str, raw: Any, left_out: list[str]) -> Any:
    if not isinstance(raw, list):
        return raw
    return [name_of(key, name, left_out) if isinstance(name, dict) else name for name in raw]


def name_of(key: str, name: dict[str, Any], left_out: list[str]) -> dict[str, Any]:
    for part in name:
        if part not in validating.NAME_PARTS and f"{key}: {part}" not in left_out:
            left_out.append(f"{key}: {part}")
    parts = {part: name[part] for part in validating.NAME_PARTS if name.get(part)}
    tidied = {part: tidy(text) if isinstance(text, str) else text for part, text in parts.items()}
    return {"literal": tidied["given"]} if tidied.keys() == {"given"} else tidied


def date_of(key: str, raw: Any, unsure: list[str]) -> Any:
    # CSL's own date-parts, and the ways others write a date: as text, with a season, as the beginning of a range.
    if isinstance(raw, str):
        return date_in_words(key, raw, unsure)
    if not isinstance(raw, dict):
        return raw
    if "date-parts" not in raw:
        words = raw.get("literal") or raw.get("raw")
        return date_in_words(key, words, unsure) if isinstance(words, str) else raw
    unsure += [f"“{key}”: its “{part}” is not kept." for part in ("season", "circa") if raw.get(part)]
    return parts_of(key, raw["date-parts"], unsure)


def parts_of(key: str, raw: Any, unsure: list[str]) -> Any:
    if not isinstance(raw, list) or not raw or not isinstance(raw[0], list):
        return {"date-parts": raw}
    if len(raw) > 1:
        unsure.append(f"“{key}”: of “{raw}” only the first date is kept.")
    parts = [part for part in raw[0] if part not in (None, "")]
    if not parts:
        return {}
    return {"date-parts": [[int(part) for part in parts] if validating.is_date(parts) else parts]}


def date_in_words(key: str, text: str, unsure: list[str]) -> Any:
    parts, rest = dates.numbered(tidy(text))
    if parts and rest:
        unsure.append(f"“{key}”: of “{text}” only the beginning is kept.")
    return dates.issued(parts) or {"literal": tidy(text)}


def write(items: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(items), ensure_ascii=False, indent=2) + "\n"
