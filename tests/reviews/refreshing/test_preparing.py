"""Beginning a refresh: what has nothing new but newer dates is handed in; the rest is left alone and says why."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from content.access_checks import recording
from content.editions import submitting
from content.models import Article, Citation, Submission
from content.snapshots import snapshot
from evidence.findings import Refused
from evidence.models import LedgerEvent
from reviews import initial_data
from reviews.models import Refresh, RefreshItem
from reviews.refreshing import eligibility, preparing
from tests import cast
from tests.reviews.refreshing.house import begun, codes, editions_of, opened_again, public

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def parts_that_differ(old, new):
    return [part for part in old.parts if old.parts[part] != new.parts[part]]


def test_every_article_becomes_an_edition_with_new_dates_alone(people):
    one, two = public(people, 2)
    check = opened_again(people["edi"])

    refresh = begun(people)

    for publication in (one, two):
        old, new = editions_of(publication.article)
        [access] = snapshot.parsed(new.snapshot)["parts"]["access_dates"]
        submission = Submission.objects.get(edition=new)
        assert parts_that_differ(old, new) == ["access_dates"]
        assert (access["on"], access["supports"]) == (timezone.localdate().isoformat(), "yes")
        assert (submission.change, submission.recorded_by) == ("minor", people["ann"])
        assert publication.article.citations.get().access_check == check
        assert refresh.items.get(article=publication.article).edition == new
    assert codes(refresh) == {}


def test_beginning_stands_in_the_ledger_with_its_row(people):
    public(people)
    opened_again(people["edi"])

    refresh = preparing.begin(by=people["ann"])

    event = LedgerEvent.objects.order_by("-number").first()
    assert (event.verb, event.facts) == ("start refresh", {"articles": 1})
    assert event.evidence_rows[0]["row"] == Refresh.evidence_name
    assert refresh.items.pending().count() == 1


def test_who_opened_is_no_writer_and_who_begins_counts_as_handing_in(people):
    [publication] = public(people)
    opened_again(people["edi"])

    begun(people, by="lib")

    _, new = editions_of(publication.article)
    assert [c.person for c in new.submissions.get().contributors.all()] == [people["lib"]]


def test_a_draft_that_prints_the_newer_check_already_is_handed_in_as_it_is(people):
    [publication] = public(people)
    article = publication.article
    answer = recording.today_unchanged(recording.newest_recorded(article.citations.get().reference).pk)
    recording.recorded(article, article.citations.get().reference, by=people["edi"], answer=answer)
    saves = Article.objects.get().saves

    refresh = begun(people)

    assert (codes(refresh), len(editions_of(article)), Article.objects.get().saves) == ({}, 2, saves)


def other_text(people, publication):
    with cast.saving(publication.article, people["ann"]):
        section = publication.article.sections.first()
        section.body = "<p>Other words.</p>"
        section.save()


def another_note(people, publication):
    with cast.as_person(people["ann"]):
        article = Article.objects.get(pk=publication.article_id)
        article.public_note = "News."
        article.save()


def found_changed(people, publication):
    opened_again(people["edi"], found="changed")


def found_gone(people, publication):
    opened_again(people["edi"], found="gone")


def changed_in_between(people, publication):
    opened_again(people["ann"], found="changed", days_ago=2)
    opened_again(people["edi"])


def in_review(people, publication):
    other_text(people, publication)
    article = Article.objects.get(pk=publication.article_id)
    body = article.sections.first()
    submitting.submit(article, by=people["ann"], change="minor")
    with cast.saving(article, people["ann"]):
        body.body = "<p>Medicines, taken as 4 mg pills.</p>"
        body.save()


def retired(people, publication):
    Article.objects.filter(pk=publication.article_id).update(retired_at=timezone.now())


def no_longer_supports(people, publication):
    with cast.saving(publication.article, people["ann"]):
        citation = publication.article.citations.get()
        citation.supports = "no"
        citation.save()


LEFT_OUT = [
    (other_text, ["draft-differs"]),
    (another_note, ["draft-differs"]),
    (found_changed, ["source-to-be-read"]),
    (found_gone, ["source-to-be-read"]),
    (changed_in_between, ["source-to-be-read"]),
    (in_review, ["edition-in-review"]),
    (no_longer_supports, ["support-not-stated"]),
]


@pytest.mark.parametrize(("happens", "expected"), LEFT_OUT, ids=[case[0].__name__ for case in LEFT_OUT])
def test_what_is_left_out_says_why(people, happens, expected, client):
    [publication] = public(people)
    opened_again(people["edi"], days_ago=3)
    happens(people, publication)
    before = (len(editions_of(publication.article)), Article.objects.get().saves)

    refresh = begun(people)

    assert codes(refresh) == {"One": expected}
    assert (len(editions_of(publication.article)), Article.objects.get().saves) == before
    client.force_login(people["ann"])
    for reason in refresh.items.get().reasons:
        assert client.get(reason["fix"].partition("#")[0]).status_code == 200


def test_retired_between_the_beginning_and_its_turn(people):
    [publication] = public(people)
    opened_again(people["edi"])
    refresh = preparing.begin(by=people["ann"])
    retired(people, publication)

    list(preparing.prepare(refresh, by=people["ann"]))

    assert codes(refresh) == {"One": ["article-retired"]}


def test_another_edition_public_between_the_beginning_and_its_turn(people):
    [publication] = public(people)
    opened_again(people["edi"])
    refresh = preparing.begin(by=people["ann"])
    other_text(people, publication)
    cast.publish(
        cast.signed(submitting.submit(Article.objects.get(), by=people["ann"], change="minor"), people),
        people["dora"],
    )

    list(preparing.prepare(refresh, by=people["ann"]))

    assert "not-live" in codes(refresh)["One"]
    assert len(editions_of(publication.article)) == 2


def test_nobody_hands_in_what_their_own_independent_review_holds_for(people):
    public(people)
    people["bob"].groups.add(Group.objects.get(name=initial_data.EDITORS))
    opened_again(people["edi"])

    refresh = begun(people, by="bob")

    assert codes(refresh) == {"One": ["own-review"]}


def test_filters_choose_articles_by_owner_and_by_what_was_opened(people):
    cast.published(people, title="One", slug="one")
    cast.published(people, title="Two", slug="two", owner=people["edi"])
    opened_again(people["edi"])
    kind = Citation.objects.first().reference.type

    def titles(**given):
        return [live.article.title for live in eligibility.checks_since(**given)]

    assert titles() == ["One", "Two"]
    assert titles(owner=people["edi"]) == ["Two"]
    assert titles(kind=kind) == ["One", "Two"]
    assert titles(kind="book") == []


@pytest.mark.parametrize(
    ("name", "expected"), [("bob", ["no-right"]), ("dora", ["no-right"]), ("eve", ["no-right"])]
)
def test_only_an_editor_begins(people, name, expected):
    public(people)
    opened_again(people["edi"])

    with pytest.raises(Refused) as refused:
        preparing.begin(by=people[name])

    assert (refused.value.codes, Refresh.objects.count()) == (expected, 0)


def test_nothing_opened_since_is_nothing_to_begin(people):
    public(people)

    with pytest.raises(Refused) as refused:
        preparing.begin(by=people["ann"])

    assert (refused.value.codes, Refresh.objects.count()) == (["nothing-newer"], 0)


def test_going_on_twice_does_nothing_twice(people):
    public(people, 2)
    opened_again(people["edi"])
    refresh = preparing.begin(by=people["ann"])

    first = list(preparing.prepare(refresh, by=people["ann"]))
    again = [preparing.prepared(item.pk, by=people["ann"]) for item in first]

    assert [item.edition_id for item in again] == [item.edition_id for item in first]
    assert list(preparing.prepare(refresh, by=people["ann"])) == []
    assert Submission.objects.count() == 4


def test_a_second_refresh_meets_what_the_first_has_in_hand(people):
    public(people)
    opened_again(people["edi"])
    begun(people)

    second = begun(people)

    assert (codes(second), Submission.objects.count()) == ({}, 2)
    assert len(set(RefreshItem.objects.values_list("edition", flat=True))) == 1
