"""Rows that are written once stay as they are, by whatever route somebody comes: evidence, and the audit trail."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models.deletion import Collector, ProtectedError
from django.test import Client
from django.test.utils import isolate_apps
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.models.people import UserKept
from content.models import Article, Edition, Picture, Publication, Reference
from evidence import agreements, triggers
from evidence.audit_trail import is_trail
from evidence.frozen import FrozenModel, FrozenRow
from evidence.models import Refusal
from reviews.models import KindVersion
from tests.rows import a_change_of, a_row_of, an_ending_of, another_value

MODELS = triggers.frozen_models()
ENDING = [model for model in MODELS if model.settable_once]
SQLITE = connection.vendor == "sqlite"
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
every_ending_model = pytest.mark.parametrize("model", ENDING, ids=lambda model: model._meta.label)

Route = Callable[[Any], Any]
Said = tuple[type[BaseException], str]


def rows_of(model: type[models.Model]) -> list[Any]:
    return list(model._base_manager.order_by("pk").values_list())


def everything() -> dict[str, list[Any]]:
    return {model._meta.label: rows_of(model) for model in MODELS}


def refusal_of(act: Callable[[], Any]) -> Said:
    """The exact class and first line of what `act` raises."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return type(refused.value), str(refused.value).splitlines()[0]


def in_plain_words(model: type[models.Model], what: str) -> Said:
    name = str(model._meta.verbose_name)
    return FrozenRow, f"{'An' if name[0] in 'aeiou' else 'A'} {name} is written once and cannot be {what}."


def by_the_database(model: type[models.Model], event: str) -> Said:
    return IntegrityError, f"{model._meta.db_table} is written once: {event} refused"


def taken(model: type[models.Model]) -> Said:
    """What an INSERT of a row with a key that is there comes to."""
    if SQLITE:
        return by_the_database(model, "REPLACE")
    return IntegrityError, f'duplicate key value violates unique constraint "{model._meta.db_table}_pkey"'


def tried(model: type[FrozenModel], routes: Mapping[str, Route]) -> dict[str, Said]:
    """What each route to change or delete a row came to. No row of any frozen table may be another afterwards."""
    key = a_row_of(model).pk
    before, outcome = everything(), {}
    for name, route in routes.items():
        row = model._base_manager.get(pk=key)
        outcome[name] = refusal_of(lambda row=row, route=route: route(row))
        assert rows_of(model) == before[model._meta.label], name
    assert everything() == before
    return outcome


def execute(sql: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def changed(row: Any) -> str:
    """Give the row a new value in one column; the column's name."""
    field, value = a_change_of(type(row))
    setattr(row, field.name, value)
    return field.name


def saved_with_change(row: Any) -> None:
    changed(row)
    row.save()


def saved_in_part(row: Any) -> None:
    row.save(update_fields=[changed(row)])


def updated(row: Any) -> None:
    field, value = a_change_of(type(row))
    type(row).objects.filter(pk=row.pk).update(**{field.name: value})


def updated_in_bulk(row: Any) -> None:
    type(row).objects.bulk_update([row], [changed(row)])


def created_over(row: Any) -> None:
    type(row).objects.bulk_create(
        [row], update_conflicts=True, update_fields=[changed(row)], unique_fields=[row._meta.pk.name]
    )


def updated_or_created(row: Any) -> None:
    field, value = a_change_of(type(row))
    type(row).objects.update_or_create(pk=row.pk, defaults={field.name: value})


POLITE: dict[str, tuple[Route, str]] = {
    "save": (saved_with_change, "changed"),
    "save of one column": (saved_in_part, "changed"),
    "update": (updated, "changed"),
    "bulk_update": (updated_in_bulk, "changed"),
    "bulk_create over it": (created_over, "changed"),
    "update_or_create": (updated_or_created, "changed"),
    "delete": (lambda row: row.delete(), "deleted"),
    "delete of a queryset": (lambda row: type(row).objects.all().delete(), "deleted"),
}


@pytest.mark.django_db
@every_model
def test_frozen_row_refuses_every_change_in_plain_words(model: type[FrozenModel]) -> None:
    outcome = tried(model, {name: route for name, (route, _) in POLITE.items()})

    assert outcome == {name: in_plain_words(model, what) for name, (_, what) in POLITE.items()}


# Past our own manager, and in plain SQL


def updated_past_our_manager(row: Any) -> None:
    field, value = a_change_of(type(row))
    models.QuerySet(type(row)).filter(pk=row.pk).update(**{field.name: value})


def updated_in_bulk_past_our_manager(row: Any) -> None:
    models.QuerySet(type(row)).bulk_update([row], [changed(row)])


def created_over_past_our_manager(row: Any) -> None:
    models.QuerySet(type(row)).bulk_create(
        [row], update_conflicts=True, update_fields=[changed(row)], unique_fields=[row._meta.pk.name]
    )


def saved_raw(row: Any) -> None:
    """As fixtures and django-reversion save."""
    changed(row)
    row.save_base(raw=True)


def saved_as_new(row: Any) -> None:
    changed(row)
    row._state.adding = True
    row.save()


def collected(row: Any) -> None:
    """As a cascade from a parent deletes."""
    collector = Collector(using=connection.alias)
    collector.add([row])
    collector.delete()


def raw(sql: str) -> Route:
    def run(row: Any) -> None:
        field, value = a_change_of(type(row))
        quote = connection.ops.quote_name
        words = {
            "table": quote(row._meta.db_table),
            "key": quote(row._meta.pk.column),
            "column": quote(field.column),
            "all": ", ".join(quote(each.column) for each in row._meta.concrete_fields),
            "value": "%s",
        }
        params = [field.get_db_prep_save(value, connection)] if "{value}" in sql else None
        execute(sql.format(**words), params)

    return run


def copied_in(row: Any) -> None:
    """What COPY gave out comes back in under its own key."""
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(f"COPY {table} TO STDOUT") as out:
            lines = list(out)
        with cursor.copy(f"COPY {table} FROM STDIN") as back:
            for line in lines:
                back.write(line)


OVER_A_KEY = "REPLACE" if SQLITE else "UPDATE"
INSERT = "INSERT INTO {table} ({all}) SELECT {all} FROM {table} WHERE true "
UPSERT = INSERT + "ON CONFLICT ({key}) DO UPDATE SET {column} = {value}"
ROUGH: dict[str, tuple[Route, str]] = {
    "update": (updated_past_our_manager, "UPDATE"),
    "bulk_update": (updated_in_bulk_past_our_manager, "UPDATE"),
    "bulk_create over it": (created_over_past_our_manager, OVER_A_KEY),
    "raw save": (saved_raw, "UPDATE"),
    "cascade": (collected, "DELETE"),
    "raw delete": (lambda row: models.QuerySet(type(row))._raw_delete("default"), "DELETE"),
    "UPDATE": (raw("UPDATE {table} SET {column} = {value}"), "UPDATE"),
    "UPDATE of the key": (raw("UPDATE {table} SET {key} = {key} + 1000000"), "UPDATE"),
    "UPDATE to the same": (raw("UPDATE {table} SET {column} = {column}"), "UPDATE"),
    "DELETE": (raw("DELETE FROM {table}"), "DELETE"),
    "ON CONFLICT DO UPDATE": (raw(UPSERT), OVER_A_KEY),
}
ROUGH |= (
    {
        "REPLACE": (raw("REPLACE INTO {table} SELECT * FROM {table}"), "REPLACE"),
        "INSERT OR REPLACE": (raw(INSERT.replace("INSERT", "INSERT OR REPLACE")), "REPLACE"),
        "UPDATE OR IGNORE": (raw("UPDATE OR IGNORE {table} SET {column} = {value}"), "UPDATE"),
        "UPDATE OR REPLACE": (raw("UPDATE OR REPLACE {table} SET {column} = {value}"), "UPDATE"),
        "UPDATE of the rowid": (raw("UPDATE {table} SET rowid = rowid + 1000000"), "UPDATE"),
    }
    if SQLITE
    else {
        # Inside one transaction PostgreSQL truncates no table whose foreign keys it has yet to check.
        "TRUNCATE": (raw("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE"), "TRUNCATE"),
        "UPDATE as replica": (
            raw("SET LOCAL session_replication_role = replica; UPDATE {table} SET {column} = {column}"),
            "UPDATE",
        ),
        "DELETE as replica": (
            raw("SET LOCAL session_replication_role = replica; DELETE FROM {table}"),
            "DELETE",
        ),
        "MERGE to update": (
            raw(
                "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET {column} = {value}"
            ),
            "UPDATE",
        ),
        "MERGE to delete": (
            raw("MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE"),
            "DELETE",
        ),
        "DELETE in a WITH": (
            raw("WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT * FROM gone"),
            "DELETE",
        ),
    }
)
AGAIN: dict[str, Route] = {"save as new": saved_as_new, "INSERT": raw(INSERT)}
AGAIN |= {} if SQLITE else {"COPY": copied_in}


def tried_past_our_manager(model: type[FrozenModel]) -> dict[str, Said]:
    return tried(model, {name: route for name, (route, _) in ROUGH.items()} | AGAIN)


def refused_by_the_database(model: type[FrozenModel]) -> dict[str, Said]:
    refused = {name: by_the_database(model, event) for name, (_, event) in ROUGH.items()}
    return refused | {name: taken(model) for name in AGAIN}


@pytest.mark.django_db
@every_model
def test_frozen_row_is_kept_by_the_database_itself(model: type[FrozenModel]) -> None:
    outcome = tried_past_our_manager(model)

    assert outcome == refused_by_the_database(model)


def test_frozen_rows_are_kept_after_every_table_was_rebuilt(fresh_database: str) -> None:
    for model in MODELS:
        rebuild(model)
    dropped = triggers.missing(connection)
    call_command("migrate", verbosity=0)

    outcome = {model._meta.label: tried_past_our_manager(model) for model in MODELS}

    # PostgreSQL alters a table in its place; SQLite makes a new one, without the old one's triggers.
    all_names = [trigger.name for model in MODELS for trigger in triggers.triggers_for(model, "sqlite")]
    all_names += agreement_names()
    assert dropped == (all_names if SQLITE else [])
    assert outcome == {model._meta.label: refused_by_the_database(model) for model in MODELS}


def agreement_names() -> list[str]:
    return [
        trigger.name
        for model in agreements.models_with_agreements()
        for trigger in triggers.agreement_triggers(model, "sqlite")
    ]


def rebuild(model: type[models.Model]) -> None:
    """As a migration does that lets a column be empty."""
    triggers.let_go_before_migrate(None, connection.alias, plan=["this migration"])
    old = next(f for f in model._meta.concrete_fields if not (f.null or f.primary_key or f.remote_field))
    new = old.clone()
    new.set_attributes_from_name(old.name)
    new.model, new.null = model, True
    with connection.schema_editor() as editor:
        editor.alter_field(model, old, new)


@pytest.mark.django_db
@pytest.mark.sqlite
def test_replace_by_another_unique_key_is_refused() -> None:
    a_row_of(Edition)
    before = everything()
    names = [field.column for field in Edition._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(names)

    refusal = refusal_of(
        lambda: execute(f"REPLACE INTO content_edition ({columns}) SELECT {columns} FROM content_edition")
    )

    assert refusal == by_the_database(Edition, "DELETE")
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.postgres
def test_truncating_a_parent_is_refused_for_its_frozen_children() -> None:
    a_row_of(Edition)
    before = everything()

    error, words = refusal_of(lambda: execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE content_work CASCADE"))

    assert error is IntegrityError
    assert words.endswith("is written once: TRUNCATE refused")
    assert everything() == before


# By deleting what they point at


def links() -> dict[type[models.Model], list[tuple[type[FrozenModel], str]]]:
    """Of each model that frozen rows point at: which, and by which column."""
    found: dict[type[models.Model], list[tuple[type[FrozenModel], str]]] = {}
    for model in MODELS:
        for field in model._meta.concrete_fields:
            if field.remote_field and field.db_constraint:
                found.setdefault(field.related_model, []).append((model, field.name))
    return found


LINKS = links()


def deleted_in_sql(row: Any) -> None:
    execute(f"DELETE FROM {row._meta.db_table} WHERE {row._meta.pk.column} = %s", [row.pk])
    connection.check_constraints()


CASCADES: dict[str, Route] = {
    "delete": lambda row: row.delete(),
    "delete of a queryset": lambda row: type(row)._default_manager.filter(pk=row.pk).delete(),
    "past our manager": lambda row: models.QuerySet(type(row)).filter(pk=row.pk).delete(),
    "DELETE": deleted_in_sql,
}


def errors_expected(parent: type[models.Model], child: type[FrozenModel]) -> dict[str, type[BaseException]]:
    polite = FrozenRow if issubclass(parent, FrozenModel) else UserKept if parent is User else ProtectedError
    # Django would set to NULL who made a change; the trail itself refuses to forget it.
    rough = IntegrityError if is_trail(child) else ProtectedError
    return dict(zip(CASCADES, (polite, polite, rough, IntegrityError), strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize("parent", LINKS, ids=lambda model: model._meta.label)
def test_nothing_is_deleted_under_a_frozen_row(parent: type[models.Model]) -> None:
    for model, column in LINKS[parent]:
        row = a_row_of(parent)
        a_row_of(model, **{column: row})
        before = everything()

        errors = {name: refusal_of(partial(route, row))[0] for name, route in CASCADES.items()}

        assert errors == errors_expected(parent, model), f"{model._meta.label}.{column}"
        assert parent._base_manager.filter(pk=row.pk).exists()
        assert everything() == before


def test_frozen_rows_point_at_these() -> None:
    assert {User, Article, KindVersion, Reference, Group, Organisation, Edition} - LINKS.keys() == set()


# In the admin, as somebody who may do everything


@pytest.fixture
def root(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", printed_name="Root Example"))
    return client


def admin_address(row: models.Model, page: str) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}"
    return reverse(name, args=[row.pk] if page != "changelist" else [])


def asked_to_delete(client: Client, row: models.Model) -> dict[str, int]:
    action = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
    return {
        "delete": client.post(admin_address(row, "delete"), {"post": "yes"}).status_code,
        "delete_selected": client.post(admin_address(row, "changelist"), action).status_code,
    }


REGISTERED = [model for model in MODELS if admin.site.is_registered(model)]
# What the lists show of a row has to make sense to them.
SENSIBLE: dict[type[models.Model], dict[str, Any]] = {Refusal: {"reasons": []}, Picture: {"digest": "0" * 64}}


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_admin_neither_changes_nor_deletes_a_frozen_row(root: Client, model: type[FrozenModel]) -> None:
    row = a_row_of(model, **SENSIBLE.get(model, {}))
    before = everything()

    answers = asked_to_delete(root, row)
    answers["change"] = root.post(admin_address(row, "change"), {}).status_code

    assert (answers["delete"], answers["change"]) == (403, 403)
    assert everything() == before


def test_admin_has_no_address_for_any_other_frozen_row(db: None) -> None:
    for model in set(MODELS) - set(REGISTERED):
        with pytest.raises(NoReverseMatch):
            admin_address(a_row_of(model), "delete")


IN_ADMIN = [
    parent for parent in LINKS if admin.site.is_registered(parent) and not issubclass(parent, FrozenModel)
]


@pytest.mark.parametrize("parent", IN_ADMIN, ids=lambda model: model._meta.label)
def test_admin_deletes_nothing_under_a_frozen_row(root: Client, parent: type[models.Model]) -> None:
    row = a_row_of(parent)
    for model, column in LINKS[parent]:
        a_row_of(model, **{column: row})
    before = everything()

    asked_to_delete(root, row)

    assert parent._base_manager.filter(pk=row.pk).exists()
    assert everything() == before


def test_admin_knows_what_frozen_rows_point_at() -> None:
    assert {User, Article, Reference, Group, Organisation} - set(IN_ADMIN) == set()


# What may be set once


@pytest.mark.django_db
@every_ending_model
def test_ending_is_set_by_save(model: type[FrozenModel]) -> None:
    row, ending = a_row_of(model), an_ending_of(model)
    for name, value in ending.items():
        setattr(row, name, value)

    row.save(update_fields=list(ending))

    assert {name: getattr(model.objects.get(pk=row.pk), name) for name in ending} == ending


@pytest.mark.django_db
@every_ending_model
def test_ending_is_set_by_update(model: type[FrozenModel]) -> None:
    row, ending = a_row_of(model), an_ending_of(model)

    changed = model.objects.filter(pk=row.pk).update(**ending)

    assert changed == 1
    assert {name: getattr(model.objects.get(pk=row.pk), name) for name in ending} == ending


@pytest.mark.django_db
@every_ending_model
def test_ending_is_set_once_only(model: type[FrozenModel]) -> None:
    row = a_row_of(model)
    stale = model.objects.get(pk=row.pk)
    model.objects.filter(pk=row.pk).update(**an_ending_of(model))
    other_ending = an_ending_of(model)
    before = everything()
    for name, value in other_ending.items():
        setattr(stale, name, value)

    refusals = [
        refusal_of(lambda: stale.save(update_fields=list(model.settable_once))),
        refusal_of(lambda: model.objects.filter(pk=row.pk).update(**other_ending)),
    ]

    assert refusals == [in_plain_words(model, "changed"), by_the_database(model, "UPDATE")]
    assert everything() == before


@pytest.mark.django_db
@every_ending_model
def test_ending_is_not_taken_back(model: type[FrozenModel]) -> None:
    row = a_row_of(model)
    model.objects.filter(pk=row.pk).update(**an_ending_of(model))
    before = everything()

    refusal = refusal_of(lambda: model.objects.filter(pk=row.pk).update(**dict.fromkeys(model.settable_once)))

    assert refusal == by_the_database(model, "UPDATE")
    assert everything() == before


@pytest.mark.django_db
@every_ending_model
def test_ending_does_not_carry_another_change_with_it(model: type[FrozenModel]) -> None:
    row, ending = a_row_of(model), an_ending_of(model)
    fixed = [field for field in model._meta.concrete_fields if field.name not in model.settable_once]
    others = {field.name: another_value(row, field) for field in fixed}
    own_row = models.QuerySet(model).filter(pk=row.pk)
    before = everything()

    refusals = {
        name: refusal_of(partial(own_row.update, **ending, **{name: value})) for name, value in others.items()
    }

    assert refusals == dict.fromkeys(others, by_the_database(model, "UPDATE"))
    assert everything() == before


@pytest.mark.django_db
@every_ending_model
def test_ending_is_not_set_without_its_first_column(model: type[FrozenModel]) -> None:
    row = a_row_of(model)
    rest = {name: value for name, value in an_ending_of(model).items() if name != model.settable_once[0]}
    before = everything()

    refusals = [
        refusal_of(lambda: model.objects.filter(pk=row.pk).update(**rest)),
        refusal_of(lambda: models.QuerySet(model).filter(pk=row.pk).update(**rest)),
    ]

    assert refusals == [in_plain_words(model, "changed"), by_the_database(model, "UPDATE")]
    assert everything() == before


@pytest.mark.sqlite
@isolate_apps("content")
def test_ending_does_not_carry_a_change_of_case_with_it(fresh_database: str) -> None:
    class Stamp(FrozenModel):
        settable_once = ("until_at",)
        name = models.CharField(max_length=9, db_collation="NOCASE")
        until_at = models.DateTimeField(null=True)

        class Meta:
            app_label = "content"

    with connection.schema_editor() as editor:
        editor.create_model(Stamp)
    for statement in triggers.sql_for(Stamp, "sqlite"):
        execute(statement)
    Stamp.objects.create(name="vp-16")

    refusal = refusal_of(lambda: models.QuerySet(Stamp).update(name="VP-16", until_at=timezone.now()))

    assert refusal == by_the_database(Stamp, "UPDATE")


@pytest.mark.django_db
@pytest.mark.postgres
def test_ending_does_not_carry_a_change_of_bytes_with_it() -> None:
    """To PostgreSQL's `=` the two numbers are the same; to a digest they are not."""
    a_row_of(Publication, findings={"dose": 1.0})

    refusal = refusal_of(
        lambda: execute(
            "UPDATE content_publication SET until_at = now(), end_kind = 'superseded', "
            """findings = '{"dose": 1.00}'"""
        )
    )

    assert refusal == by_the_database(Publication, "UPDATE")


# Which models are frozen


def test_what_is_evidence_is_frozen() -> None:
    evidence = set(
        "AccessCheck Contributor Edition KindVersion LedgerEvent Notice Publication Refusal Ruling Signoff "
        "Submission DecisionWithdrawal Picture PageFrame".split()
    )

    assert evidence - {model.__name__ for model in triggers.evidence_models()} == set()


def test_audit_trails_are_frozen() -> None:
    tracked = {
        f"Historical{model.__name__}"
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute")
    }

    assert {"HistoricalArticle", "HistoricalUser", "HistoricalReference"} - tracked == set()
    assert {model.__name__ for model in triggers.trail_models()} == tracked | {"HistoricalUser_groups"}


@isolate_apps("content")
def test_frozen_model_refuses_a_link_table_that_is_not_frozen() -> None:
    class Letter(models.Model):
        class Meta:
            app_label = "content"

    class Stamp(FrozenModel):
        letters = models.ManyToManyField(Letter)

        class Meta:
            app_label = "content"

    problems = Stamp.check()

    assert [problem.id for problem in problems] == ["evidence.E001"]
