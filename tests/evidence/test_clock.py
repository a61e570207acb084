"""Nothing is decided while the clock stands before the last decision: its day would be before what it rests on."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from evidence.findings import Refused
from evidence.models import LedgerEvent, Refusal
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def edition(people):
    return cast.submitted(people["ann"])


def days_ahead(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def test_a_decision_before_the_last_one_is_refused_and_leaves_nothing(people, edition):
    with days_ahead(1):
        cast.sign(edition, people["edi"], "editorial-review")
    before = list(LedgerEvent.objects.values_list("number", flat=True))

    with pytest.raises(Refused) as refused:
        cast.sign(edition, people["bob"], "medical-review")

    assert refused.value.codes == ["clock-behind"]
    assert list(LedgerEvent.objects.values_list("number", flat=True)) == before
    assert edition.signoffs.filter(signed_by=people["bob"]).exists() is False


def test_clocks_of_two_servers_may_differ_a_little(people, edition):
    last = LedgerEvent.objects.last()

    with time_machine.travel(last.recorded_at - timedelta(seconds=1), tick=False):
        cast.sign(edition, people["edi"], "editorial-review")

    assert edition.signoffs.filter(signed_by=people["edi"]).exists()


def test_what_an_installation_began_with_stops_nobody():
    assert set(LedgerEvent.objects.values_list("verb", flat=True)) == {"load initial data"}

    with days_ahead(-300):
        people = cast.cast()
        edition = cast.submitted(people["ann"])

    assert edition.number == 1


def test_the_page_says_which_clock_is_wrong_and_records_the_refusal(people, edition, client):
    with days_ahead(1):
        cast.sign(edition, people["edi"], "editorial-review")
    client.force_login(people["ann"])

    answer = client.post(f"/admin/editions/{edition.pk}/take-back/", {"note": "A mistake."}, follow=True)

    (told,) = (str(message) for message in answer.context["messages"])
    assert told.startswith("The clock of the server says ")
    assert told.endswith("Ask your administrator to correct the clock, then do this again.")
    assert [refusal.reasons[0]["code"] for refusal in Refusal.objects.all()] == ["clock-behind"]
