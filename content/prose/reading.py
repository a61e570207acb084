"""What a reader finds in prose: its words and its links."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import groupby

from content.prose.blocks import BREAK, paragraphs
from content.prose.spelling import read

_OUR_LINK = re.compile(r'<a href="(article|unresolved):([^"]*)">(.*?)</a>', re.DOTALL)


@dataclass(frozen=True)
class Link:
    href: str
    text: str


def text(html: str) -> str:
    """The words alone: a line for each paragraph, list item, cell and line break."""
    return "\n".join("".join(run.text for run in line.runs) for line in paragraphs(read(html)) if line.runs)


def words(html: str) -> list[str]:
    return text(html).split()


def links(html: str) -> list[Link]:
    found = []
    for line in paragraphs(read(html)):
        for href, runs in groupby(line.runs, key=lambda run: dict(run.marks).get("a")):
            if href:
                found.append(Link(href, " ".join("".join(run.text for run in runs).split(BREAK))))
    return found


def linked(html: str, address: Callable[[str], str | None]) -> str:
    """Canonical prose for the public: links to articles lead to `address(uid)`, or are bare words where it is None.

    Every other byte stays as it is, for what was signed is never canonicalised again.
    """

    def replaced(link: re.Match[str]) -> str:
        kind, target, inner = link.groups()
        found = address(target) if kind == "article" else None
        return f'<a href="{escape(found)}">{inner}</a>' if found else inner

    return _OUR_LINK.sub(replaced, html)
