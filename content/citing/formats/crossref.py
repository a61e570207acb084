"""One work as Crossref describes it (https://api.crossref.org, “message”), as an entry."""

import html
import re
from collections.abc import Mapping
from typing import Any

from content.citing import validating
from content.citing.formats import dates
from content.citing.formats.entries import Entry, Fault, checked, filled, tidy

TYPES = {
    "journal-article": "article-journal",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "book-part": "chapter",
    "proceedings-article": "paper-conference",
    "report": "report",
    "posted-content": "article",
    "dissertation": "thesis",
    "dataset": "dataset",
    "standard": "standard",
    "peer-review": "review",
    "reference-entry": "entry-encyclopedia",
}
TYPES |= dict.fromkeys(("book", "monograph", "edited-book", "reference-book"), "book")
TEXTS = {
    "volume": "volume",
    "issue": "issue",
    "publisher": "publisher",
    "publisher-place": "publisher-location",
    "edition": "edition-number",
    "DOI": "DOI",
    "language": "language",
}
# Where it gives lists, and one is enough.
FIRSTS = {
    "container-title": "container-title",
    "container-title-short": "short-container-title",
    "ISSN": "ISSN",
    "ISBN": "ISBN",
}
NOTICES = {
    "retraction": "was retracted",
    "removal": "was removed",
    "withdrawal": "was withdrawn",
    "expression_of_concern": "is under an expression of concern",
}
MARKUP = re.compile(r"</?(?:jats:|mml:)?[a-z]+(?:-[a-z]+)*(?: [^<>]*)?/?>", re.IGNORECASE)


def entry(message: Mapping[str, Any]) -> Entry | Fault:
    # Nothing that is served decides what happens here: a message of another shape is taken for empty.
    for notice in dicts(message.get("updated-by")):
        if what := NOTICES.get(str(notice.get("type", "")).replace("-", "_")):
            words = f"Crossref says that this work {what} (https://doi.org/{notice.get('DOI', '')})."
            return Fault(
                "retracted", f"{words} If you must cite it, add it by hand, with the date of the notice."
            )
    unsure = [
        f"“{raw}”: formatting was removed." for raw in strings(message.get("title"))[:1] if raw != plain(raw)
    ]
    return checked(Entry(1, 1, filled(item(message)), unsure))


def item(message: Mapping[str, Any]) -> dict[str, Any]:
    csl: dict[str, Any] = {
        "type": TYPES.get(str(message.get("type", "")), "document"),
        "title": title(message),
    }
    csl |= {
        key: plain(str(message[name]))
        for key, name in TEXTS.items()
        if isinstance(message.get(name), str | int)
    }
    csl |= {key: plain(first(message.get(name))) for key, name in FIRSTS.items()}
    csl |= {key: [name_of(name) for name in dicts(message.get(key))] for key in ("author", "editor")}
    csl["page"] = str(message.get("page") or message.get("article-number") or "")
    csl["issued"] = dates.issued(day(message.get("issued")))
    if csl["type"] == "article-journal" and not (csl.get("volume") or csl.get("issue") or csl["page"]):
        csl["status"] = "advance-online-publication"
        csl["issued"] = dates.issued(day(message.get("published-online")) or day(message.get("issued")))
    return csl


def title(message: Mapping[str, Any]) -> str:
    main, sub = plain(first(message.get("title"))), plain(first(message.get("subtitle")))
    return f"{main}: {sub}" if main and sub and sub.casefold() not in main.casefold() else main


def name_of(name: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(name.get("name"), str):
        return {"literal": plain(name["name"])}
    parts = {part: plain(str(name.get(part) or "")) for part in ("family", "given", "suffix")}
    return {part: text for part, text in parts.items() if text}


def day(raw: Any) -> list[int]:
    parts = raw.get("date-parts") if isinstance(raw, Mapping) else None
    found = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    return found if validating.is_date(found) else []


def plain(text: str) -> str:
    # Only the markup and the entities of journals' files go; other tags are words, such as <5%.
    return tidy(html.unescape(MARKUP.sub("", text)))


def first(raw: Any) -> str:
    return next(iter(strings(raw)), "")


def strings(raw: Any) -> list[str]:
    return [each for each in raw if isinstance(each, str)] if isinstance(raw, list) else []


def dicts(raw: Any) -> list[Mapping[str, Any]]:
    return [each for each in raw if isinstance(each, Mapping)] if isinstance(raw, list) else []
