"""The numbers Word gives to the items of lists. They are no words of the file, and the lists here count for themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from content.decoding import Note
from content.importing.formats.package import Parts, named, value

Key = tuple[str, str]  # number of the list, level in it
LETTERS = {"lowerLetter", "upperLetter", "lowerRoman", "upperRoman"}


@dataclass
class Levels:
    """How each level of each list is numbered, and where it starts."""

    forms: dict[Key, str] = field(default_factory=dict)
    starts: dict[Key, int] = field(default_factory=dict)

    def read(self, root: etree._Element) -> None:
        kinds = {value(kind, "abstractNumId"): kind for kind in named(root, "abstractNum")}
        for number in named(root, "num"):
            kind = next((kinds.get(value(link)) for link in named(number, "abstractNumId")), None)
            for level in [] if kind is None else named(kind, "lvl"):
                self.set_level((value(number, "numId"), value(level, "ilvl")), level)
            for override in named(number, "lvlOverride"):
                for start in named(override, "startOverride"):
                    self.starts[value(number, "numId"), value(override, "ilvl")] = whole(value(start))

    def set_level(self, key: Key, level: etree._Element) -> None:
        self.forms[key] = next((value(form) for form in named(level, "numFmt")), "decimal")
        self.starts[key] = next((whole(value(start)) for start in named(level, "start")), 1)


def whole(text: str) -> int:
    return int(text) if text.isdecimal() else 1


def changed(parts: Parts, main: str) -> Iterator[Note]:
    """Report items whose number here is another than in Word, where a list begins: whoever refers to “step 4” means
    Word's.
    """
    levels = Levels()
    for root in parts.values():
        if etree.QName(root).localname == "numbering":
            levels.read(root)
    counts: dict[Key, int] = {}
    holder, begun = None, set[Key]()
    for number, paragraph in enumerate(named(parts[main], "p"), start=1):
        key = key_of(paragraph)
        if key is None or paragraph.getparent() is not holder:  # whatever stands between ends a list
            holder, begun = paragraph.getparent(), set()
        if key is None or levels.forms.get(key) in {None, "bullet", "none"}:
            continue
        counts = {other: count for other, count in counts.items() if not is_below(other, key)}
        counts[key] = counts.get(key, levels.starts[key] - 1) + 1
        if key not in begun:
            yield from remarks(number, levels.forms[key], counts[key])
        begun.add(key)


def is_below(one: Key, other: Key) -> bool:
    return one[0] == other[0] and one[1] > other[1]


def key_of(paragraph: etree._Element) -> Key | None:
    for about in paragraph.iterfind("{*}pPr/{*}numPr"):
        found = [value(mark) for name in ("numId", "ilvl") for mark in about.iterfind(f"{{*}}{name}")]
        return (found[0], found[1] if len(found) > 1 else "0") if found else None
    return None


def remarks(number: int, form: str, count: int) -> Iterator[Note]:
    if count != 1:
        words = f"In Word the list that begins here begins with number {count}; here with 1. Check what refers to its numbers."
        yield Note(number, words)
    if form in LETTERS:
        words = (
            "Word numbers the list that begins here with letters or Roman numbers; here it has 1, 2, 3. "
            "Check what refers to its items."
        )
        yield Note(number, words)
