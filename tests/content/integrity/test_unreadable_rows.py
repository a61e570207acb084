"""Rows that nobody can read any more, because somebody who writes SQL put into a column what it cannot hold."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from content.integrity import article_integrity
from content.models import Edition, Publication
from reviews.models import Signoff
from tests import cast, tampering

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "sqlite": {
        "a number for a day": (Publication, "last_revised_on", "5"),
        "a number for a moment": (Publication, "from_at", "5"),
        "a number for a moment of a sign-off": (Signoff, "signed_at", "5"),
        "no text": (Edition, "snapshot", "CAST(x'ff22' AS TEXT)"),
        "no text in a sign-off": (Signoff, "printed_name", "CAST(x'ff22' AS TEXT)"),
    },
    "postgresql": {
        "an infinite day": (Publication, "last_revised_on", "'infinity'"),
        "an infinite moment": (Signoff, "signed_at", "'infinity'"),
        "a day before Christ": (Publication, "last_revised_on", "'4000-01-01 BC'"),
        "a moment too far": (Signoff, "signed_at", "'20000-01-01'"),
    },
}
CASES = UNREADABLE[connection.vendor]


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def live(people):
    return cast.published(people)


def tamper(model, column, value):
    row = model._default_manager.order_by("pk").first()
    with tampering.triggers_away(model):
        tampering.execute(f"UPDATE {model._meta.db_table} SET {column} = {value} WHERE id = {row.pk}")


@pytest.mark.parametrize(("model", "column", "value"), CASES.values(), ids=CASES)
def test_the_address_answers_in_plain_words(live, client, model, column, value):
    tamper(model, column, value)
    client.raise_request_exception = False

    answer = client.get(f"/articles/{live.article.slug}/")
    listed = client.get("/")

    assert (answer.status_code, listed.status_code) == (503, 200)
    assert "database" not in answer.content.decode().lower() or "integrity" in answer.content.decode().lower()


@pytest.mark.parametrize(("model", "column", "value"), CASES.values(), ids=CASES)
def test_verify_names_the_row(live, model, column, value):
    tamper(model, column, value)
    said = StringIO()

    with pytest.raises((CommandError, SystemExit)):
        call_command("verify", stdout=said, stderr=said)

    assert f"{model._meta.db_table}, row" in said.getvalue()


@pytest.mark.parametrize(("model", "column", "value"), CASES.values(), ids=CASES)
def test_nothing_is_signed_on_it_and_it_is_said_why(live, people, model, column, value):
    tamper(model, column, value)

    found = [reason.code for reason in article_integrity.refusals(live.article)]

    assert "evidence-damaged" in found


def test_what_is_read_by_prepared_statements_is_what_the_orm_reads(live, people):
    keys = [live.article_id, 10**6]
    for model in article_integrity.models_of_articles():
        for way in model.article_at:
            plain = {row.pk: row for row in model._default_manager.filter(**{f"{way}__in": keys})}
            raw = article_integrity.with_one_of(keys, model, way).get(live.article_id, {})
            assert raw.keys() == plain.keys(), (model, way)
            for key, row in plain.items():
                for field in model._meta.concrete_fields:
                    assert field.value_from_object(raw[key]) == field.value_from_object(row), (model, field)
