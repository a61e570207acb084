"""PubMed's own format (.nbib, MEDLINE) as CSL-JSON. See https://www.nlm.nih.gov/bsd/mms/medlineelements.html."""

import re
from collections.abc import Iterator
from typing import Any

from content.citing.formats import dates, names, tagged
from content.citing.formats.entries import Entry, Fault, checked, filled
from content.citing.formats.tagged import Record, Values

TAG = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)$")
LANGUAGES = {"eng": "en", "spa": "es", "fre": "fr", "ger": "de"}
# Tags of what became of the article: a notice that it was retracted, or that it is doubted.
NOTICES = {"RIN": "was retracted", "ECI": "is under an expression of concern"}


def read(data: bytes) -> Iterator[Entry | Fault]:
    for record in tagged.records(data, TAG, first="PMID", last=""):
        yield record if isinstance(record, Fault) else entry(record)


def entry(record: Record) -> Entry | Fault:
    values, unsure = Values(record), list[str]()
    if not record.is_ended and not values.first("SO"):
        words = "The entry does not end with its source (SO), as entries from PubMed do. The file may be cut off here."
        return Fault("cut-off", words, record.number, record.fields[-1].line)
    if notice := notice_of(values):
        words = f"PubMed says that this article {notice}. If you must cite it, add it by hand, with the date of the notice."
        return Fault("retracted", words, record.number, record.line)
    unsure += [f"PubMed names a correction: {where}" for where in values.all("EIN")]
    return checked(Entry(record.number, record.line, filled(item(values, unsure)), unsure))


def notice_of(values: Values) -> str:
    """Say what became of the article since, and where that is written; empty for one that is still valid."""
    is_retracted = values.drop("PT", "Retracted Publication")
    for tag, what in NOTICES.items():
        where = "; ".join(values.all(tag))
        if where or (tag == "RIN" and is_retracted):
            return f"{what} ({where})" if where else what
    return ""


def item(values: Values, unsure: list[str]) -> dict[str, Any]:
    csl = {
        "PMID": values.first("PMID"),
        "PMCID": values.first("PMC"),
        "DOI": doi(values),
        "volume": values.first("VI"),
        "issue": values.first("IP"),
        "page": values.first("PG"),
        "ISSN": values.first("IS").partition(" ")[0],
        "language": language(values.first("LA")),
        "author": authors(values),
    }
    return {**csl, **titles(values), **issued(values, unsure)}


def doi(values: Values) -> str:
    marked = [text.removesuffix(" [doi]") for text in values.all("LID", "AID") if text.endswith(" [doi]")]
    return marked[0] if marked else ""


def language(code: str) -> str:
    return LANGUAGES.get(code, code)


def authors(values: Values) -> list[names.Name]:
    # People by their full names where PubMed has them, and groups, in the order they signed.
    has_full = any(field.tag == "FAU" for field in values.fields)
    fields = values.all_fields("FAU" if has_full else "AU", "CN")
    return [
        {"literal": field.value} if field.tag == "CN" else names.read_pubmed(field.value) for field in fields
    ]


def titles(values: Values) -> dict[str, Any]:
    title, book = values.first("TI", "TT"), values.first("BTI")
    full, short = values.first("JT"), values.first("TA")
    if not book:
        is_abstract = values.drop("PT", "Meeting Abstract")
        journal = {"container-title": full or short, "container-title-short": short if full else ""}
        kind = "paper-conference" if is_abstract else "article-journal"
        return {"type": kind, "title": without_stop(title), **journal}
    editors = [names.read_pubmed(text) for text in values.all("FED") or values.all("ED")]
    parts = {"editor": editors, "publisher": values.first("PB"), "publisher-place": values.first("PL")}
    parts |= {"edition": values.first("EN"), "ISBN": values.first("ISBN").partition(" ")[0]}
    if not title:
        return {"type": "book", "title": without_stop(book), **parts}
    return {"type": "chapter", "title": without_stop(title), "container-title": without_stop(book), **parts}


def without_stop(title: str) -> str:
    return title if title.endswith("..") else title.removesuffix(".")


def issued(values: Values, unsure: list[str]) -> dict[str, Any]:
    printed, online = values.first("DP"), values.first("DEP")
    if values.first("PST") == "aheadofprint":
        return {
            "status": "advance-online-publication",
            "issued": dates.issued(dates.packed(online) or dates.worded(printed)),
        }
    parts = dates.worded(printed)
    if printed and " ".join(printed.split()[: len(parts)]) != printed:
        unsure.append(f"Of the date “{printed}” only “{'-'.join(map(str, parts))}” is kept.")
    return {"issued": dates.issued(parts)}
