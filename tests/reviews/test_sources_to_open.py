"""The list of sources to open: answered one after the other, without JavaScript too, and as quick for thousands."""

from datetime import timedelta
from urllib.parse import urljoin

import lxml.html
import pytest
from django.utils import timezone

from content.access_checks import recording
from content.models import AccessCheck, Citation, Reference
from evidence.models import Refusal
from reviews.views import sources
from tests import cast
from tests.counting import counted
from tests.saved_states import standing

pytestmark = pytest.mark.django_db
PAGE = "/admin/sources/?whose=all"


@pytest.fixture
def people():
    return cast.cast()


def cite(article, by, reference, *, check=None, supports="not-stated"):
    with cast.saving(article, by):
        Citation(
            article=article, reference=reference, position=9, access_check=check, supports=supports
        ).save()


@pytest.fixture
def articles(people):
    return citing_drafts(people)


@standing.kept
def citing_drafts(people):
    """Two drafts that cite two sources: one opened 200 days ago, which supports both, and one never opened."""
    old = timezone.localdate() - timedelta(days=200)
    both = [
        cast.article(people["ann"], title=title, slug=title.lower(), owner=people[owner])
        for title, owner in (("One", "ann"), ("Two", "edi"))
    ]
    with cast.as_person(people["lib"]):
        Reference.objects.all().update(type="agency-page")
    past, unopened = (
        cast.reference(people["lib"], title=title, url=f"https://{title.lower()}.example.org/page")
        for title in ("Past", "Unopened")
    )
    check = recording.opened(past, by=people["ann"], on=old, found="unchanged")
    for article in both:
        cite(article, people["ann"], past, check=check, supports="yes")
        cite(article, people["ann"], unopened)
    return both


def tree(answer):
    return lxml.html.fromstring(answer.content.decode())


def titles(answer):
    return [title.text_content() for title in tree(answer).xpath("//li[contains(@class, 'source')]/h3")]


def row(client, title, page=PAGE):
    [found] = [
        li
        for li in tree(client.get(page)).xpath("//li[contains(@class, 'source')]")
        if li.xpath("string(h3)") == title
    ]
    return found


def send(client, title, page=PAGE, **given):
    """Press a button of a row's form, with the fields as the page shows them but for those given."""
    form = row(client, title, page).xpath(".//form")[0]
    return client.post(urljoin(page, form.get("action")), {**dict(form.form_values()), **given})


def told(answer, client):
    page = client.get(answer["Location"]) if answer.status_code == 302 else answer
    return [str(message) for message in page.context["messages"]]


def printed(article, title):
    citation = article.citations.get(reference__title=title)
    return citation.access_check and citation.access_check.opened_on, citation.supports


TODAY = timezone.localdate


def test_it_lists_what_has_to_be_opened_and_says_why(people, articles, client):
    client.force_login(people["ann"])

    answer = client.get(PAGE)

    assert titles(answer) == ["Unopened", "Past"]
    words = " ".join(row(client, "Past").text_content().split())
    assert "Soon too old Last opened 200 days ago, on" in words
    assert "Cited by One, Two." in words


def test_an_answer_is_printed_by_the_article_it_was_asked_for(people, articles, client):
    client.force_login(people["ann"])

    answer = send(client, "Past", found="unchanged")

    assert answer.status_code == 302
    assert [printed(article, "Past")[0] == TODAY() for article in articles] == [True, False]
    assert titles(client.get(answer["Location"])) == ["Unopened"]
    assert told(answer, client) == []  # told once, by the request before


def test_it_goes_on_with_the_next_source_and_keeps_what_was_chosen(people, articles, client):
    client.force_login(people["ann"])
    unopened, past = (Reference.objects.get(title=title).pk for title in ("Unopened", "Past"))

    first = send(client, "Unopened", found="gone")
    second = send(client, "Past", page=f"{PAGE}&site=past", found="unchanged", share="1")

    made = AccessCheck.objects.order_by("-pk").values_list("pk", flat=True)
    assert first["Location"] == f"/admin/sources/?whose=all&p=1&last={made[1]}#source-{past}"
    assert second["Location"] == f"/admin/sources/?whose=all&site=past&p=1&last={made[0]}&share=1"
    assert row(client, "Unopened", second["Location"].replace("&site=past", "")).xpath(
        ".//input[@name='share']/@checked"
    )
    assert unopened != past


def test_an_answer_is_carried_to_the_other_articles_where_asked(people, articles, client):
    client.force_login(people["ann"])

    answer = send(client, "Past", found="unchanged", share="1")

    check = AccessCheck.objects.latest("pk")
    assert [printed(article, "Past") for article in articles] == [(TODAY(), "yes")] * 2
    assert check.opened_for == articles[0]
    assert told(answer, client) == ["Recorded: “Past”, unchanged. Shared with 1 other article."]


@pytest.mark.parametrize("found", ["changed", "gone", "login-needed"])
def test_what_was_not_found_unchanged_is_carried_nowhere(people, articles, client, found):
    client.force_login(people["ann"])

    answer = send(client, "Past", found=found, share="1")

    assert [printed(article, "Past")[0] == TODAY() for article in articles] == [True, False]
    assert told(answer, client) == [
        f"Recorded: “Past”, {'needs a login' if found == 'login-needed' else found}."
    ]


def test_carrying_ends_after_a_while_and_says_what_happens_to_the_rest(people, articles, client, monkeypatch):
    cite(
        cast.article(people["ann"], title="Three", slug="three"),
        people["ann"],
        Reference.objects.get(title="Past"),
    )
    monkeypatch.setattr(sources, "SECONDS_TO_SHARE", -1.0)
    client.force_login(people["ann"])

    answer = send(client, "Past", found="unchanged", supports="yes", share="1")

    assert told(answer, client) == [
        "Recorded: “Past”, unchanged. Shared with 1 other article. The remaining articles get it as a library update."
    ]


def test_what_supported_the_article_before_it_changed_has_to_be_said_anew(people, articles, client):
    client.force_login(people["ann"])
    chosen = ".//input[@name='supports']/@checked"
    before = row(client, "Past").xpath(chosen)
    recording.opened(Reference.objects.get(title="Past"), by=people["edi"], on=TODAY(), found="changed")

    unsaid = send(client, "Past", found="changed")

    assert (len(before), row(client, "Past").xpath(chosen), unsaid.status_code) == (1, [], 422)


def test_an_answer_that_is_refused_keeps_what_was_asked_to_be_carried(people, articles, client):
    client.force_login(people["ann"])

    answer = send(client, "Unopened", found="unchanged", share="1")

    assert tree(answer).xpath("//li[@data-answered]//input[@name='share']/@checked")


def test_the_same_form_again_is_recorded_once(people, articles, client):
    client.force_login(people["ann"])
    form = row(client, "Past").xpath(".//form")[0]
    fields = {**dict(form.form_values()), "found": "unchanged"}
    before = AccessCheck.objects.count()

    answers = [client.post(form.get("action"), fields).status_code for _ in range(2)]

    assert (answers, AccessCheck.objects.count()) == ([302, 302], before + 1)


def test_undoing_is_answering_again_for_the_same_article(people, articles, client):
    client.force_login(people["ann"])
    page = client.get(send(client, "Past", found="gone")["Location"])
    [undo] = tree(page).xpath("//a[@data-undo]/@href")

    again = client.get(undo)
    answer = send(client, "Past", page=undo, found="unchanged", supports="yes")

    assert titles(again)[0] == "Past"
    assert "Answer again" in row(client, "Past", undo).text_content()
    assert [check.found for check in AccessCheck.objects.filter(reference__title="Past")] == [
        "unchanged", "gone", "unchanged",
    ]  # fmt: skip
    assert printed(articles[0], "Past") == (TODAY(), "yes")
    assert "again" not in answer["Location"]


def test_nobody_undoes_the_answer_of_somebody_else(people, articles, client):
    check = recording.opened(
        Reference.objects.get(title="Past"), by=people["edi"], on=TODAY(), found="unchanged"
    )
    client.force_login(people["ann"])

    page = client.get(f"{PAGE}&again={check.pk}&last={check.pk}")

    assert (titles(page), tree(page).xpath("//a[@data-undo]")) == (["Unopened"], [])


def test_an_answer_that_is_refused_leaves_the_list_and_says_why(people, articles, client):
    client.force_login(people["ann"])
    before = AccessCheck.objects.count()

    unsaid = send(client, "Unopened", found="unchanged")
    nothing = send(client, "Unopened")

    assert (unsaid.status_code, told(unsaid, client)) == (
        422, ["Choose whether the source supports this article: yes or no."],
    )  # fmt: skip
    assert (nothing.status_code, told(nothing, client)) == (
        422,
        ["Nothing was recorded: choose what you found."],
    )
    [refused] = tree(unsaid).xpath("//li[@data-answered]//ul[@class='errorlist']/li/text()")
    assert refused == "Choose whether the source supports this article: yes or no."
    assert titles(unsaid) == ["Unopened", "Past"]
    assert tree(unsaid).xpath("string(//li[@data-answered]/h3)") == "Unopened"
    assert [reason["code"] for reason in Refusal.objects.first().reasons] == ["support-missing"]
    assert AccessCheck.objects.count() == before


def test_somebody_elses_answer_meanwhile_is_told(people, articles, client):
    client.force_login(people["ann"])
    form = row(client, "Past").xpath(".//form")[0]
    recording.opened(Reference.objects.get(title="Past"), by=people["edi"], on=TODAY(), found="gone")

    answer = client.post(form.get("action"), {**dict(form.form_values()), "found": "unchanged"})

    assert answer.status_code == 409
    assert told(answer, client) == [
        "Edi Example recorded an access check after you opened this page: gone. Check the source, then answer again."
    ]


def test_mine_are_those_of_my_articles_and_all_is_shown_to_those_who_own_none(people, articles, client):
    Citation.objects.filter(article=articles[1], reference__title="Past").delete()
    shown = {}
    for name in ("ann", "edi", "lib"):
        client.force_login(people[name])
        shown[name] = titles(client.get("/admin/sources/"))

    assert shown == {"ann": ["Unopened", "Past"], "edi": ["Unopened"], "lib": ["Unopened", "Past"]}


@pytest.mark.parametrize("junk", ["type=nonsense", "whose=x", "p=x", "p=99", "again=x", "again=99", "last=x"])
def test_an_address_made_by_hand_shows_the_list(people, articles, client, junk):
    client.force_login(people["ann"])

    assert titles(client.get(f"/admin/sources/?{junk}")) == ["Unopened", "Past"]


@pytest.mark.parametrize("name", ["bob", "dora", "gus", "eve"])
def test_whoever_may_not_record_sees_no_list(people, articles, client, name):
    client.force_login(people[name])

    assert client.get(PAGE).status_code == 403


def test_an_answer_for_an_article_that_is_not_there_is_not_found(people, articles, client):
    client.force_login(people["ann"])

    assert send(client, "Past", found="unchanged", article=999).status_code == 404


def add_sources(articles, size):
    """Until there are so many that have to be opened, each cited by every article."""
    there = Reference.objects.filter(title__startswith="Bulk").count()
    Reference.objects.bulk_create(
        Reference(
            title=f"Bulk {n}",
            url=f"https://bulk.example.org/{n}",
            url_normalised=f"https://bulk.example.org/{n}",
        )
        for n in range(there, size)
    )
    new = Reference.objects.filter(title__startswith="Bulk", citations=None)
    Citation.objects.bulk_create(
        Citation(article=article, reference=reference, position=1)
        for reference in new
        for article in articles
    )


def test_statements_and_rows_are_as_many_for_5000_sources_as_for_500(people, articles, client):
    more = [cast.article(people["ann"], title=f"More {n}", slug=f"more-{n}") for n in range(6)]
    client.force_login(people["ann"])
    measured = []
    for size in (500, 5000):
        add_sources([*articles, *more], size)
        with counted() as found:
            answer = client.get(PAGE)
        assert (answer.context["page_obj"].paginator.count, len(titles(answer))) == (size + 2, 25)
        measured.append(found)

    assert measured[0] == measured[1]
    assert measured[0]["rows"] < 250
