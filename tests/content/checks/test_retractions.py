"""A cited work that is retracted is urgent work for the owner of each page and draft that cites it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from content.models import Notification, Reference
from reviews import scheduled_jobs
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def retract(people, kind="retracted", row=None):
    row = row or Reference.objects.get()
    with cast.as_person(people["lib"]):
        row.retraction, row.retracted_on = kind, date(2025, 11, 20)
        row.retraction_source = "https://example.org/notice"
        row.save()
    return row


def told():
    return sorted((note.recipient.username, note.subject) for note in Notification.objects.all())


@pytest.mark.parametrize(
    ("kind", "words"),
    [("retracted", "was retracted"), ("expression-of-concern", "is under an expression of concern")],
)
def test_owners_of_pages_and_drafts_are_told_once(people, kind, words):
    cast.published(people)
    cast.article(people["ann"], title="A draft", slug="a-draft", owner=people["edi"])
    row = retract(people, kind)

    scheduled_jobs.tick()
    scheduled_jobs.tick()

    assert told() == [
        ("ann", f"A source {words}: /articles/immunotherapy-kaposi/"),
        ("edi", f"A source {words}: /articles/a-draft/"),
    ]
    assert len(mail.outbox) == 2
    assert row.retraction_source in mail.outbox[0].body


def test_whoever_does_not_cite_it_any_more_hears_nothing(people):
    draft = cast.article(people["ann"])
    with cast.saving(draft, people["ann"]):
        draft.citations.get().delete()

    retract(people)
    scheduled_jobs.tick()

    assert told() == []


def test_the_owner_hears_of_what_is_cited_under_a_former_identity(people):
    cast.published(people)
    alias = Reference.objects.get()
    kept = cast.reference(people["lib"], url="https://example.org/kept")
    alias.merged_into = kept
    alias.save()

    retract(people, row=kept)
    scheduled_jobs.tick()

    assert told() == [("ann", "A source was retracted: /articles/immunotherapy-kaposi/")]


def test_a_concern_that_was_lifted_is_no_news(people):
    cast.published(people)
    row = retract(people, "expression-of-concern")
    with cast.as_person(people["lib"]):
        row.retraction, row.retracted_on, row.retraction_source = "", None, ""
        row.save()

    scheduled_jobs.tick()

    assert told() == []


def test_an_old_retraction_is_told_by_the_desk_alone(people):
    cast.published(people)
    retract(people)

    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        scheduled_jobs.tick()

    assert told() == []
