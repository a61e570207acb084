"""What the library may have twice: found whatever its size, and told apart for ever."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content import initial_data
from content.citing import matching
from content.library import duplicates
from content.models import DistinctPair, Reference, ReferenceKey, csl_of
from evidence.findings import Refused
from tests import cast
from tests.content import shelves

pytestmark = pytest.mark.django_db
DOUBLES = 50


@pytest.fixture
def people():
    return cast.cast()


def paper(by, title="Pomalidomide for symptomatic Kaposi sarcoma in adults", **columns):
    with cast.as_person(by):
        made = Reference(
            type="article-journal",
            title=title,
            author=[{"family": "Polizzotto", "given": "M N"}],
            issued=[2016],
            **columns,
        )
        made.save()
        return made


def found():
    return [(pair.one, pair.other, pair.reasons) for pair in duplicates.pairs()]


def keys_of(reference):
    return {key.as_tuple for key in reference.keys.all()}


def test_keys_are_those_of_the_reference_as_it_is(people):
    reference = paper(people["ann"], doi="10.1000/x")
    before = {key.pk: key.as_tuple for key in reference.keys.all()}

    reference.title = "Pomalidomide for symptomatic Kaposi sarcoma in children"
    reference.save()

    assert set(before.values()) != keys_of(reference) == set(matching.keys(reference).values())
    kept = {key.pk: key.as_tuple for key in reference.keys.all() if key.pk in before}
    assert kept.items() <= before.items()
    assert len(kept) > 0


def test_keys_are_untouched_by_a_save_of_something_else(people):
    reference = paper(people["ann"])
    before = list(reference.keys.order_by("pk").values())

    with CaptureQueriesContext(connection) as queries:
        reference.retraction = ""
        reference.save()

    assert list(reference.keys.order_by("pk").values()) == before
    assert [
        q["sql"]
        for q in queries
        if "DELETE" in q["sql"] or ("content_referencekey" in q["sql"] and "INSERT" in q["sql"])
    ] == []


def test_references_that_came_without_keys_get_them_with_the_next_migration(people):
    reference = paper(people["ann"])
    ReferenceKey.objects.all().delete()

    initial_data.ship()

    assert keys_of(reference) == set(matching.keys(reference).values())


def test_a_pair_is_found_with_its_reason_and_the_older_one_first(people):
    one = paper(people["ann"])
    paper(people["ann"], title="Something else")
    other = paper(people["ann"], title="Pomalidomide for Symptomatic Kaposi’s Sarcoma in Adults.")

    assert found() == [(one, other, ("title",))]
    assert [pair.words for pair in duplicates.pairs()] == ["nearly the same title and year"]


def test_the_likeliest_pairs_come_first(people):
    paper(people["ann"], title="First of two")
    titled = [paper(people["ann"]), paper(people["ann"])]
    same = {"doi": "10.1000/x"}
    identified = [paper(people["ann"], title="Alpha", **same), paper(people["ann"], title="Omega", **same)]

    assert found() == [(*identified, ("doi",)), (*titled, ("title",))]


def test_versions_of_one_work_are_no_pair(people):
    old, new = (paper(people["ann"], doi="10.1000/x") for _ in range(2))
    old.superseded_by = new
    old.save()

    assert found() == []
    assert duplicates.matches(old) == duplicates.matches(new) == []


def test_an_alias_is_in_no_pair_and_stands_for_the_one_kept(people):
    kept, alias = paper(people["ann"], title="Kept under another title"), paper(people["ann"])
    alias.merged_into = kept
    alias.save()

    same = paper(people["ann"])

    assert found() == []
    assert [(match.reference, match.met, match.words) for match in duplicates.matches(same)] == [
        (kept, alias, "nearly the same title and year")
    ]
    assert duplicates.matches(kept) == []


def test_what_is_to_be_stored_is_known(people):
    reference = paper(people["ann"], doi="10.1000/XYZ", pmid="1")

    [match] = duplicates.known({"type": "book", "title": "Whatever", "PMID": 1, "DOI": "doi:10.1000/xyz"})

    assert (match.reference, match.words) == (reference, "the same DOI and the same PubMed number")
    assert duplicates.known({"type": "book", "title": "Whatever"}) == []
    assert [match.reference for match in duplicates.known(csl_of(reference))] == [reference]


def test_known_gives_each_reference_once_with_its_best_reason(people):
    kept, alias = paper(people["ann"], doi="10.1000/x"), paper(people["ann"])
    other = paper(people["ann"])
    alias.merged_into = kept
    alias.save()

    matches = duplicates.known({**csl_of(other), "DOI": "10.1000/x"})

    assert [(match.reference, match.reasons) for match in matches] == [(kept, ("doi",)), (other, ("title",))]


def test_what_was_told_apart_is_not_asked_again_until_that_is_taken_back(people):
    one, other = paper(people["ann"]), paper(people["ann"])

    duplicates.tell_apart(other, one, by=people["lib"])
    duplicates.tell_apart(one, other, by=people["ann"])

    assert (found(), duplicates.matches(one), duplicates.matches(other)) == ([], [], [])
    told = DistinctPair.objects.get()
    assert (told.one, told.other, told.recorded_by_name) == (one, other, "Lib Example")
    one.title += "."
    one.save()
    assert found() == []
    duplicates.ask_again(told, by=people["ann"])
    assert found() == [(one, other, ("title",))]
    assert DistinctPair.history.count() == 2


def test_telling_apart_needs_a_right_and_two_references(people):
    one, other = paper(people["ann"]), paper(people["ann"])

    with pytest.raises(Refused) as refused:
        duplicates.tell_apart(one, one, by=people["eve"])
    assert refused.value.codes == ["no-right", "same-reference"]
    duplicates.tell_apart(one, other, by=people["ann"])
    with pytest.raises(Refused) as refused:
        duplicates.ask_again(DistinctPair.objects.get(), by=people["bob"])
    assert refused.value.codes == ["no-right"]


def cost():
    """The pairs, and how many statements were asked and rows read for them."""
    asked = []

    def listen(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        pairs = duplicates.pairs()
    rows = 0
    for sql, params in asked:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows += len(cursor.fetchall())
    return pairs, len(asked), rows


def test_fifty_works_entered_twice_are_found_among_five_thousand_at_the_cost_of_five_hundred():
    planted = shelves.fill(450, doubles=DOUBLES)
    _, *cost_of_few = cost()
    shelves.fill_up(5000)

    many, *cost_of_many = cost()

    found = {(pair.one.pk, pair.other.pk) for pair in many}
    assert Reference.objects.count() == 5000
    assert len(planted) == DOUBLES
    assert planted - found == set()
    assert len(found - planted) <= 5
    assert cost_of_many == cost_of_few
