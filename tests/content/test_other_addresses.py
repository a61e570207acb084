"""Odd input on the pages of merging, and addresses that a draft prints though the library has another by now."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from content.access_checks import recording as access_recording
from content.library import merging
from content.links import recording, scheduling
from content.links.visiting import Look
from content.models import Outcome, Reference, WatchedLink
from reviews import gate
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def merge(alias, kept, by):
    return merging.merge(alias, into=kept, by=by, seen=merging.shown(alias, kept))


@pytest.mark.parametrize("digits", [4301, 20])
def test_a_number_of_thousands_of_digits_is_no_server_error(people, client, digits):
    client.force_login(people["lib"])
    client.raise_request_exception = False

    answer = client.post(reverse("admin:content_reference_apart"), {"one": "9" * digits, "other": "1"})

    assert answer.status_code == 404


def test_a_page_number_of_thousands_of_digits(people, client):
    client.force_login(people["lib"])
    client.raise_request_exception = False
    one, other = cast.reference(people["lib"]), cast.reference(people["lib"], url="https://example.org/two")
    answer = client.post(
        reverse("admin:content_reference_apart"),
        {"one": one.pk, "other": other.pk, "p": "9" * 5000},
        follow=True,
    )
    assert answer.status_code == 200


def test_a_search_with_a_nul_byte_is_no_server_error(people, client):
    client.force_login(people["lib"])
    client.raise_request_exception = False
    row = cast.reference(people["lib"])

    answer = client.get(reverse("admin:content_reference_merge_into", args=[row.pk]), {"q": "a\x00b"})

    assert answer.status_code == 200


def missed(url):
    scheduling.enrol()
    recording.keep(WatchedLink.objects.get(url=url), Look(Outcome.BROKEN, 404), timezone.now())


@pytest.mark.parametrize("how", ["merged", "edited"])
def test_opening_another_address_does_not_clear_the_dead_one_that_is_printed(people, how):
    """The draft prints the alias's address, which is gone; somebody opens the kept entry at its own address."""
    edition = cast.submitted(people["ann"])
    alias = Reference.objects.get()
    kept = cast.reference(
        people["lib"], title="Kaposi sarcoma: how it’s treated", url="https://example.org/k"
    )
    with time_machine.travel(timezone.now() - timedelta(days=3), tick=True) as clock:
        missed("https://example.org/kaposi")
        clock.shift(timedelta(days=1))
        missed("https://example.org/kaposi")
    assert "link-broken" in [finding.code for finding in gate.findings(edition)]
    if how == "merged":
        merge(alias, kept, people["lib"])
    else:
        with cast.as_person(people["lib"]):
            alias.url = "https://example.org/k2"
            alias.save()
    access_recording.opened(
        kept if how == "merged" else alias, by=people["lib"], on=timezone.localdate(), found="unchanged"
    )

    codes = [finding.code for finding in gate.findings(edition)]

    assert "link-broken" in codes
