"""RIS, which every reference manager reads and writes, as CSL-JSON and back.

Own rather than rispy, which names no lines, passes over what it does not understand and cuts addresses at a semicolon;
the tests read our files with it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from content.citing import normalising
from content.citing.formats import dates, names, tagged
from content.citing.formats.entries import Entry, Fault, checked, filled, tidy
from content.citing.formats.tagged import Record, Values

TAG = re.compile(r"\s{0,2}([A-Z][A-Z0-9]) {1,2}- ?(.*)$")
WRITTEN = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "document": "GEN",
    "entry": "DICT",
    "entry-encyclopedia": "ENCYC",
    "legislation": "STAT",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "post-weblog": "BLOG",
    "regulation": "LEGAL",
    "report": "RPRT",
    "software": "COMP",
    "standard": "STAND",
    "thesis": "THES",
    "webpage": "ELEC",
}
TYPES = {kind: csl for csl, kind in WRITTEN.items()}
TYPES |= dict.fromkeys(("EJOUR", "INPR", "JFULL"), "article-journal")
TYPES |= dict.fromkeys(("ABST", "CONF"), "paper-conference")
TYPES |= dict.fromkeys(("EBOOK", "EDBOOK"), "book")
TYPES |= {"ECHAP": "chapter", "GOVDOC": "report", "WEB": "webpage", "ICOMM": "webpage"}
# Variables that RIS has a tag for, with the tags to read; the first is the one to write.
TEXTS = {
    "id": ("ID",),
    "title": ("TI", "T1", "CT"),
    "title-short": ("ST",),
    "container-title": ("T2", "JF", "JO", "BT"),
    "container-title-short": ("J2", "JA"),
    "volume": ("VL",),
    "issue": ("IS",),
    "number": ("M1",),
    "chapter-number": ("SE",),
    "publisher": ("PB",),
    "publisher-place": ("CY", "PP"),
    "DOI": ("DO", "DI"),
    "PMCID": ("C2",),
    "URL": ("UR",),
    "language": ("LA",),
}
NAMES = {"author": ("AU", "A1"), "editor": ("A2", "ED"), "translator": ("A4",)}
NAMED = {
    "AB": "abstract",
    "N2": "abstract",
    "KW": "keywords",
    "N1": "notes",
    "AD": "address",
    "L1": "attached file",
}
AHEAD = "Published online ahead of print"
VERSION = "Version "


def read(data: bytes) -> Iterator[Entry | Fault]:
    for record in tagged.records(data, TAG, first="TY", last="ER"):
        yield record if isinstance(record, Fault) else entry(record)


def entry(record: Record) -> Entry | Fault:
    if not record.is_ended:
        words = "The entry does not end with ER. The file may be cut off here."
        return Fault("cut-off", words, record.number, record.fields[-1].line)
    if junk := record.fields[-1].value.strip(" .0123456789"):
        words = f"“{junk[:60]}” is outside any entry."
        return Fault("outside", words, record.number, record.fields[-1].line)
    values, unsure = Values(record), list[str]()
    csl = filled(item(values, unsure))
    left_out = [f"{NAMED[tag]} ({tag})" if tag in NAMED else tag for tag in values.left() if tag != "ER"]
    return checked(Entry(record.number, record.line, csl, unsure, left_out))


def item(values: Values, unsure: list[str]) -> dict[str, Any]:
    kind = values.first("TY")
    csl: dict[str, Any] = {"type": TYPES.get(kind, "document")}
    if kind not in TYPES:
        unsure.append(f"The RIS type “{kind}” is not known here, so it is stored as “another document”.")
    if kind == "EDBOOK":
        csl["editor"] = [names.read(text) for text in values.all("AU", "A1")]
    return {**csl, **printed_numbers(values), **texts(values), **people(values), **days(values, unsure)}


def texts(values: Values) -> dict[str, Any]:
    found = {key: values.first(*tags) for key, tags in TEXTS.items()}
    if not found["container-title"]:
        found["container-title"] = found.pop("container-title-short")
    kind_of_work = values.first("M3")  # where old files have the DOI
    found["DOI" if is_sound(kind_of_work, normalising.doi) and not found["DOI"] else "genre"] = kind_of_work
    database = " ".join(values.all("DB"))
    if re.search("pubmed|medline", database, re.IGNORECASE):
        found["PMID"] = values.first("AN")
    return found


def printed_numbers(values: Values) -> dict[str, Any]:
    # RIS puts two things under one tag: first and last page, edition and version, ISBN and ISSN, notes and status.
    first_page, last_page = values.first("SP", "C7"), values.first("EP")
    found = {"page": "-".join(filter(None, (first_page, last_page if last_page != first_page else "")))}
    for text in values.all("ET"):
        is_version = text.startswith(VERSION)
        found.setdefault("version" if is_version else "edition", text.removeprefix(VERSION))
    for field in values.all_fields("SN"):
        key, number = serial(field.value)
        found.setdefault(key, number) if number else values.fields.append(field)
    if values.drop("N1", AHEAD):
        found["status"] = "advance-online-publication"
    return found


def serial(text: str) -> tuple[str, str]:
    """Return the ISSN or the first sound ISBN in the text: “0323476740 9780323476744 (hardback)”."""
    if re.fullmatch(r"\d{4}-?\d{3}[\dXx](?: .*)?", text):
        return "ISSN", text[:9].strip()
    for number in re.findall(r"[\dXx][\dXx-]{8,16}", text):
        if is_sound(number, normalising.isbn):
            return "ISBN", number
    return "", ""


def is_sound(text: str, normalised: Callable[[str], str]) -> bool:
    try:
        return bool(normalised(text))
    except ValueError:
        return False


def people(values: Values) -> dict[str, Any]:
    found = {key: [names.read(text) for text in values.all(*tags)] for key, tags in NAMES.items()}
    return {key: value for key, value in found.items() if value}


def days(values: Values, unsure: list[str]) -> dict[str, Any]:
    # The most precise date; PY and DA should say the same year.
    found = [dates.numbered(text) for text in values.all("PY", "Y1", "DA")]
    issued = max((parts for parts, _ in found), key=len, default=[])
    others = [rest for parts, rest in found if rest]
    unsure += [f"“{rest}” beside the date is not kept." for rest in others if issued]
    if len({parts[0] for parts, _ in found if parts}) > 1:
        unsure.append(f"Two different years are given; {issued[0]} was taken.")
    csl = {"issued": dates.issued(issued) or ({"literal": others[0]} if others else {})}
    accessed, _ = dates.numbered(values.first("Y2"))
    return csl | {"accessed": dates.issued(accessed)}


def write(items: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"{line}\r\n" for csl in items for line in written(csl))


def written(csl: Mapping[str, Any]) -> Iterator[str]:
    yield f"TY  - {WRITTEN.get(csl['type'], 'GEN')}"
    for tag, value in fields(csl):
        # In one line: a line break would begin a field of its own.
        if text := tidy(str(value)):
            yield f"{tag}  - {text}"
    yield "ER  - "
    yield ""


def fields(csl: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, (tag, *_) in TEXTS.items():
        yield tag, csl.get(key, "")
    for key, (tag, *_) in NAMES.items():
        yield from ((tag, names.written(name)) for name in csl.get(key, ()))
    yield from dated_fields(csl)
    first_page, last_page = pages(str(csl.get("page", "")))
    yield from (("SP", first_page), ("EP", last_page))
    yield "ET", csl.get("edition", "")
    if "version" in csl:
        yield "ET", f"{VERSION}{csl['version']}"
    yield from (("SN", csl.get(key, "")) for key in ("ISBN", "ISSN"))
    yield "M3", csl.get("genre", "")
    if "PMID" in csl:
        yield from (("AN", csl["PMID"]), ("DB", "PubMed"))
    if csl.get("status") == "advance-online-publication":
        yield "N1", AHEAD


def dated_fields(csl: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if issued := csl.get("issued"):
        text = dates.ris(issued)
        yield from (("PY", text[:4]), ("DA", text)) if "literal" not in issued else (("DA", text),)
    if accessed := csl.get("accessed"):
        yield "Y2", dates.ris(accessed)


def pages(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"(\w+)-(\w+)", text)
    return (found[1], found[2]) if found and found[1] != found[2] else (text, "")
