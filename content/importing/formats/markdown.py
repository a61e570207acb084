"""Markdown as CommonMark with tables. Raw HTML in it is cleaned like that of any other file."""

import re
from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from content import decoding
from content.decoding import Note, Unreadable
from content.importing import reading
from content.importing.formats import markdown_completeness
from content.importing.formats.document import Document
from content.importing.pieces import LeftOut

# What is nested deeper than this many boxes would be dropped, so the check of words refuses it.
PARSER = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
FRONT_MATTER = re.compile(
    r"(---|\+\+\+)[ \t]*\n(?=\S+[ \t]*[:=])(.*?\n)(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)
# CommonMark knows no footnotes, and would take a note of one word for the target of a link.
FOOTNOTE = re.compile(r"^( {0,3})(\[\^[^\]\s]+\]:)", re.MULTILINE)
PAGE = re.compile(r"<(?:!doctype|html|\?xml)\b", re.IGNORECASE)
COMMENT = re.compile(r"<!--\s*(.*?)\s*-->", re.DOTALL)
KEPT = {"html_block", "fence", "code_block"}

Env = MutableMapping[str, Any]


def read(data: bytes) -> Document:
    """Read the file. Raises Unreadable, or WordsLost where Markdown's own rules would drop words."""
    text, faults = decoding.decoded(data, "Markdown", largest=reading.LARGEST)
    faults += unlike_markdown(text)
    if faults:
        raise Unreadable(faults)
    text, left_out = without_front_matter(text)
    footnotes = [Note(text.count("\n", 0, found.start()) + 1, found[2]) for found in FOOTNOTE.finditer(text)]
    env: dict[str, Any] = {}
    tokens = PARSER.parse(FOOTNOTE.sub(r"\1\\\2", text), env)
    html = html_of(tokens, env)
    if faults := list(reading.broken_words(html)):
        raise Unreadable(faults)
    markdown_completeness.check(text, html, env)
    unsure = [*of_footnotes(footnotes), *markdown_completeness.unused(env, html), *oddities(tokens)]
    return Document(html, left_out, unsure)


def unlike_markdown(text: str) -> list[Note]:
    if not text.strip():
        return [Note(0, "The file is empty.")]
    if reading.is_json(text):
        return [Note(0, "This is JSON, not Markdown.")]
    if PAGE.match(text.lstrip()):
        return [Note(0, "This is an HTML or XML page, not Markdown. Name it .html, or say --format html.")]
    return []


def without_front_matter(text: str) -> tuple[str, list[LeftOut]]:
    # The front matter is made blank, so that every line keeps its number.
    found = FRONT_MATTER.match(text)
    if not found:
        return text, []
    why = "front matter, which is for programs and not for readers"
    lines = enumerate(found[2].splitlines(), start=2)
    left_out = [LeftOut(number, line.strip(), why) for number, line in lines if line.strip()]
    return "\n" * found[0].count("\n") + text[found.end() :], left_out


def html_of(tokens: Sequence[Token], env: Env) -> str:
    # Each block stands on its line of the file.
    html, line = [], 0
    for index, token in enumerate(tokens):
        begins = token.map[0] if token.map and token.nesting >= 0 else line
        html += ["\n" * (begins - line), piece(tokens, index, env)]
        line = max(begins, line) + html[-1].count("\n")
    return "".join(html)


def piece(tokens: Sequence[Token], index: int, env: Env) -> str:
    token = tokens[index]
    if token.type == "inline":
        return RENDERER.renderInline(token.children or [], PARSER.options, env)
    rule = RENDERER.rules.get(token.type, RENDERER.renderToken)
    html = rule(tokens, index, PARSER.options, env)
    return html if token.type in KEPT else html.strip("\n")


class Renderer(RendererHTML):
    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        # In HTML alt="" marks decoration; in Markdown no words only mean that nobody wrote any.
        token = tokens[idx]
        token.attrs["alt"] = self.renderInlineAsText(token.children, options, env)
        if not token.attrs["alt"]:
            del token.attrs["alt"]
        return self.renderToken(tokens, idx, options, env)


RENDERER = Renderer()


def of_footnotes(footnotes: list[Note]) -> Iterator[Note]:
    for line, mark in footnotes:
        words = f"A footnote begins here: “{mark}”. Its words stay where they are; write its mark as the article should show it."
        yield Note(line, words)


def oddities(tokens: Sequence[Token]) -> Iterator[Note]:
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        if token.type in {"code_block", "fence"} and token.content.strip():
            words = (
                f"“{shown(token.content)}” is program code to Markdown (it is indented or fenced). "
                "Articles have none: it is plain text now, check its lines."
            )
            yield Note(line, words)
        for inner in [token, *(token.children or [])]:
            for comment in COMMENT.findall(inner.content) if inner.type.startswith("html_") else []:
                yield Note(line, f"The comment “{shown(comment)}” is not imported: no reader would see it.")
        for child in token.children or []:
            for sign in ("](", "**"):
                if child.type == "text" and sign in child.content:
                    words = f"“{shown(child.content)}” holds “{sign}”: broken Markdown, which stands there as text. Correct it."
                    yield Note(line, words)


def shown(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:60]}…"
