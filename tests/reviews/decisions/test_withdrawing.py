"""A sign-off taken back: the row stays, the page loses what it earned, at once."""

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from content.editions import submitting
from content.models import Notice, Notification
from evidence.findings import Refused
from reviews import gate
from reviews.decisions import withdrawing
from reviews.models import DecisionWithdrawal
from tests import cast
from tests.saved_states import standing

pytestmark = pytest.mark.django_db

PLAIN = "Developed by the American Cancer Society medical and editorial content team."


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def publication(people):
    return co_branded_page(people)


@standing.kept
def co_branded_page(people):
    """Public with a medical review of the house and a contribution of ASCO."""
    edition = cast.submitted(people["ann"], co_branded_with=cast.asco())
    return cast.publish(cast.signed(edition, people, contribution="asa"), people["dora"])


def signoff_of(publication, kind):
    return publication.edition.signoffs.get(kind__kind=kind)


def page(client):
    return client.get("/articles/immunotherapy-kaposi/").content.decode()


def test_withdrawing_a_contribution_takes_its_phrase_from_the_page_at_once(publication, people, client):
    assert "with contribution by the American Society" in page(client)

    withdrawing.withdraw(signoff_of(publication, "contribution"), by=people["asa"], reason="Wrong file.")

    text = page(client)
    assert "with contribution by" not in text
    assert PLAIN in text
    assert "The contribution of this page was withdrawn" in text
    publication.refresh_from_db()
    assert "with contribution by" in publication.credit


def test_withdrawing_the_medical_review_takes_its_date_from_the_page(publication, people, client):
    assert "Last Medical Review" in page(client)

    withdrawing.withdraw(signoff_of(publication, "medical-review"), by=people["bob"], reason="Missed a dose.")

    assert "Last Medical Review" not in page(client)
    assert [finding.code for finding in gate.blockers(publication.edition)] == ["medical-review-missing"]


def test_withdrawing_what_earned_the_page_nothing_puts_no_notice_on_it(publication, people):
    late = cast.sign(publication.edition, people["cid"], "medical-review")

    withdrawing.withdraw(late, by=people["cid"], reason="Not mine to sign.")

    assert not Notice.objects.exists()


def test_withdrawing_takes_away_only_what_was_withdrawn(publication, people, client):
    cast.sign(
        publication.edition, people["cid"], "medical-review", decision="request-changes", reason="The dose."
    )

    withdrawing.withdraw(signoff_of(publication, "contribution"), by=people["asa"], reason="Wrong file.")

    text = page(client)
    assert "with contribution by" not in text
    assert "Last Medical Review" in text


def test_withdrawing_adds_no_phrase_that_was_signed_later(people, client):
    publication = cast.published(people)
    cast.sign(publication.edition, people["asa"], "contribution")

    withdrawing.withdraw(signoff_of(publication, "medical-review"), by=people["bob"], reason="Missed a dose.")

    text = page(client)
    assert "with contribution by" not in text
    assert "Last Medical Review" not in text


def test_an_older_review_that_a_ruling_carried_says_so_when_the_newer_one_is_withdrawn(people, client):
    first = cast.signed(cast.submitted(people["ann"]), people)
    with cast.saving(first.article, people["ann"]):
        section = first.article.sections.first()
        section.body = section.body.replace("Medicines, taken", "Medicines taken")
        section.save()
    second = submitting.submit(first.article, by=people["ann"], change="minor")
    bob = people["bob"]
    cast.rule(second, first, bob)
    newer = cast.sign(second, people["cid"], "medical-review")
    cast.sign(second, people["edi"], "editorial-review")
    cast.publish(second, people["dora"])
    assert "before minor corrections" not in page(client)

    withdrawing.withdraw(newer, by=people["cid"], reason="Not mine to sign.")

    assert "before minor corrections" in page(client)


def test_a_new_signoff_brings_the_phrase_back_only_by_publishing_again(publication, people, client):
    withdrawing.withdraw(signoff_of(publication, "contribution"), by=people["asa"], reason="Wrong file.")
    cast.sign(publication.edition, people["asa"], "contribution")
    assert "with contribution by" not in page(client)

    cast.publish(publication.edition, people["dora"])

    assert "with contribution by" in page(client)
    assert "was withdrawn" not in page(client)


def test_the_owner_and_the_publishers_are_told(publication, people):
    withdrawing.withdraw(signoff_of(publication, "contribution"), by=people["asa"], reason="Wrong file.")

    told = Notification.objects.filter(subject__startswith="Contribution withdrawn").values_list(
        "recipient__username", flat=True
    )
    assert sorted(told) == ["ann", "dora"]


def test_withdrawing_is_refused_to_others_and_twice_and_without_a_reason(publication, people):
    signoff = signoff_of(publication, "contribution")

    def codes(by, reason):
        with pytest.raises(Refused) as caught:
            withdrawing.withdraw(signoff, by=people[by], reason=reason)
        return caught.value.codes

    assert codes("bob", " ") == ["no-right", "reason-missing"]
    withdrawing.withdraw(signoff, by=people["dora"], reason="The signer left in anger.")
    assert codes("asa", "Again.") == ["already-withdrawn"]


def test_a_withdrawal_stays_readable_with_its_signoff(publication, people, client):
    withdrawing.withdraw(signoff_of(publication, "contribution"), by=people["asa"], reason="Wrong file.")
    client.force_login(people["gus"])

    text = client.get(f"/admin/editions/{publication.edition.pk}/").content.decode()

    withdrawal = DecisionWithdrawal.objects.get()
    day = date_format(timezone.localtime(withdrawal.withdrawn_at), "DATETIME_FORMAT")
    assert f"Withdrawn by {withdrawal.withdrawn_by_name}, {day}: Wrong file." in " ".join(text.split())
