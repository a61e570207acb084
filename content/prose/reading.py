"""What a reader finds in prose: its words, its links and its citation markers."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby

from content.prose.blocks import BREAK, Run, paragraphs
from content.prose.spelling import read
from content.prose.tags import MARKER

_OUR_LINK = re.compile(r'<a href="(article|unresolved):([^"]*)">(.*?)</a>', re.DOTALL)
_MARKER = rf'<a href="reference:([0-9a-f-]*)">{MARKER}</a>'
_MARKERS = re.compile(rf"(?:{_MARKER})+")


@dataclass(frozen=True)
class Link:
    href: str
    text: str


@dataclass(frozen=True)
class Marker:
    """A citation marker: which reference it cites, and the words it stands behind."""

    uid: str
    behind: str


def text(html: str) -> str:
    """Return the words alone: a line for each paragraph, list item, cell and line break."""
    return "\n".join(_words(line.runs) for line in paragraphs(read(html)) if line.runs)


def _words(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs if not run.cites)


def words(html: str) -> list[str]:
    return text(html).split()


def links(html: str) -> list[Link]:
    found = []
    for line in paragraphs(read(html)):
        for href, runs in groupby(line.runs, key=lambda run: "" if run.cites else run.href):
            if href:
                found.append(Link(href, " ".join("".join(run.text for run in runs).split(BREAK))))
    return found


def markers(html: str) -> list[Marker]:
    return [
        Marker(run.cites, _words(line.runs[:at]))
        for line in paragraphs(read(html))
        for at, run in enumerate(line.runs)
        if run.cites
    ]


def marked(html: str, sign: Callable[[list[str]], str]) -> str:
    """Return canonical prose with its markers as they are printed.

    `sign` gets the uids of those that stand side by side.
    """
    return _MARKERS.sub(lambda found: sign(re.findall(_MARKER, found[0])), html)


def linked(html: str, address: Callable[[str], str | None]) -> str:
    """Return canonical prose for the public: links to articles lead to `address(uid)`, or are bare words where it is
    None.

    Every other byte stays as it is, for what was signed is never canonicalised again.
    """

    def replaced(link: re.Match[str]) -> str:
        kind, target, inner = link.groups()
        found = address(target) if kind == "article" else None
        return f'<a href="{escape(found)}">{inner}</a>' if found else inner

    return _OUR_LINK.sub(replaced, html)
