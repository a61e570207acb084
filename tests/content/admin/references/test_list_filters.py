"""Finding a reference in the library's list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content.access_checks import recording
from content.models import AccessCheck, Reference
from tests import cast

pytestmark = pytest.mark.django_db

LIST = "/admin/content/reference/"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def lib(people, client):
    client.force_login(people["lib"])
    return client


def shelf(people):
    """One of each: an article that is cited and was opened, an alias of it, a retracted book, an old and a new guideline."""
    cited = cast.reference(people["ann"])
    with cast.as_person(people["ann"]):
        cited.doi, cited.pmid = "10.1200/JCO.2016.69.3812", "27863194"
        cited.save()
    cast.article(people["ann"], owner=people["ann"])
    with cast.as_person(people["ann"]):
        alias = Reference(title="Alias", pmid="11", merged_into=cited)
        book = Reference(
            title="Book", type="book", isbn="0-306-40615-2",
            retraction="retracted", retracted_on="2020-01-02", retraction_source="there",
        )  # fmt: skip
        new = Reference(title="New guideline", type="guideline", version="2")
        doubted = Reference(
            title="Doubted",
            retraction="expression-of-concern",
            retracted_on="2020-01-02",
            retraction_source="there",
        )
        for each in (alias, book, new, doubted):
            each.save()
        old = Reference(title="Old guideline", type="guideline", version="1", superseded_by=new)
        old.save()
    return {"cited": cited, "alias": alias, "book": book, "new": new, "old": old, "doubted": doubted}


def listed(client, query=""):
    return {str(row) for row in client.get(f"{LIST}{query}").context["cl"].result_list}


@pytest.mark.parametrize(
    "text",
    [
        "https://doi.org/10.1200/jco.2016.69.3812",
        "doi:10.1200/JCO.2016.69.3812",
        "PMID: 27863194",
        "https://pubmed.ncbi.nlm.nih.gov/27863194/",
        "11",
        "HTTPS://example.org/kaposi/#top",
        "how it is treated",
    ],
)
def test_a_reference_is_found_by_any_spelling_of_its_identifiers_and_its_aliases(people, lib, text):
    shelf(people)

    assert listed(lib, f"?q={text.replace('#', '%23')}") == {"Kaposi sarcoma: how it is treated"}


@pytest.mark.parametrize("text", ["978-0-306-40615-7", "ISBN 0306406152", "Book"])
def test_a_book_is_found_by_its_isbn(people, lib, text):
    shelf(people)

    assert listed(lib, f"?q={text}") == {"Book"}


def test_what_nothing_has_is_not_found(people, lib):
    shelf(people)

    assert listed(lib, "?q=10.1000/other") == set()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Kaposi sarcoma: how it is treated", "Book", "New guideline", "Old guideline", "Doubted"}),
        ("?type__exact=guideline", {"New guideline", "Old guideline"}),
        ("?stands=retracted", {"Book"}),
        ("?stands=concern", {"Doubted"}),
        ("?stands=superseded", {"Old guideline"}),
        ("?stands=merged", {"Alias"}),
        ("?nobody=opened", {"Book", "New guideline", "Old guideline", "Doubted"}),
        ("?nobody=cited", {"Book", "New guideline", "Old guideline", "Doubted"}),
    ],
)
def test_references_are_told_apart_by_what_became_of_them(people, lib, query, titles):
    shelf(people)

    assert listed(lib, query) == titles


def test_a_check_that_names_nobody_opened_nothing_and_one_of_an_alias_counts(people, lib):
    rows = shelf(people)
    imported = AccessCheck(
        reference=rows["book"],
        opened_on=timezone.localdate(),
        opened_by_name="not recorded",
        found="not-stated",
        recorded_by=people["ann"],
        recorded_by_name="Ann",
        recorded_at=timezone.now(),
    )
    imported.save()
    with cast.as_person(people["ann"]):
        same = {"type": "guideline", "version": "2", "title": "“New” Guideline."}
        Reference(**same, merged_into=rows["new"]).save()
        Reference(title="In other words", merged_into=rows["old"]).save()
    alias, other = (Reference.objects.get(title=title) for title in (same["title"], "In other words"))
    recording.opened(other, by=people["ann"], on=timezone.localdate(), found="unchanged")
    recording.opened(alias, by=people["ann"], on=timezone.localdate(), found="unchanged")

    assert listed(lib, "?nobody=opened") == {"Book", "Old guideline", "Doubted"}
    page = lib.get(f"{LIST}?type__exact=guideline").content.decode()
    assert f"{timezone.localdate():%B %-d, %Y}" in page


def cost(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    return len(queries)


def test_the_list_asks_as_much_for_thirty_references_as_for_six(people, lib):
    rows = shelf(people)
    few = cost(lib)
    with cast.as_person(people["ann"]):
        for number in range(24):
            reference = Reference(title=f"Further {number}")
            reference.save()
            recording.opened(rows["cited"], by=people["ann"], on=timezone.localdate(), found="unchanged")

    assert cost(lib) == few
