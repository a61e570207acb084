"""Rule 2a: an approval walks from one whole edition to another, never the text of one and the drugs of another."""

import time

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.editions import submitting
from content.models import Article, Edition
from content.snapshots import pins
from evidence import shown as evidence_shown
from evidence.findings import Refused
from reviews import gate, initial_data, publishing
from reviews.approvals import validity
from reviews.models import Decision, KindVersion, Ruling, Scope, Signoff
from tests import cast

pytestmark = pytest.mark.django_db

TYPO = "<p>Medicines taken as 4 mg pills.</p>"
DOSE = "<p>Medicines, taken as 40 mg pills.</p>"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def first(people):
    return cast.signed(cast.submitted(people["ann"]), people, contribution="asa")


def submitted(article, by, *, body=None, spoken=None, lib=None):
    """With these words, and with the drug spoken like this."""
    article = Article.objects.get(pk=article.pk)
    if spoken:
        drug = article.sections.get(kind="drug").drug
        with cast.as_person(lib):
            drug.pronunciation = spoken
            drug.save()
    with cast.saving(article, by):
        if spoken:
            pins.take(article, pins.updates(article), by=by)
        if body:
            section = article.sections.first()
            section.body = body
            section.save()
    return submitting.submit(Article.objects.get(pk=article.pk), by=by, change="major")


def held(edition, kind="medical-review"):
    return {
        approval.signoff.signed_by.username
        for approval in validity.approvals(edition)
        if approval.signoff.kind.code == kind
    }


def reviewed(edition, by, since, kind="medical-review"):
    return cast.sign(edition, by, kind, scope=Scope.CHANGES_ONLY, since=since)


def ruled(start, end, by, kind="medical-review", parts=("text", "references")):
    row = Ruling(
        kind=KindVersion.objects.newest(kind),
        from_edition=start,
        to_edition=end,
        parts=list(parts),
        difference="a comma",
        reason="A comma.",
        signed_by=by,
        printed_name=str(by),
        organisation=by.organisation,
        organisation_name=str(by.organisation),
        signed_at=end.created_at,
        authentication="session",
    )
    return cast.entered(row, "rule minor", end.article)


def grid(first, people):
    """Editions of (text 2, drugs 1), (text 1, drugs 2) and (text 2, drugs 2); each is signable while it is the newest."""
    words = first.article.sections.first().body
    article, ann, lib = first.article, people["ann"], people["lib"]
    yield submitted(article, ann, body=DOSE)
    yield submitted(article, ann, body=words, spoken="POM", lib=lib)
    yield submitted(article, ann, body=DOSE)


@pytest.mark.parametrize("how", ["two reviews", "a ruling and a review"])
def test_two_changes_that_were_looked_at_apart_are_a_page_that_nobody_read(first, people, how):
    editions = grid(first, people)
    other_text = next(editions)
    if how == "two reviews":
        reviewed(other_text, people["bob"], first)
    else:
        ruled(first, other_text, people["bob"])
    other_drugs = next(editions)
    reviewed(other_drugs, people["cid"], first)
    both = next(editions)

    assert (held(other_text), held(other_drugs), held(both)) == ({"bob"}, {"bob"}, set())
    assert "medical-review-missing" in [finding.code for finding in gate.blockers(both)]


def test_a_third_review_from_either_of_them_makes_the_chain(first, people):
    editions = grid(first, people)
    reviewed(next(editions), people["bob"], first)
    other_drugs = next(editions)
    reviewed(other_drugs, people["cid"], first)
    both = next(editions)

    reviewed(both, people["cid"], other_drugs)

    assert held(both) == {"bob"}
    [approval] = [a for a in validity.approvals(both) if a.signoff.kind.code == "medical-review"]
    assert [(b.start.number, b.end.number) for b in approval.bridges] == [(1, 3), (3, 4)]


def test_text_and_references_that_were_ruled_minor_apart_do_not_meet(first, people):
    """Each ruling is about a change of both parts, and neither is about the page that has one change of each."""
    article, ann = first.article, people["ann"]
    words = article.sections.first().body
    other = cast.reference(people["lib"], title="Another source", url="https://example.org/other")

    def cite(source):
        citation = article.citations.get()
        with cast.saving(article, ann):
            citation.reference, citation.access_check = source, None
            citation.save()

    before = article.citations.get().reference
    second = submitted(article, ann, body=TYPO)
    cite(other)
    third = submitted(article, ann, body=words)
    fourth = submitted(article, ann, body=TYPO)
    cite(before)
    ruled(first, second, people["bob"])
    ruled(first, third, people["bob"])

    assert (held(second), held(third), held(fourth)) == ({"bob"}, {"bob"}, set())


def test_a_way_over_an_edition_that_reads_the_same_is_a_way(first, people):
    """Signed on the first; the second differs from it in nothing covered; the bridge starts at the second."""
    article, ann = first.article, people["ann"]
    with cast.saving(article, ann):
        article.public_note = "A note."
        article.save()
    second = submitted(article, ann)
    third = submitted(article, ann, body=DOSE)
    assert second.parts["text"] == first.parts["text"]

    reviewed(third, people["cid"], second)

    assert held(third) == {"bob"}


def test_a_bridge_is_good_for_no_edition_before_it(first, people):
    second = submitted(first.article, people["ann"], body=DOSE)
    words = cast.signed(second, people)
    third = submitted(first.article, people["ann"], body=TYPO)
    reviewed(third, people["cid"], words)
    assert held(third) == {"bob"}

    first_medical = first.signoffs.get(kind__kind="medical-review")

    assert [a.signoff.pk for a in validity.approvals(first) if a.signoff.kind.code == "medical-review"] == [
        first_medical.pk
    ]


def test_whoever_wrote_of_the_edition_carries_nothing_to_it(first, people):
    """bob rules, and writes of a later edition in which nothing that was ruled on differs."""
    second = submitted(first.article, people["ann"], body=TYPO)
    ruled(first, second, people["cid"])
    assert held(second) == {"bob"}

    with cast.saving(first.article, people["cid"]):
        first.article.public_note = "By cid."
        first.article.save()
    third = submitted(first.article, people["ann"])

    assert third.parts["text"] == second.parts["text"]
    assert (held(second), held(third)) == ({"bob"}, set())


def test_a_review_of_changes_by_a_writer_counts_where_the_kind_asks_for_no_independence(first, people):
    second = submitted(first.article, people["ann"], body=DOSE)
    reviewed(second, people["asa"], first, kind="contribution")
    reviewed(second, people["cid"], first)

    with cast.saving(first.article, people["asa"]):
        first.article.public_note = "By asa."
        first.article.save()
    with cast.saving(first.article, people["cid"]):
        first.article.public_note = "By cid."
        first.article.save()
    third = submitted(first.article, people["ann"])

    assert (held(second, "contribution"), held(second)) == ({"asa"}, {"bob"})
    assert (held(third, "contribution"), held(third)) == ({"asa"}, set())


def test_a_writer_gives_no_independent_review_of_the_changes(first, people):
    people["ann"].groups.add(Group.objects.get(name=initial_data.MEDICAL_REVIEWERS))
    second = submitted(first.article, people["ann"], body=DOSE)

    with pytest.raises(Refused) as caught:
        reviewed(second, people["ann"], first)

    assert caught.value.codes == ["not-independent"]
    reviewed(second, people["ann"], first, kind="editorial-review")
    assert held(second, "editorial-review") == {"edi"}


def test_the_page_of_an_edition_says_that_the_medical_review_is_open(first, people, client):
    editions = grid(first, people)
    reviewed(next(editions), people["bob"], first)
    reviewed(next(editions), people["cid"], first)
    both = next(editions)
    cast.sign(both, people["edi"], "editorial-review")
    client.force_login(people["dora"])

    page = client.get(f"/admin/editions/{both.pk}/publish/").content.decode()
    carried = evidence_shown.sealed(publishing.shown_to(both, by=people["dora"]))
    answer = client.post(f"/admin/editions/{both.pk}/publish/", {"shown": carried})

    assert "Medical review: " in page
    assert answer.status_code == 422
    assert not Edition.objects.exclude(publications=None).exists()


def many(people, first, number):
    """So many further editions, each carried on from the one before by a review of the changes and by a ruling."""
    before, kind = first, KindVersion.objects.newest("medical-review")
    for _ in range(number):
        after = Edition.objects.select_related("article").get(pk=before.pk)
        after.pk, after.number, after._state.adding = None, before.number + 1, True
        after.digest = after.parts["text"] = f"{after.number:064d}"
        after.save()
        ruled(before, after, people["cid"])
        signoff = Signoff.objects.filter(kind=kind).order_by("pk")[0]
        signoff.pk, signoff._state.adding = None, True
        signoff.nonce = str(after.number)
        signoff.edition, signoff.since_edition, signoff.scope = after, before, Scope.CHANGES_ONLY
        signoff.signed_by, signoff.decision = people["cid"], Decision.APPROVE
        signoff.covered = {part: after.parts[part] for part in signoff.covered}
        signoff.save()
        before = after
    return before


def took(edition):
    begin = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        known = validity.evidence(edition)
        found = validity.approvals(edition, known)
    assert "bob" in {approval.signoff.signed_by.username for approval in found}
    return time.perf_counter() - begin, len(queries)


def test_what_it_costs_grows_with_the_editions_and_asks_no_more_statements(first, people):
    few = many(people, first, 20)
    before, statements = took(few)

    after, same = took(many(people, few, 180))

    assert same == statements
    # Ten times as many editions; what were quadratic would take a hundred times as long.
    assert after < 40 * max(before, 0.005)
