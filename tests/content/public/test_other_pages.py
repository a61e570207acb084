"""The pages around the articles, and what a reader is told where there is none."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.defaults import server_error
from lxml import html

from content.editions import submitting
from content.models import Notice, PageFrame, Publication
from content.public import views
from reviews import publishing
from reviews.decisions import withdrawal_words
from tests import cast
from tests.content.public.reading import document, lines

ADDRESS = "/articles/immunotherapy-kaposi/"
SUMMER = datetime(2025, 7, 1, 23, 30, tzinfo=ZoneInfo("America/New_York"))


def today():
    day = timezone.localdate()
    return f"{day:%B} {day.day}, {day.year}"


@pytest.mark.django_db
def test_index_without_publications_says_so(client) -> None:
    root = document(client.get("/"))

    assert lines(root, "//main/*") == ["Articles", "Nothing has been published yet."]


@pytest.mark.django_db
def test_index_groups_titles_by_condition(client) -> None:
    people = cast.cast()
    cast.published(people, title="Pills for Kaposi Sarcoma", slug="pills")
    cast.published(people, title="Infusions for Kaposi Sarcoma", slug="infusions")

    root = document(client.get("/"))

    assert lines(root, "//main/*") == [
        "Articles",
        "Kaposi sarcoma",
        f"Infusions for Kaposi Sarcoma Last revised {today()} Pills for Kaposi Sarcoma Last revised {today()}",
    ]
    assert root.xpath("//main//a/@href") == ["/articles/infusions/", "/articles/pills/"]


def test_index_names_a_group_without_condition() -> None:
    entry = {
        "title": "Tiredness",
        "address": "/x/",
        "condition": "",
        "last_revised_on": SUMMER.date(),
        "language": "en",
    }

    root = html.fromstring(render_to_string("public/index.html", {"entries": [entry]}))

    assert lines(root, "//main/*") == ["Articles", "General", "Tiredness Last revised July 1, 2025"]


@pytest.mark.django_db
def test_withdrawn_page_gives_its_reason_and_note(client) -> None:
    people = cast.cast()
    publication = cast.published(people)
    note = "A newer page says more.\nAsk your <team> for it."
    publishing.withdraw(publication, by=people["dora"], reason="outdated", note=note)

    response = client.get(ADDRESS)

    root = document(response)
    assert response.status_code == 410
    assert lines(root, "//h1") == ["Immunotherapy for Kaposi Sarcoma"]
    assert lines(root, "//main/div/p") == [
        f"We withdrew this page on {today()}.",
        "It was out of date. Ask your care team what is known today.",
    ]
    publication.refresh_from_db()
    words = withdrawal_words.shown_to(publication, by=people["ann"])
    withdrawal_words.confirm(publication, by=people["ann"], shown=words)
    root = document(client.get(ADDRESS))
    assert lines(root, "//main/div/p")[2:] == ["A newer page says more. Ask your <team> for it."]
    assert len(root.xpath("//main/div//br")) == 1


@pytest.mark.django_db
def test_history_of_a_withdrawn_page_says_how_it_ended(client) -> None:
    people = cast.cast()
    publication = cast.published(people)
    publishing.withdraw(publication, by=people["dora"], reason="outdated", note="Ask your team.")

    root = document(client.get(f"{ADDRESS}history/"))

    assert lines(root, "//main//h2") == [f"{today()} – {today()}"]
    assert lines(root, "//main/ol/li/p") == ["First publication."]
    assert lines(root, "//dt[.='How it ended']/following-sibling::dd") == ["Withdrawn: It is out of date."]
    assert root.xpath("//main//a") == []


@pytest.mark.django_db
def test_history_begins_with_what_is_public_now(client) -> None:
    people = cast.cast()
    first = cast.published(people)
    with cast.saving(first.article, people["ann"]):
        first.article.lead, first.article.public_note = "<p>Other words.</p>", "We said it\nin other words."
        first.article.save()
    second = submitting.submit(first.article, by=people["ann"], change="major")
    cast.publish(cast.signed(second, people), people["dora"])

    root = document(client.get(f"{ADDRESS}history/"))

    assert lines(root, "//main//h2") == [f"Since {today()} Public now", f"{today()} – {today()}"]
    assert lines(root, "//main/ol/li/p") == ["We said it in other words.", "First publication."]
    assert lines(root, "//li[@class='live']//dt") == [
        "Edition",
        "Last Revised",
        "Last Medical Review",
        "Credit when published",
    ]
    assert lines(root, "//li[not(@class)]//dd")[-1] == "Superseded by a later publication."
    assert root.xpath("//main//a/@href") == [ADDRESS]


@pytest.mark.django_db
def test_history_tells_what_a_notice_took_away(client) -> None:
    people = cast.cast()
    publication = cast.published(people)
    gone = {"kind": "signoff-withdrawn", "credit": "Developed by the Example Society.", "recorded_at": SUMMER}
    row = Notice(
        publication=publication,
        text="A review was withdrawn.",
        recorded_by=people["dora"],
        recorded_by_name="Dora",
        **gone,
    )
    cast.entered(row, "notice", publication.article)

    root = document(client.get(f"{ADDRESS}history/"))

    assert lines(root, "//dt[starts-with(., 'July')]") == ["July 1, 2025: sign-off withdrawn"]
    assert lines(root, "//dt[starts-with(., 'July')]/following-sibling::dd/p") == [
        "A review was withdrawn.",
        "Credit since then: Developed by the Example Society.",
        "Last Medical Review since then: none",
    ]


@pytest.mark.django_db
def test_page_out_of_order_says_why_in_plain_words(rf) -> None:
    response = views.out_of_order(rf.get(ADDRESS))

    assert response.status_code == 503
    assert lines(document(response), "//main/*") == [
        "We cannot show this page just now",
        "We could not make sure that its words are the words that clinicians signed, so we do not show it.",
        "Our team is being told. Please try again later.",
        "All articles",
    ]


@pytest.mark.django_db
def test_unknown_address_leads_to_the_articles(client) -> None:
    response = client.get("/no-such-page/")

    root = document(response)
    assert response.status_code == 404
    assert lines(root, "//h1") == ["We cannot find this page"]
    assert root.xpath("//main//a/@href") == ["/"]


def test_failure_page_needs_nothing_but_itself(rf) -> None:
    response = server_error(rf.get("/"))

    root = document(response)
    assert response.status_code == 500
    assert lines(root, "//h1") == ["Something went wrong on our side"]
    assert root.xpath("//main//a/@href") == ["/"]


@pytest.mark.django_db
def test_frame_stands_around_every_page(client) -> None:
    cast.published(cast.cast())
    frame = {
        "site_name": "Example Society",
        "banner": "Our nurse line is open <day> and night.",
        "rights_line": "These pages are copyrighted.",
        "usage_policy": "<p>Ask us before you reprint.</p>",
        "newsletter_heading": "News",
        "newsletter_text": "Twice a month.",
    }
    shipped = {"proposed_by_name": "shipped", "proposed_at": timezone.now(), "approved_at": timezone.now()}
    cast.entered(PageFrame(**frame, **shipped), "load initial data")
    addresses = ["/", ADDRESS, f"{ADDRESS}history/", "/content-usage/"]

    roots = [document(client.get(address)) for address in addresses]

    assert [lines(root, "//header/p") for root in roots] == [
        ["Our nurse line is open <day> and night.", "Example Society"]
    ] * 4
    assert [lines(root, "//footer/*") for root in roots] == [
        ["News", "Twice a month.", "These pages are copyrighted. Content usage policy"]
    ] * 4
    assert lines(roots[-1], "//main/*") == ["Content usage policy", "Ask us before you reprint."]


@pytest.mark.django_db
def test_public_pages_set_no_cookie(client) -> None:
    cast.published(cast.cast())
    addresses = ["/", ADDRESS, f"{ADDRESS}history/", "/content-usage/", "/no-such-page/"]

    cookies = [dict(client.get(address).cookies) for address in addresses]

    assert Publication.objects.live().count() == 1
    assert cookies == [{}] * 5
