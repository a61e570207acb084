"""The text editor in a real browser: opening and saving an article changes no byte of a text nobody changed."""

import pytest
from django.db.models import Count

from content import prose
from content.models import Section
from tests import cast

UID = "c0ffee00-0000-4000-8000-000000000001"

# Each as it comes in; it is stored in its canonical form.
TEXTS = {
    "marks": "<p>One <strong>two <em>three</em></strong>, <em>four</em>: H<sub>2</sub>O, 10<sup>9</sup>/L</p>",
    "marks upon each other": "<p><sub><sup>a</sup></sub><strong><em><sub>b</sub></em></strong></p>",
    "breaks": "<p>One<br>two<br><br>three <strong>four<br>five</strong></p>",
    "characters": '<p>5\u00a0mg &lt;5% &amp; "q" caf\u00e9 im\u00admuno\u200btherapy\u2003x \u00a0y</p>',
    "blank at the beginning": "<p>\u00a0x</p><p>two</p>",
    "link to the web": '<p><a href="https://a.example/?a=1&amp;b=2"><em>a</em> b</a> c</p>',
    "link to an article": f'<p>See <a href="article:{UID}">this <strong>page</strong></a>.</p>',
    "link without its page": '<p>See <a href="unresolved:/drugs/x y.html">this</a></p>',
    "citation markers": (
        f'<p>a<a href="reference:{UID}">※</a><a href="reference:{UID[:-1]}2">※</a> <strong>b</strong>'
        f'<a href="reference:{UID}">※</a></p><ul><li><a href="reference:{UID}">※</a>c ※</li></ul>'
    ),
    "mail and telephone": '<p><a href="mailto:a@b.example">a</a><a href="tel:+18005550100">b</a></p>',
    "links side by side": '<p><a href="https://a.example/">a</a> <a href="https://a.example/">b</a></p>',
    "link over a break": '<p><a href="https://a.example/">a<br>b</a></p>',
    "bare address": "<p>www.example.org, https://example.org/ and a@example.org</p>",
    "list": "<ul><li>a</li><li><strong>b</strong></li><li></li></ul>",
    "lists in lists": "<ul><li>a<ul><li>b<ol><li>c</li></ol></li><li>d</li></ul></li><li>e</li></ul>",
    "lists side by side": "<ul><li>a</li></ul><ul><li>b</li></ul><ol><li>c</li></ol>",
    "list that begins later": '<ol start="3"><li>a</li></ol><ol start="0"><li>b</li></ol>',
    "paragraphs in an item": "<ul><li><p>a</p><p>b</p></li></ul>",
    "words after a list in an item": "<ul><li><p>a</p><ul><li>b</li></ul><p>c</p></li></ul>",
    "item that holds only a list": "<ul><li>a</li><li><ul><li>b</li></ul></li><li>c</li></ul>",
    "item that holds only a table": "<ul><li><table><tr><td>a</td></tr></table></li></ul>",
    "item that holds only a quotation": "<ol><li><blockquote>a</blockquote></li></ol>",
    "quotation": "<blockquote><p>a</p><ul><li>b</li></ul><blockquote><p>c</p></blockquote></blockquote>",
    "table": "<table><tr><td>a</td><td></td></tr><tr><td><strong>b</strong></td><td>c</td></tr></table>",
    "table with a head": "<table><tr><th>a</th><th>b</th></tr><tr><th>c</th><td>d</td></tr></table>",
    "head of plain cells": "<table><thead><tr><td>a</td><td></td></tr></thead><tr><td>b</td><td>c</td></tr></table>",
    "table of header cells": "<table><tr><th>a</th></tr><tr><th>b</th></tr></table>",
    "caption, foot and scope": (
        '<table><caption>Two<br>drugs</caption><tfoot><tr><td>f</td></tr></tfoot><tr><th scope="row">a</th></tr></table>'
    ),
    "wide and high cells": (
        '<table><tr><td colspan="2">a</td><td rowspan="2">b</td></tr><tr><td>c</td><td>d</td></tr></table>'
    ),
    "cell that is too high": '<table><tr><td rowspan="9">a</td><td>b</td></tr><tr><td>c</td></tr></table>',
    "cells in one place": (
        '<table><tr><td>a</td><td rowspan="2">b</td><td>c</td></tr><tr><td colspan="3">d</td></tr></table>'
    ),
    "first row too short": "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
    "last row too short": "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
    "row without cells": '<table><tr><td rowspan="2">a</td></tr><tr></tr></table>',
    "lists and paragraphs in cells": (
        "<table><tr><td><ul><li>a</li></ul></td><td><p>b</p><p>c</p></td><td>d<ol><li>e</li></ol></td></tr></table>"
    ),
    "table in a cell": "<table><tr><td><table><tr><td>a</td></tr></table></td><td>b</td></tr></table>",
    "tables side by side": "<table><tr><td>a</td></tr></table><table><tr><td>b</td></tr></table>",
    "headings": "<h2>Side effects</h2><p>a</p>",
}


@pytest.fixture
def form(at, people_there):
    """The article form, signed in as ann: a section to type in, then one for each text."""
    ann = people_there["ann"]
    article = cast.article(ann)
    with cast.saving(article, ann):
        for number, (heading, text) in enumerate(TEXTS.items(), start=3):
            Section(article=article, position=number, heading=heading, body=text).save()
    return at("ann", f"/admin/content/article/{article.pk}/change/")


def paragraphs(form, number):
    return form.locator(f".prose-editor:has(#id_sections-{number}-body) .ProseMirror p")


def type_into_the_first_and_save(form):
    paragraphs(form, 0).click()
    form.keyboard.type("x")
    with form.expect_navigation():
        form.get_by_role("button", name="Save and continue editing").first.click()


def stored():
    return dict(Section.objects.filter(heading__in=TEXTS).values_list("heading", "body"))


def saves():
    """How many rows the audit trail has for each section."""
    return dict(Section.history.values_list("heading").annotate(Count("history_id")))


ONCE = {**dict.fromkeys(TEXTS, 1), "What it is": 2, "Pomalidomide (Pomalyst)": 1}


def test_saving_one_text_leaves_every_other_as_it_was(form):
    before = stored()

    type_into_the_first_and_save(form)

    assert stored() == before == {heading: prose.canonical(text) for heading, text in TEXTS.items()}
    assert saves() == ONCE


def test_typing_and_taking_it_back_leaves_every_text_as_it_was(form):
    before = stored()

    for number, heading in enumerate(TEXTS, start=2):
        field = form.locator(f"#id_sections-{number}-body")
        paragraphs(form, number).first.click()
        form.keyboard.type("zq")
        assert field.input_value().count("zq") == 1, heading
        form.keyboard.press("Control+z")
        assert field.input_value().count("zq") == 0, heading
    type_into_the_first_and_save(form)

    assert stored() == before
    assert saves() == ONCE


def test_typing_into_a_text_adds_just_that(form):
    before = stored()

    for number in range(2, 2 + len(TEXTS)):
        paragraphs(form, number).last.click()
        form.keyboard.type("zq")
    type_into_the_first_and_save(form)

    assert {heading: taken_out(body) for heading, body in stored().items()} == before
    assert saves() == {**dict.fromkeys(ONCE, 2), "Pomalidomide (Pomalyst)": 1}


def taken_out(body):
    assert body.count("zq") == 1
    return prose.canonical(body.replace("zq", ""))
