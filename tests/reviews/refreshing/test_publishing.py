"""Publishing a refresh in one go: each article by its own gate, no date earned, nobody bothered; or all taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from content.access_checks import recording
from content.editions import current, submitting
from content.models import Article, Citation, Publication
from content.translations import source_edition, starting
from evidence.findings import Refused
from evidence.models import LedgerEvent, Refusal
from reviews import gate
from reviews.desk import desk
from reviews.refreshing import publishing as refresh_publishing
from reviews.refreshing.progress import progress
from tests import cast
from tests.reviews.refreshing.house import begun, codes, opened_again, public, published, signed
from tests.saved_states import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def ready(people):
    return refresh_signed(people)


@standing.kept
def refresh_signed(people):
    """A refresh of two public articles, begun three weeks after they were published, and signed."""
    with time_machine.travel("2025-11-03 12:00:00-05:00", tick=True):
        public(people, 2)
    with time_machine.travel("2025-11-24 12:00:00-05:00", tick=True):
        opened_again(people["edi"])
        refresh = begun(people)
        signed(refresh, people["edi"])
    return refresh


def live(title):
    return Publication.objects.live().select_related("edition").get(article__title=title)


def test_every_article_is_public_with_its_new_days_and_the_dates_it_had(people, ready):
    items = published(ready, people["dora"])

    assert [item.publication.edition.number for item in items] == [2, 2]
    for title in ("One", "Two"):
        now = live(title)
        old = Publication.objects.get(article__title=title, edition__number=1)
        assert (now.last_revised_on, now.last_medical_review_on, now.before_minor_corrections, now.credit) == (
            old.last_revised_on, old.last_medical_review_on, False, old.credit,
        )  # fmt: skip
        assert f"{now.last_revised_on:%Y-%m-%d}" == "2025-11-03"


def test_the_ledger_has_the_events_of_every_other_edition(people, ready):
    published(ready, people["dora"])

    uid = Article.objects.get(title="One").uid
    verbs = list(
        LedgerEvent.objects.filter(article_uid=uid).order_by("number").values_list("verb", flat=True)
    )
    assert verbs == ["submit", "sign", "sign", "publish", "submit", "sign", "publish"]
    call_command("verify")


def test_no_translation_falls_behind(people, ready):
    one = Article.objects.get(title="One")
    spanish = starting.begin(live("One").edition, language="es", by=people["ann"])

    published(ready, people["dora"])

    assert live("One").edition.number == 2
    assert source_edition.newer(spanish, spanish.source_digest) is None
    assert source_edition.behind_since(one.editions.get(number=1)) is None


def test_one_refresh_follows_another(people, ready):
    published(ready, people["dora"])
    opened_again(people["lib"])
    second = begun(people)
    signed(second, people["ann"])

    published(second, people["dora"])

    assert (live("One").edition.number, f"{live('One').last_revised_on:%Y-%m-%d}") == (3, "2025-11-03")


def test_what_the_gate_refuses_is_listed_with_every_reason_and_keeps_nobody_else(people, ready):
    one = ready.items.get(article__title="One")
    cast.sign(one.edition, people["cid"], "medical-review", decision="request-changes", reason="Doubtful.")

    published(ready, people["dora"])

    stands = progress(ready)
    assert codes(ready) == {"One": [finding.code for finding in gate.blockers(one.edition)]}
    assert "changes-requested" in codes(ready)["One"]
    assert [item.article.title for item in stands.published] == ["Two"]
    assert (live("One").edition.number, live("Two").edition.number) == (1, 2)
    assert Refusal.objects.first().edition_number == 2


def test_what_was_refused_goes_with_the_next_try_once_it_is_mended(people, ready):
    one = ready.items.get(article__title="One")
    with time_machine.travel("2025-11-25 12:00:00-05:00", tick=True):
        cast.sign(
            one.edition, people["cid"], "medical-review", decision="request-changes", reason="Doubtful."
        )
        published(ready, people["dora"])
        cast.sign(one.edition, people["cid"], "medical-review")

        assert refresh_publishing.try_again(ready, by=people["dora"]) == 1
        published(ready, people["dora"])

    assert (codes(ready), live("One").edition.number) == ({}, 2)


def test_an_article_published_otherwise_meanwhile_is_refused_as_stale(people, ready):
    one = ready.items.get(article__title="One")
    old = live("One")
    cast.publish_now(old.edition, people["dora"])

    published(ready, people["dora"])

    assert codes(ready) == {"One": ["stale-live"]}
    assert one.edition.publications.count() == 0


@pytest.mark.parametrize(
    ("name", "shown", "expected"),
    [
        ("edi", None, ["no-right"]),
        ("dora", "other", ["stale-refresh"]),
        ("gus", "", ["no-right", "stale-refresh"]),
    ],
)
def test_publishing_is_refused_with_every_reason(people, ready, name, shown, expected):
    shown = refresh_publishing.fingerprint(refresh_publishing.ready(ready)) if shown is None else shown

    with pytest.raises(Refused) as refused:
        refresh_publishing.publish(ready, by=people[name], shown=shown)

    assert (refused.value.codes, live("One").edition.number) == (expected, 1)


def test_publishing_twice_publishes_once(people, ready):
    published(ready, people["dora"])

    with pytest.raises(Refused) as refused:
        published(ready, people["dora"])

    assert (refused.value.codes, Publication.objects.count()) == (["nothing-to-publish"], 4)


def test_half_a_press_is_gone_on_with(people, ready):
    shown = refresh_publishing.fingerprint(refresh_publishing.ready(ready))
    next(iter(refresh_publishing.publish(ready, by=people["dora"], shown=shown)))

    assert [len(progress(ready).published), len(refresh_publishing.ready(ready))] == [1, 1]
    published(ready, people["dora"])
    assert len(progress(ready).published) == 2


def test_all_is_taken_back_before_it_is_public(people, ready):
    list(refresh_publishing.take_back(ready, by=people["ann"]))

    stands = progress(ready)
    assert (len(stands.taken_back), refresh_publishing.ready(ready)) == (2, [])
    assert [current.candidate(item.article) for item in ready.items.all()] == [None, None]
    assert list(refresh_publishing.take_back(ready, by=people["ann"])) == []


def test_what_is_public_is_not_taken_back(people, ready):
    shown = refresh_publishing.fingerprint(refresh_publishing.ready(ready))
    next(iter(refresh_publishing.publish(ready, by=people["dora"], shown=shown)))

    list(refresh_publishing.take_back(ready, by=people["ann"]))

    stands = progress(ready)
    assert (len(stands.published), len(stands.taken_back)) == (1, 1)


@pytest.mark.parametrize("name", ["bob", "dora", "eve"])
def test_only_an_editor_takes_back(people, ready, name):
    with pytest.raises(Refused) as refused:
        refresh_publishing.take_back(ready, by=people[name])

    assert refused.value.codes == ["no-right"]


def test_clinicians_and_contributors_see_nothing_of_it_on_their_desks(people):
    public(people, 2)
    opened_again(people["edi"])
    refresh = begun(people)
    desks = {name: desk.desk(people[name]) for name in ("bob", "cid", "asa", "gus", "edi", "ann", "dora")}
    signed(refresh, people["edi"])
    ready_to = desk.desk(people["dora"])

    for name in ("bob", "cid", "asa", "gus", "dora"):
        assert (desks[name].to_sign, desks[name].to_publish, desks[name].refreshes) == ([], [], []), name
    for name in ("edi", "ann"):
        assert (desks[name].to_sign, [w.to_sign for w in desks[name].refreshes]) == ([], [2]), name
    assert (ready_to.to_publish, [(w.to_sign, w.to_publish) for w in ready_to.refreshes]) == ([], [(0, 2)])


def test_a_source_left_unopened_stays_the_debt_it_is_and_keeps_nothing_from_readers(people):
    with time_machine.travel("2024-01-03 12:00:00-05:00", tick=True):
        [publication] = public(people)
        other = cast.reference(people["lib"], title="Other", url="https://example.org/other")
        edition = cite_too(people, publication.article, other)
    with time_machine.travel("2025-03-03 12:00:00-05:00", tick=True):
        first = publication.article.citations.exclude(reference=other).get().reference
        recording.opened(
            first, by=people["edi"], on=(edition.created_at + timedelta(days=420)).date(), found="unchanged"
        )
        refresh = begun(people)
        signed(refresh, people["edi"])
        published(refresh, people["dora"])

    assert (codes(refresh), live("One").edition.number) == ({}, 3)


def cite_too(people, article, reference):
    check = recording.opened(reference, by=people["ann"], on=timezone.localdate(), found="unchanged")
    with cast.saving(article, people["ann"]):
        Citation(article=article, reference=reference, position=2, access_check=check, supports="yes").save()
    edition = submitting.submit(Article.objects.get(pk=article.pk), by=people["ann"], change="minor")
    cast.publish(cast.signed(edition, people), people["dora"])
    return edition
