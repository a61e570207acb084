"""Word documents (.docx), made into HTML by mammoth. The numbers in reports count paragraphs, those in tables too."""

import io
from collections.abc import Iterable, Iterator
from zipfile import BadZipFile

import mammoth
from lxml import etree

from content.decoding import Note, Unreadable
from content.importing import reading, source
from content.importing.formats import package, word_completeness, word_numbers, word_remarks
from content.importing.formats.document import Document
from content.importing.formats.package import Parts, named, value
from content.importing.formats.word_layout import LINE_END, Layout

LARGEST = package.LARGEST
# What mammoth raises on a document whose parts contradict each other.
BROKEN = (
    ArithmeticError,
    AttributeError,
    BadZipFile,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
LISTS = """
p[style-name='List Bullet 2'] => ul|ol > li > ul > li:fresh
p[style-name='List Bullet 3'] => ul|ol > li > ul|ol > li > ul > li:fresh
p[style-name='List Number 2'] => ul|ol > li > ol > li:fresh
p[style-name='List Number 3'] => ul|ol > li > ul|ol > li > ol > li:fresh
p[style-name='Quote'] => blockquote > p:fresh
br[type='page'] => br
br[type='column'] => br
"""
UNKNOWN_STYLE = "Unrecognised paragraph style: "
PLAIN_STYLES = {
    "body text",
    "body text 2",
    "body text 3",
    "caption",
    "compact",
    "first paragraph",
    "image caption",
    "captioned figure",
    "list paragraph",
    "no spacing",
    "normal (web)",
    "plain text",
    "subtitle",
    "table",
    "text body",
    "table contents",
    "table heading",
}


def read(data: bytes) -> Document:
    """Read the file. Raises Unreadable, or WordsLost where mammoth would drop words."""
    parts = package.parts(data)
    main = main_part(parts)
    if faults := [*word_remarks.tracked_changes(parts, main)]:
        raise Unreadable(faults)
    layout = Layout()
    html, messages = converted(data, layout, style_map(styles_used(parts, main)))
    if faults := [*symbols(messages), *broken(html), *without_words(html)]:
        raise Unreadable(faults)
    word_completeness.check(
        list(word_completeness.words(parts, main)), html, [left.text for left in layout.left_out]
    )
    unsure = [
        *unknown_styles(messages),
        *moved_notes(layout),
        *word_remarks.hidden(parts, main),
        *word_numbers.changed(parts, main),
        *word_remarks.drawings(parts),
    ]
    return Document(html, [*layout.left_out, *word_remarks.left_out(parts, main)], unsure)


def main_part(parts: Parts) -> str:
    for name, root in parts.items():
        if etree.QName(root).localname == "document" and root.find("{*}body") is not None:
            return name
    raise Unreadable([Note(0, "The file is damaged: it contains no text of a Word document.")])


def converted(data: bytes, layout: Layout, styles: str) -> tuple[str, list[str]]:
    # Each paragraph on a line of its own. The style map a document may bring with it could drop words.
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=styles,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(lambda image: {}),
            transform_document=layout.laid_out,
        )
    except BROKEN as error:
        words = (
            "The file is damaged, or built in a way that cannot be read. Open it in Word and save it anew."
        )
        raise Unreadable([Note(0, words)]) from error
    return result.value.replace(LINE_END, "\n"), [message.message for message in result.messages]


def styles_used(parts: Parts, main: str) -> set[str]:
    # Only the styles of paragraphs that hold words count.
    names: dict[str, str] = {}
    for root in parts.values():
        if etree.QName(root).localname == "styles":
            names |= {
                value(style, "styleId"): value(next(named(style, "name"), style))
                for style in named(root, "style")
            }
    marks = [
        (mark, paragraph)
        for paragraph in named(parts[main], "p")
        for mark in paragraph.iterfind("{*}pPr/{*}pStyle")
    ]
    return {
        names.get(value(mark), value(mark)).lower()
        for mark, paragraph in marks
        if word_remarks.text_of(paragraph)
    }


def style_map(used: set[str]) -> str:
    # Where the title has the style Title, the headings of level 1 are those below it.
    deeper = 1 if {"title", "heading 1"} <= used else 0
    headings = [
        f"p{matcher} => h{min(level + deeper, 6)}:fresh"
        for level in range(1, 10)
        for matcher in (f"[style-name='Heading {level}']", f".Heading{level}")
    ]
    return "\n".join(["p[style-name='Title'] => h1:fresh", *headings, LISTS])


def symbols(messages: Iterable[str]) -> Iterator[Note]:
    for message in messages:
        if message.startswith("A w:sym element"):
            what = message.partition(": ")[2]
            yield Note(0, f"A symbol of a special font cannot be read ({what}). Type the character itself.")


def broken(html: str) -> Iterator[Note]:
    yield from reading.broken_words(html)
    for line, word in source.words(html):
        if "\ufffd" in word:
            yield Note(line, f"In “{word}” a letter was lost (U+FFFD). Type the word again.")


def without_words(html: str) -> list[Note]:
    return [] if source.words(html) else [Note(0, "The document contains no words.")]


def unknown_styles(messages: Iterable[str]) -> Iterator[Note]:
    found = dict.fromkeys(
        text.removeprefix(UNKNOWN_STYLE) for text in messages if text.startswith(UNKNOWN_STYLE)
    )
    for style in found:
        name = style.partition(" (Style ID: ")[0]
        if name.lower() not in PLAIN_STYLES:
            words = f"Paragraphs in Word's style “{name}” are plain text here. Headings need Word's heading styles."
            yield Note(0, words)


def moved_notes(layout: Layout) -> Iterator[Note]:
    if layout.notes:
        words = f"Its footnotes (there are {len(layout.notes)}) now stand at the end of their sections. Check them."
        yield Note(0, words)
