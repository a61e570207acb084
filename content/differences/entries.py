"""A snapshot's parts as entries (a section, a drug, a reference …), each a list of blocks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from content.differences.blocks import Block, Fact, blocks, fact
from content.differences.words import plain
from content.snapshots import wording
from content.snapshots.snapshot import Snapshot

SLOT = " [access date] "


@dataclass(frozen=True)
class Entry:
    """`key` pairs it with its counterpart, where it has one; `raw` is all that is stored of it."""

    key: str
    name: str
    parent: str
    blocks: tuple[Block, ...]
    raw: Any


def text(snapshot: Snapshot) -> Iterator[Entry]:
    part, drugs = snapshot["parts"]["text"], _drug_names(snapshot)
    yield Entry("title", "the title", "", tuple(_value("title", part["title"], ())), part["title"])
    yield Entry("lead", "the lead", "", tuple(blocks(part["lead"], ("lead",))), part["lead"])
    above: list[tuple[int, str]] = []
    for number, section in enumerate(part["sections"], start=1):
        name = section["heading"] or f"section {number} (no heading)"
        above = [*((level, heading) for level, heading in above if level < section["level"])]
        path = tuple(heading for _, heading in above)
        body = blocks(section["body"], (*path, name))
        yield Entry("", name, "/".join(path), (_heading(section, (*path, name), drugs), *body), section)
        above.append((section["level"], name))


def _heading(section: dict[str, Any], path: tuple[str, ...], drugs: dict[str, str]) -> Block:
    facts = [
        fact(f"heading of level {section['level']}"),
        fact(f"section of the kind “{wording.section_kind(section['kind'])}”"),
    ]
    if section["drug"]:
        facts.append(Fact(f"drug {section['drug']}", f"about {drugs.get(section['drug'], section['drug'])}"))
    return Block("heading", plain(section["heading"]), tuple(facts), (*path, "heading"))


def drugs(snapshot: Snapshot) -> Iterator[Entry]:
    for drug in snapshot["parts"]["drugs"]:
        name = drug["name"]
        group = drug["class"] or {"name": "", "short_name": ""}
        values = [
            *_value("name", name, (name,)),
            *_value("pronunciation", drug["pronunciation"], (name,)),
            *_value("class", group["name"], (name,)),
            *_value("short name of the class", group["short_name"], (name,)),
        ]
        raw = {key: kept for key, kept in drug.items() if key != "products"}
        yield Entry(drug["uid"], name, "", tuple(values), raw)
        for product in drug["products"]:
            yield _product(product, drug)


def _product(product: dict[str, Any], drug: dict[str, Any]) -> Entry:
    place = (drug["name"], product["brand"])
    values = [
        *_value("brand", product["brand"], place),
        *_value("full name", product["full_name"], place),
        *_value("route", wording.route(product["route"]), place),
    ]
    for status in product["statuses"]:
        name = f"status for {status['condition']}"
        values += _value(name, wording.status(status["status"]), place)
        values += _value(f"{name} since", wording.day(status["since"]), place)
    return Entry(f"{drug['uid']}/{product['brand']}", product["brand"], drug["uid"], tuple(values), product)


def references(snapshot: Snapshot) -> Iterator[Entry]:
    for number, reference in enumerate(snapshot["parts"]["references"], start=1):
        name = f"reference {number}"
        values = [
            *_value("text", SLOT.join(reference["text"]), (name,)),
            *_value("type", wording.reference_type(reference["type"]), (name,)),
            *_value("web address as printed", reference["url"], (name,)),
            *_value("link target", reference["href"], (name,)),
        ]
        yield Entry(reference["uid"], name, "", tuple(values), reference)


def works(snapshot: Snapshot) -> dict[str, str]:
    # A citation marker's target is called by its number and title.
    cited = enumerate(snapshot["parts"]["references"], start=1)
    return {
        f"reference:{each['uid']}": f"reference {number}, {_short(''.join(each['text']))}"
        for number, each in cited
    }


def access_dates(snapshot: Snapshot) -> Iterator[Entry]:
    cited = {each["uid"]: each for each in snapshot["parts"]["references"]}
    for number, access in enumerate(snapshot["parts"]["access_dates"], start=1):
        known = cited.get(access["reference"])
        place = (f"reference {number}", *([_short("".join(known["text"]))] if known else []))
        values = [
            *_value("access date as printed", access["printed"], place),
            *_value("source opened on", wording.day(access["on"]), place),
            *_value("source was found", wording.found(access["found"]), place),
            *_value("imported from a file", "yes" if access["imported"] else "", place),
            *_value("supports this article", wording.supports(access["supports"]), place),
        ]
        yield Entry(access["reference"], f"reference {number}", "", tuple(values), access)


def _short(words: str) -> str:
    return words if len(words) <= 60 else f"{words[:60].rsplit(' ', 1)[0]} …"


def figures(snapshot: Snapshot) -> Iterator[Entry]:
    for number, figure in enumerate(snapshot["parts"]["figures"], start=1):
        name = f"picture {number}"
        picture = Fact(figure["digest"], "picture file" if figure["digest"] else "no picture file")
        values = [
            Block("file", (), (picture,), (name, "file")),
            *_value("what it shows", figure["alt"], (name,)),
            *_value("caption", figure["caption"], (name,)),
            *_value("credit", figure["credit"], (name,)),
        ]
        yield Entry("", name, "", tuple(values), figure)


def listing(snapshot: Snapshot) -> Iterator[Entry]:
    part = snapshot["parts"]["listing"]
    values = [
        *_value("type", wording.article_type(part["type"]), ()),
        *_value("condition", part["condition"], ()),
        *_value("contributing society", wording.society(part["co_branded_with"]), ()),
    ]
    yield Entry("listing", "the listing", "", tuple(values), part)


def public_note(snapshot: Snapshot) -> Iterator[Entry]:
    part = snapshot["parts"]["public_note"]
    lines = [Block("", plain(line), (), ("note to readers",)) for line in part["text"].split("\n") if line]
    yield Entry("public note", "the note to readers", "", tuple(lines), part)


def identity(snapshot: Snapshot) -> Iterator[Entry]:
    raw = {key: kept for key, kept in snapshot.items() if key != "parts"}
    values = _value("language", wording.language(raw["language"]), ("article",))
    yield Entry("identity", "the article", "", tuple(values), raw)


def _value(name: str, words: object, place: tuple[str, ...]) -> Iterator[Block]:
    # There is no block where there is nothing to show.
    if words not in (None, ""):
        yield Block(name, plain(str(words)), (), (*place, name))


def _drug_names(snapshot: Snapshot) -> dict[str, str]:
    return {drug["uid"]: drug["name"] for drug in snapshot["parts"]["drugs"]}


PARTS: dict[str, tuple[str, Callable[[Snapshot], Iterator[Entry]]]] = {
    "text": ("Text", text),
    "drugs": ("Drug facts", drugs),
    "references": ("References", references),
    "access_dates": ("Access dates", access_dates),
    "figures": ("Pictures", figures),
    "listing": ("Where the article is listed", listing),
    "public_note": ("Note to readers", public_note),
    "identity": ("Language", identity),
}
