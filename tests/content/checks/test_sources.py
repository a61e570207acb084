"""Each check on cited works, on an edition that is otherwise ready: its code, how grave it is, and where it is mended."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from content.access_checks import recording
from content.checks import cited_works
from content.editions import submitting
from content.models import AccessPolicy, Reference
from content.snapshots import snapshot
from reviews import gate
from tests import cast
from tests.content.checks.works import ROWS, TODAY, cite

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    with time_machine.travel(TODAY, tick=False):
        yield cast.cast()


@pytest.mark.parametrize(("name"), ROWS)
def test_each_state_of_a_cited_work_gives_its_finding_and_a_page_that_mends_it(people, name):
    change, columns, expected = ROWS[name]
    article = cast.article(people["ann"])
    change(article, people["ann"], **columns)
    edition = cast.signed(submitting.submit(article, by=people["ann"], change="major"), people)

    found = gate.findings(edition)

    assert [(finding.code, finding.severity) for finding in found] == expected
    client = Client()
    client.force_login(people["ann"])
    assert [client.get(finding.fix.partition("#")[0]).status_code for finding in found] == [200] * len(found)


AFTERWARDS = {
    "retracted": ({"retraction": "retracted"}, "reference-retracted", "2025-11-20"),
    "under concern": ({"retraction": "expression-of-concern"}, "reference-under-concern", "2025-12-20"),
}


@pytest.mark.parametrize(("columns", "code", "due_on"), AFTERWARDS.values(), ids=AFTERWARDS)
def test_what_becomes_of_a_work_on_a_public_page_is_urgent_and_keeps_no_better_page_away(
    people, columns, code, due_on
):
    live = cast.published(people)
    row = Reference.objects.get()
    with cast.as_person(people["lib"]):
        for column, value in {
            **columns,
            "retracted_on": date(2025, 11, 20),
            "retraction_source": "x",
        }.items():
            setattr(row, column, value)
        row.save()

    [finding] = gate.findings(live.edition)

    assert (finding.code, finding.severity, finding.due_on) == (code, "follow-up", due_on)


def test_a_retracted_work_blocks_a_full_review_though_the_public_page_cites_it(people):
    cast.published(people)
    row = Reference.objects.get()
    with cast.as_person(people["lib"]):
        row.retraction, row.retracted_on, row.retraction_source = "retracted", date(2025, 11, 20), "x"
        row.save()
    article = row.citations.get().article
    with time_machine.travel("2025-12-06 12:00:00-05:00", tick=False):
        with cast.saving(article, people["ann"]):
            section = article.sections.first()
            section.body = "<p>Medicines, taken as 5 mg pills.</p>"
            section.save()
        article.refresh_from_db()
        article.public_note = "New dose."
        article.save()
        edition = cast.signed(submitting.submit(article, by=people["ann"], change="major"), people)

        assert [finding.code for finding in gate.blockers(edition)] == ["reference-retracted"]


def test_what_a_library_row_says_is_that_of_the_row_it_was_merged_into(people):
    edition = cast.submitted(people["ann"])
    row = Reference.objects.get()
    row.merged_into = Reference.objects.create(type="guideline", title="The kept one", version="9.2030")
    row.save()

    [work] = cited_works.of(snapshot.parsed(edition.snapshot))

    assert (work.row.title, work.policy.type) == ("The kept one", "guideline")


def test_a_work_that_the_library_does_not_know_is_asked_nothing_of_the_library(people):
    content = snapshot.parsed(cast.submitted(people["ann"]).snapshot)
    content["parts"]["references"][0]["uid"] = "00000000-0000-0000-0000-000000000000"

    [work] = cited_works.of(content)

    assert (work.row, work.policy, work.checks, work.product) == (None, None, (), None)


@pytest.mark.parametrize("count", [1, 3])
def test_asking_for_many_works_takes_as_many_queries_as_for_one(people, count, django_assert_num_queries):
    article = cast.article(people["ann"])
    for number in range(count):
        cite(article, people["ann"], title=f"Source {number}", url=f"https://example.org/{number}/x")
    content = snapshot.build(article)

    with django_assert_num_queries(4):
        assert len(cited_works.of(content)) == count + 1


def test_a_finding_of_the_newest_check_reaches_pages_that_print_an_older_one(people):
    live = cast.published(people)
    row = Reference.objects.get()
    recording.opened(row, by=people["lib"], on=timezone.localdate(), found="gone")

    assert [(f.code, f.severity) for f in gate.findings(live.edition)] == [("source-gone", "follow-up")]

    recording.opened(row, by=people["edi"], on=timezone.localdate(), found="unchanged")

    assert gate.findings(live.edition) == []


def test_policies_are_shipped_for_every_type_and_a_changed_one_stays(people):
    from content import initial_data

    policy = AccessPolicy.objects.get(type="webpage")
    policy.block_after_days = 30
    policy.follow_up_after_days = 7
    policy.save()
    AccessPolicy.objects.get(type="book").delete()

    initial_data.ship()

    assert AccessPolicy.objects.count() == 10
    assert AccessPolicy.objects.get(type="webpage").block_after_days == 30


def test_a_source_behind_a_login_is_no_fault_for_nobody_could_mend_it(people):
    live = cast.published(people)
    row = Reference.objects.get()

    recording.opened(row, by=people["lib"], on=timezone.localdate(), found="login-needed")

    assert gate.findings(live.edition) == []
