"""The article as readers get it: the signed words in their order, and nothing else that is not marked as ours."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from lxml import html

from content import prose
from content.models import Article, Notice
from content.public.pages import Facts, page
from content.snapshots import snapshot
from tests import cast
from tests.content.public.reading import document, lines, signed_words

pytestmark = pytest.mark.django_db

DRUG = "3e0b4f0a-52a6-4f0e-9d55-6f9e8a1c7b11"
HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(2)> \"'> {{ page }}"


def section(heading, body="", kind="text", level=2, drug=None):
    return {"kind": kind, "level": level, "heading": heading, "drug": drug, "body": body}


def cited(before, address="", printed="", after=None):
    entry = {"text": [before] if after is None else [before, after], "url": address, "href": address}
    return entry, {"printed": printed}


def content(*sections, title="A title", lead="", references=(), figures=(), drugs=(), note=""):
    return {
        "language": "en",
        "parts": {
            "text": {"title": title, "lead": lead, "sections": list(sections)},
            "drugs": [{"uid": DRUG, "pronunciation": spoken} for spoken in drugs],
            "references": [entry for entry, _ in references],
            "access_dates": [access for _, access in references],
            "figures": list(figures),
            "public_note": {"text": note},
        },
    }


def full(**changed):
    """A page with one of everything."""
    return content(
        section("Pills", "<p>They have <strong>two</strong> effects:</p><ul><li>One</li><li>Other</li></ul>"),
        section("Pomalidomide (Pomalyst)", "<p>Taken daily.</p>", kind="drug", level=3, drug=DRUG),
        section("", "<table><tbody><tr><td>Dose</td><td>4 mg</td></tr></tbody></table>"),
        section("A cell", "<p>See below.</p>", kind="figure"),
        section("More", "<p>Ask your team.<br>Or a nurse.</p>", kind="see-also"),
        **{
            "title": "Pills for Example Cancer",
            "lead": "<p>Pills are swallowed.</p><p>Most are small.</p>",
            "drugs": ["PAH-muh-LIH-doh-mide"],
            "figures": [
                {
                    "digest": "",
                    "alt": "A round cell",
                    "caption": "Seen from above",
                    "credit": "By Example Studio",
                }
            ],
            "references": [
                cited(
                    "Doe J. Pills. 2025. Accessed at https://a.example/x on ",
                    "https://a.example/x",
                    "October 6, 2025",
                    ".",
                ),
                cited("Roe R. Cells. 2024."),
            ],
            "note": "We named a second pill.",
            **changed,
        },
    )


def facts(**changed):
    return Facts(
        **{
            "number": 4,
            "last_revised_on": date(2025, 12, 5),
            "last_medical_review_on": date(2025, 10, 1),
            "before_minor_corrections": True,
            "credit": "Developed by the Example Society.",
            "notices": [notice("Call your team first.")],
            **changed,
        }
    )


def notice(text):
    return Notice(
        kind="safety-notice",
        text=text,
        recorded_at=datetime(2025, 12, 8, 12, tzinfo=ZoneInfo("America/New_York")),
    )


def rendered(snapshot, facts):
    return html.fromstring(render_to_string("public/_article.html", {"page": page(snapshot, facts)}))


def words_of(content, revised="December 5, 2025"):
    """The words of a snapshot in the order of the page."""
    parts = content["parts"]
    found = [parts["text"]["title"], prose.text(parts["text"]["lead"])]
    figures = iter(parts["figures"])
    for each in parts["text"]["sections"]:
        found += [each["heading"], prose.text(each["body"])]
        if each["kind"] == "figure":
            figure = next(figures)
            found += [figure["alt"], figure["caption"], figure["credit"]]
    if parts["references"]:
        found.append("References")
    for entry, access in zip(parts["references"], parts["access_dates"], strict=True):
        found.append(access["printed"].join(entry["text"]))
    return " ".join([*found, "Last Revised:", revised]).split()


def test_article_words_are_the_signed_ones() -> None:
    signed = full()

    article = rendered(signed, facts())

    assert signed_words(article) == words_of(signed)


def test_article_marks_every_line_that_nobody_signed() -> None:
    article = rendered(full(), facts())

    assert lines(article, "//*[@data-generated]") == [
        "Safety notice, December 8, 2025 Call your team first.",
        "On this page Pills A cell More References",
        "PAH-muh-LIH-doh-mide",
        "Developed by the Example Society.",
        "Last Medical Review: October 1, 2025 (before minor corrections)",
        "Edition 4",
        "What changed We named a second pill.",
    ]


def test_article_has_one_part_after_the_other() -> None:
    article = rendered(full(), facts())

    assert [f"{element.tag} {element.get('class', '')}".strip() for element in article] == [
        "h1",
        "div notice",
        "div lead",
        "nav contents",
        "h2",
        "p",
        "ul",
        "h3",
        "p pronunciation",
        "p",
        "table",
        "h2",
        "p",
        "figure",
        "h2",
        "p",
        "p credit",
        "h2",
        "ol references",
        "div dates",
    ]


def test_article_without_facts_has_no_empty_lines_for_them() -> None:
    draft = content(section("Pills", "<p>They help.</p>"))

    article = rendered(draft, Facts())

    assert lines(article, "./*[normalize-space()]") == ["A title", "Pills", "They help."]


def test_article_says_its_language() -> None:
    spanish = content(title="Pastillas") | {"language": "es"}

    article = rendered(spanish, Facts())

    assert article.get("lang") == "es"


def test_hostile_words_are_shown_and_not_obeyed() -> None:
    hostile = content(
        section(HOSTILE, "<p>Taken daily.</p>", kind="drug", level=3, drug=DRUG),
        section("A cell", kind="figure"),
        section(f"{HOSTILE} again"),
        section(f"{HOSTILE} at last"),
        title=HOSTILE,
        drugs=[HOSTILE],
        figures=[{"digest": "", "alt": HOSTILE, "caption": HOSTILE, "credit": HOSTILE}],
        references=[cited(HOSTILE), cited(f"{HOSTILE} on ", "", HOSTILE, HOSTILE)],
        note=HOSTILE,
    )

    article = rendered(hostile, facts(credit=HOSTILE, notices=[notice(HOSTILE)]))

    assert article.xpath("//script | //img | //@onerror") == []
    assert signed_words(article) == words_of(hostile)


def test_body_with_hostile_markup_is_cleaned_once_more() -> None:
    hostile = content(
        section("Pills", "<p onclick='x()'>Safe.<script>alert(1)</script></p>"),
        lead="<img src=x onerror=y()>",
    )

    article = rendered(hostile, Facts())

    assert article.xpath("//script | //img | //@onerror | //@onclick") == []
    assert lines(article, "./p") == ["Safe."]


def test_references_lead_to_their_addresses() -> None:
    article = rendered(full(), facts())

    assert article.xpath("//ol[@class='references']//a/@href") == ["https://a.example/x"]
    assert lines(article, "//ol[@class='references']/li") == [
        "Doe J. Pills. 2025. Accessed at https://a.example/x on October 6, 2025.",
        "Roe R. Cells. 2024.",
    ]


def test_article_without_references_has_no_heading_for_them() -> None:
    article = rendered(full(references=[]), facts())

    assert lines(article, "//h2") == ["Pills", "A cell", "More"]
    assert lines(article, "//nav") == ["On this page Pills A cell More"]


def test_contents_need_three_main_sections() -> None:
    two = content(section("One"), section("Two"), section("Not counted", level=3))
    three = content(section("One"), section("Two"), section("Three"))

    links = [rendered(each, Facts()).xpath("//nav//a/@href") for each in (two, three)]

    assert links == [[], ["#one", "#two", "#three"]]


def test_contents_lead_to_their_headings() -> None:
    article = rendered(
        content(section("One"), section("One"), section("References"), references=[cited("Doe J.")]), Facts()
    )

    targets = [article.xpath(f"//*[@id='{link[1:]}']")[0].tag for link in article.xpath("//nav//a/@href")]

    assert article.xpath("//h2/@id") == ["one", "one-2", "references-2", "references"]
    assert targets == ["h2"] * 4


def test_public_page_shows_the_words_of_its_edition(client) -> None:
    publication = cast.published(cast.cast())
    revised = publication.last_revised_on

    root = document(client.get("/articles/immunotherapy-kaposi/"))

    signed = snapshot.parsed(publication.edition.snapshot)
    assert signed_words(root.xpath("//article")[0]) == words_of(
        signed, f"{revised:%B} {revised.day}, {revised.year}"
    )


def test_public_page_keeps_the_draft_to_itself(client) -> None:
    people = cast.cast()
    article = cast.published(people).article
    addresses = ["/", "/articles/immunotherapy-kaposi/", "/articles/immunotherapy-kaposi/history/"]
    before = [lines(document(client.get(address)), "//body") for address in addresses]

    with cast.saving(article, people["ann"]):
        section = article.sections.get(position=1)
        section.heading, section.body = "Unsigned heading", "<p>Unsigned words.</p>"
        section.save()
        draft = Article.objects.get(pk=article.pk)
        draft.title, draft.lead, draft.public_note = (
            "Unsigned title",
            "<p>Unsigned lead.</p>",
            "Unsigned note",
        )
        draft.save()

    assert [lines(document(client.get(address)), "//body") for address in addresses] == before


def test_public_page_leads_to_its_history_and_to_the_signed_text(client) -> None:
    cast.published(cast.cast())

    root = document(client.get("/articles/immunotherapy-kaposi/"))

    links = root.xpath("//nav[@aria-label='About this page']//a")
    assert [link.text for link in links] == [
        "What changed on this page and when",
        "Check this page: the exact text that was signed",
    ]
    assert [client.get(link.get("href")).status_code for link in links] == [200, 200]


def test_preview_says_so_and_has_no_links_of_a_public_page() -> None:
    shown = {"page": page(content(title="A draft"), Facts()), "preview": "Draft: not public"}

    root = html.fromstring(render_to_string("public/article.html", shown))

    assert lines(root, "//aside") == ["Draft: not public"]
    assert root.xpath("//main//a") == []
