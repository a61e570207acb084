"""What tests/standing.py puts back is what the verbs write, and it does so only where nobody wrote anything else."""

import pytest
from django.db import transaction

from reviews.verifying import everything_holds
from tests import cast
from tests.standing import ARTICLE, PUBLISHED, primary_keys, rows_by_key, standing

pytestmark = pytest.mark.django_db


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
