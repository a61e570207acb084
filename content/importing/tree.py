"""The tree of a page, as lxml reads it."""

from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from content import prose
from content.decoding import Note
from content.importing.faults import Unplaceable

PARSER = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)


def parsed(html: str) -> HtmlElement:
    """Parse the HTML. Raises Unplaceable."""
    try:
        # As bytes: lxml refuses text that declares its encoding.
        return document_fromstring(html.encode(), parser=PARSER)
    except etree.ParserError as error:
        raise Unplaceable(
            [Note(0, "The markup is broken: all words are inside a tag or a comment.")]
        ) from error


def html_of(element: HtmlElement) -> str:
    return etree.tostring(element, encoding="unicode", method="html", with_tail=False)


def words_of(element: HtmlElement) -> str:
    return " ".join(prose.words(html_of(element)))


def line_of(element: HtmlElement) -> int:
    return element.sourceline or 0


def has(element: HtmlElement, tags: Iterable[str]) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def alt_of(image: HtmlElement) -> str:
    return " ".join((image.get("alt") or "").split())
