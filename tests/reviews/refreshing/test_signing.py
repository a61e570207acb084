"""One act signs all new dates of a refresh; each edition gets a sign-off of its own, on its own digest."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.editions import submitting
from evidence.findings import Refused
from evidence.models import LedgerEvent, Refusal
from reviews import gate, publishing
from reviews.approvals import validity
from reviews.decisions import withdrawing
from reviews.models import RefreshReview, Signoff
from reviews.refreshing import signing
from reviews.refreshing.progress import progress
from tests import cast
from tests.reviews.refreshing.house import begun, codes, opened_again, public, reviewed, said, signed
from tests.saved_states import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def refresh(people):
    return refresh_begun(people)


@standing.kept
def refresh_begun(people):
    """Of two public articles."""
    public(people, 2)
    opened_again(people["edi"])
    return begun(people)


def test_the_page_shows_the_new_days_and_nothing_else(people, refresh):
    rows = signing.rows(refresh)

    assert [row.item.article.title for row in rows] == ["One", "Two"]
    for row in rows:
        [(date, opener)] = row.dates
        assert (date.number, opener) == (1, "Edi Example")
        assert {key for key in date.new if date.new[key] != date.old[key]} == {"on", "printed"}


def test_each_edition_gets_a_sign_off_for_what_changed_since_the_public_one(people, refresh):
    items = signed(refresh, people["edi"])

    given = Signoff.objects.filter(pk__in=[item.signoff_id for item in items])
    assert [
        (s.edition_digest == s.edition.digest, s.scope, s.since_edition.number, s.signed_by, s.conflict)
        for s in given
    ] == [(True, "changes-only", 1, people["edi"], "none")] * 2
    assert {s.kind.code for s in given} == {"editorial-review"}
    assert [gate.blockers(item.edition) for item in items] == [[], []]


def test_the_act_is_on_record_with_all_that_its_page_showed(people, refresh):
    act = reviewed(refresh, people["edi"], conflict="declared", conflict_text="I hold shares.")

    event = LedgerEvent.objects.order_by("-number").first()
    assert (event.verb, event.facts) == ("sign refresh", {"refresh": refresh.pk, "editions": 2})
    assert [(key, digest, start) for key, digest, _, start in act.shown] == [
        (item.edition_id, item.edition.digest, item.live.edition_id) for item in refresh.items.all()
    ]
    assert (act.conflict, act.conflict_text, act.printed_name) == (
        "declared",
        "I hold shares.",
        "Edi Example",
    )


def test_the_medical_review_holds_without_anybody_asking_the_doctor(people, refresh):
    [item, _] = signed(refresh, people["edi"])

    held = {
        approval.signoff.kind.code: approval.signoff.signed_by
        for approval in validity.approvals(item.edition)
    }
    assert held == {"editorial-review": people["edi"], "medical-review": people["bob"]}


def test_an_act_that_was_cut_short_is_gone_on_with_by_its_signer_alone(people, refresh):
    act = reviewed(refresh, people["edi"])
    next(iter(signing.sign(act, by=people["edi"])))

    with pytest.raises(Refused) as refused:
        signing.sign(act, by=people["ann"])
    assert (refused.value.codes, signing.unfinished(refresh, people["ann"])) == (["no-right"], None)
    assert signing.unfinished(refresh, people["edi"]) == act
    assert len(list(signing.sign(act, by=people["edi"]))) == 1
    assert signing.unfinished(refresh, people["edi"]) is None
    assert Signoff.objects.filter(scope="changes-only").count() == 2


def test_signing_twice_signs_once(people, refresh):
    act = reviewed(refresh, people["edi"])
    items = list(signing.sign(act, by=people["edi"]))

    assert list(signing.sign(act, by=people["edi"])) == []
    assert Signoff.objects.filter(scope="changes-only").count() == len(items) == 2


def test_somebody_else_signs_the_rest_by_an_act_of_their_own(people, refresh):
    next(iter(signing.sign(reviewed(refresh, people["edi"]), by=people["edi"])))

    signed(refresh, people["ann"])

    names = Signoff.objects.filter(scope="changes-only").values_list("printed_name", flat=True)
    assert list(names) == ["Edi Example", "Ann Example"]


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("bob", {}, ["no-right"]),
        ("dora", {}, ["no-right"]),
        ("edi", {"stated": {"rows": "of another page"}}, ["stale-refresh"]),
        ("edi", {"stated": {"kind": "editorial-review 99"}}, ["stale-kind"]),
        ("edi", {"conflict": "never-asked"}, ["conflict-not-answered"]),
        ("edi", {"conflict": "declared", "conflict_text": " "}, ["conflict-not-named"]),
        ("eve", {"stated": {"rows": "", "kind": ""}, "conflict": ""}, [
            "no-right", "stale-kind", "stale-refresh", "conflict-not-answered",
        ]),
    ],
)  # fmt: skip
def test_the_act_is_refused_with_every_reason(people, refresh, name, given, expected):
    with pytest.raises(Refused) as refused:
        reviewed(refresh, people[name], **given)

    assert (refused.value.codes, RefreshReview.objects.count()) == (expected, 0)


def test_nobody_signs_on_behalf_of_another_house(people, refresh):
    with pytest.raises(Refused) as refused:
        signing.review(
            refresh,
            by=people["edi"],
            organisation=cast.asco(),
            said=said(refresh, people["edi"], organisation=cast.asco()),
        )

    assert refused.value.codes == ["no-right"]


def test_there_is_nothing_to_sign_twice(people, refresh):
    signed(refresh, people["edi"])

    with pytest.raises(Refused) as refused:
        reviewed(refresh, people["edi"])

    assert refused.value.codes == ["nothing-to-sign"]


def test_one_act_signs_nothing_but_dates(people, refresh, client):
    """Whatever came into the list, by whatever way."""
    item = refresh.items.first()
    with cast.saving(item.article, people["ann"]):
        section = item.article.sections.first()
        section.body = "<p>Medicines, taken as 40 mg pills.</p>"
        section.save()
    other = submitting.submit(item.article, by=people["ann"], change="minor")
    refresh.items.filter(pk=item.pk).update(edition=other)
    client.force_login(people["edi"])

    page = client.get(f"/admin/refreshes/{refresh.pk}/review/").content.decode()
    with pytest.raises(Refused) as refused:
        reviewed(refresh, people["edi"])

    assert "More than the access dates changes here." in page
    [reason] = refused.value.reasons
    assert (reason.code, reason.fix) == ("more-than-dates", f"/admin/editions/{other.pk}/")
    assert RefreshReview.objects.count() == 0


def test_what_is_not_public_any_more_as_it_was_is_not_signed_with_the_others(people, refresh):
    item = refresh.items.first()
    publishing.withdraw(item.live, by=people["dora"], reason="outdated", note="We write a new one.")

    with pytest.raises(Refused) as refused:
        reviewed(refresh, people["edi"])

    assert refused.value.codes == ["not-live"]
    submitting.take_back(item.edition, by=people["ann"])
    assert [row.item.article.title for row in signing.rows(refresh)] == ["Two"]
    assert len(signed(refresh, people["edi"])) == 1


def test_what_was_taken_back_after_the_page_was_shown_is_not_signed(people, refresh):
    shown = said(refresh, people["edi"])
    submitting.take_back(refresh.items.first().edition, by=people["ann"])

    with pytest.raises(Refused) as refused:
        signing.review(refresh, by=people["edi"], organisation=people["edi"].organisation, said=shown)

    assert refused.value.codes == ["stale-refresh"]


def test_an_edition_that_somebody_decided_on_after_the_act_is_refused_and_the_others_signed(people, refresh):
    act = reviewed(refresh, people["edi"])
    one = refresh.items.first()
    cast.sign(
        one.edition, people["ann"], "editorial-review", decision="request-changes", reason="Look again."
    )

    list(signing.sign(act, by=people["edi"]))

    stands = progress(refresh)
    assert codes(refresh) == {"One": ["stale-decision"]}
    assert ([item.article.title for item in stands.refused], [item.article.title for item in stands.ready]) == (
        ["One"], ["Two"],
    )  # fmt: skip
    assert [reason["code"] for reason in Refusal.objects.first().reasons] == ["stale-decision"]


def test_a_house_that_never_reviewed_the_whole_page_cannot_sign_its_changes(people, refresh):
    one = refresh.items.first()
    first = one.live.edition.signoffs.get(kind__kind="editorial-review")
    withdrawing.withdraw(first, by=people["edi"], reason="I was wrong.")

    signed(refresh, people["ann"])

    assert codes(refresh) == {"One": ["nothing-to-extend"]}


def test_what_was_signed_on_the_editions_own_page_waits_for_nobody(people, refresh):
    one = refresh.items.first()
    cast.sign(one.edition, people["edi"], "editorial-review")

    assert [row.item.article.title for row in signing.rows(refresh)] == ["Two"]
    assert [item.article.title for item in progress(refresh).ready] == ["One"]


def test_a_withdrawn_signature_is_wanted_again_by_another_act(people, refresh):
    [item, _] = signed(refresh, people["edi"])

    withdrawing.withdraw(item.signoff, by=people["edi"], reason="I was wrong.")

    assert [each.article.title for each in progress(refresh).unsigned] == ["One"]
    assert signing.unfinished(refresh, people["edi"]) is None
    assert len(signed(refresh, people["edi"])) == 1
    assert progress(refresh).unsigned == []


def test_the_pages_ask_no_more_for_more_articles(people):
    counts = []
    for name in ("One", "Two", "Three"):
        cast.published(people, title=name, slug=name.lower())
        opened_again(people["edi"])
        refresh = begun(people)
        with CaptureQueriesContext(connection) as queries:
            signing.rows(refresh)
            progress(refresh)
        counts.append(len(queries))

    assert len(set(counts)) == 1
