"""The checks on citation markers: an article needs none, and where it has one, markers and references match."""

from datetime import date

import pytest

from content.checks import markers

DAY = date(2025, 12, 5)
ONE, TWO = (f"c0ffee00-0000-4000-8000-00000000000{number}" for number in (1, 2))
LONG = "A source with a name that is longer than any line of findings would show in full."


def article(lead, body="", references=(ONE, TWO)):
    text = {"title": "Drugs", "lead": lead, "sections": [{"heading": "Pills", "body": body}]}
    cited = [{"uid": uid, "text": [LONG]} for uid in references]
    return {"parts": {"text": text, "references": cited}}


def marker(uid):
    return f'<a href="reference:{uid}">※</a>'


def found(snapshot):
    checks = markers.every_marker_has_its_reference, markers.every_reference_has_a_marker
    return [
        (each.code, each.severity, each.fix, each.words) for check in checks for each in check(snapshot, DAY)
    ]


BOTH = f"<p>One.{marker(ONE)} Two.{marker(TWO)}</p>"


@pytest.mark.parametrize("lead", ["<p>One. ※</p>", f'<p><a href="article:{ONE}">One</a></p>', BOTH])
def test_article_without_markers_or_with_all_of_them_is_in_order(lead):
    assert found(article(lead)) == []


def test_markers_of_all_texts_count_together():
    assert found(article(f"<p>One.{marker(ONE)}</p>", f"<p>Two.{marker(TWO)}</p>")) == []


def test_marker_of_what_is_not_cited_blocks_where_it_stands():
    body = f"<p>These pills, which are taken by mouth, may help you.{marker(TWO)}</p><p>{marker(TWO)}Two.</p>"

    first, second = found(article(f"<p>One.{marker(ONE)}</p>", body, references=[ONE]))

    assert first[:3] == second[:3] == ("marker-without-reference", "blocker", "#sections-0")
    assert "after “…which are taken by mouth, may help you.”" in first[3]
    assert "at the beginning of a line" in second[3]


def test_reference_without_a_marker_is_a_debt_where_others_have_one():
    (only,) = found(article(f"<p>One.{marker(TWO)}</p>"))

    assert only[:3] == ("reference-uncited", "follow-up", "#citations-0")
    assert "reference 1, “A source with a name that is longer than any line of finding…”" in only[3]
