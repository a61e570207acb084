"""What stands round the article on its page."""

from collections.abc import Iterator

from lxml.html import HtmlElement

from content import prose
from content.importing.pieces import LeftOut
from content.importing.tree import alt_of, has, html_of, line_of

FRAME = ("nav", "header", "footer")


def cut(body: HtmlElement) -> Iterator[LeftOut]:
    """Take the page's navigation, head and foot out of the tree."""
    title = next(body.iter("h1"), None)
    for element in list(body.iter(*FRAME)):
        if any(above.tag in FRAME for above in element.iterancestors()) or is_of_article(element, title):
            continue
        for text in [
            *prose.text(html_of(element)).split("\n"),
            *(alt_of(image) for image in element.iter("img")),
        ]:
            if text:
                yield LeftOut(line_of(element), text, f"stands in the page's <{element.tag}>")
        element.tail = f" {element.tail or ''}"
        element.drop_tree()


def is_of_article(element: HtmlElement, title: HtmlElement | None) -> bool:
    # A <header> or <footer> may also be that of the article: it holds the title, or a heading inside the article.
    if element.tag == "nav":
        return False
    inside = any(above.tag in {"main", "article", "section"} for above in element.iterancestors())
    return title in element.iterdescendants("h1") or (inside and has(element, prose.HEADINGS))
