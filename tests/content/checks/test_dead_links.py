"""A dead link is found by the gate, by the address that the edition prints; it ages by itself (rule 11)."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from content.access_checks import recording as access_recording
from content.editions import submitting
from content.links import recording, scheduling
from content.links.visiting import Look
from content.models import Citation, Outcome, Reference, WatchedLink
from reviews import gate
from reviews.desk import desk
from tests import cast

pytestmark = pytest.mark.django_db
URL = "https://example.org/kaposi"
OK, GONE = Look(Outcome.OK, 200), Look(Outcome.BROKEN, 404)


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-02 12:00Z", tick=False) as travelling:
        yield travelling


def look(found, url=URL):
    scheduling.enrol()
    recording.keep(WatchedLink.objects.get(url=url), found, timezone.now())


def looks(clock, *found):
    for each in found:
        look(each)
        clock.shift(timedelta(days=1))


def found(edition):
    return [
        (finding.code, finding.severity.value, finding.due_on, finding.live_too)
        for finding in gate.findings(edition)
    ]


BLOCKED = [("link-broken", "blocker", "2026-12-02", False)]
OWED = [("link-broken", "follow-up", "2026-12-02", True)]


def test_a_dead_link_keeps_a_first_edition_from_the_public(people, clock):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    looks(clock, GONE, GONE)

    [finding] = gate.findings(edition)

    assert found(edition) == BLOCKED
    assert finding.rule == "A13"
    assert finding.subject == str(Reference.objects.get().uid)
    assert finding.words == (
        "Reference 1, “Example Cancer Institute. Kaposi sarcoma: how it is treated…”, has the address "
        "https://example.org/kaposi, which has not been found since November 2, 2026. "
        "Correct the address, cite another source, or open it and record an access check."
    )
    assert finding.fix == f"/admin/content/article/{edition.article_id}/change/#citations-0"


@pytest.mark.parametrize(
    "found_there",
    [
        [],
        [OK, OK],
        [GONE],
        [GONE, OK],
        [Look(Outcome.LOGIN, 403)] * 3,
        [Look(Outcome.TROUBLE, 503)] * 3,
        [Look(Outcome.TIMED_OUT)] * 3,
        [Look(Outcome.CERTIFICATE)] * 3,
        [Look(Outcome.NO_HOST)] * 3,
    ],
    ids=[
        "unchecked",
        "ok",
        "once",
        "recovered",
        "login",
        "trouble",
        "slow",
        "certificate",
        "nothing else answers",
    ],
)
def test_nothing_else_that_the_machine_finds_is_a_dead_link(people, clock, found_there):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    looks(clock, *found_there)

    assert found(edition) == []


def test_a_dead_link_of_the_page_that_is_public_is_a_debt(people, clock):
    publication = cast.published(people)
    looks(clock, GONE, GONE)

    assert found(publication.edition) == OWED
    [(shown, owed)] = desk.desk(people["ann"]).follow_ups
    assert (shown, [finding.code for finding in owed]) == (publication, ["link-broken"])


def test_a_refresh_goes_out_beside_a_dead_link_and_a_full_review_does_not(people, clock):
    first = cast.published(people)
    looks(clock, GONE, GONE)
    with cast.saving(first.article, people["ann"]):
        type(first.article).objects.filter(pk=first.article_id).update(public_note="We looked again.")
    second = submitting.submit(
        type(first.article).objects.get(pk=first.article_id), by=people["ann"], change="minor"
    )
    cast.sign(second, people["edi"], "editorial-review")
    assert found(second) == OWED

    cast.sign(second, people["cid"], "medical-review")
    assert [row[:2] for row in found(second)] == [("link-broken", "blocker")]


def test_an_edition_with_the_dead_link_mended_is_free_and_the_public_one_still_owes(people, clock):
    """The public page goes on printing the old address, whatever the library says by now."""
    first = cast.published(people)
    looks(clock, GONE, GONE)
    with cast.as_person(people["ann"]):
        reference = Reference.objects.get()
        reference.url = "https://example.org/moved"
        reference.save()

    assert found(first.edition) == OWED
    look(OK, "https://example.org/moved")
    assert found(first.edition) == OWED


def test_two_references_with_dead_links_are_two_findings(people, clock):
    article = cast.article(people["ann"])
    other = cast.reference(people["ann"], title="Another", url="https://example.org/other")
    with cast.saving(article, people["ann"]):
        check = access_recording.opened(other, by=people["ann"], on=date(2026, 10, 30), found="unchanged")
        Citation(article=article, reference=other, position=2, access_check=check, supports="yes").save()
    article.refresh_from_db()
    edition = cast.signed(submitting.submit(article, by=people["ann"], change="major"), people)
    for _ in range(2):
        look(GONE)
        look(GONE, other.url)
        clock.shift(timedelta(days=1))

    assert [finding.subject for finding in gate.findings(edition)] == [
        str(Citation.objects.get(position=position).reference.uid) for position in (1, 2)
    ]


@pytest.mark.parametrize(
    ("says", "days_after", "seen_after", "is_believed"),
    [
        ("unchanged", 0, 2, True),
        ("changed", 1, 2, True),
        ("login-needed", 1, 2, True),
        ("gone", 1, 2, False),
        ("unchanged", -1, 2, False),
        ("unchanged", 1, 90, True),
        ("unchanged", 1, 92, False),
    ],
)
def test_a_person_who_found_it_there_is_believed_for_a_while(
    people, clock, says, days_after, seen_after, is_believed
):
    """Some sites answer machines as if a page were gone."""
    edition = cast.signed(cast.submitted(people["ann"]), people)
    first = timezone.localdate()
    looks(clock, GONE, GONE, GONE)
    access_recording.opened(
        Reference.objects.get(), by=people["ann"], on=first + timedelta(days=days_after), found=says
    )
    clock.move_to(f"{first + timedelta(days=seen_after)} 17:00Z")

    assert [row for row in found(edition) if row[0] == "link-broken"] == ([] if is_believed else BLOCKED)


def test_an_imported_date_is_no_persons_word(people, clock):
    edition = cast.signed(cast.submitted(people["ann"]), people)
    looks(clock, GONE, GONE)
    check = Reference.objects.get().access_checks.get()
    copied = type(check)(
        reference=check.reference,
        opened_on=timezone.localdate(),
        opened_by_name="not recorded",
        found="not-stated",
        imported_from="page.html",
        recorded_by=people["ann"],
        recorded_by_name="Ann",
        recorded_at=timezone.now(),
    )
    copied.save()

    assert found(edition) == BLOCKED
