"""Pictures and the words that belong to them. Their files are another matter (picture_files)."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from content import prose
from content.decoding import Note
from content.importing.pieces import Block, LeftOut, Picture
from content.importing.tree import alt_of, html_of, line_of

CREDIT = re.compile(r"(?:(?:image|photo|illustration)\s+)?(?:credit|source)s?\s*:|©", re.IGNORECASE)


def inside(element: HtmlElement) -> Iterator[Block]:
    for image in element.iter("img"):
        if image.get("alt") == "":
            yield Note(
                line_of(image), f"The picture {image.get('src')} is marked as decoration and not imported."
            )
        else:
            yield Picture(line_of(image), alt_of(image), src=image.get("src") or "")


def figure(element: HtmlElement) -> Iterator[Block]:
    # Caption and credit go with the first of several pictures.
    under = [
        text
        for caption in element.iter("figcaption")
        for text in prose.text(html_of(caption)).split("\n")
        if text
    ]
    caption, credit = caption_and_credit(under)
    for image in element.iter("img"):
        yield Picture(line_of(image), alt_of(image), caption, credit, image.get("src") or "")
        caption = credit = ""
    for below in list(element.iter("figcaption")):
        below.drop_tree()
    for text in prose.text(html_of(element)).split("\n"):
        if text:
            yield LeftOut(line_of(element), text, "stands in a picture's <figure>, outside its caption")


def caption_and_credit(under: list[str]) -> tuple[str, str]:
    text = " ".join(" ".join(under).split())
    found = CREDIT.search(text)
    return (text[: found.start()].strip(), text[found.start() :]) if found else (text, "")
