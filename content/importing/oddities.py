"""What a page shows in a way that is lost on its way here, or looks as if it had been lost before."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from content.decoding import Note
from content.importing.tree import has, line_of, words_of

LISTS = {"ul", "ol"}
ITEM_IN_A_LINE = re.compile(r"(?:^|\s)[-•–] \S.* [-•–] \S")


def oddities(body: HtmlElement) -> Iterator[Note]:
    yield from flattened_lists(body)
    yield from lists_in_a_line(body)
    yield from struck_out(body)
    yield from tooltips(body)


def flattened_lists(body: HtmlElement) -> Iterator[Note]:
    # A list inside a list item that lost its indent: its items now stand beside the one they belong to.
    for item in body.iter("li"):
        words = words_of(item)
        if words.endswith(":") and not has(item, LISTS) and is_followed(item):
            said = f"The list item “{words}” announces a list and has none. If the items after it belong to it, indent them."
            yield Note(line_of(item), said)


def is_followed(item: HtmlElement) -> bool:
    if item.getnext() is not None:
        return True
    parent = item.getparent()
    after = parent.getnext() if parent is not None else None
    return after is not None and after.tag in LISTS


def lists_in_a_line(body: HtmlElement) -> Iterator[Note]:
    for cell in body.iter("td", "th"):
        words = words_of(cell)
        if not has(cell, LISTS) and ITEM_IN_A_LINE.search(words):
            said = f"The cell “{words[:60]}…” seems to hold a list that lost its lines. Make it a list again."
            yield Note(line_of(cell), said)


def struck_out(body: HtmlElement) -> Iterator[Note]:
    for element in body.iter("s", "strike", "del"):
        if words := words_of(element):
            said = f"“{words}” is struck out in the file, and plain text here. Delete it if it is not meant."
            yield Note(line_of(element), said)


def tooltips(body: HtmlElement) -> Iterator[Note]:
    # Crawlers put a link's address there; whoever typed words there meant them to be read.
    for element in body.iter("a", "abbr", "img", "span"):
        title = " ".join((element.get("title") or "").split())
        shown = {element.get("href"), element.get("src"), element.get("alt"), words_of(element)}
        if title and title not in shown:
            yield Note(line_of(element), f"The tooltip “{title}” on “{words_of(element)}” is not imported.")
