"""A second reader of Markdown: what pandoc finds in a file, and the same file in other formats.

Shares nothing with the importer, so that a mistake there cannot hide itself here.
"""

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from tests.conftest import without

COMMONMARK = "commonmark+pipe_tables"
# The smallest picture there is: one transparent dot.
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6300010000000500010d0a2db40000"
    "000049454e44ae426082"
)
BLOCKS = {
    "Para",
    "Plain",
    "Header",
    "BlockQuote",
    "BulletList",
    "OrderedList",
    "Table",
    "Div",
    "HorizontalRule",
}


def tree(markdown):
    return json.loads(run(["-f", COMMONMARK, "-t", "json"], markdown.encode()))


def run(arguments, data):
    if not shutil.which("pandoc"):
        without("Needs pandoc, a second reader of Markdown: apt install pandoc.")
    return subprocess.run(
        ["pandoc", *arguments], input=data, capture_output=True, check=True, timeout=120
    ).stdout


def converted(markdown, ending, folder):
    """The file in another format, with a picture that is there in place of each that is not."""
    dot = folder / "dot.png"
    dot.write_bytes(DOT)
    found = tree(markdown)
    for image in nodes(found["blocks"], "Image"):
        image["c"][2][0] = str(dot)
    path = folder / f"page{ending}"
    run(["-f", "json", "-t", ending[1:], "-o", str(path)], json.dumps(found).encode())
    return Path(path)


def nodes(node, *kinds):
    if isinstance(node, dict):
        if node.get("t") in kinds:
            yield node
        yield from nodes(list(node.values()), *kinds)
    elif isinstance(node, list):
        for child in node:
            yield from nodes(child, *kinds)


class Facts:
    """What a file holds: its words in order, the words of its pictures, and how many things of each kind."""

    def __init__(self, markdown):
        blocks = tree(markdown)["blocks"]
        self.text, self.alts = [], []
        self.read(blocks)
        self.words = "".join(self.text).split()
        lists = [node["c"] for node in nodes(blocks, "BulletList")]
        lists += [node["c"][1] for node in nodes(blocks, "OrderedList")]
        self.counts = Counter(
            headings=sum(bool(heading["c"][2]) for heading in nodes(blocks, "Header")),
            items=sum(map(len, lists)),
            tables=len(list(nodes(blocks, "Table"))),
            links=len(list(nodes(blocks, "Link"))),
        )

    def read(self, node):
        if isinstance(node, list):
            for child in node:
                self.read(child)
        elif isinstance(node, dict):
            self.read_node(node.get("t"), node.get("c"))

    def read_node(self, kind, content):
        self.text.append(
            "\n" if kind in BLOCKS or kind in {"Space", "SoftBreak", "LineBreak", "Image"} else ""
        )
        if kind == "Str":
            self.text.append(content)
        elif kind == "Quoted":
            raise AssertionError("CommonMark has no smart quotes")
        elif kind == "Image":
            self.alts += " ".join(strings(content[1])).split()
        elif kind == "Table":
            self.read_cells(content)
        elif kind in {"Code", "CodeBlock"}:
            self.text.append(content[1])
        elif kind not in {"RawInline", "RawBlock"}:
            self.read(content)

    def read_cells(self, content):
        for cell in cells(content):
            self.text.append("\n")
            self.read(cell)
        self.text.append("\n")


def cells(table):
    """The blocks of each cell: table = attributes, caption, columns, head, bodies, foot."""
    _, _, _, head, bodies, foot = table
    rows = [*head[1], *(row for body in bodies for row in [*body[2], *body[3]]), *foot[1]]
    for _, row in rows:
        for cell in row:
            yield cell[4]


def strings(inlines):
    text = ""
    for node in nodes(inlines, "Str", "Space", "SoftBreak"):
        text += node.get("c", " ") if node["t"] == "Str" else " "
    yield text
