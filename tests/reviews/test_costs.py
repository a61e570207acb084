"""What the pages of one article cost does not grow with the library, nor with how often others open its sources."""

import pytest
from django.db import connection
from django.utils import timezone

from content.access_checks import queue, recording
from content.access_checks.queue import Filter
from content.admin.articles.forms import CHECKS_SHOWN
from content.models import Reference
from tests import cast
from tests.content import shelves
from tests.counting import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def opened(reference, by, times):
    for _ in range(times):
        recording.opened(reference, by=by, on=timezone.localdate(), found="unchanged")


def costs(client, pages):
    found = {}
    for page in pages:
        with counted() as cost:
            answer = client.get(page)
        assert answer.status_code == 200, page
        found[page] = cost
    return found


def test_statements_and_rows_of_an_article_are_as_many_in_a_large_library(people, client):
    publication = cast.published(people)
    source = publication.article.citations.get().reference
    pages = [
        f"/admin/content/article/{publication.article_id}/change/",
        f"/admin/content/article/{publication.article_id}/library/",
        f"/admin/articles/{publication.article_id}/readiness/",
        f"/admin/editions/{publication.edition_id}/",
        publication.article.get_absolute_url(),
        "/admin/refreshes/?whose=all",
        "/admin/",
    ]
    client.force_login(people["ann"])
    opened(source, people["edi"], CHECKS_SHOWN)
    costs(client, pages)  # the first finds cold caches
    before = costs(client, pages)

    opened(source, people["edi"], 30)
    shelves.store(shelves.works(50))

    assert costs(client, pages) == before


@pytest.mark.sqlite
def test_aliases_are_found_by_an_index_whatever_the_statistics_say(people):
    cast.article(people["ann"])
    shelves.store(shelves.works(50))
    assert not Reference.objects.exclude(merged_into=None).exists()

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        sql, params = queue.found(Filter()).query.sql_with_params()
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = [step[-1] for step in cursor.fetchall()]

    assert [step for step in plan if "references_merged_into" in step] != []
