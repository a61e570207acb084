"""One place turns the refusal of a verb into messages, a status and a recorded refusal, for the pages of both rooms."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.urls import reverse
from django.utils import timezone

from content.admin.requests import attempt
from content.models import PageFrame
from content.public import page_frame
from evidence.findings import Finding, Refused
from evidence.models import Refusal
from reviews import initial_data
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def pressed(rf, people):
    request = rf.post("/")
    request.user, request.session = people["edi"], {}
    request._messages = FallbackStorage(request)
    return request


def refused_with(request, *codes):
    with attempt(request) as tried:
        raise Refused("try", [Finding(code, f"Because of {code}.") for code in codes])
    return tried


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        (["reason-missing"], 422),
        (["reason-missing", "stale-draft"], 409),
        (["reason-missing", "already-withdrawn"], 409),
        (["not-in-review"], 409),
        (["not-live"], 409),
        (["not-the-newest"], 409),
        (["stale-draft", "no-right"], 403),
    ],
)
def test_the_status_says_whether_to_correct_to_look_again_or_to_leave(pressed, codes, status):
    assert refused_with(pressed, *codes).status == status


def test_a_refusal_is_told_and_recorded_with_every_reason(pressed, people):
    tried = refused_with(pressed, "one", "two")

    words = ("Because of one.", "Because of two.")
    kept = Refusal.objects.get()
    assert (tried.words, tuple(str(message) for message in get_messages(pressed))) == (words, words)
    assert (kept.verb, kept.requested_by, [reason["code"] for reason in kept.reasons]) == (
        "try",
        people["edi"],
        ["one", "two"],
    )


def test_what_succeeds_says_and_records_nothing(pressed):
    with attempt(pressed) as tried:
        pass

    assert (tried.refused, tried.words, tried.status) == (None, (), 200)
    assert not get_messages(pressed)
    assert not Refusal.objects.exists()


def test_another_fault_is_not_taken_for_a_refusal(pressed):
    with pytest.raises(ZeroDivisionError), attempt(pressed):
        raise ZeroDivisionError


def test_each_reason_against_a_page_frame_is_a_message_of_its_own(people, client):
    made = PageFrame(site_name="House", rights_line="Ours.", usage_policy="<p>Read it.</p>")
    page_frame.propose(made, by=people["dora"], at=timezone.now())
    page_frame.approve(made, by=cast.person("deb", initial_data.PUBLISHERS))
    client.force_login(people["dora"])

    answer = client.post(
        reverse("admin:content_pageframe_changelist"),
        {"action": "approve", "_selected_action": str(made.pk)},
    )

    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "This page frame was already approved.",
        "You proposed this page frame, so another publisher must approve it.",
    ]
    assert Refusal.objects.get().requested_by == people["dora"]
