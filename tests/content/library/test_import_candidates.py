import pytest

from content.citing.formats.entries import Entry
from content.library import import_candidates
from content.models import Reference
from tests import cast

pytestmark = pytest.mark.django_db


def placed(number, **csl):
    return import_candidates.placed(
        Entry(number, number, {"type": "webpage", "title": "Rare liver tumors", **csl})
    )


def stored(**csl):
    row = placed(1, **csl).row
    row.save()
    return row


SAME_OR_NOT = [
    ({"DOI": "10.1000/ABC"}, {"DOI": "https://doi.org/10.1000/abc", "title": "Another"}, True),
    ({"DOI": "10.1000/abc"}, {"DOI": "10.1000/xyz"}, False),
    ({"PMID": "123"}, {"PMID": "PMID: 123", "title": "Another"}, True),
    ({"type": "book", "ISBN": "0323476740"}, {"type": "book", "ISBN": "978-0-323-47674-4"}, True),
    ({"type": "chapter", "ISBN": "0323476740"}, {"type": "chapter", "ISBN": "0323476740", "title": "Other"}, False),
    ({"type": "chapter", "ISBN": "0323476740"}, {"type": "chapter", "ISBN": "0323476740"}, True),
    ({"URL": "https://liver.example/rare"}, {"URL": "liver.example/rare/", "title": "Liver tumors"}, True),
    ({"URL": "https://www.nccn.org"}, {"URL": "https://www.nccn.org/", "title": "Another"}, False),
    ({"URL": "https://www.nccn.org"}, {"URL": "https://www.nccn.org"}, True),
    ({"URL": "https://nccn.example/g", "version": "1.2026"}, {"URL": "https://nccn.example/g", "version": "2.2026"}, False),
    ({"URL": "https://nccn.example/g"}, {"URL": "https://nccn.example/g", "version": "2.2026"}, False),
    ({"issued": {"date-parts": [[2024]]}}, {"issued": {"date-parts": [[2024]]}}, True),
    ({"issued": {"date-parts": [[2024]]}}, {"issued": {"date-parts": [[2025]]}}, False),
    ({"title": "Liver"}, {"title": "Liver"}, True),
    ({"type": "book", "publisher": "A"}, {"type": "book", "publisher": "B"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "same"), SAME_OR_NOT)
def test_the_library_has_it_already_only_where_that_is_certain(one, other, same):
    there = stored(**one)

    [found] = import_candidates.compared([placed(1, **other)])

    assert found.already == (there if same else None)


@pytest.mark.parametrize(("one", "other", "same"), SAME_OR_NOT)
def test_a_file_has_it_twice_only_where_that_is_certain(one, other, same):
    found = import_candidates.compared([placed(1, **one), placed(2, **other)])

    assert [each.same_as for each in found] == [0, int(same)]


def test_what_is_only_alike_is_new_with_a_question():
    there = stored(type="book", publisher="A")

    [found] = import_candidates.compared([placed(1, type="book", publisher="B")])

    assert found.is_new
    assert found.unsure == [
        f"The library has “{import_candidates.printed(there)}”, with nearly the same title and year. Is it the same work?"
    ]


@pytest.mark.parametrize("other", [{"title": "Renamed"}, {"version": "2.2026"}])
def test_another_title_or_version_at_the_same_address_is_new_with_a_question(other):
    there = stored(URL="https://liver.example/rare", version="1.2026")
    wanted = {"URL": "https://liver.example/rare/", "version": "1.2026", **other}

    [found] = import_candidates.compared([placed(1, **wanted)])

    assert found.is_new
    assert found.unsure == [
        f"At the same address the library has “{import_candidates.printed(there)}”. Is it the same work?"
    ]


def test_the_front_page_of_a_site_raises_no_question():
    stored(URL="https://www.nccn.org", version="1.2026")

    [found] = import_candidates.compared([placed(1, URL="https://www.nccn.org", version="2.2026")])

    assert (found.is_new, found.unsure) == (True, [])


def test_nothing_is_asked_about_what_the_library_has_already():
    stored(type="book", publisher="A")
    there = stored(type="book", publisher="B")

    [found] = import_candidates.compared([placed(1, type="book", publisher="B")])

    assert (found.already, found.unsure) == (there, [])


def test_a_row_that_was_merged_stands_for_the_one_that_was_kept():
    ann = cast.person("ann", "Editors")
    kept, merged = cast.reference(ann), cast.reference(ann, url="https://example.org/copy")
    Reference.objects.filter(pk=merged.pk).update(merged_into=kept)

    [found] = import_candidates.compared([placed(1, title=merged.title, URL="https://example.org/copy")])

    assert found.already == kept


def test_a_hundred_are_compared_in_few_queries(django_assert_max_num_queries):
    ann = cast.person("ann", "Editors")
    for number in range(3):
        cast.reference(ann, title=f"Title {number}", url=f"https://example.org/{number}")
    wanted = [
        placed(number, title=f"Title {number}", URL=f"https://example.org/{number}") for number in range(100)
    ]

    with django_assert_max_num_queries(4):
        found = import_candidates.compared(wanted)

    assert sum(each.already is not None for each in found) == 3
