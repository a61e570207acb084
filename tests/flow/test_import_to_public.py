"""The whole way through the house with an imported page: an editor imports and hands in, three people sign, a publisher
publishes, and readers get every word of the file, in order."""

import re
from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import pytest
import time_machine
from django.core.management import call_command

from accounts.models import User
from content.models import Article, Condition, Edition, Notification, Publication
from evidence.models import Refusal
from reviews import gate
from reviews.demo import library, people

HERE = Path(__file__).resolve().parent
MADE_UP = HERE.parent / "content" / "importing" / "pages" / "made-up-immunotherapy.html"
EXAMPLES = HERE.parent.parent.parent / "shared" / "examples"
NOON = datetime(2025, 12, 5, 17, 0, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("empty_database")


def words(text):
    return text.split()


def words_of_file(path):
    body = lxml.html.fromstring(path.read_text(encoding="utf-8")).find("body")
    return words(spaced(body))


def spaced(element):
    """Text of an element in order; a blank between blocks, none inside words."""
    block = {
        "p",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "div",
        "table",
        "tr",
        "td",
        "th",
        "nav",
        "section",
    }
    pieces = []

    def walk(node):
        if node.tag in ("script", "style") or not isinstance(node.tag, str):
            pieces.append(node.tail or "")
            return
        pieces.append("\n" if node.tag in block else "")
        pieces.append(node.text or "")
        for child in node:
            walk(child)
        pieces.append("\n" if node.tag in block else "")
        pieces.append(node.tail or "")

    walk(element)
    return "".join(pieces)


def article_of(response):
    article = lxml.html.fromstring(response.content.decode()).xpath("//article")[0]
    for generated in article.xpath(".//*[@data-generated]"):
        generated.drop_tree()
    article.tail = ""
    return article


def post(client, name, path, data):
    client.force_login(User.objects.get(username=name))
    response = client.post(path, data)
    return response.status_code


def form_of(client, name, path, kind=None):
    """The hidden fields of the form that the person's page shows, as a browser would send them back."""
    client.force_login(User.objects.get(username=name))
    page = lxml.html.fromstring(client.get(path).content.decode())
    action = f"sign/{kind}/" if kind else None
    forms = [
        form
        for form in page.forms
        if (action is None and "shown" in form.fields) or (action and (form.action or "").endswith(action))
    ]
    assert len(forms) == 1, [form.action for form in page.forms]
    return {
        field.name: field.value or ""
        for field in forms[0].xpath(".//input[@type='hidden']")
        if field.name != "csrfmiddlewaretoken"
    }


def sign(client, name, edition, kind):
    page = f"/admin/editions/{edition.pk}/"
    given = form_of(client, name, page, kind)
    return post(client, name, f"{page}sign/{kind}/", {**given, "decision": "approve", "conflict": "none"})


def codes(edition):
    return [finding.code for finding in gate.blockers(edition)]


PAGES = [
    pytest.param(MADE_UP, "example sarcoma", "Immune Treatment for Example Sarcoma", id="made-up page"),
    pytest.param(
        EXAMPLES / "kaposi-immunotherapy.html",
        "Kaposi sarcoma",
        "Immunotherapy for Kaposi Sarcoma",
        id="real page",
    ),
]
CREDIT = (
    "Developed by the American Cancer Society medical and editorial content team with medical review and contribution "
    "by the American Society of Clinical Oncology (ASCO)."
)


def carried_through(client, path, condition, title):
    """From the file to the public page, through the pages people use; asserts the blockers before each step."""
    people.load()
    library.load()
    Condition.objects.get_or_create(name=condition)
    call_command("import_article", str(path), by="ann", condition=condition, co_branded_with="asco")
    article = Article.objects.get(title=title)

    saves = {"saves": article.saves, "change": "major"}
    assert post(client, "ann", f"/admin/articles/{article.pk}/hand-in/", saves) == 302
    edition = Edition.objects.get()
    assert codes(edition) == ["editorial-review-missing", "medical-review-missing", "contribution-missing"]

    assert sign(client, "edi", edition, "editorial-review") == 302
    assert codes(edition) == ["medical-review-missing", "contribution-missing"]

    assert sign(client, "asa", edition, "medical-review") == 302
    assert codes(edition) == ["contribution-missing"]

    assert sign(client, "asa", edition, "contribution") == 302
    assert codes(edition) == []

    shown = form_of(client, "dora", f"/admin/editions/{edition.pk}/publish/")
    assert post(client, "dora", f"/admin/editions/{edition.pk}/publish/", shown) == 302
    client.logout()
    return client.get(f"/articles/{article.slug}/")


@pytest.mark.parametrize(("path", "condition", "title"), PAGES)
@time_machine.travel(NOON, tick=False)
def test_an_imported_page_becomes_public_word_for_word(path, condition, title, client):
    if not path.exists():
        pytest.skip(f"{path.name} is not here: people who clone the project do not have it.")

    page = carried_through(client, path, condition, title)

    assert page.status_code == 200
    assert words(spaced(article_of(page))) == without_untrusted(words_of_file(path))
    assert Publication.objects.get().credit == CREDIT
    assert CREDIT in " ".join(lxml.html.fromstring(page.content.decode()).text_content().split())
    assert not Refusal.objects.exists()


def without_untrusted(expected):
    """A Last Medical Review that the file claims is read and not trusted; only what was signed here is printed."""
    text = " ".join(expected)
    return re.sub(r"Last Medical Review: \w+ \d+, \d{4} ", "", text).split()


@time_machine.travel(NOON, tick=False)
def test_the_real_page_prints_its_references_dates_and_credit(client):
    html, plain = EXAMPLES / "kaposi-immunotherapy.html", EXAMPLES / "kaposi-immunotherapy.txt"
    if not html.exists():
        pytest.skip("The example page is not here: people who clone the project do not have it.")

    response = carried_through(client, html, "Kaposi sarcoma", "Immunotherapy for Kaposi Sarcoma")

    page = article_of(response)
    lines = plain.read_text(encoding="utf-8").splitlines()
    references = [line for line in lines if " Accessed at " in line]
    credit = next(line for line in lines if line.startswith("Developed by"))
    publication = Publication.objects.get()

    assert [
        item.text_content().strip()
        for item in page.xpath(".//ol//li | .//ul//li")
        if "Accessed at" in item.text_content()
    ] == references
    assert publication.credit == credit
    assert str(publication.last_revised_on) == "2025-12-05"
    follow_ups = sorted(finding["code"] for finding in publication.findings)
    assert follow_ups == ["access-check-imported"] * 4 + ["link-without-target"] * 3
    links = [link for link in page.xpath(".//a/@href") if not link.startswith(("http", "#"))]
    assert links == []
    assert Notification.objects.count() == 0
