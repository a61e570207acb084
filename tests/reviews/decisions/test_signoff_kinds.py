"""Sign-off kinds are versions: a change while a review runs voids nothing that was signed, and asks for what is new."""

import pytest

from content.editions import submitting
from content.models import Section
from evidence.findings import Refused
from evidence.models import LedgerEvent
from reviews import gate
from reviews.approvals import validity
from reviews.decisions import signing, signoff_kinds
from reviews.models import ApprovalRoute, KindVersion, Late, RouteStep, Signoff
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    everybody = cast.cast()
    everybody["root"] = cast.person("root")
    everybody["root"].is_superuser = True
    everybody["root"].save()
    return everybody


@pytest.fixture
def edition(people):
    return cast.submitted(people["ann"])


def codes(edition):
    return [finding.code for finding in gate.blockers(edition)]


def revise(people, code="medical-review", **columns):
    return signoff_kinds.revise(code, by=people["root"], **columns)


def test_a_change_is_a_further_row_and_the_old_one_stays(people):
    before = KindVersion.objects.newest("medical-review")

    after = revise(people, term_months=24)

    before.refresh_from_db()
    assert (before.version, before.term_months, after.version, after.term_months) == (1, 36, 2, 24)
    assert LedgerEvent.objects.last().verb == "change sign-off kind"


def test_a_narrowed_kind_leaves_a_running_review_signed(people, edition):
    cast.signed(edition, people)

    revise(people, covers=["text", "drugs"])

    assert codes(edition) == []


def test_a_widened_kind_asks_for_what_was_not_covered(people, edition):
    cast.signed(edition, people)

    revise(people, covers=["text", "drugs", "references", "figures", "access_dates"])

    assert codes(edition) == ["medical-review-missing"]
    assert "signed an earlier version of this sign-off, which covered less" in gate.blockers(edition)[0].words
    assert len(validity.approvals(edition)) == 2


def test_a_form_opened_before_the_change_is_refused(people, edition):
    opened = cast.answer(edition, "medical-review")
    revise(people, meaning="I now state something else.")

    with pytest.raises(Refused) as caught:
        signing.sign(
            edition, kind="medical-review", by=people["bob"], organisation=cast.house(), answer=opened
        )

    assert caught.value.codes == ["stale-kind"]


def test_two_signers_where_two_are_asked(people, edition):
    revise(people, how_many=2)
    cast.signed(edition, people)
    assert "1 of 2 people have signed" in gate.blockers(edition)[0].words

    cast.sign(edition, people["bob"], "medical-review", reason="Again")
    assert codes(edition) == ["medical-review-missing"]

    cast.sign(edition, people["cid"], "medical-review")
    assert codes(edition) == []


def test_more_months_unburden_an_overdue_review(people):
    import time_machine

    with time_machine.travel("2022-10-01 12:00:00-04:00", tick=False):
        edition = cast.signed(cast.submitted(people["ann"]), people)
    with time_machine.travel("2025-12-05 12:00:00-05:00", tick=False):
        assert codes(edition) == ["access-date-over-age", "review-overdue"]
        revise(people, term_months=48)
        assert codes(edition) == ["access-date-over-age"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"term_months": 36}, ["nothing-changed"]),
        ({"covers": ["text", "footer"]}, ["part-unknown"]),
        ({"covers": []}, ["covers-nothing"]),
    ],
)
def test_a_change_is_refused(people, columns, expected):
    with pytest.raises(Refused) as caught:
        revise(people, **columns)

    assert caught.value.codes == expected
    assert KindVersion.objects.filter(kind="medical-review").count() == 1


def test_a_change_by_an_editor_is_refused(people):
    with pytest.raises(Refused) as caught:
        signoff_kinds.revise("medical-review", by=people["ann"], term_months=1)

    assert caught.value.codes == ["no-right"]


def test_the_admin_changes_a_kind_through_the_verb(people, client):
    client.force_login(people["root"])
    page = "/admin/reviews/kindversion/add/?code=medical-review"
    assert client.get(page).status_code == 200
    newest = KindVersion.objects.newest("medical-review")
    form = {
        "code": "medical-review",
        "name": newest.name,
        "position": 2,
        "meaning": newest.meaning,
        "may_sign": newest.may_sign_id,
        "covers": newest.covers,
        "independent": "on",
        "may_be_full": "on",
        "may_be_ruled_minor": "on",
        "how_many": 1,
        "term_months": 24,
        "earns": newest.earns,
    }

    assert client.post(page, {**form, "term_months": 36}).status_code == 200
    assert KindVersion.objects.filter(kind="medical-review").count() == 1
    assert client.post(page, form).status_code == 302

    assert KindVersion.objects.newest("medical-review").term_months == 24
    assert client.get("/admin/reviews/kindversion/").status_code == 200


# A partner who is late, per route.


def late_partner(people, rule):
    import time_machine

    route = ApprovalRoute(name="With ASCO", co_branded_with=cast.asco())
    route.save()
    for kind, organisation, when_late in (
        ("editorial-review", None, Late.WAIT),
        ("medical-review", None, Late.WAIT),
        ("contribution", cast.asco(), rule),
    ):
        RouteStep(route=route, kind_id=kind, organisation=organisation, when_late=when_late, days=14).save()
    with time_machine.travel("2025-11-01 12:00:00-04:00", tick=False):
        return cast.signed(cast.submitted(people["ann"], co_branded_with=cast.asco()), people)


def found(edition, day):
    import time_machine

    with time_machine.travel(f"{day} 12:00:00-05:00", tick=False):
        return [(finding.code, finding.severity.value) for finding in gate.findings(edition)]


def test_a_late_partner_is_waited_for(people):
    edition = late_partner(people, Late.WAIT)

    assert found(edition, "2025-11-10") == [("contribution-missing", "blocker")]
    assert found(edition, "2025-12-05") == [("contribution-missing", "blocker")]


def test_a_late_partner_is_gone_without_and_earns_no_credit(people):
    import time_machine

    edition = late_partner(people, Late.WITHOUT)

    assert found(edition, "2025-11-10") == [("contribution-missing", "blocker")]
    assert found(edition, "2025-12-05") == [("contribution-missing", "follow-up")]
    with time_machine.travel("2025-12-05 12:00:00-05:00", tick=False):
        publication = cast.publish(edition, people["dora"])
    assert (
        publication.credit == "Developed by the American Cancer Society medical and editorial content team."
    )


def test_a_late_partners_phrase_comes_only_by_publishing_again(people, client):
    import time_machine

    edition = late_partner(people, Late.WITHOUT)
    with time_machine.travel("2025-12-05 12:00:00-05:00", tick=False):
        cast.publish(edition, people["dora"])
    with time_machine.travel("2025-12-08 12:00:00-05:00", tick=False):
        cast.sign(edition, people["asa"], "contribution")
        assert "ASCO" not in client.get("/articles/immunotherapy-kaposi/").content.decode()
        again = cast.publish(edition, people["dora"])

    assert again.credit.endswith("with contribution by the American Society of Clinical Oncology (ASCO).")
    assert str(again.last_revised_on) == "2025-12-05"


def test_reviewing_the_live_edition_again_moves_only_the_review_date(people):
    import time_machine

    with time_machine.travel("2025-12-05 12:00:00-05:00", tick=False):
        first = cast.published(people)
    with time_machine.travel("2026-06-01 12:00:00-04:00", tick=False):
        cast.sign(first.edition, people["cid"], "medical-review")
        again = cast.publish(first.edition, people["dora"])

    assert (str(again.last_revised_on), str(again.last_medical_review_on)) == ("2025-12-05", "2026-06-01")
    assert Signoff.objects.count() == 3


def test_a_rollback_to_an_edition_whose_signer_has_left_is_an_ordinary_publication(people):
    first = cast.published(people)
    article = first.article
    with cast.saving(article, people["ann"]):
        Section(article=article, position=9, heading="More", body="<p>More.</p>").save()
        article.public_note = "We added a part."
        article.save()
    second = submitting.submit(article, by=people["ann"], change="major")
    cast.publish(cast.signed(second, people, medical="cid"), people["dora"])
    people["bob"].is_active = False
    people["bob"].save()
    people["bob"].groups.clear()

    again = cast.publish(first.edition, people["dora"])

    assert again.edition == first.edition
    assert again.last_medical_review_on == first.last_medical_review_on
