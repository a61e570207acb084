"""Blocks as HTML. A paragraph that is alone in its list item or cell needs no tags of its own."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from content.prose.blocks import BREAK, Block, Paragraph, Run
from content.prose.tags import MARKS


def written(blocks: Iterable[Block]) -> str:
    return "".join(_html(block) for block in blocks)


def _html(block: Block, bare: bool = False) -> str:
    if isinstance(block, Paragraph):
        return _inline(block.runs) if bare and block.runs else f"<p>{_inline(block.runs)}</p>"
    attributes = "".join(f' {name}="{value}"' for name, value in block.attributes.items())
    alone = block.tag != "blockquote" and sum(isinstance(child, Paragraph) for child in block.children) == 1
    inside = "".join(_html(child, bare=alone) for child in block.children)
    return f"<{block.tag}{attributes}>{inside}</{block.tag}>"


def _inline(runs: list[Run]) -> str:
    used = {tag for run in runs for tag, _ in run.marks}
    return _nested(runs, [tag for tag in MARKS if tag in used])


def _nested(runs: Iterable[Run], tags: list[str]) -> str:
    if not tags:
        return "".join(escape(run.text, quote=False).replace(BREAK, "<br>") for run in runs)
    tag, *inner = tags
    return "".join(
        _marked(tag, target, _nested(group, inner))
        for target, group in groupby(runs, key=lambda run: dict(run.marks).get(tag))
    )


def _marked(tag: str, target: str | None, inner: str) -> str:
    if target is None:
        return inner
    href = f' href="{escape(target)}"' if target else ""
    return f"<{tag}{href}>{inner}</{tag}>"
