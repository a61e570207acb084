"""What a Word document holds beside its text: changes nobody accepted, comments, headers, hidden words."""

from collections.abc import Iterator

from lxml import etree

from content.decoding import Note
from content.importing.formats.package import Parts, named, value
from content.importing.pieces import LeftOut

CHANGES = {"ins": "insertions", "del": "deletions", "moveFrom": "moves"}
OFF = {"0", "false", "off"}


def tracked_changes(parts: Parts, main: str) -> Iterator[Note]:
    # Nobody but their editor can say which of two texts is meant.
    numbers = paragraph_numbers(parts[main])
    changes = [element for part in texts(parts, main) for element in named(parts[part], *CHANGES)]
    if not changes:
        return
    kinds = [etree.QName(change).localname for change in changes]
    counted = ", ".join(f"{word}: {kinds.count(kind)}" for kind, word in CHANGES.items() if kind in kinds)
    people = ", ".join(sorted({value(change, "author") for change in changes} - {""})) or "somebody"
    words = (
        f"The document contains changes of {people} that are tracked and not decided ({counted}). In Word, accept or "
        "reject them (Review > Accept > Accept All Changes), save it, and import what you saved."
    )
    yield Note(number_of(changes[0], numbers), words)


def texts(parts: Parts, main: str) -> list[str]:
    return [main, *(name for name in parts if name.endswith(("footnotes.xml", "endnotes.xml")))]


def left_out(parts: Parts, main: str) -> Iterator[LeftOut]:
    yield from comments(parts, main)
    for name in sorted(parts):
        root = parts[name]
        what = etree.QName(root).localname
        if what in {"hdr", "ftr"}:
            where = "header" if what == "hdr" else "footer"
            for text in dict.fromkeys(text_of(paragraph) for paragraph in named(root, "p")):
                if any(char.isalpha() for char in text):
                    yield LeftOut(0, text, f"stands in the {where} of Word's pages")


def comments(parts: Parts, main: str) -> Iterator[LeftOut]:
    numbers = paragraph_numbers(parts[main])
    places = {value(mark, "id"): number_of(mark, numbers) for mark in named(parts[main], "commentReference")}
    for root in parts.values():
        if etree.QName(root).localname == "comments":
            for comment in named(root, "comment"):
                place = places.get(value(comment, "id"), 0)
                yield LeftOut(
                    place, text_of(comment), f"a comment of {value(comment, 'author') or 'somebody'}"
                )


def hidden(parts: Parts, main: str) -> Iterator[Note]:
    numbers = paragraph_numbers(parts[main])
    for run in named(parts[main], "r"):
        marks = [mark for mark in named(run, "vanish") if value(mark) not in OFF]
        if marks and text_of(run):
            words = f"“{text_of(run)}” is hidden in Word and stands in the article now. Delete it if it is not meant."
            yield Note(number_of(run, numbers), words)


def drawings(parts: Parts) -> Iterator[Note]:
    for kind, words in (("word/charts/", "a chart"), ("word/diagrams/", "a drawing (SmartArt)")):
        if any(name.startswith(kind) for name in parts):
            yield Note(
                0,
                f"The document contains {words}, which is not imported. Save it as a picture and upload that.",
            )


def text_of(element: etree._Element) -> str:
    pieces = [
        " " if etree.QName(inner).localname in {"p", "tab", "br"} else inner.text or ""
        for inner in named(element, "p", "tab", "br", "t")
    ]
    return " ".join("".join(pieces).split())


def paragraph_numbers(root: etree._Element) -> dict[etree._Element, int]:
    return {paragraph: number for number, paragraph in enumerate(named(root, "p"), start=1)}


def number_of(element: etree._Element, numbers: dict[etree._Element, int]) -> int:
    return next((numbers[above] for above in element.iterancestors() if above in numbers), 0)
