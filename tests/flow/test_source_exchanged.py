"""Story 22, on the pages: an address or title is changed in the library under a citation.

No access date and no “supports” moves to the address that nobody opened.
"""

from datetime import timedelta

import lxml.html
import pytest
from django.urls import reverse
from django.utils import timezone

from content.models import AccessCheck, Article, Reference
from evidence.models import Refusal
from reviews import gate
from reviews.verification import everything_holds
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.both]
OLD, NEW, TITLE = (
    "https://example.org/kaposi",
    "https://example.org/another",
    "Kaposi sarcoma: how it is treated",
)
QUEUE = "/admin/sources/?whose=all"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def live(people):
    return cast.published(people)


@pytest.fixture
def hands(people, client):
    return Hands(people, client)


class Hands:
    """Somebody at the pages: sees a form, and sends it as it was shown but for what they typed."""

    def __init__(self, people, client):
        self.people, self.client = people, client

    def are(self, name):
        self.client.force_login(self.people[name])
        return self

    def form(self, address, which):
        self.page = lxml.html.fromstring(self.client.get(address).content.decode())
        [form] = self.page.xpath(f"//form[{which}]")
        return form

    def send(self, form, page, /, **typed):
        fields = {name: value or "" for name, value in form.form_values()}
        return self.client.post(form.get("action") or page, {**fields, **typed}, follow=True)

    def edit(self, row, **typed):
        address = f"/admin/content/reference/{row.pk}/change/"
        return self.send(self.form(address, "@id='reference_form'"), address, **typed)

    def take_updates(self, article):
        address = f"/admin/content/article/{article.pk}/library/"
        form = self.form(address, "@class='asking'")
        [button] = [
            b for b in form.xpath(".//button[@name='do']") if b.get("value").startswith("take reference")
        ]
        return self.send(form, address, do=button.get("value"))

    def submit(self, article):
        address = reverse("article-submit", args=[article.pk])
        self.send(self.form(address, ".//textarea"), address, change="minor", public_note="New.")
        return Article.objects.get(pk=article.pk).editions.order_by("-number")[0]


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def text_of(answer):
    return " ".join(lxml.html.fromstring(answer.content.decode()).text_content().split())


def day(days_ago=0):
    when = timezone.localdate() - timedelta(days=days_ago)
    return f"{when:%B} {when.day}, {when.year}"


def exchanged(hands, live, **typed):
    """The library has another address (or title), and the draft has taken it."""
    source = live.article.citations.get().reference
    hands.are("lib").edit(source, **typed)
    hands.are("ann").take_updates(live.article)
    return source


def printed(client):
    return text_of(client.get("/articles/immunotherapy-kaposi/"))


def test_the_library_says_at_once_what_no_longer_counts(hands, live):
    source = live.article.citations.get().reference

    answer = hands.are("lib").edit(source, url=NEW)

    [warning] = [words for words in told(answer) if "opened on" in words]
    assert f"The address changed after it was opened on {day(7)}. Open the new address and record" in warning
    assert 'href="/admin/sources/"' in warning
    page = text_of(hands.client.get(f"/admin/content/reference/{source.pk}/change/"))
    assert f"{day(7)}, Ann Example: unchanged. of the earlier address {OLD}" in page


@pytest.mark.parametrize(
    "typed",
    [{"retraction_source": ""}, {"url": f"{OLD}/"}, {"title": f"{TITLE}."}],
    ids=["same", "slash", "stop"],
)
def test_it_says_nothing_where_the_check_still_counts(hands, live, typed):
    source = live.article.citations.get().reference

    assert [words for words in told(hands.are("lib").edit(source, **typed)) if "opened on" in words] == []


@pytest.mark.parametrize("typed", [{"url": NEW}, {"title": "Kaposi sarcoma: how it is not treated"}])
def test_the_day_goes_with_the_address_and_comes_back_when_somebody_opened_it(hands, live, typed):
    article = live.article
    exchanged(hands, live, **typed)

    form = text_of(hands.client.get(f"/admin/content/article/{article.pk}/change/"))
    edition = hands.submit(article)
    [finding] = [each for each in gate.blockers(edition) if each.code == "access-date-missing"]
    assert ("of an earlier address" if "url" in typed else "of an earlier wording") in form.lower()
    assert f"after it was opened on {day(7)}" in finding.words
    assert finding.fix.endswith("#citations-0")
    assert day(7) in printed(hands.client)  # the public page prints the address that was opened

    [citation] = article.citations.all()
    address = f"/admin/content/article/{article.pk}/opened/{citation.pk}/"
    hands.send(hands.form(address, "@class='asking'"), address, found="unchanged", supports="yes")

    second = hands.submit(article)
    assert "access-date-missing" not in [each.code for each in gate.blockers(second)]
    check = AccessCheck.objects.order_by("-pk")[0]
    assert (check.address, check.opened_by_name) == (typed.get("url", OLD), "Ann Example")
    assert list(everything_holds()) == []


def test_a_check_of_the_earlier_address_cannot_be_chosen_again(hands, live):
    article = live.article
    exchanged(hands, live, url=NEW)
    known = article.citations.get().access_check
    address = f"/admin/content/article/{article.pk}/change/"

    without = hands.send(
        hands.form(address, "@id='article_form'"), address, **{"citations-0-access_check": ""}
    )
    again = hands.form(address, "@id='article_form'")
    [option] = again.xpath(f".//select[@name='citations-0-access_check']/option[@value='{known.pk}']")
    refused = hands.send(again, address, **{"citations-0-access_check": str(known.pk)})

    assert without.redirect_chain != []
    assert f"(of the earlier address {OLD})" in option.text
    assert refused.redirect_chain == []
    assert f"This access check is of the earlier address {OLD}" in text_of(refused)


def answer_of_the_list(hands, source, **typed):
    return hands.form(QUEUE, f"contains(@action, '/admin/sources/{source.pk}/')"), {
        "found": "unchanged",
        **typed,
    }


def test_an_address_that_changes_between_page_and_press_is_named_with_the_other(hands, live):
    source = exchanged(hands, live, url=NEW)
    form, said = answer_of_the_list(hands.are("edi"), source, supports="yes")
    with cast.as_person(hands.people["lib"]):
        row = Reference.objects.get(pk=source.pk)
        row.url = "https://example.org/third"
        row.save()
    before = AccessCheck.objects.count()

    answer = hands.send(form, QUEUE, **said)

    assert answer.status_code == 409
    [words] = [words for words in told(answer) if "address" in words]
    assert (NEW in words, "https://example.org/third" in words) == (True, True)
    assert AccessCheck.objects.count() == before
    assert Refusal.objects.latest("pk").reasons[0]["code"] == "stale-reference"


def test_a_press_that_carries_no_address_is_refused(hands, live):
    source = exchanged(hands, live, url=NEW)
    form, said = answer_of_the_list(hands.are("edi"), source, supports="yes")

    answer = hands.send(form, QUEUE, **said, version="", address="")

    assert (answer.status_code, AccessCheck.objects.count()) == (409, 1)


def test_the_button_of_the_form_is_refused_when_the_draft_took_another_address(hands, live):
    article, source = live.article, live.article.citations.get().reference
    citation = article.citations.get()
    address = f"/admin/content/article/{article.pk}/opened/{citation.pk}/"
    page = hands.are("ann").form(address, "@class='asking'")
    exchanged(hands, live, url=NEW)

    answer = hands.send(page, address, found="unchanged", supports="yes")

    assert answer.status_code == 409
    [words] = [words for words in told(answer) if "address" in words]
    assert (OLD in words, NEW in words, source.pk) == (True, True, citation.reference_id)
    assert AccessCheck.objects.count() == 1


def test_the_list_asks_for_the_new_address_and_preselects_nothing(hands, live):
    source = exchanged(hands, live, url=NEW)

    form, said = answer_of_the_list(hands.are("edi"), source, supports="yes")

    words = " ".join(form.getparent().text_content().split())
    assert f"The address changed after it was opened on {day(7)} at {OLD}. Open the new address" in words
    assert form.xpath(".//input[@name='supports'][@checked]") == []
    hands.send(form, QUEUE, **said)
    assert live.article.citations.get().access_check.address == NEW


def test_what_is_opened_for_a_draft_that_prints_the_earlier_address_waits(hands, live):
    source = live.article.citations.get().reference
    known = live.article.citations.get().access_check
    hands.are("lib").edit(source, url=NEW)

    form, said = answer_of_the_list(hands.are("edi"), source, supports="yes")
    answer = hands.send(form, QUEUE, **said)

    assert [words for words in told(answer) if "so it does not print this day" in words]
    assert live.article.citations.get().access_check == known
