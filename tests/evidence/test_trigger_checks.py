"""Whether the database still refuses to change what is written once is seen by the system check and by `verify`."""

import copy

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import NotSupportedError, connection, models
from django.test.utils import isolate_apps
from django.utils import timezone
from simple_history.models import HistoricalChanges

from content.models import Article, Edition, Notice, Publication
from evidence import agreements, trigger_checks, triggers
from evidence.frozen import FrozenModel
from reviews.models import DecisionWithdrawal
from tests.evidence.test_triggers import (
    by_the_database,
    execute,
    refusal_of,
    updated_past_our_manager,
)
from tests.rows import a_row_of

MODELS = triggers.frozen_models()
SQLITE = connection.vendor == "sqlite"
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


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
    assert weaknesses() == []
    assert trigger_checks.evidence_is_guarded(databases=["default"]) == []


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
@pytest.mark.parametrize("model", [Edition, Article.history.model], ids=lambda model: model._meta.label)
def test_check_fails_where_a_trigger_is_missing(model: type[FrozenModel]) -> None:
    name = names_of(model)[-1]
    drop(model, name)

    with pytest.raises(SystemCheckError) as failed:
        call_command("check", deploy=True, databases=["default"], tags=["database"])

    assert (
        f"(evidence.E002) trigger {name}: missing or altered (database default).\n"
        "\tHINT: `manage.py migrate` puts it back."
    ) in str(failed.value)


@pytest.mark.django_db
def test_missing_trigger_is_an_error_of_its_database_only() -> None:
    drop(Edition, "content_edition_frozen_delete")

    problems = trigger_checks.evidence_is_guarded(databases=["default"])

    assert [(problem.id, problem.is_serious()) for problem in problems] == [("evidence.E002", True)]
    assert trigger_checks.evidence_is_guarded(databases=None) == []


def weaknesses() -> list[tuple[str, str]]:
    return [(found.code, f"{found.where}: {found.wrong}") for found in trigger_checks.weaknesses(connection)]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "danger"),
    [
        ("recursive_triggers", "REPLACE can delete rows that are written once"),
        ("foreign_keys", "what evidence points at can be deleted"),
    ],
)
def test_connection_that_lets_evidence_go_is_found(fresh_database: str, pragma: str, danger: str) -> None:
    execute(f"PRAGMA {pragma}=OFF")

    assert weaknesses() == [("evidence.E003", f"connection default: {pragma} is off, so {danger}")]


@pytest.mark.django_db
@pytest.mark.postgres
def test_session_that_passes_for_a_replica_is_found() -> None:
    execute("SET LOCAL session_replication_role = replica")

    assert weaknesses() == [
        (
            "evidence.E003",
            "connection default: session_replication_role is replica, so what evidence points at can be deleted",
        )
    ]


@pytest.mark.django_db
@pytest.mark.postgres
def test_foreign_keys_switched_off_are_found() -> None:
    execute("ALTER TABLE reviews_decisionwithdrawal DISABLE TRIGGER ALL")

    assert weaknesses() == [
        *(("evidence.E002", f"trigger {name}: missing or altered") for name in names_of(DecisionWithdrawal)),
        ("evidence.E006", "table reviews_decisionwithdrawal: its foreign keys are switched off"),
    ]


STRANGE = (
    "CREATE TRIGGER polite BEFORE INSERT ON reviews_signoff FOR EACH ROW BEGIN SELECT 1; END"
    if SQLITE
    else "CREATE FUNCTION polite() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
    "CREATE TRIGGER polite BEFORE INSERT ON reviews_signoff FOR EACH ROW EXECUTE FUNCTION polite()"
)


@pytest.mark.django_db
def test_strange_trigger_on_a_frozen_table_is_found() -> None:
    execute(STRANGE)

    assert weaknesses() == [
        (
            "evidence.E005",
            "trigger polite: on reviews_signoff, and none of ours: it could change what is being written",
        )
    ]


@pytest.mark.django_db
@pytest.mark.postgres
def test_rule_on_a_frozen_table_is_found() -> None:
    execute("CREATE RULE quiet AS ON INSERT TO reviews_signoff DO INSTEAD NOTHING")

    assert weaknesses() == [
        (
            "evidence.E005",
            "rule quiet: on reviews_signoff, and none of ours: it could change what is being written",
        )
    ]


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
    triggers.let_go_before_migrate(None, connection.alias, plan=["this migration"])
    with connection.schema_editor() as editor:
        editor.alter_field(Edition, old, new)

    found = triggers.missing(connection)
    call_command("migrate", verbosity=0)

    let_go = [
        trigger.name
        for model in agreements.models_with_agreements()
        for trigger in triggers.agreement_triggers(model, "sqlite")
    ]
    assert found == [*names_of(Edition), *let_go]
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


def test_audit_trail_that_could_be_changed_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with isolate_apps("content") as registry:
        trail = type(
            "HistoricalStamp",
            (HistoricalChanges, models.Model),
            {"__module__": __name__, "Meta": type("Meta", (), {"app_label": "content"})},
        )

    monkeypatch.setattr(trigger_checks, "apps", registry)

    problems = trigger_checks.trails_are_frozen()

    assert [(problem.id, problem.obj) for problem in problems] == [("evidence.E004", trail)]
