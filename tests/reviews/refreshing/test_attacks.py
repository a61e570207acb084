"""A refresh under attack: by a hurried insider, and by somebody who writes SQL."""

import pytest
from django.urls import reverse
from django.utils import timezone

from content.access_checks import sharing
from content.editions import submitting
from content.models import Article
from content.snapshots import pins
from reviews import gate, initial_data
from reviews.models import KindVersion, Refresh, RefreshReview
from reviews.refreshing import signing
from tests import cast, tampering
from tests.reviews.decisions.test_reference_rulings import (
    citing_pages,
    new_version,
    next_edition,
    rule,
)
from tests.reviews.refreshing import house

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def test_the_page_of_the_review_shows_who_asked_for_changes(people, client):
    """Rule 6: the sign-off records this decision as shown to its signer."""
    house.public(people)
    house.opened_again(people["edi"])
    refresh = house.begun(people)
    edition = refresh.items.get().edition
    asked = cast.sign(
        edition, people["lib"], "editorial-review", decision="request-changes", reason="I mistyped the day."
    )
    client.force_login(people["edi"])

    page = client.get(reverse("refresh-review", args=[refresh.pk])).content.decode()
    [item] = house.signed(refresh, people["edi"])

    assert item.signoff.newest_shown == asked
    assert "I mistyped the day." in page or asked.printed_name in page


def test_a_refresh_costs_nobody_the_review_that_their_ruling_carried(people):
    """Who hands in counts among the writers, so their own ruling on a source reaches the edition no more."""
    cid = people["cid"] = cast.person("cid", initial_data.MEDICAL_REVIEWERS, initial_data.EDITORS)
    page = citing_pages(people)[0]
    new_version(people)
    edition = next_edition(page, people)
    rule(cid)
    cast.sign(edition, people["edi"], "editorial-review")
    cast.publish(edition, people["dora"])
    house.opened_again(people["edi"])

    refresh = house.begun(people, by="cid")

    item = refresh.items.get(article=page.article_id)
    held = [reason["code"] for reason in item.reasons]
    codes = [finding.code for finding in gate.blockers(item.edition)] if item.edition else held
    assert "medical-review-missing" not in codes


def test_what_was_shown_as_the_start_of_the_changes_is_what_is_signed(people):
    """refreshitem is no frozen table: somebody points an item to an older publication between the act and its signature."""
    [first] = house.public(people)
    draft = Article.objects.get(pk=first.article_id)
    with cast.saving(draft, people["ann"]):
        section = draft.sections.first()
        section.body = "<p>Medicines, taken as 40 mg pills.</p>"
        section.save()
        draft.public_note = "Dose mended."
        draft.save()
    second = submitting.submit(Article.objects.get(pk=draft.pk), by=people["ann"], change="major")
    cast.publish(cast.signed(second, people), people["dora"])
    house.opened_again(people["lib"])
    refresh = house.begun(people)
    act = house.reviewed(refresh, people["edi"])
    refresh.items.update(live=first)

    list(signing.sign(act, by=people["edi"]))

    signoff = refresh.items.get().signoff
    assert signoff is None or signoff.since_edition == second


def test_no_day_is_printed_behind_an_address_that_nobody_opened(people, client):
    """The library has a new address, which is the one that was opened; the page goes on printing the old one."""
    [live] = house.public(people)
    source = live.article.citations.get().reference
    with cast.as_person(people["lib"]):
        source.url = "https://example.org/moved-here"
        source.save()
    house.opened_again(people["lib"])
    refresh = house.begun(people)

    item = refresh.items.get()
    [reason] = item.reasons
    assert (item.edition, reason["code"]) == (None, "address-differs")
    client.force_login(people["ann"])
    assert client.get(reason["fix"]).status_code == 200


def test_an_opening_is_not_carried_to_a_draft_that_prints_another_address(people):
    [live] = house.public(people)
    source = live.article.citations.get().reference
    with cast.as_person(people["lib"]):
        source.url = "https://example.org/moved-here"
        source.save()

    check = house.opened_again(people["edi"])

    assert list(sharing.share(check, by=people["edi"])) == []
    with cast.saving(live.article, people["ann"]):
        pins.take(live.article, pins.updates(live.article), by=people["ann"])
    assert list(sharing.share(check, by=people["edi"])) == [live.article]


def test_nobody_goes_on_with_an_act_that_was_written_into_the_database_by_hand(people, client):
    """The page offers edi to go on with what “she” signed; the ledger knows of no such act."""
    house.public(people)
    house.opened_again(people["lib"])
    refresh = house.begun(people)
    edi = people["edi"]
    with tampering.triggers_away(RefreshReview):
        tampering.insert(
            RefreshReview(
                refresh=refresh,
                kind=KindVersion.objects.newest(signing.KIND),
                shown=signing.shown(signing.rows(refresh)),
                stated={},
                signed_by=edi,
                printed_name=str(edi),
                organisation=edi.organisation,
                conflict="none",
                authentication="session",
                signed_at=timezone.now(),
            )
        )
    client.force_login(edi)

    client.post(reverse("refresh-sign", args=[refresh.pk]))

    assert refresh.items.get().signoff is None


def test_a_type_that_nobody_knows_begins_no_refresh_of_everything(people, client):
    house.public(people)
    house.opened_again(people["lib"])
    client.force_login(people["ann"])

    client.post(reverse("refresh-begin"), {"whose": "all", "type": "gideline"})

    assert Refresh.objects.count() == 0
