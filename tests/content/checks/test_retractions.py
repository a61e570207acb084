"""A cited work that is retracted is urgent work for the owner of each page and draft that cites it."""

from datetime import date, timedelta

import lxml.html
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
    [
        ("retracted", "Retracted source cited in"),
        ("expression-of-concern", "Source under concern cited in"),
    ],
)
def test_owners_of_pages_and_drafts_are_told_once(people, kind, words):
    cast.published(people)
    cast.article(people["ann"], title="A draft", slug="a-draft", owner=people["edi"])
    row = retract(people, kind)

    scheduled_jobs.tick()
    scheduled_jobs.tick()

    assert told() == [
        ("ann", f"{words} “Immunotherapy for Kaposi Sarcoma”"),
        ("edi", f"{words} “A draft”"),
    ]
    assert len(mail.outbox) == 2
    assert row.retraction_source in mail.outbox[0].body


def test_the_mail_of_a_retraction_says_what_to_do_and_leads_to_the_citation(people, client):
    cast.published(people)
    row = retract(people)

    scheduled_jobs.tick()

    note = Notification.objects.get()
    client.force_login(people["ann"])
    page, _, place = note.path.partition("#")
    form = lxml.html.fromstring(client.get(page).content)
    [citation] = form.xpath("//div[@id='citations-0']")
    assert [span.get("data-key") for span in citation.xpath(f".//*[@id='{place}']")] == [str(row.pk)]
    assert note.body == (
        f"“{row}”, which “Immunotherapy for Kaposi Sarcoma” cites, was retracted on November 20, 2025 "
        "(https://example.org/notice). Remove it, and every statement that is based on it, then submit the article."
    )


def test_the_mail_of_a_retraction_leads_to_the_citations_where_the_draft_cites_it_no_more(people):
    draft = cast.published(people).article
    with cast.saving(draft, people["ann"]):
        draft.citations.get().delete()
    retract(people)

    scheduled_jobs.tick()

    assert Notification.objects.get().path == f"/admin/content/article/{draft.pk}/change/#citations-group"


def test_a_new_title_is_no_new_retraction(people):
    draft = cast.published(people).article
    retract(people)
    scheduled_jobs.tick()
    with cast.saving(draft, people["ann"]):
        draft.title = "Another " + "long " * 30 + "title"
        draft.save()

    scheduled_jobs.tick()

    assert len(told()) == 1


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

    assert told() == [("ann", "Retracted source cited in “Immunotherapy for Kaposi Sarcoma”")]


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
