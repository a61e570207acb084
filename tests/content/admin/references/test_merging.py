"""The pages on which people say that two entries are one work, or two."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.library import duplicates, merging
from content.models import Citation, DistinctPair, Reference
from evidence.models import Refusal
from tests import cast
from tests.content import shelves

pytestmark = pytest.mark.django_db
LIST = "/admin/content/reference/duplicates/"
APART = f"{LIST}apart/"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def lib(people, client):
    client.force_login(people["lib"])
    return client


def twins(people):
    """The first is cited by whoever calls `cast.article` next."""
    one = cast.reference(people["lib"], title="How Kaposi sarcoma is treated")
    return one, cast.reference(people["lib"], title="How Kaposi sarcoma is treated!")


def merge_page(alias, kept):
    return f"/admin/content/reference/{alias.pk}/merge/{kept.pk}/"


def pairs(client):
    return [(each.pair.one, each.pair.other) for each in client.get(LIST).context["shown"]]


def test_pairs_stand_side_by_side_with_what_tells_which_one_to_keep(people, lib):
    one, other = twins(people)
    cast.article(people["ann"])

    [shown] = lib.get(LIST).context["shown"]

    facts = {entry.row: (entry.other, entry.row.uses, entry.opened_on) for entry in shown.entries}
    day = Citation.objects.get().access_check.opened_on
    assert facts == {one: (other, 1, day), other: (one, 0, None)}
    page = lib.get(LIST).content.decode()
    for alias, kept in ((one, other), (other, one)):
        assert f'href="{merge_page(alias, kept)}?from=duplicates"' in page


def offered(client, term):
    """Where an editor types to cite a source."""
    citing = {"app_label": "content", "model_name": "citation", "field_name": "reference"}
    found = client.get("/admin/content/reference/citable/", {**citing, "term": term}).json()["results"]
    return {int(each["id"]): each["text"] for each in found}


def test_works_of_one_title_are_told_apart_where_they_are_chosen(people, lib):
    page = cast.reference(people["lib"], title="Paclitaxel weekly", url="https://example.org/paclitaxel")
    with cast.as_person(people["lib"]):
        paper = Reference(
            type="article-journal", title="Paclitaxel weekly", container_title="Lancet", issued=[2024, 3]
        )
        paper.author = [{"family": "Adams", "given": "B"}, {"family": "Cole", "given": "D"}]
        paper.doi = "10.1000/xyz"
        paper.save()

    assert offered(lib, "Paclitaxel") == {
        page.pk: "Paclitaxel weekly · Example Cancer Institute, 2025, https://example.org/paclitaxel",
        paper.pk: "Paclitaxel weekly · Adams et al., Lancet, 2024, 10.1000/xyz",
    }


def test_an_alias_is_not_offered_to_be_cited(people, lib):
    one, other = twins(people)
    assert list(offered(lib, "Kaposi")) == [one.pk, other.pk]

    merging.merge(other, into=one, by=people["lib"], seen=merging.shown(other, one))

    assert list(offered(lib, "Kaposi")) == [one.pk]
    assert [
        each.pk for each in lib.get("/admin/content/reference/?stands=merged").context["cl"].result_list
    ] == [other.pk]


def test_a_library_without_doubles_says_so(people, lib):
    assert "No likely duplicates" in lib.get(LIST).content.decode()


def test_two_works_are_told_apart_and_asked_about_again(people, lib):
    one, other = twins(people)

    lib.post(APART, {"one": one.pk, "other": other.pk})
    assert (pairs(lib), DistinctPair.objects.get().recorded_by) == ([], people["lib"])

    lib.post(f"{LIST}again/{DistinctPair.objects.get().pk}/")
    assert (pairs(lib), DistinctPair.objects.count()) == ([(one, other)], 0)


def test_after_an_answer_the_same_page_of_the_list_is_shown(people, lib):
    one, other = twins(people)

    answer = lib.post(APART, {"one": one.pk, "other": other.pk, "p": 3})

    assert answer["Location"] == f"{LIST}?p=3"
    assert lib.post(APART, {"one": "x", "other": ""}).status_code == 404


def test_the_merge_page_says_what_happens_before_it_does(people, lib):
    alias, kept = twins(people)
    publication = cast.published(people)
    both = cast.article(people["ann"], title="Both", slug="both")
    with cast.saving(both, people["ann"]):
        both.citations.all().delete()
        for position, row in enumerate((alias, kept), start=1):
            Citation(article=both, reference=row, position=position).save()
    with cast.as_person(people["lib"]):
        alias.superseded_by = cast.reference(people["lib"], title="Newer", url="")
        alias.save()

    shown = lib.get(merge_page(alias, kept)).context

    assert shown["drafts"] == [(both, True), (publication.article, False)]
    assert (shown["pages"], shown["against"]) == ([publication], [])
    assert shown["taken_over"] == "superseded by a newer version"
    assert {fact.name for fact in shown["facts"] if fact.differs} == {"Title", "Standing"}
    assert Reference.objects.exclude(merged_into=None).count() == 0


def test_merging_by_the_page(people, lib):
    alias, kept = twins(people)
    cast.article(people["ann"])

    answer = lib.post(merge_page(alias, kept), {"seen": merging.shown(alias, kept)}, follow=True)

    assert Citation.objects.get().reference == kept
    assert answer.redirect_chain[0][0] == f"/admin/content/reference/{kept.pk}/change/"
    assert [str(message) for message in answer.context["messages"]] == [
        f"“{alias}” was merged into this entry. 1 draft now cites this entry."
    ]


def test_whoever_came_from_the_list_goes_back_to_it(people, lib):
    alias, kept = twins(people)

    answer = lib.post(merge_page(alias, kept), {"seen": merging.shown(alias, kept), "from": "duplicates"})

    assert answer["Location"] == LIST


def test_a_refused_merge_is_told_with_every_reason_and_kept_on_record(people, lib):
    alias, kept = twins(people)
    cast.article(people["ann"])
    seen = merging.shown(alias, kept)
    duplicates.tell_apart(alias, kept, by=people["ann"])
    with cast.as_person(people["ann"]):
        kept.title = "Another title"
        kept.save()

    answer = lib.post(merge_page(alias, kept), {"seen": seen})

    assert answer.status_code == 409
    told = [str(message) for message in answer.context["messages"]]
    day = f"{timezone.localdate(DistinctPair.objects.get().recorded_at):%B %-d, %Y}"
    assert told == [
        f"Ann Example said on {day} that these are different "
        "works. If that is wrong, choose “Compare again” under “Recently marked as different works” on the page of "
        "likely duplicates.",
        "One of the two entries was changed after you opened this page. Compare them again, then merge.",
    ]
    assert Refusal.objects.get().verb == "merge references"
    assert [finding.code for finding in answer.context["against"]] == ["different-works"]


def test_an_alias_is_not_offered_for_merging(people, lib):
    alias, kept = twins(people)
    merging.merge(alias, into=kept, by=people["lib"], seen=merging.shown(alias, kept))

    page = lib.get(merge_page(Reference.objects.get(pk=alias.pk), kept))

    assert [finding.code for finding in page.context["against"]] == ["already-merged"]
    assert b"Merge them" not in page.content


def test_any_entry_can_be_found_to_merge_into(people, lib):
    alias, kept = twins(people)
    hidden = cast.reference(people["lib"], title="Kaposi: hidden", url="")
    merging.merge(hidden, into=kept, by=people["lib"], seen=merging.shown(hidden, kept))
    page = f"/admin/content/reference/{alias.pk}/merge/"

    assert [match.reference for match in lib.get(page).context["matches"]] == [kept]
    assert list(lib.get(page, {"q": "kaposi"}).context["found"]) == [kept]
    assert list(lib.get(page, {"q": "nowhere"}).context["found"]) == []


@pytest.mark.parametrize("who", ["gus", "eve", "bob"])
def test_only_editors_decide_about_duplicates(people, client, who):
    alias, kept = twins(people)
    client.force_login(people[who])
    seen = {"seen": merging.shown(alias, kept)}

    for address in (LIST, merge_page(alias, kept), f"/admin/content/reference/{alias.pk}/merge/"):
        assert client.get(address).status_code == 403
    assert client.post(merge_page(alias, kept), seen).status_code == 403
    assert client.post(APART, {"one": alias.pk, "other": kept.pk}).status_code == 403
    assert (DistinctPair.objects.count(), Reference.objects.exclude(merged_into=None).count()) == (0, 0)


def test_a_form_that_was_open_during_a_merge_does_not_undo_it(people, lib):
    alias, kept = twins(people)
    page = f"/admin/content/reference/{alias.pk}/change/"
    form = lib.get(page).context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields}
    merging.merge(alias, into=kept, by=people["lib"], seen=merging.shown(alias, kept))

    assert lib.post(page, {**typed, "title": "Typed meanwhile"}).status_code == 403

    alias.refresh_from_db()
    assert (alias.merged_into, alias.title) == (kept, "How Kaposi sarcoma is treated")


def cost(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).status_code == 200
    return len(queries)


def test_the_list_asks_as_much_for_many_pairs_as_for_one(people, lib):
    twins(people)
    few = cost(lib)
    shelves.fill(60, doubles=20)

    assert cost(lib) == few
    assert lib.get(LIST).context["page_obj"].paginator.num_pages == 2
