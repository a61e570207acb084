"""What tests/saved_states.py puts back is what the verbs write, and it does so only where nobody wrote anything else."""

import pytest
from django.db import transaction

from reviews.verification import everything_holds
from tests import cast
from tests.saved_states import ARTICLE, PUBLISHED, primary_keys, rows_by_key, standing

pytestmark = [pytest.mark.both, pytest.mark.django_db]


def numbers_of_rows():
    return {table: len(rows) for table, rows in rows_by_key(primary_keys()).items()}


def test_what_is_put_back_verifies_and_is_as_much_as_the_verbs_write():
    people, savepoint = cast.cast(), transaction.savepoint()
    cast.published(people)
    assert standing.at == PUBLISHED
    put_back = numbers_of_rows()
    assert list(everything_holds()) == []
    transaction.savepoint_rollback(savepoint)
    standing.at = None

    cast.published(people)

    assert numbers_of_rows() == put_back


def test_after_somebody_wrote_the_verbs_are_asked():
    people = cast.cast()
    cast.person("zoe")

    article = cast.article(people["ann"])

    assert standing.at is None
    assert article.title == "Immunotherapy for Kaposi Sarcoma"


def test_what_was_rolled_back_was_not_written():
    people, savepoint = cast.cast(), transaction.savepoint()
    cast.person("zoe")
    transaction.savepoint_rollback(savepoint)

    cast.article(people["ann"])

    assert standing.at == ARTICLE


def test_what_a_file_keeps_is_made_once_and_put_back_to_the_last_byte():
    people, savepoint, made = cast.cast(), transaction.savepoint(), []

    @standing.kept
    def page(people):
        made.append(cast.published(people, title="Kept", slug="kept"))
        return made[0]

    first, rows = page(people), rows_by_key(primary_keys())
    transaction.savepoint_rollback(savepoint)

    assert page(people) == first
    assert rows_by_key(primary_keys()) == rows
    assert len(made) == 1
    assert list(everything_holds()) == []


def test_what_a_file_keeps_is_made_anew_after_somebody_wrote():
    people, savepoint = cast.cast(), transaction.savepoint()
    kept = standing.kept(lambda people: cast.article(people["ann"], title="Kept", slug="kept"))
    kept(people)
    transaction.savepoint_rollback(savepoint)
    zoe = cast.person("zoe", "Editors")

    article = kept({"ann": zoe})

    assert article.owner == zoe
