"""“I opened it today” on the article form: one press, without losing what was typed and without a stale form."""

import lxml.html
import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from content.access_checks import recording
from content.models import AccessCheck, Article
from evidence.models import Refusal
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    return cast.article(people["ann"])


def address(article):
    return f"/admin/content/article/{article.pk}/change/"


def shown(client, article):
    """The fields of the form, and the value of its one button."""
    page = lxml.html.fromstring(client.get(address(article)).content.decode())
    [form] = [form for form in page.forms if form.get("id") == "article_form"]
    buttons = form.xpath(".//button[@name='opened']")
    return dict(form.form_values()), [button.get("value") for button in buttons]


def pressed(client, article, **typed):
    fields, [button] = shown(client, article)
    return client.post(address(article), {**fields, **typed, "opened": button})


def told(client, answer):
    return [str(message) for message in client.get(answer["Location"]).context["messages"]]


def test_one_press_records_that_it_was_opened_today(people, article, client):
    client.force_login(people["edi"])

    answer = pressed(client, article)

    citation = article.citations.get()
    check = citation.access_check
    assert (answer.status_code, answer["Location"]) == (302, f"{address(article)}#citations-0")
    assert (check.opened_by, check.opened_on, check.found) == (
        people["edi"],
        timezone.localdate(),
        "unchanged",
    )
    assert (citation.supports, check.opened_for, Article.objects.get().saves) == (
        "yes",
        article,
        article.saves + 1,
    )
    assert told(client, answer) == [
        f"Recorded: you opened “{citation.reference}” today. The draft now prints that date."
    ]


def test_what_was_typed_is_saved_with_it_and_the_form_that_comes_back_is_not_stale(people, article, client):
    client.force_login(people["ann"])

    pressed(client, article, title="A better title")
    again = pressed(client, article, title="An even better title")

    stored = Article.objects.get()
    assert (again.status_code, stored.title, stored.saves) == (302, "An even better title", article.saves + 2)


def test_a_form_that_cannot_be_saved_comes_back_whole_and_says_that_nothing_is_recorded(
    people, article, client
):
    client.force_login(people["ann"])
    before = AccessCheck.objects.count()

    answer = pressed(client, article, title="", lead="<p>Kept words.</p>")

    assert answer.status_code == 200
    assert "Your access check is not recorded yet" in answer.content.decode()
    assert "Kept words." in answer.content.decode()
    assert (AccessCheck.objects.count(), Article.objects.get().saves) == (before, article.saves)


def test_a_form_that_is_stale_records_nothing(people, article, client):
    client.force_login(people["ann"])
    fields, [button] = shown(client, article)
    with cast.saving(article, people["edi"]):
        pass
    before = AccessCheck.objects.count()

    answer = client.post(address(article), {**fields, "opened": button})

    assert (
        told(client, answer)[0]
        == "Your access check is not recorded yet. Press the button again on the draft as it is now."
    )
    assert [reason["code"] for reason in Refusal.objects.get().reasons] == ["stale-draft"]
    assert AccessCheck.objects.count() == before


def test_somebody_elses_opening_meanwhile_is_told_and_the_text_is_saved(people, article, client):
    client.force_login(people["ann"])
    fields, [button] = shown(client, article)
    recording.opened(
        article.citations.get().reference, by=people["edi"], on=timezone.localdate(), found="gone"
    )

    answer = client.post(address(article), {**fields, "title": "Typed", "opened": button})

    assert told(client, answer) == [
        "Edi Example recorded an access check after you opened this page: gone. Check the source, then answer again."
    ]
    assert [reason["code"] for reason in Refusal.objects.first().reasons] == ["stale-access-check"]
    assert (Article.objects.get().title, article.citations.get().access_check.found) == ("Typed", "unchanged")


@pytest.mark.parametrize("change", ["another source", "deleted"])
def test_a_citation_changed_in_the_same_form_is_not_taken_for_the_source_that_was_opened(
    people, article, client, change
):
    client.force_login(people["ann"])
    other = cast.reference(people["lib"], title="Another", url="https://example.org/other")
    before = AccessCheck.objects.count()

    typed = {
        "another source": {"citations-0-reference": other.pk, "citations-0-access_check": ""},
        "deleted": {"citations-0-DELETE": "on"},
    }[change]
    answer = pressed(client, article, **typed)

    assert told(client, answer) == [
        "Not recorded, because you chose another source in this citation. Open the new source and record that."
    ]
    assert AccessCheck.objects.count() == before


@pytest.mark.parametrize("junk", ["", "1", "x-y-z", "1-2-3-4", "9999999999999999999999-1-1", "0-0-0"])
def test_a_button_made_by_hand_records_nothing(people, article, client, junk):
    client.force_login(people["ann"])
    fields, _ = shown(client, article)
    before = AccessCheck.objects.count()

    answer = client.post(address(article), {**fields, "opened": junk})

    assert (answer.status_code, AccessCheck.objects.count()) == (302, before)


def test_whoever_may_not_record_sees_no_button_and_presses_none(people, article, client):
    client.force_login(people["gus"])
    before = AccessCheck.objects.count()

    _, buttons = shown(client, article)
    answer = client.post(address(article), {"opened": f"{article.citations.get().pk}-1-1"})

    assert (buttons, answer.status_code, AccessCheck.objects.count()) == ([], 403, before)


def test_an_editor_without_the_right_to_record_saves_and_records_nothing(people, article, client):
    fields_of = people["ann"]
    client.force_login(fields_of)
    fields, [button] = shown(client, article)
    for group in Group.objects.all():
        group.permissions.remove(*group.permissions.filter(codename="add_accesscheck"))
    before = AccessCheck.objects.count()

    answer = client.post(address(article), {**fields, "title": "Typed", "opened": button})

    assert (answer.status_code, AccessCheck.objects.count()) == (302, before)
    assert (shown(client, article)[1], Article.objects.get().title) == ([], "Typed")


def test_the_form_says_who_opened_it_and_for_which_article(people, article, client):
    client.force_login(people["ann"])
    other = cast.article(people["ann"], title="Another article", slug="another")
    check = recording.opened(
        article.citations.get().reference, by=people["edi"], on=timezone.localdate(), found="unchanged",
        opened_for=other,
    )  # fmt: skip
    with cast.saving(article, people["ann"]):
        article.citations.update(access_check=check)

    page = " ".join(
        lxml.html.fromstring(client.get(address(article)).content.decode()).text_content().split()
    )

    assert f"Edi Example, {timezone.localdate():%B %-d, %Y}: unchanged. Shared from “Another article”" in page
