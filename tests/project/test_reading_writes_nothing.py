"""Whoever opens a staff page takes no lock and writes nothing: on SQLite one reader would keep every editor waiting."""

import re

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.urls import NoReverseMatch, reverse

from content.drafts import revisions
from tests import cast

pytestmark = pytest.mark.both

WRITES = re.compile(
    r"\s*(BEGIN|INSERT|UPDATE|DELETE|REPLACE|SAVEPOINT)|.*FOR UPDATE", re.IGNORECASE | re.DOTALL
)


@pytest.fixture
def people(fresh_database):
    return cast.cast()


def row_pages(model):
    row = model._default_manager.first()
    for page in ("change", "history", "audit"):
        try:
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=[row.pk])
        except NoReverseMatch:
            continue


def addresses(article):
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{base}_changelist")
        if model._default_manager.exists():
            yield from row_pages(model)
    version, audit = revisions.versions(article)[0], article.history.first()
    for page in ("revision", "restore"):
        yield reverse(f"admin:content_article_{page}", args=[article.pk, version.pk])
    yield reverse("admin:content_article_compare", args=[article.pk]) + f"?one={version.pk}&other=draft"
    yield reverse("admin:content_article_library", args=[article.pk])
    kept = article.unsaved_texts.get()
    yield reverse("admin:content_article_merge", args=[article.pk, kept.pk])
    yield reverse("admin:content_article_audit_row", args=[article.pk, audit.history_id])


def writes(client, address):
    """What the database is told that is more than a question. BEGIN passes the same door as every statement."""
    said = []

    def listen(execute, sql, *rest):
        said.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        answer = client.get(address)
    assert answer.status_code == 200, address
    assert said, address
    return [sql for sql in said if WRITES.match(sql)]


def test_opening_a_staff_page_opens_no_transaction_and_writes_nothing(people, client):
    article = cast.published(people).article
    drug = article.sections.get(kind="drug").drug
    with cast.as_person(people["lib"]):
        drug.pronunciation = "other"
        drug.save()
    people["ann"].is_superuser = True
    people["ann"].save()
    client.force_login(people["ann"])
    cast.unsaved_text(article, people["ann"], title="Typed")

    found = {address: writes(client, address) for address in addresses(article)}

    assert {address: sql for address, sql in found.items() if sql} == {}


@pytest.mark.sqlite
def test_the_listener_hears_a_transaction_begin(people, client):
    said = []

    def listen(execute, sql, *rest):
        said.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen), transaction.atomic():
        pass

    assert [sql for sql in said if WRITES.match(sql)] == ["BEGIN IMMEDIATE"]
