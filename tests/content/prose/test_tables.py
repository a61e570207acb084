"""Tables and lists in the form the text editor keeps: whole grids, nothing but rows, items that begin with words."""

import re

import pytest

from content import prose

GOLDEN = [
    # Cells
    ("<table><tr><td><p>a</p></td><td>b</td></tr></table>", "<tr><td>a</td><td>b</td></tr>"),
    ("<table><tr><td></td></tr><tr><td>x</td></tr></table>", "<tr><td></td></tr><tr><td>x</td></tr>"),
    ("<table><tr><td>a<p>b</td></tr></table>", "<tr><td><p>a</p><p>b</p></td></tr>"),
    ("<table><tr><td><ul><li>a</ul>b</td></tr></table>", "<tr><td><ul><li>a</li></ul>b</td></tr>"),
    ('<table class="c"><tr><td SCOPE="ROW" style="x">a</td></tr></table>', "<tr><td>a</td></tr>"),
    # The head: the first rows that have nothing but header cells
    (
        "<table><tr><th>Drug</th></tr><tr><td>x</td></tr></table>",
        "<thead><tr><th>Drug</th></tr></thead><tr><td>x</td></tr>",
    ),
    (
        "<table><tr><td></td><th>Dose</th></tr><tr><th>x</th><td>y</td></tr></table>",
        "<thead><tr><td></td><th>Dose</th></tr></thead><tr><th>x</th><td>y</td></tr>",
    ),
    (
        "<table><thead><tr><td>Drug</td></tr></thead><tr><td>x</td></tr></table>",
        "<thead><tr><th>Drug</th></tr></thead><tr><td>x</td></tr>",
    ),
    (
        '<table><tr><th rowspan="2">x</th><th>y</th></tr><tr><td>z</td></tr><tr><td>p</td><td>q</td></tr></table>',
        '<tr><th rowspan="2">x</th><th>y</th></tr><tr><td>z</td></tr><tr><td>p</td><td>q</td></tr>',
    ),
    (
        '<table><tr><th rowspan="2">x</th><th>y</th></tr><tr><th>z</th></tr><tr><td>p</td><td>q</td></tr></table>',
        '<thead><tr><th rowspan="2">x</th><th>y</th></tr><tr><th>z</th></tr></thead>'
        "<tr><td>p</td><td>q</td></tr>",
    ),
    (
        "<table><tr><th>a</th></tr><tr><th>b</th></tr><tr><td>c</td></tr></table>",
        "<thead><tr><th>a</th></tr><tr><th>b</th></tr></thead><tr><td>c</td></tr>",
    ),
    ("<table><thead><tr><th>x</th></tr></thead></table>", "<tr><th>x</th></tr>"),
    # The foot: the last rows of the body
    (
        "<table><tfoot><tr><td>f</td></tr></tfoot><tr><td>a</td></tr></table>",
        "<tr><td>a</td></tr><tr><td>f</td></tr>",
    ),
    # Rows that are too short, and cells that reach too far
    (
        "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
        "<tr><td>a</td><td></td></tr><tr><td>b</td><td>c</td></tr>",
    ),
    (
        '<table><tr><td rowspan="2">a</td><td>b</td><td>c</td></tr><tr><td>d</td></tr></table>',
        '<tr><td rowspan="2">a</td><td>b</td><td>c</td></tr><tr><td>d</td><td></td></tr>',
    ),
    (
        '<table><tr><td>a</td><td rowspan="2">b</td></tr><tr><td colspan="2">c</td></tr></table>',
        '<tr><td>a</td><td rowspan="2">b</td></tr><tr><td>c</td></tr>',
    ),
    (
        '<table><tr><td rowspan="9">a</td><td>b</td></tr><tr><td>c</td></tr></table>',
        '<tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr>',
    ),
    (
        '<table><tr><td rowspan="0">a</td><td>b</td></tr><tr><td>c</td></tr></table>',
        '<tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr>',
    ),
    (
        '<table><thead><tr><th rowspan="2">a</th></tr></thead><tr><td>b</td></tr></table>',
        "<thead><tr><th>a</th></tr></thead><tr><td>b</td></tr>",
    ),
    # Columns and rows in which no cell begins
    ('<table><tr><td colspan="99999" rowspan="x">a</td></tr></table>', "<tr><td>a</td></tr>"),
    (
        '<table><tr><td colspan="4">a</td></tr><tr><td colspan="3">b</td><td>c</td></tr></table>',
        '<tr><td colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr>',
    ),
    (
        '<table><tr><td rowspan="3">a</td><td>b</td></tr><tr></tr><tr><td>c</td></tr></table>',
        '<tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr>',
    ),
]


@pytest.mark.parametrize(("html", "rows"), GOLDEN)
def test_table_is_exactly(html, rows):
    head, body = re.fullmatch(r"((?:<thead>.*</thead>)?)(.*)", rows).groups()

    result = prose.canonical(html)

    assert result == f"<table>{head}<tbody>{body}</tbody></table>"
    assert prose.is_clean(result)


@pytest.mark.parametrize("html", ["<table></table>", "<table><tr></tr></table>"])
def test_table_without_cells_is_nothing(html):
    assert prose.canonical(html) == ""


def test_caption_stands_as_paragraphs_before_its_table():
    html = "<table><caption><p>Two</p><p>drugs</p></caption><tr><td>a</td></tr></table>"

    result = prose.canonical(html)

    assert result == "<p>Two</p><p>drugs</p><table><tbody><tr><td>a</td></tr></tbody></table>"


def test_caption_stays_where_its_table_is():
    html = "<ul><li><table><caption>Two</caption><tr><td>a</td></tr></table></li></ul>"

    result = prose.canonical(html)

    assert result == "<ul><li>Two<table><tbody><tr><td>a</td></tr></tbody></table></li></ul>"


@pytest.mark.parametrize(
    "inside", ["<ul><li>x</li></ul>", "<table><tbody><tr><td>x</td></tr></tbody></table>"]
)
@pytest.mark.parametrize("first", ["", "<p></p>", "<p> <br></p>"])
def test_item_without_words_before_its_box_begins_with_an_empty_paragraph(first, inside):
    result = prose.canonical(f"<ul><li>{first}{inside}</li></ul>")

    assert result == f"<ul><li><p></p>{inside}</li></ul>"
    assert prose.is_clean(result)
    assert prose.text(result) == "x"


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr>" + "<td>x</td>" * 101 + "</tr></table>",  # wider than anybody reads
        "<table><tr>" + "<td>x</td>" * 99 + "</tr>" + "<tr><td>y</td></tr>" * 101 + "</table>",
        '<table><tr><td colspan="99999">x</td><td colspan="99999" rowspan="99999">y</td></tr></table>',
    ],
)
def test_table_too_large_to_read_keeps_its_words_alone(html):
    words = re.findall("[xy]", html)

    result = prose.canonical(html)

    assert result == "".join(f"<p>{word}</p>" for word in words)
