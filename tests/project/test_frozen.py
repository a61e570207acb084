"""Rows that are written once stay as they are, by whatever route somebody comes."""

import copy
import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, NotSupportedError, connection, models, transaction
from django.db.models.deletion import Collector, ProtectedError
from django.test.utils import isolate_apps
from django.utils import timezone

from content import triggers
from content.models import Edition, Notice, Publication
from content.models.frozen import FrozenModel, FrozenRow
from reviews.models import Signoff, Withdrawal

MODELS = triggers.frozen_models()
ENDING = [model for model in MODELS if model.settable_once]
SQLITE = connection.vendor == "sqlite"
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
every_ending_model = pytest.mark.parametrize("model", ENDING, ids=lambda model: model._meta.label)
numbers = itertools.count(1000)

# What a row needs beside the columns that may not be empty.
NEEDS: dict[type[models.Model], Callable[[], dict[str, Any]]] = {
    Withdrawal: lambda: {"signoff": a_row_of(Signoff)}
}


def a_row_of(model: type[models.Model], **values: Any) -> Any:
    values |= NEEDS.get(model, dict[str, Any])()
    for field in model._meta.concrete_fields:
        if field.name not in values and not (field.null or field.has_default() or field.primary_key):
            values[field.name] = a_value_of(field)
    return model._base_manager.create(**values)


def a_value_of(field: models.Field) -> Any:
    """A value the column takes; another one at each call, where it has more than one."""
    if field.remote_field:
        return a_row_of(field.related_model)
    if field.choices:
        return field.choices[0][0]
    kinds: list[tuple[type[models.Field], Callable[[], Any]]] = [
        (models.JSONField, lambda: {"number": next(numbers)}),
        (models.DateTimeField, timezone.now),
        (models.DateField, lambda: date(2020, 1, 1) + timedelta(days=next(numbers))),
        (models.BooleanField, lambda: False),
        (models.IntegerField, lambda: next(numbers)),
    ]
    return next((value() for kind, value in kinds if isinstance(field, kind)), f"text{next(numbers)}.example")


def a_change_of(model: type[models.Model]) -> tuple[models.Field, Any]:
    """A column that no row of this model may change, and a new value for it."""
    field = next(
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.remote_field or field.choices or field.name in model.settable_once)
    )
    return field, a_value_of(field)


def an_ending_of(model: type[FrozenModel]) -> dict[str, Any]:
    return {name: a_value_of(model._meta.get_field(name)) for name in model.settable_once}


def everything() -> list[Any]:
    return [list(model._base_manager.order_by("pk").values_list()) for model in MODELS]


def refusal_of(act: Callable[[], Any]) -> tuple[type[BaseException], str]:
    """The exact class and first line of what `act` raises."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    return type(refused.value), str(refused.value).splitlines()[0]


def in_plain_words(model: type[models.Model], what: str) -> tuple[type[BaseException], str]:
    name = model._meta.verbose_name
    return FrozenRow, f"{'An' if name[0] in 'aeiou' else 'A'} {name} is written once and cannot be {what}."


def by_the_database(model: type[models.Model], event: str) -> tuple[type[BaseException], str]:
    return IntegrityError, f"{model._meta.db_table} is written once: {event} refused"


def execute(sql: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def saved_with_change(row: Any) -> None:
    field, value = a_change_of(type(row))
    setattr(row, field.name, value)
    row.save()


def saved_in_part(row: Any) -> None:
    field, value = a_change_of(type(row))
    setattr(row, field.name, value)
    row.save(update_fields=[field.name])


def updated(row: Any) -> None:
    field, value = a_change_of(type(row))
    type(row).objects.filter(pk=row.pk).update(**{field.name: value})


def updated_in_bulk(row: Any) -> None:
    field, value = a_change_of(type(row))
    setattr(row, field.name, value)
    type(row).objects.bulk_update([row], [field.name])


def created_over(row: Any) -> None:
    field, value = a_change_of(type(row))
    setattr(row, field.name, value)
    type(row).objects.bulk_create(
        [row], update_conflicts=True, update_fields=[field.name], unique_fields=[row._meta.pk.name]
    )


def updated_or_created(row: Any) -> None:
    field, value = a_change_of(type(row))
    type(row).objects.update_or_create(pk=row.pk, defaults={field.name: value})


POLITE = [
    (saved_with_change, "changed"),
    (saved_in_part, "changed"),
    (updated, "changed"),
    (updated_in_bulk, "changed"),
    (created_over, "changed"),
    (updated_or_created, "changed"),
    (lambda row: row.delete(), "deleted"),
    (lambda row: type(row).objects.all().delete(), "deleted"),
]
POLITE_NAMES = "save save-part update bulk_update bulk_create update_or_create delete queryset-delete".split()


@pytest.mark.django_db
@every_model
@pytest.mark.parametrize(("route", "what"), POLITE, ids=POLITE_NAMES)
def test_frozen_row_refuses_a_change_in_plain_words(
    model: type[FrozenModel], route: Callable[[Any], None], what: str
) -> None:
    row = a_row_of(model)
    before = everything()

    refusal = refusal_of(lambda: route(row))

    assert refusal == in_plain_words(model, what)
    assert everything() == before


def updated_past_our_manager(row: Any) -> None:
    field, value = a_change_of(type(row))
    models.QuerySet(type(row)).filter(pk=row.pk).update(**{field.name: value})


def updated_in_bulk_past_our_manager(row: Any) -> None:
    field, value = a_change_of(type(row))
    setattr(row, field.name, value)
    models.QuerySet(type(row)).bulk_update([row], [field.name])


def created_over_past_our_manager(row: Any) -> None:
    field, value = a_change_of(type(row))
    setattr(row, field.name, value)
    models.QuerySet(type(row)).bulk_create(
        [row], update_conflicts=True, update_fields=[field.name], unique_fields=[row._meta.pk.name]
    )


def saved_raw(row: Any) -> None:
    """As fixtures and django-reversion save."""
    field, value = a_change_of(type(row))
    setattr(row, field.name, value)
    row.save_base(raw=True)


def collected(row: Any) -> None:
    """As a cascade from a parent deletes."""
    collector = Collector(using=connection.alias)
    collector.add([row])
    collector.delete()


def raw(sql: str) -> Callable[[Any], None]:
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


on_sqlite, on_postgresql = pytest.mark.sqlite, pytest.mark.postgres
# Inside one transaction PostgreSQL truncates no table whose foreign keys it has yet to check.
SETTLED = "SET CONSTRAINTS ALL IMMEDIATE; "
OVER_A_KEY = "REPLACE" if SQLITE else "UPDATE"
UPSERT = (
    "INSERT INTO {table} ({all}) SELECT {all} FROM {table} WHERE true "
    "ON CONFLICT ({key}) DO UPDATE SET {column} = {value}"
)
ROUGH = [
    pytest.param(updated_past_our_manager, "UPDATE", id="queryset-update"),
    pytest.param(updated_in_bulk_past_our_manager, "UPDATE", id="bulk_update"),
    pytest.param(created_over_past_our_manager, OVER_A_KEY, id="bulk_create"),
    pytest.param(saved_raw, "UPDATE", id="raw-save"),
    pytest.param(collected, "DELETE", id="cascade"),
    pytest.param(lambda row: models.QuerySet(type(row))._raw_delete("default"), "DELETE", id="raw_delete"),
    pytest.param(raw("UPDATE {table} SET {column} = {value}"), "UPDATE", id="sql-update"),
    pytest.param(raw("UPDATE {table} SET {key} = {key} + 1000000"), "UPDATE", id="sql-update-key"),
    pytest.param(raw("DELETE FROM {table}"), "DELETE", id="sql-delete"),
    pytest.param(raw(UPSERT), OVER_A_KEY, id="sql-upsert"),
    *(
        pytest.param(raw(sql), event, marks=on_sqlite, id=name)
        for name, sql, event in [
            ("sql-replace", "REPLACE INTO {table} SELECT * FROM {table}", "REPLACE"),
            ("sql-update-or-ignore", "UPDATE OR IGNORE {table} SET {column} = {value}", "UPDATE"),
            ("sql-update-or-replace", "UPDATE OR REPLACE {table} SET {column} = {value}", "UPDATE"),
            ("sql-update-rowid", "UPDATE {table} SET rowid = rowid + 1000000", "UPDATE"),
        ]
    ),
    *(
        pytest.param(raw(sql), event, marks=on_postgresql, id=name)
        for name, sql, event in [
            ("sql-truncate", SETTLED + "TRUNCATE {table} CASCADE", "TRUNCATE"),
            ("sql-as-replica", "SET LOCAL session_replication_role = replica; DELETE FROM {table}", "DELETE"),
            (
                "sql-merge",
                "MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET {column} = {value}",
                "UPDATE",
            ),
        ]
    ),
]


@pytest.mark.django_db
@every_model
@pytest.mark.parametrize(("route", "event"), ROUGH)
def test_frozen_row_is_kept_by_the_database_itself(
    model: type[FrozenModel], route: Callable[[Any], None], event: str
) -> None:
    row = a_row_of(model)
    before = everything()

    refusal = refusal_of(lambda: route(row))

    assert refusal == by_the_database(model, event)
    assert everything() == before


@pytest.mark.django_db
@every_model
def test_frozen_row_is_not_overwritten_by_a_new_object_with_its_key(model: type[FrozenModel]) -> None:
    row = a_row_of(model)
    before = everything()
    field, value = a_change_of(model)
    setattr(row, field.name, value)
    row._state.adding = True

    refusal = refusal_of(row.save)

    taken = f'duplicate key value violates unique constraint "{model._meta.db_table}_pkey"'
    assert refusal == (by_the_database(model, "REPLACE") if SQLITE else (IntegrityError, taken))
    assert everything() == before


@pytest.mark.django_db
@every_model
def test_frozen_row_keeps_its_parents(model: type[FrozenModel]) -> None:
    row = a_row_of(model)
    parents = [
        (field.related_model, field.value_from_object(row))
        for field in model._meta.concrete_fields
        if field.remote_field and field.value_from_object(row) is not None
    ]
    before = everything()

    errors = [refusal_of(models.QuerySet(parent).filter(pk=key).delete)[0] for parent, key in parents]

    assert errors == [ProtectedError] * len(parents)
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.sqlite
def test_replace_by_another_unique_key_is_refused() -> None:
    edition = a_row_of(Edition)
    before = everything()
    names = [field.column for field in Edition._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(names)

    refusal = refusal_of(
        lambda: execute(f"REPLACE INTO content_edition ({columns}) SELECT {columns} FROM content_edition")
    )

    assert edition.pk
    assert refusal == by_the_database(Edition, "DELETE")
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.postgres
def test_truncating_a_parent_is_refused_for_its_frozen_children() -> None:
    a_row_of(Edition)
    before = everything()

    error, words = refusal_of(lambda: execute(SETTLED + "TRUNCATE content_work CASCADE"))

    assert error is IntegrityError
    assert words.endswith("is written once: TRUNCATE refused")
    assert everything() == before


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
    before = everything()
    for name, value in an_ending_of(model).items():
        setattr(stale, name, value)

    refusals = [
        refusal_of(lambda: stale.save(update_fields=list(model.settable_once))),
        refusal_of(lambda: model.objects.filter(pk=row.pk).update(**an_ending_of(model))),
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
    before = everything()
    fixed = [field for field in model._meta.concrete_fields if field.name not in model.settable_once]

    refusals = {
        field.name: refusal_of(
            lambda field=field: (
                models.QuerySet(model)
                .filter(pk=row.pk)
                .update(**ending, **{field.name: another_value(row, field)})
            )
        )
        for field in fixed
    }

    assert refusals == {field.name: by_the_database(model, "UPDATE") for field in fixed}
    assert everything() == before


def another_value(row: Any, field: models.Field) -> Any:
    if field.primary_key:
        return row.pk + 1_000_000
    if isinstance(field, models.BooleanField):
        return not getattr(row, field.name)
    if field.choices:
        return next(value for value, _ in field.choices if value != getattr(row, field.name))
    return a_value_of(field)


@pytest.mark.django_db
@every_ending_model
def test_ending_is_not_set_without_its_first_column(model: type[FrozenModel]) -> None:
    row = a_row_of(model)
    before = everything()
    rest = {name: value for name, value in an_ending_of(model).items() if name != model.settable_once[0]}

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


# Whether the triggers are there


def names_of(model: type[FrozenModel]) -> list[str]:
    return [trigger.name for trigger in triggers.triggers_for(model, connection.vendor)]


def drop(model: type[FrozenModel], name: str) -> None:
    execute(f"DROP TRIGGER {name}" + ("" if SQLITE else f" ON {model._meta.db_table}"))


def alter(model: type[FrozenModel]) -> str:
    """Leave the UPDATE trigger in its place, and let it refuse nothing."""
    name = f"{model._meta.db_table}_frozen_update"
    if SQLITE:
        drop(model, name)
        execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {model._meta.db_table} BEGIN SELECT 1; END")
    else:
        execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
    return name


@pytest.mark.django_db
def test_migrated_database_lacks_no_trigger() -> None:
    assert triggers.missing(connection) == []
    assert triggers.triggers_present(databases=["default"]) == []


@pytest.mark.django_db
@every_model
def test_dropped_triggers_are_found_and_put_back(model: type[FrozenModel]) -> None:
    for name in names_of(model):
        drop(model, name)

    found = triggers.missing(connection)
    triggers.install(connection)

    assert found == names_of(model)
    assert triggers.missing(connection) == []


@pytest.mark.django_db
def test_altered_trigger_is_found_and_put_back() -> None:
    edition = a_row_of(Edition)
    connection.check_constraints()
    name = alter(Edition)

    found = triggers.missing(connection)
    triggers.install(connection)

    assert found == [name]
    assert triggers.missing(connection) == []
    assert refusal_of(lambda: updated_past_our_manager(edition)) == by_the_database(Edition, "UPDATE")


DROPPED = "DROP TRIGGER content_edition_frozen_update ON content_edition; "
ALWAYS = "ALTER TABLE content_edition ENABLE ALWAYS TRIGGER content_edition_frozen_update"
CREATED = DROPPED + "CREATE TRIGGER content_edition_frozen_update BEFORE UPDATE "
DO = "EXECUTE FUNCTION content_edition_frozen_update(); "
WEAKENED = {
    "off": "ALTER TABLE content_edition DISABLE TRIGGER content_edition_frozen_update",
    "off in a replica": "ALTER TABLE content_edition ENABLE TRIGGER content_edition_frozen_update",
    "only in a replica": "ALTER TABLE content_edition ENABLE REPLICA TRIGGER content_edition_frozen_update",
    "under a condition": CREATED + "ON content_edition FOR EACH ROW WHEN (false) " + DO + ALWAYS,
    "for one column": CREATED + "OF number ON content_edition FOR EACH ROW " + DO + ALWAYS,
    "by statement": CREATED + "ON content_edition " + DO + ALWAYS,
    "in another schema": (
        "CREATE SCHEMA other; CREATE TABLE other.content_edition (number int); "
        + CREATED + "ON other.content_edition FOR EACH ROW " + DO
        + ALWAYS.replace("TABLE ", "TABLE other.")
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.postgres
@pytest.mark.parametrize("way", WEAKENED)
def test_weakened_trigger_is_found_and_put_back(way: str) -> None:
    execute(WEAKENED[way])

    found = triggers.missing(connection)
    triggers.install(connection)

    assert found == ["content_edition_frozen_update"]
    assert triggers.missing(connection) == []


@pytest.mark.django_db
def test_missing_trigger_is_an_error_of_its_database_only() -> None:
    drop(Edition, "content_edition_frozen_delete")

    problems = triggers.triggers_present(databases=["default"])

    assert [(problem.id, problem.is_serious()) for problem in problems] == [("content.E002", True)]
    assert triggers.triggers_present(databases=None) == []


@pytest.mark.django_db
@pytest.mark.sqlite
def test_recursive_triggers_off_is_an_error() -> None:
    execute("PRAGMA recursive_triggers=OFF")

    problems = triggers.triggers_present(databases=["default"])
    execute("PRAGMA recursive_triggers=ON")

    assert [problem.id for problem in problems] == ["content.E003"]


@pytest.mark.django_db
def test_migrate_puts_back_what_its_own_checks_would_stop_at() -> None:
    drop(Edition, "content_edition_frozen_delete")

    call_command("migrate", verbosity=0, skip_checks=False)

    assert triggers.missing(connection) == []


@pytest.mark.sqlite
def test_rebuilt_table_gets_its_triggers_back(fresh_database: str) -> None:
    old = Edition._meta.get_field("digest")
    new = copy.deepcopy(old)
    new.max_length = old.max_length + 1
    with connection.schema_editor() as editor:
        editor.alter_field(Edition, old, new)

    found = triggers.missing(connection)
    call_command("migrate", verbosity=0)

    assert found == names_of(Edition)
    assert triggers.missing(connection) == []


def test_table_without_its_newest_column_lets_no_row_end(fresh_database: str) -> None:
    publication = a_row_of(Publication)
    drop(Publication, "content_publication_frozen_update")
    execute("ALTER TABLE content_publication DROP COLUMN ended_by_name")

    triggers.install(connection)

    assert triggers.missing(connection) == []
    assert refusal_of(
        lambda: Publication.objects.filter(pk=publication.pk).update(until_at=timezone.now())
    ) == by_the_database(Publication, "UPDATE")


def test_table_without_its_newest_column_hinders_no_later_migration(fresh_database: str) -> None:
    drop(Publication, "content_publication_frozen_update")
    execute("ALTER TABLE content_publication DROP COLUMN credit")
    triggers.install(connection)

    with connection.schema_editor() as editor:
        editor.alter_db_table(Notice, "content_notice", "content_remark")

    assert "content_remark" in connection.introspection.table_names()


@pytest.mark.django_db
def test_table_that_is_not_there_yet_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with isolate_apps("content") as registry:

        class Stamp(FrozenModel):
            class Meta:
                app_label = "content"

    monkeypatch.setattr(triggers, "apps", registry)

    triggers.install(connection)

    assert triggers.frozen_models() == [Stamp]
    assert triggers.missing(connection) == []


def test_proxy_of_a_frozen_model_has_no_triggers_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with isolate_apps("content") as registry:

        class Stamp(FrozenModel):
            class Meta:
                app_label = "content"

        class Seal(Stamp):
            class Meta:
                app_label = "content"
                proxy = True

    monkeypatch.setattr(triggers, "apps", registry)

    assert triggers.frozen_models() == [Stamp]
    assert issubclass(Seal, FrozenModel)


@isolate_apps("content")
def test_triggers_of_long_tables_keep_names_the_database_does_not_cut() -> None:
    class Stamp(FrozenModel):
        class Meta:
            app_label = "content"
            db_table = "a" * 60

    names = names_of(Stamp)

    assert [name for name in names if len(name) > 63] == []
    assert len(set(names)) == 3


def test_other_databases_are_refused() -> None:
    with pytest.raises(NotSupportedError) as refused:
        triggers.sql_for(Edition, "mysql")

    assert str(refused.value) == "Rows can be frozen on SQLite and PostgreSQL, not on mysql."


# Which models are frozen


def test_what_is_evidence_is_frozen() -> None:
    evidence = set(
        "AccessCheck Contributor Edition KindVersion LedgerEvent Notice Publication Refusal Ruling Signoff "
        "Submission Withdrawal".split()
    )

    assert evidence - {model.__name__ for model in MODELS} == set()


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

    assert [problem.id for problem in problems] == ["content.E001"]
