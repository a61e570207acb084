"""Which sources have to be opened, and which first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content.access_checks import queue, recording
from content.access_checks.queue import Filter, Why
from content.models import AccessCheck, AccessPolicy, Article, Citation, Reference
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    """A draft whose one source, an agency's page, was opened a week ago."""
    draft = cast.article(people["ann"])
    Reference.objects.update(type="agency-page")
    return draft


def day(days_ago):
    return timezone.localdate() - timedelta(days=days_ago)


def cite(
    article, by, number, *, days_ago=None, found="unchanged", kind="agency-page", supports="yes", url=None
):
    """The draft cites one more source; never opened where `days_ago` is None."""
    url = f"https://example.org/{number}" if url is None else url
    reference = cast.reference(by, title=f"Source {number}", url=url)
    Reference.objects.filter(pk=reference.pk).update(type=kind)
    check = (
        recording.opened(reference, by=by, on=day(days_ago), found=found) if days_ago is not None else None
    )
    with cast.saving(article, by):
        Citation(
            article=article, reference=reference, position=number, access_check=check, supports=supports
        ).save()
    return reference


def listed(**wanted):
    return [(row.title, Why(row.why)) for row in queue.found(Filter(**wanted))]


def limit(kind, **columns):
    AccessPolicy.objects.filter(type=kind).update(**columns)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"days_ago": 0}, None),
        ({"days_ago": 180}, None),
        ({"days_ago": 181}, Why.OWED),
        ({"days_ago": 365}, Why.OWED),
        ({"days_ago": 366}, Why.OVER_AGE),
        ({"days_ago": 900, "kind": "book"}, None),
        ({"days_ago": None}, Why.MISSING),
        ({"days_ago": None, "url": ""}, None),
        ({"days_ago": 1, "found": "gone"}, Why.GONE),
        ({"days_ago": 1, "found": "login-needed"}, Why.LOGIN),
        ({"days_ago": 1, "found": "changed"}, None),
        ({"days_ago": 1, "supports": "not-stated"}, Why.UNSAID),
        ({"days_ago": 1, "supports": "no"}, None),
    ],
)
def test_each_source_says_why_it_has_to_be_opened(people, article, case, expected):
    cite(article, people["ann"], 1, **case)

    assert listed() == ([("Source 1", expected)] if expected else [])


def test_a_changed_source_waits_for_every_article_that_prints_an_earlier_check(people, article):
    other = cast.article(people["ann"], title="Another", slug="another")
    recording.recorded(
        article,
        article.citations.get().reference,
        by=people["edi"],
        answer=recording.Answer(day(0), "changed", "yes", newest=AccessCheck.objects.latest("pk").pk),
    )

    [row] = queue.found(Filter())
    [source] = queue.sources([row], people["ann"])

    assert (Why(row.why), source.citation.article) == (Why.CHANGED, other)
    recording.recorded(
        other,
        source.reference,
        by=people["edi"],
        answer=recording.Answer(day(0), "changed", "yes", newest=row.recorded),
    )
    assert listed() == []


def test_a_source_found_again_waits_for_the_article_that_prints_it_as_gone(people, article):
    gone = cite(article, people["ann"], 1, days_ago=2, found="gone", supports="not-stated")
    recording.opened(gone, by=people["edi"], on=day(0), found="unchanged")

    assert listed() == [("Source 1", Why.UNSAID)]


def test_the_article_that_is_asked_about_stands_before_those_that_wait(people, article):
    source = cite(article, people["ann"], 1, days_ago=0)
    waits = cast.article(people["ann"], title="A new one", slug="new")
    with cast.saving(waits, people["ann"]):
        Citation(article=waits, reference=source, position=2).save()
    row = queue.one(source.pk)

    def asked(first):
        [shown] = queue.sources(row, people["ann"], first=first)
        return [each.article for each in shown.citations]

    assert (asked(None), asked(article.pk)) == ([waits, article], [article, waits])


def test_a_date_from_a_file_is_listed_whatever_its_age(people, article):
    imported = {
        "opened_on": day(1),
        "opened_by": None,
        "opened_by_name": "not recorded",
        "found": "not-stated",
    }
    reference = cite(article, people["ann"], 1)
    check = AccessCheck(
        reference=reference, imported_from="page.html", recorded_by=people["ann"], recorded_by_name="Ann",
        recorded_at=timezone.now(), **imported,
    )  # fmt: skip
    check.save()
    article.citations.filter(reference=reference).update(access_check=check)

    assert listed() == [("Source 1", Why.IMPORTED)]


def test_a_month_alone_is_no_day(people, article):
    reference = cite(article, people["ann"], 1)
    check = AccessCheck(
        reference=reference, printed_date="May 2025", opened_by=None, opened_by_name="not recorded",
        found="not-stated", recorded_by=people["ann"], recorded_by_name="Ann", recorded_at=timezone.now(),
    )  # fmt: skip
    check.save()
    article.citations.filter(reference=reference).update(access_check=check)

    assert listed() == [("Source 1", Why.MISSING)]


def test_the_newest_opening_counts_not_the_last_recorded(people, article):
    reference = cite(article, people["ann"], 1, days_ago=10)
    recording.opened(reference, by=people["edi"], on=day(400), found="unchanged")

    assert listed() == []


def test_most_urgent_first_then_public_then_longest_ago(people):
    public = cast.published(people).article
    draft = cast.article(people["ann"], title="Draft", slug="draft")
    cite(draft, people["ann"], 1, days_ago=200)
    cite(draft, people["ann"], 2, days_ago=300)
    cite(public, people["ann"], 3, days_ago=190)
    cite(draft, people["ann"], 4)
    cite(draft, people["ann"], 5, days_ago=2, found="gone")
    cite(draft, people["ann"], 6, days_ago=500)

    assert [title for title, _ in listed()] == [f"Source {number}" for number in (5, 4, 6, 3, 2, 1)]


def test_what_no_draft_cites_or_only_a_retired_one_is_no_work(people, article):
    cast.reference(people["lib"], title="Cited by nobody", url="https://example.org/nobody")
    cite(article, people["ann"], 1)
    Article.objects.update(retired_at=timezone.now())

    assert listed() == []


def test_filters(people, article):
    cite(article, people["ann"], 1)
    other = cast.article(people["edi"], title="Edi's", slug="edis", owner=people["edi"])
    cite(other, people["edi"], 2, kind="guideline", url="https://guidelines.example.com/2")

    assert listed(owner=people["edi"]) == [("Source 2", Why.MISSING)]
    assert listed(type="guideline") == [("Source 2", Why.MISSING)]
    assert listed(site="Guidelines.example.com") == [("Source 2", Why.MISSING)]
    assert listed(owner=people["ann"], type="guideline") == []


def test_limits_are_those_of_the_policy(people, article):
    limit("agency-page", follow_up_after_days=2, block_after_days=5)

    assert listed() == [("Kaposi sarcoma: how it is treated", Why.OVER_AGE)]
    limit("agency-page", follow_up_after_days=2, block_after_days=None)
    assert listed() == [("Kaposi sarcoma: how it is treated", Why.OWED)]
    limit("agency-page", follow_up_after_days=None, block_after_days=None)
    assert listed() == []
    limit("agency-page", follow_up_after_days=2, block_after_days=5, exempt=True)
    assert listed() == []


def test_a_source_of_many_articles_names_mine_first_and_counts_the_others(people, article):
    Article.objects.update(title="Later in the alphabet")
    for number in range(7):
        owner = people["edi"] if number == 5 else people["ann"]
        cast.article(people["ann"], title=f"Article {number}", slug=f"article-{number}", owner=owner)
    limit("agency-page", block_after_days=5, follow_up_after_days=5)

    [source] = queue.sources(list(queue.found(Filter())), people["edi"])

    named = [citation.article.title for citation in source.citations]
    assert named == ["Article 5", "Article 0", "Article 1", "Article 2"]
    assert (source.others, source.unnamed, source.age) == (7, 4, 7)
