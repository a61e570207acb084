"""Somebody opened a source: recorded for ever, printed by the draft, and no authorship."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.access_checks import recording
from content.access_checks.recording import Answer
from content.drafts import revisions
from content.editions import authorship, submitting
from content.models import AccessCheck, Article
from content.snapshots import snapshot
from evidence.findings import Refused
from evidence.models import LedgerEvent
from reviews.approvals import validity
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    return cast.article(people["ann"])


def source(article):
    return article.citations.get().reference


def said(article, **given):
    newest = recording.newest_recorded(source(article))
    usual = {"on": timezone.localdate(), "found": "unchanged", "supports": "yes"}
    return Answer(**{**usual, "newest": newest.pk if newest else None, **given})


def record(article, by, **given):
    return recording.recorded(article, source(article), by=by, answer=said(article, **given))


def access(article):
    [entry] = snapshot.build(Article.objects.get(pk=article.pk))["parts"]["access_dates"]
    return entry


def codes(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.codes


def writers(edition):
    newest = edition.submissions.order_by("-pk").first()
    return sorted(contributor.person_name.split()[0] for contributor in newest.contributors.all())


def test_the_draft_prints_the_day_in_one_revision_with_the_openers_name(people, article):
    check = record(article, people["edi"], found="changed", title_seen="A new title")

    made = revisions.versions(article)[0].revision
    event = LedgerEvent.objects.order_by("-number").first()
    assert (check.opened_for, check.opened_by, check.title_seen) == (article, people["edi"], "A new title")
    assert access(article) == {
        "reference": str(source(article).uid),
        "on": timezone.localdate().isoformat(),
        "printed": f"{timezone.localdate():%B %-d, %Y}",
        "found": "changed",
        "imported": False,
        "supports": "yes",
    }
    assert (made.user, made.comment) == (people["edi"], f"Opened {source(article)}")
    assert (event.verb, event.article_uid) == ("record access check", article.uid)
    assert Article.objects.get().saves == article.saves + 1


@pytest.mark.parametrize("found", ["gone", "login-needed"])
def test_who_could_not_read_the_source_says_nothing_of_what_it_supports(people, article, found):
    record(article, people["edi"], found=found, supports="yes")

    assert (access(article)["found"], access(article)["supports"]) == (found, "not-stated")


def test_the_same_form_again_records_nothing_more(people, article):
    answer = said(article)
    first = recording.recorded(article, source(article), by=people["edi"], answer=answer)
    saves = Article.objects.get().saves

    second = recording.recorded(article, source(article), by=people["edi"], answer=answer)

    assert (second, AccessCheck.objects.count(), Article.objects.get().saves) == (first, 2, saves)


def test_somebody_elses_opening_meanwhile_is_shown_first_and_may_be_answered_knowingly(people, article):
    shown = said(article)
    record(article, people["edi"], found="gone")

    refused = codes(lambda: recording.recorded(article, source(article), by=people["ann"], answer=shown))
    record(article, people["ann"])

    assert refused == ["stale-access-check"]
    assert access(article)["found"] == "unchanged"


def test_ones_own_opening_meanwhile_is_no_surprise(people, article):
    shown = said(article)
    record(article, people["ann"], found="gone")

    recording.recorded(article, source(article), by=people["ann"], answer=shown)

    assert access(article)["found"] == "unchanged"


TOMORROW = timedelta(days=1)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("bob", {}, ["no-right", "no-right"]),
        ("ann", {"on": "tomorrow"}, ["access-date-future"]),
        ("ann", {"found": "not-stated", "supports": "yes"}, ["finding-missing"]),
        ("ann", {"supports": "not-stated"}, ["support-missing"]),
        ("ann", {"found": "changed", "supports": "perhaps"}, ["support-missing"]),
        (
            "eve",
            {"on": "tomorrow", "found": ""},
            ["no-right", "no-right", "access-date-future", "finding-missing"],
        ),
    ],
)
def test_recording_is_refused_with_every_reason(people, article, name, given, expected):
    if "on" in given:
        given = {**given, "on": timezone.localdate() + TOMORROW}
    before = AccessCheck.objects.count()

    assert codes(lambda: record(article, people[name], **given)) == expected
    assert (AccessCheck.objects.count(), Article.objects.get().saves) == (before, article.saves)


def test_nothing_is_recorded_for_an_article_that_cites_the_source_no_more_or_is_retired(people, article):
    answer, reference = said(article), source(article)
    with cast.saving(article, people["ann"]):
        article.citations.get().delete()
    Article.objects.update(retired_at=timezone.now())

    refused = codes(lambda: recording.recorded(article, reference, by=people["ann"], answer=answer))

    assert refused == ["article-retired", "stale-reference"]


def test_who_opened_a_source_is_no_contributor(people):
    article = cast.published(people).article
    record(article, people["edi"])

    edition = submitting.submit(article, by=people["ann"], change="minor")

    assert writers(edition) == ["Ann"]


def test_the_reviewer_who_opened_a_source_still_holds_the_review(people):
    article = cast.published(people).article
    rights = ("add_accesscheck", "change_article")
    people["bob"].user_permissions.set(Permission.objects.filter(codename__in=rights))
    record(article, people["bob"])

    edition = submitting.submit(article, by=people["ann"], change="minor")

    held = [(each.signoff.kind.code, each.signoff.signed_by) for each in validity.approvals(edition)]
    assert held == [("medical-review", people["bob"])]


@pytest.mark.parametrize("column", ["position", "reference"])
def test_whoever_changes_what_is_cited_is_a_contributor(people, column):
    article = cast.published(people).article
    with cast.saving(article, people["cid"]):
        citation = article.citations.get()
        other = cast.reference(people["lib"], title="Another", url="https://example.org/other")
        setattr(citation, column, {"position": 7, "reference": other}[column])
        citation.access_check = None
        citation.save()

    edition = submitting.submit(Article.objects.get(), by=people["ann"], change="minor")

    assert "Cid" in writers(edition)


@pytest.mark.parametrize("column", ["title", "lead", "public_note"])
def test_whoever_changes_the_article_beside_an_opening_is_a_contributor(people, column):
    article = cast.published(people).article
    record(article, people["edi"])
    with cast.as_person(people["edi"]):
        article = Article.objects.get()
        setattr(article, column, "<p>Other.</p>")
        article.save()
    record(article, people["edi"])

    edition = submitting.submit(Article.objects.get(), by=people["ann"], change="minor")

    assert writers(edition) == ["Ann", "Edi"]


def test_the_number_of_queries_does_not_grow_with_what_was_opened(people):
    article, counts = cast.published(people).article, []
    for times in (1, 4):
        for _ in range(times):
            record(article, people["edi"])
        with CaptureQueriesContext(connection) as queries:
            authorship.writers_since_live(article)
        counts.append(len(queries))

    assert counts[0] == counts[1]
