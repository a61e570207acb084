"""One opening for many articles: each draft saves for itself, and keeps its yes only where the source reads as before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content.access_checks import recording, sharing
from content.drafts import revisions
from content.library import updates
from content.models import AccessCheck, Article
from content.snapshots import snapshot
from evidence.findings import Refused
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def articles(people):
    """Three drafts that cite one source, each opened for itself a week ago."""
    named = [("One", "one"), ("Two", "two"), ("Three", "three")]
    return [cast.article(people["ann"], title=title, slug=slug) for title, slug in named]


def opened(article, by, *, found="unchanged", days_ago=0):
    day = timezone.localdate() - timedelta(days=days_ago)
    reference = article.citations.get().reference
    return recording.opened(reference, by=by, on=day, found=found, opened_for=article)


def supports(article, by, answer):
    with cast.saving(article, by):
        citation = article.citations.get()
        citation.supports = answer
        citation.save()


def printed(article):
    citation = article.citations.get()
    return citation.access_check, citation.supports


def access(article):
    return snapshot.build(Article.objects.get(pk=article.pk))["parts"]["access_dates"][0]


def test_every_citing_draft_prints_it_by_a_save_of_its_own(people, articles):
    one, two, three = articles
    check = opened(one, people["edi"])

    shared = list(sharing.share(check, by=people["edi"]))

    made = revisions.versions(two)[0].revision
    assert shared == [one, two, three]
    assert [printed(article) for article in articles] == [(check, "yes")] * 3
    assert [Article.objects.get(pk=a.pk).saves - a.saves for a in articles] == [1, 1, 1]
    assert (made.user, made.comment) == (people["edi"], f"Shared access check: {check}")
    assert ["shared" in access(article) for article in articles] == [False, True, True]


def test_carrying_again_does_nothing(people, articles):
    check = opened(articles[0], people["edi"])
    list(sharing.share(check, by=people["edi"]))

    assert list(sharing.share(check, by=people["edi"])) == []


def test_what_was_not_said_or_denied_before_stays_so(people, articles):
    _, two, three = articles
    supports(two, people["ann"], "not-stated")
    supports(three, people["ann"], "no")
    check = opened(articles[0], people["edi"])

    list(sharing.share(check, by=people["edi"]))

    assert [printed(article)[1] for article in articles] == ["yes", "not-stated", "no"]


def test_a_yes_to_what_the_source_said_before_it_changed_is_no_yes_any_more(people, articles):
    opened(articles[0], people["ann"], found="changed", days_ago=3)
    check = opened(articles[0], people["edi"])

    list(sharing.share(check, by=people["edi"]))

    assert [printed(article)[1] for article in articles] == ["not-stated"] * 3


def test_a_change_that_was_read_already_asks_for_nothing(people, articles):
    one = articles[0]
    changed = opened(one, people["ann"], found="changed", days_ago=3)
    with cast.saving(one, people["ann"]):
        citation = one.citations.get()
        citation.access_check, citation.supports = changed, "yes"
        citation.save()
    check = opened(one, people["edi"])

    list(sharing.share(check, by=people["edi"]))

    assert [printed(article)[1] for article in articles] == ["yes", "not-stated", "not-stated"]


def test_the_last_word_of_one_person_on_one_day_corrects_the_earlier(people, articles):
    opened(articles[0], people["edi"], found="changed")
    check = opened(articles[0], people["edi"])

    list(sharing.share(check, by=people["edi"]))

    assert [printed(article)[1] for article in articles] == ["yes"] * 3


def test_another_persons_word_corrects_nobody(people, articles):
    opened(articles[0], people["ann"], found="changed")
    check = opened(articles[0], people["edi"])

    list(sharing.share(check, by=people["edi"]))

    assert [printed(article)[1] for article in articles] == ["not-stated"] * 3


def test_an_offer_taken_by_hand_asks_as_carrying_does(people, articles):
    two = articles[1]
    opened(articles[0], people["ann"], found="changed", days_ago=3)
    opened(articles[0], people["edi"])
    [offer] = updates.newer_checks(two)

    updates.take(two, [offer.key], by=people["ann"], saves=two.saves)

    assert (offer.asks_again, printed(two)[1]) == (True, "not-stated")


def test_a_draft_that_prints_something_newer_or_is_retired_is_left_alone(people, articles):
    one, two, three = articles
    check = opened(one, people["edi"], days_ago=1)
    newer = opened(two, people["ann"])
    with cast.saving(two, people["ann"]):
        citation = two.citations.get()
        citation.access_check = newer
        citation.save()
    Article.objects.filter(pk=three.pk).update(retired_at=timezone.now())

    assert list(sharing.share(check, by=people["edi"])) == [one]
    assert printed(two)[0] == newer


def test_a_draft_without_any_check_gets_one_and_says_nothing_of_support(people, articles):
    two = articles[1]
    with cast.saving(two, people["ann"]):
        citation = two.citations.get()
        citation.access_check, citation.supports = None, "not-stated"
        citation.save()
    check = opened(articles[0], people["edi"])

    list(sharing.share(check, by=people["edi"]))

    assert printed(two) == (check, "not-stated")


@pytest.mark.parametrize(
    ("name", "found", "codes"),
    [
        ("bob", "unchanged", ["no-right"]),
        ("edi", "changed", ["not-unchanged"]),
        ("edi", "gone", ["not-unchanged"]),
        ("eve", "login-needed", ["no-right", "not-unchanged"]),
    ],
)
def test_carrying_is_refused_with_every_reason(people, articles, name, found, codes):
    check = opened(articles[0], people["edi"], found=found)

    with pytest.raises(Refused) as refused:
        sharing.share(check, by=people[name])

    assert refused.value.codes == codes
    assert [printed(article)[0] == check for article in articles] == [False] * 3


def test_stopping_half_way_leaves_the_rest_to_be_offered(people, articles):
    check = opened(articles[0], people["edi"])

    next(sharing.share(check, by=people["edi"]))

    assert [len(updates.newer_checks(article)) for article in articles] == [0, 1, 1]
    assert AccessCheck.objects.count() == 4
