"""Overruling an objection: who may, what is stored, and who hears of it. Its refusals: tests/flow/machine/refused/."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from content.editions import submitting
from content.models import Notification
from evidence.findings import Refused
from evidence.models import LedgerEvent
from reviews import gate, scheduled_jobs
from reviews.decisions import withdrawing
from reviews.models import DecisionWithdrawal, Overruling
from tests import cast
from tests.reviews.approvals.test_objections import object_to
from tests.reviews.approvals.test_validity import edited

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def edition(people):
    return cast.signed(cast.submitted(people["ann"]), people)


def codes(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.codes


def mails(begins):
    found = Notification.objects.filter(subject__startswith=begins).order_by("recipient__username")
    return [(each.recipient.username, each.path) for each in found]


def test_an_overruling_says_who_answered_what_on_which_bytes_and_why(people, edition):
    objection = object_to(edition, people["cid"])

    row = cast.overrule(objection, edition, people["bob"], reason="The label gives this dose.")

    assert (row.objection, row.edition, row.edition_digest) == (objection, edition, edition.digest)
    assert (row.signature(), row.organisation_name) == ("Bob Example, MD", "American Cancer Society")
    assert (row.kind.code, row.reason) == ("medical-review", "The label gives this dose.")
    event = LedgerEvent.objects.latest("number")
    assert (event.verb, event.recorded_by, event.facts["objection"]) == (
        "overrule objection",
        people["bob"],
        objection.pk,
    )
    call_command("verify", verbosity=0)


@pytest.mark.parametrize(("kind", "who"), [("editorial-review", "lib"), ("contribution", "asa")])
def test_a_clinician_answers_what_is_not_clinical(people, edition, kind, who):
    objection = object_to(edition, people[who], kind)

    row = cast.overrule(objection, edition, people["bob"])

    assert row.kind.code == "medical-review"
    assert [finding.code for finding in gate.blockers(edition)] == []


def test_an_editor_answers_no_medical_objection(people, edition):
    objection = object_to(edition, people["cid"])

    assert codes(lambda: cast.overrule(objection, edition, people["edi"])) == ["no-right"]
    assert not Overruling.objects.exists()


def test_the_same_form_sent_again_gives_the_same_row(people, edition):
    objection = object_to(edition, people["cid"])
    shown = cast.shown_to_overrule(objection, edition, people["bob"])

    rows = [cast.overrule(objection, edition, people["bob"], shown=shown) for _ in range(2)]

    assert rows[0] == rows[1]
    assert LedgerEvent.objects.filter(verb="overrule objection").count() == 1
    assert codes(lambda: cast.overrule(objection, edition, people["bob"])) == ["not-open"]


def test_an_objection_to_another_article_is_not_open_here(people, edition):
    other = cast.submitted(people["ann"], title="Another", slug="another")
    objection = object_to(other, people["cid"])

    assert codes(lambda: cast.overrule(objection, edition, people["bob"])) == ["not-open"]


def test_nobody_but_its_author_withdraws_an_objection(people, edition):
    objection = object_to(edition, people["cid"])
    people["gus"].is_superuser = True
    people["gus"].save()
    for who in ("dora", "bob", "ann", "gus"):
        assert codes(lambda who=who: withdrawing.withdraw(objection, by=people[who], reason="Late.")) == [
            "no-right"
        ]

    withdrawing.withdraw(objection, by=people["cid"], reason="I misread.")

    assert DecisionWithdrawal.objects.get().withdrawn_by == people["cid"]


def test_a_publisher_still_withdraws_an_approval(people, edition):
    approval = edition.signoffs.get(kind__kind="medical-review")

    withdrawing.withdraw(approval, by=people["dora"], reason="The signer asked me to.")

    assert DecisionWithdrawal.objects.get().signoff == approval


def test_owner_and_submitter_hear_of_an_objection(people):
    edition = submitting.submit(cast.article(people["ann"]), by=people["lib"], change="major")

    objection = object_to(edition, people["cid"])

    path = f"/admin/editions/{edition.pk}/#objection-{objection.pk}"
    assert mails("Changes requested") == [("ann", path), ("lib", path)]
    body = Notification.objects.filter(subject__startswith="Changes requested")[0].body
    assert "The dose would kill a child." in body


def test_its_author_hears_who_overruled_it_and_why(people, edition):
    objection = object_to(edition, people["cid"])

    cast.overrule(objection, edition, people["bob"], reason="The label gives this dose.")

    path = f"/admin/editions/{edition.pk}/#objection-{objection.pk}"
    assert mails("Objection overruled") == [("ann", path), ("cid", path)]
    body = Notification.objects.get(subject__startswith="Objection overruled", recipient=people["cid"]).body
    assert "Bob Example, MD, on behalf of American Cancer Society" in body
    assert "The label gives this dose." in body


def test_who_objected_hears_once_of_a_later_edition(people, edition):
    object_to(edition, people["cid"])
    scheduled_jobs.tick()
    assert mails("Edition 2 after your objection") == []
    second = edited(edition.article, people["ann"])

    for _ in range(2):
        scheduled_jobs.tick()

    assert mails("Edition 2 after your objection") == [("cid", f"/admin/editions/{second.pk}/")]


def test_nobody_hears_of_a_later_edition_whose_objection_is_closed(people, edition):
    cast.overrule(object_to(edition, people["cid"]), edition, people["bob"])
    withdrawing.withdraw(object_to(edition, people["asa"]), by=people["asa"], reason="I misread.")
    edited(edition.article, people["ann"])

    scheduled_jobs.tick()

    assert mails("Edition 2 after your objection") == []


def test_the_database_keeps_one_answer_to_an_objection(people, edition):
    row = cast.overrule(object_to(edition, people["cid"]), edition, people["bob"])
    columns = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}

    with pytest.raises(IntegrityError), transaction.atomic():
        Overruling(**columns).save()

    assert Overruling.objects.count() == 1
