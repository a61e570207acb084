"""What a reader, or a program that checks a page, finds in its HTML."""

from lxml import html

WITHIN_A_LINE = {"a", "em", "span", "strong", "sub", "sup", "time"}


def document(response):
    return html.fromstring(response.content.decode())


def words(element):
    """Its words as they are seen or, of a picture, told: the end of a paragraph, cell or line ends a word too."""
    return "".join(pieces(element)).split()


def pieces(element):
    gap = "" if element.tag in WITHIN_A_LINE else " "
    yield gap + (element.text or element.get("alt", ""))
    for child in element:
        yield from pieces(child) if isinstance(child.tag, str) else ()
        yield child.tail or ""
    yield gap


def signed_words(article):
    """The words of an article less those that it says nobody signed."""
    copy = html.fromstring(html.tostring(article, encoding="unicode"))
    for element in copy.xpath("//*[@data-generated]"):
        element.drop_tree()
    return words(copy)


def lines(root, path):
    return [" ".join(words(element)) for element in root.xpath(path)]
