import pytest
from django.db import connection

from content.citing.formats.entries import Entry
from content.library import adding, duplicates
from content.models import Reference
from evidence.findings import Refused
from tests import cast

pytestmark = pytest.mark.django_db


def entry(number, **fields):
    return Entry(number, number, {"type": "book", "title": f"Book {number}", **fields})


def test_store_refuses_whoever_may_not_add_references():
    eve = cast.person("eve")

    with pytest.raises(Refused) as refused:
        adding.store([entry(1)], by=eve, file_name="a.ris")

    assert refused.value.codes == ["no-right"]
    assert Reference.objects.count() == 0


def test_store_looks_at_the_library_as_it_is_now():
    ann = cast.person("ann", "Editors")
    adding.store([entry(1)], by=ann, file_name="a.ris")

    found = adding.store([entry(1), entry(2)], by=ann, file_name="a.ris")

    assert [candidate.is_new for candidate in found] == [False, True]
    assert Reference.objects.count() == 2


def test_store_asks_not_once_for_each_reference(django_assert_max_num_queries):
    ann = cast.person("ann", "Editors")

    with django_assert_max_num_queries(20):
        adding.store([entry(number) for number in range(1, 101)], by=ann, file_name="a.ris")

    assert Reference.objects.count() == Reference.history.count() == 100


@pytest.mark.postgres
def test_store_of_many_lets_the_planner_know_at_once():
    ann = cast.person("ann", "Editors")

    adding.store([entry(number) for number in range(1, adding.BATCH + 1)], by=ann, file_name="a.ris")

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'content_reference'")
        assert cursor.fetchone() == (adding.BATCH,)


def test_store_lets_the_library_find_what_it_has_twice():
    ann = cast.person("ann", "Editors")
    adding.store([entry(1, title="Kaposi sarcoma treatment")], by=ann, file_name="a.ris")
    row = Reference.objects.get()
    stored = {key.as_tuple for key in row.keys.all()}
    alone = Reference(type="book", title="Kaposi sarcoma treatments")
    alone.normalise()

    row.save()

    assert {key.as_tuple for key in row.keys.all()} == stored != set()
    assert [match.reference for match in duplicates.matches(alone)] == [row]


def test_store_counts_what_is_stored():
    ann = cast.person("ann", "Editors")
    done = []

    adding.store([entry(number) for number in range(1, 302)], by=ann, file_name="a.ris", done=done.append)

    assert done == [200, 101]
