"""The references of a draft or an edition, for other programs and for letters. For staff: an edition signs no more of a
reference than it prints."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from content.citing import formatting, parsing
from content.citing.formats import csl_json, ris
from content.models import Article, Edition, PinnedTable, Reference, csl_of
from content.snapshots import pins, snapshot
from content.snapshots.snapshot import Snapshot


@dataclass(frozen=True)
class Cited:
    """A reference with its access date: as CSL-JSON, as the article prints it, and that date in English."""

    csl: Mapping[str, Any]
    printed: str
    accessed: str


@dataclass(frozen=True)
class Form:
    words: str
    file_name: str
    media_type: str
    write: Callable[[list[Cited]], str]


def in_house_style(cited: list[Cited]) -> str:
    return "".join(f"{each.printed}\n" for each in cited)


def in_ama_style(cited: list[Cited]) -> str:
    lines = (formatting.in_ama(each.csl, each.accessed) for each in cited)
    return "".join(f"{number}. {line}\n" for number, line in enumerate(lines, start=1))


def in_ris(cited: list[Cited]) -> str:
    return ris.write(each.csl for each in cited)


def in_csl_json(cited: list[Cited]) -> str:
    return csl_json.write(each.csl for each in cited)


FORMS = {
    "ris": Form("RIS", "references.ris", "application/x-research-info-systems", in_ris),
    "csl-json": Form("CSL-JSON", "references.json", "application/vnd.citationstyles.csl+json", in_csl_json),
    "text": Form("text", "references.txt", "text/plain; charset=utf-8", in_house_style),
    "ama": Form("text in AMA style", "references-ama.txt", "text/plain; charset=utf-8", in_ama_style),
}


def of_draft(article: Article) -> list[Cited]:
    # As the draft shows them: the versions it pins.
    shown = pins.pinned(article)
    versions = [row for (library, _), row in shown.items() if library == PinnedTable.REFERENCE]
    return cited(snapshot.build(article), versions)


def of_edition(edition: Edition) -> list[Cited]:
    # Of each reference, the newest version that prints what was submitted.
    content = snapshot.parsed(edition.snapshot)
    uids = [entry["uid"] for entry in content["parts"]["references"]]
    return cited(content, Reference.history.filter(uid__in=uids).order_by("-history_id"))


def cited(content: Snapshot, versions: Iterable[Any]) -> list[Cited]:
    by_uid: dict[str, list[Any]] = {}
    for version in versions:
        by_uid.setdefault(str(version.uid), []).append(version)
    parts, language = content["parts"], content["language"]
    pairs = zip(parts["references"], parts["access_dates"], strict=True)
    return [one(entry, access, by_uid.get(entry["uid"], ()), language) for entry, access in pairs]


def one(entry: dict[str, Any], access: dict[str, Any], versions: Iterable[Any], language: str) -> Cited:
    # Where no version prints this any more, what is printed is read.
    printed = (access["printed"] or "(no date)").join(entry["text"])
    items = (csl_of(row) for row in versions if snapshot.reference_entry(row, language) == entry)
    csl = next(items, None) or {**parsing.parsed(printed).csl, "id": entry["uid"]}
    on = date.fromisoformat(access["on"]) if access["on"] else None
    accessed = formatting.date_text(on) if on else access["printed"]
    if len(entry["text"]) > 1 and accessed:
        day = {"date-parts": [[on.year, on.month, on.day]]} if on else {"literal": accessed}
        csl = {**csl, "accessed": day}
    return Cited(csl, printed, accessed)
