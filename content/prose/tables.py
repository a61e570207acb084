"""Tables as the text editor keeps them: a grid without holes, and nothing but rows in it.

The editor knows no caption, head, foot or scope, and where rows differ in length it adds cells as soon as somebody
types, before the words or after them, so that a dose can end up under another drug. A table that is made whole here,
the way a browser shows it, leaves it nothing to do.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from content.prose.blocks import Block, Box, boxes

# A larger table loses its boxes and keeps its words: nobody can read it, and a few bytes could ask for millions of cells.
MOST_COLUMNS = 100
MOST_CELLS = 10_000


@dataclass
class Cell:
    tag: str
    children: list[Block]
    width: int = 1
    height: int = 1
    column: int = 0


Rows = list[list[Cell]]


def shaped(table: Box) -> Iterator[Block]:
    """Give the caption as paragraphs, then the table: head, body, and the foot at the body's end.

    HTML's parser has moved whatever else stood in the table in front of it.
    """
    parts: dict[str, Rows] = {"thead": [], "tbody": [], "tfoot": []}
    for part in boxes(table):
        if part.tag == "caption":
            yield from part.children
        else:
            parts[part.tag] += _rows(part)
    rows = parts["thead"] + parts["tbody"] + parts["tfoot"]
    if rows and _place(rows):
        yield _written(rows)
    else:
        yield from (child for row in rows for cell in row for child in cell.children)


def _rows(part: Box) -> Rows:
    # No cell reaches out of its part, nor is it counted higher for rows without cells.
    rows = [list(boxes(row)) for row in boxes(part)]
    filled = [at for at, row in enumerate(rows) if row]
    return [
        [
            Cell(
                tag="th" if part.tag == "thead" and cell.children else cell.tag,
                children=cell.children,
                width=_span(cell, "colspan"),
                height=bisect_left(filled, at + _span(cell, "rowspan")) - number,
            )
            for cell in rows[at]
        ]
        for number, at in enumerate(filled)
    ]


def _span(cell: Box, name: str) -> int:
    return int(cell.attributes.get(name, 1))


def _place(rows: Rows) -> bool:
    """Give each cell the first free column of its row, no wider than is free there.

    Returns False where they are too many.
    """
    free_from: dict[int, int] = {}  # the first row in which a column is not taken by a cell above
    for at, row in enumerate(rows):
        column = 0
        for cell in row:
            while free_from.get(column, 0) > at:
                column += 1
            end = column + 1
            while end < min(column + cell.width, MOST_COLUMNS) and free_from.get(end, 0) <= at:
                end += 1
            if end > MOST_COLUMNS:
                return False
            cell.column, cell.width = column, end - column
            free_from |= dict.fromkeys(range(column, end), at + cell.height)
            column = end
    return _narrow(rows) * len(rows) <= MOST_CELLS


def _narrow(rows: Rows) -> int:
    """Count only the columns in which a cell begins, since the others cannot be seen. Returns how many there are."""
    begun = sorted({cell.column for row in rows for cell in row})
    for row in rows:
        for cell in row:
            number = bisect_left(begun, cell.column)
            cell.width = bisect_left(begun, cell.column + cell.width) - number
            cell.column = number
    return len(begun)


def _written(rows: Rows) -> Box:
    _fill(rows)
    head = _head(rows)
    parts = {"thead": rows[:head], "tbody": rows[head:]}
    return Box("table", {}, [Box(tag, {}, [*map(_row, part)]) for tag, part in parts.items() if part])


def _fill(rows: Rows) -> None:
    widths = [0] * len(rows)
    for at, row in enumerate(rows):
        for cell in row:
            for reached in range(at, at + cell.height):
                widths[reached] += cell.width
    for row, width in zip(rows, widths, strict=True):
        row += [Cell("td", []) for _ in range(max(widths) - width)]


def _head(rows: Rows) -> int:
    # The first rows with nothing but header cells are the head, however they were marked.
    head = lowest = 0
    for at, row in enumerate(takewhile(_is_heading_row, rows)):
        lowest = max(lowest, *(at + cell.height for cell in row))
        if lowest == at + 1:  # a cell cannot reach from the head into the body
            head = lowest
    return head if head < len(rows) else 0


def _is_heading_row(row: Iterable[Cell]) -> bool:
    headers = [cell.tag == "th" for cell in row if cell.tag == "th" or cell.children]
    return any(headers) and all(headers)


def _row(row: Iterable[Cell]) -> Box:
    return Box("tr", {}, [Box(cell.tag, _spans(cell), cell.children) for cell in row])


def _spans(cell: Cell) -> dict[str, str]:
    spans = {"colspan": cell.width, "rowspan": cell.height}
    return {name: str(span) for name, span in spans.items() if span > 1}
