"""What prose is made of while it is worked on: runs of words in paragraphs, and boxes round these."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

BREAK = "\n"
REFERENCE = "reference:"


class Run(NamedTuple):
    """Words that look alike. `marks` are pairs of a tag and its target, which is empty but for links."""

    text: str
    marks: frozenset[tuple[str, str]]

    @property
    def href(self) -> str:
        return dict(self.marks).get("a", "")

    @property
    def cites(self) -> str:
        """The uid of the reference, if this is a citation marker."""
        return self.href.removeprefix(REFERENCE) if self.href.startswith(REFERENCE) else ""


@dataclass
class Paragraph:
    runs: list[Run] = field(default_factory=list)


@dataclass
class Box:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Paragraph | Box"] = field(default_factory=list)


Block = Paragraph | Box


def boxes(box: Box) -> Iterator[Box]:
    return (child for child in box.children if isinstance(child, Box))


def paragraphs(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from paragraphs(block.children)
