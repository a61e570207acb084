"""The pages of a refresh: choose, go on, sign once, publish in one go, take back; each button asks its own right."""

from urllib.parse import urljoin

import lxml.html
import pytest
from django.utils import timezone

from content.models import Article, Publication
from evidence import shown as evidence_shown
from evidence.shown import Shown
from reviews.models import Refresh, RefreshReview, Signoff
from reviews.refreshing import preparing
from reviews.refreshing.progress import progress
from reviews.views import refreshes
from tests import cast
from tests.reviews.refreshing.house import begun, opened_again, public, signed
from tests.saved_states import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def articles(people):
    return opened_again_and_changed(people)


@standing.kept
def opened_again_and_changed(people):
    """Three public articles whose source was opened again; the text of the third was changed since."""
    found = public(people, 3)
    opened_again(people["edi"])
    with cast.saving(found[2].article, people["ann"]):
        section = found[2].article.sections.first()
        section.body = "<p>Other words.</p>"
        section.save()
    return found


def tree(answer):
    return lxml.html.fromstring(answer.content.decode())


def words(answer):
    return " ".join(tree(answer).xpath("//div[@id='content']")[0].text_content().split())


def press(client, page, action, **typed):
    """Send the form of the page whose address ends so."""
    answer = client.get(page)
    [form] = [f for f in tree(answer).forms if (f.get("action") or "").endswith(action)]
    return client.post(urljoin(page, form.get("action")), {**dict(form.form_values()), **typed})


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def counts(refresh):
    stands = progress(refresh)
    return {name: len(items) for name, items in vars(stands).items() if items}


def test_from_choosing_to_the_public_through_the_pages_alone(people, articles, client):
    client.force_login(people["ann"])
    chosen = client.get("/admin/refreshes/?whose=all")
    assert "3 articles will be checked" in words(chosen)
    assert "The draft has other changes (text)" in words(chosen)
    page = press(client, "/admin/refreshes/?whose=all", "/begin/")["Location"]
    refresh = Refresh.objects.get()
    assert (page, counts(refresh)) == (f"/admin/refreshes/{refresh.pk}/", {"left_out": 1, "unsigned": 2})
    assert "3 of 3 articles prepared" in words(client.get(page))

    client.force_login(people["edi"])
    review = client.get(f"{page}review/")
    assert f"→ {timezone.localdate():%B %-d, %Y} Edi Example, unchanged" in words(review)
    press(client, f"{page}review/", "/review/", conflict="none")
    assert counts(refresh) == {"left_out": 1, "ready": 2}

    client.force_login(people["dora"])
    press(client, page, "/publish/")
    assert counts(refresh) == {"left_out": 1, "published": 2}
    assert "One, edition 2" in words(client.get(page))
    assert sorted(Publication.objects.live().values_list("edition__number", flat=True)) == [1, 2, 2]


def test_each_press_works_for_a_while_and_says_how_far_it_came(people, articles, client, monkeypatch):
    monkeypatch.setattr(refreshes, "SECONDS_A_PRESS", -1.0)
    client.force_login(people["ann"])
    page = press(client, "/admin/refreshes/?whose=all", "/begin/")["Location"]
    refresh = Refresh.objects.get()
    assert counts(refresh) == {"pending": 2, "unsigned": 1}

    unfinished = client.get(page)
    assert "1 of 3 articles prepared" in words(unfinished)
    assert tree(unfinished).xpath("//code/text()") == [
        f"manage.py refresh_access_dates --go-on {refresh.pk} --by USERNAME"
    ]
    press(client, page, "/go-on/")
    press(client, page, "/go-on/")

    assert counts(refresh) == {"left_out": 1, "unsigned": 2}


def test_a_signature_that_took_longer_than_one_press_is_gone_on_with(people, articles, client, monkeypatch):
    refresh = begun(people)
    monkeypatch.setattr(refreshes, "SECONDS_A_PRESS", -1.0)
    client.force_login(people["edi"])
    page = f"/admin/refreshes/{refresh.pk}/"
    press(client, f"{page}review/", "/review/", conflict="none")
    assert (counts(refresh), "1 still to sign" in words(client.get(page))) == (
        {"left_out": 1, "unsigned": 1, "ready": 1}, True,
    )  # fmt: skip

    press(client, page, "/sign/")

    assert (counts(refresh)["ready"], RefreshReview.objects.count()) == (2, 1)


def test_nobody_goes_on_with_somebody_elses_signature(people, articles, client):
    refresh = begun(people)
    client.force_login(people["ann"])

    assert client.post(f"/admin/refreshes/{refresh.pk}/sign/").status_code == 403


def test_an_answer_that_is_refused_comes_back_as_it_was_given(people, articles, client):
    refresh = begun(people)
    client.force_login(people["edi"])
    page = f"/admin/refreshes/{refresh.pk}/review/"

    unsaid = press(client, page, "/review/")
    of_nobody = evidence_shown.sealed(Shown({}))
    answer = {"conflict": "declared", "conflict_text": "I hold shares."}
    stale = press(client, page, "/review/", shown=of_nobody, **answer)
    unseen = client.post(page, {"conflict": "none"})

    assert (unsaid.status_code, told(unsaid)) == (
        422, ["Answer whether you have a conflict of interest."],
    )  # fmt: skip
    assert (stale.status_code, "I hold shares." in stale.content.decode()) == (409, True)
    assert unseen.status_code == 422
    assert Signoff.objects.filter(scope="changes-only").count() == 0


def test_a_publishers_page_that_is_out_of_date_publishes_nothing(people, articles, client):
    refresh = begun(people)
    signed(refresh, people["edi"])
    client.force_login(people["dora"])

    answer = press(client, f"/admin/refreshes/{refresh.pk}/", "/publish/", shown="x")

    assert (answer.status_code, counts(refresh)) == (409, {"left_out": 1, "ready": 2})


def test_all_is_taken_back_with_one_press(people, articles, client):
    refresh = begun(people)
    client.force_login(people["ann"])

    press(client, f"/admin/refreshes/{refresh.pk}/", "/take-back/")

    assert counts(refresh) == {"left_out": 1, "taken_back": 2}


def test_refused_articles_are_tried_again(people, articles, client):
    refresh = begun(people)
    signed(refresh, people["edi"])
    one = refresh.items.get(article__title="One")
    cast.sign(one.edition, people["cid"], "medical-review", decision="request-changes", reason="Doubtful.")
    client.force_login(people["dora"])
    page = f"/admin/refreshes/{refresh.pk}/"
    press(client, page, "/publish/")
    assert "Doubtful." in words(client.get(page))

    press(client, page, "/try-again/")

    assert counts(refresh) == {"left_out": 1, "ready": 1, "published": 1}


MAY = {
    "begin/": {"ann", "edi", "lib"},
    "{pk}/go-on/": {"ann", "edi", "lib"},
    "{pk}/take-back/": {"ann", "edi", "lib"},
    "{pk}/publish/": {"dora"},
    "{pk}/try-again/": {"ann", "edi", "lib", "dora"},
}


@pytest.mark.parametrize("path", MAY)
def test_each_button_asks_its_own_right(people, articles, client, path):
    refresh = preparing.begin(by=people["ann"])

    may = set()
    for name in ("ann", "edi", "lib", "bob", "asa", "dora", "gus", "eve"):
        client.force_login(people[name])
        answer = client.post(f"/admin/refreshes/{path.format(pk=refresh.pk)}", {"whose": "all"})
        may |= {name} if answer.status_code != 403 else set()

    assert may == MAY[path]


def test_readers_of_editions_see_how_it_stands_and_no_button(people, articles, client):
    refresh = begun(people)
    for name in ("bob", "gus"):
        client.force_login(people[name])
        shown = client.get(f"/admin/refreshes/{refresh.pk}/")
        forms = [f.get("action") for f in tree(shown).xpath("//main//form")]
        assert (shown.status_code, forms) == (200, [])
        assert tree(client.get(f"/admin/refreshes/{refresh.pk}/review/")).xpath("//main//form") == []


def test_mine_are_those_i_own_and_all_is_shown_to_those_who_own_none(people, articles, client):
    with cast.saving(articles[0].article, people["ann"]):
        Article.objects.filter(pk=articles[0].article_id).update(owner=people["edi"])
    shown = {}
    for name in ("ann", "edi", "lib"):
        client.force_login(people[name])
        shown[name] = client.get("/admin/refreshes/").context["page_obj"].paginator.count

    assert shown == {"ann": 2, "edi": 1, "lib": 3}


def test_nothing_to_choose_says_so_and_begins_nothing(people, client):
    public(people)
    client.force_login(people["ann"])

    assert "Nothing to refresh" in words(client.get("/admin/refreshes/"))
    assert client.post("/admin/refreshes/begin/", {}).status_code == 422
    assert Refresh.objects.count() == 0
