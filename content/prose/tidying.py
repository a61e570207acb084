"""Blocks put in order: the empty ones gone, and each in the one form it has."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from content.prose.blocks import BREAK, Block, Box, Paragraph, Run
from content.prose.tables import shaped
from content.prose.tags import MARKER

SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
BLANK = SPACES + BREAK
_AROUND_BREAK = re.compile(rf"[{SPACES}]*\n *")


def tidy(children: Iterable[Block]) -> list[Block]:
    return [block for child in children for block in _tidied(child)]


def _tidied(block: Block) -> Iterator[Block]:
    if isinstance(block, Paragraph):
        if runs := _settled(block.runs):
            yield Paragraph(runs)
        return
    box = Box(block.tag, block.attributes, tidy(block.children))
    if box.tag == "table":
        yield from shaped(box)
    elif box.tag in {"ul", "ol"}:
        yield from _list(box)
    elif box.children or box.tag != "blockquote":
        yield box


def _list(box: Box) -> Iterator[Box]:
    # What stands between the items belongs to the item before it, as it looks on a page.
    items: list[Box] = []
    for child in box.children:
        if isinstance(child, Box) and child.tag == "li":
            items.append(child)
        else:
            items = items or [Box("li")]
            items[-1].children.append(child)
    for item in items:
        # The editor's items begin with a paragraph. It would tear an item apart that begins with another list.
        if item.children and not isinstance(item.children[0], Paragraph):
            item.children.insert(0, Paragraph())
    if items:
        yield Box(box.tag, box.attributes, [*items])


def _settled(runs: Iterable[Run]) -> list[Run]:
    """Return the runs of a line without blanks at its edges, and with marks round words only.

    A blank between equal marks is inside them; any other is outside, for a bold space looks like a plain one.
    """
    stretches = [(blank, list(run)) for blank, run in groupby(_pieces(runs), key=_is_blank)]
    settled: list[Run] = []
    for index, (blank, stretch) in enumerate(stretches):
        if not blank:
            settled += stretch
            continue
        gap = re.sub(" +", " ", _AROUND_BREAK.sub(BREAK, "".join(run.text for run in stretch)))
        if index == 0:
            settled.append(Run(gap.lstrip(" " + BREAK), frozenset()))
        elif index < len(stretches) - 1:
            # A link takes in a blank only where it did before; two links to one page stay two.
            around = settled[-1].marks & stretches[index + 1][1][0].marks
            within = frozenset.intersection(*(run.marks for run in stretch))
            settled.append(Run(gap, frozenset(mark for mark in around if mark[0] != "a" or mark in within)))
    return _merged(settled if len(stretches) > 1 or not blank else [])


def _pieces(runs: Iterable[Run]) -> Iterator[Run]:
    """Cut each run into the blank before its words, its words, and the blank after them."""
    for text, marks in runs:
        start = len(text) - len(text.lstrip(BLANK))
        end = len(text.rstrip(BLANK))
        parts = (text[:start], text[start:end], text[end:]) if start < end else (text,)
        yield from (Run(part, marks) for part in parts if part)


def _is_blank(run: Run) -> bool:
    return not run.text.strip(BLANK)


def _merged(runs: Iterable[Run]) -> list[Run]:
    groups = groupby((run for run in runs if run.text), key=lambda run: run.marks)
    return [_one(Run("".join(run.text for run in group), marks)) for marks, group in groups]


def _one(run: Run) -> Run:
    return run._replace(text=MARKER if run.cites else unicodedata.normalize("NFC", run.text))
