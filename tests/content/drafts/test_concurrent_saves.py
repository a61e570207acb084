"""What was saved of a draft since somebody opened it."""

import pytest
from reversion.models import Version

from content.drafts import concurrent_saves, restoring, revisions
from content.models import Article
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    return cast.article(people["ann"])


def titled(article, by, title):
    with cast.saving(article, by):
        Article.objects.filter(pk=article.pk).update(title=title)
    return Article.objects.get(pk=article.pk)


def said(saves):
    return [(str(save.by), save.comment, save.summary) for save in saves]


def test_each_count_of_saves_gives_the_draft_as_it_was_then(people, article):
    for title in ("Two", "Three"):
        article = titled(article, people["ann"], title)

    titles = [concurrent_saves.rows_at(article, count).article.title for count in (1, 2, 3)]

    assert titles == ["Immunotherapy for Kaposi Sarcoma", "Two", "Three"]


@pytest.mark.parametrize("count", [None, -1, 0, 9, 10**30])
def test_a_count_that_never_was_gives_nothing(article, count):
    assert concurrent_saves.rows_at(article, count) is None


def test_another_articles_save_is_none_of_this_one(people, article):
    other = cast.article(people["ann"], title="Other", slug="other")
    titled(other, people["ann"], "Other again")

    assert concurrent_saves.rows_at(article, 2) is None


def test_the_saves_since_are_told_newest_first(people, article):
    for who, title in (("edi", "Two"), ("lib", "Three")):
        titled(article, people[who], title)

    assert said(concurrent_saves.saves_since(article, 1)) == [
        ("Lib Example", "", "Title."),
        ("Edi Example", "", "Title."),
    ]
    assert said(concurrent_saves.saves_since(article, 2)) == [("Lib Example", "", "Title.")]
    assert said(concurrent_saves.saves_since(article, 3)) == []


def test_where_nobody_knows_since_when_the_newest_alone_is_told(people, article):
    for who, title in (("edi", "Two"), ("lib", "Three")):
        article = titled(article, people[who], title)

    assert said(concurrent_saves.saves_since(article, None)) == [("Lib Example", "", "Title.")]


def test_a_restore_says_of_which_revision(people, article):
    first = revisions.versions(article)[0]
    article = titled(article, people["edi"], "Two")
    restoring.restore(article, first, by=people["ann"], saves=article.saves)

    [save] = concurrent_saves.saves_since(article, 2)

    assert save.comment == f"Restored the revision of {revisions.written(first)}"


def test_no_more_than_twenty_are_told(people, article):
    for number in range(22):
        titled(article, people["edi"], f"Title {number}")

    assert len(concurrent_saves.saves_since(article, 1)) == 20


def test_the_difference_is_that_from_what_was_opened_to_now(people, article):
    for title in ("Two", "Three"):
        article = titled(article, people["edi"], title)

    found = concurrent_saves.since(article, 2)

    [row] = [row for part in found.difference.changed_parts for row in part.blocks if row.kind == "changed"]
    assert [(piece.kind, piece.text) for piece in row.pieces] == [("del", "Two"), ("ins", "Three")]
    assert len(found.saves) == 1
    assert concurrent_saves.since(article, None).difference is None


def test_a_revision_that_cannot_be_read_any_more_is_none(people, article):
    titled(article, people["edi"], "Two")
    Version.objects.get_for_object(article).filter(pk=revisions.versions(article).last().pk).update(
        serialized_data="not what this program wrote"
    )

    assert concurrent_saves.rows_at(article, 1) is None
    assert concurrent_saves.rows_at(article, 2).article.title == "Two"


def test_nothing_older_than_what_is_asked_for_is_read(people, article):
    for number in range(3):
        article = titled(article, people["edi"], f"Title {number}")

    read = [[count for _, count in concurrent_saves.down_to(article, saves)] for saves in (10**9, 4, 2)]

    assert read == [[4], [4], [4, 3, 2]]
