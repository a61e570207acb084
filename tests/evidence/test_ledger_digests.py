"""What the ledger says of a row stays true however tables and columns are called, and only as long as its values stay."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.test.utils import isolate_apps

from content.integrity import verification
from content.integrity.verification import Word
from evidence import ledger
from evidence.frozen import FrozenModel

# One row of each table with the values of `a_value`. A digest that changes here would void what is in ledgers already.
GOLDEN = {
    "access-check": "f9e1a62002663b4205ce024733977f75a615695f5d5cec24c5c6ae6c4a392742",
    "contributor": "5c7ab169f00998182536da26cd30212abdebac0b6e1641ec43410c0b77c17602",
    "decision-withdrawal": "7e3b79197672bb1c2fec1dd8182e55ffa4306dbd438c7790cc3b7b8944aa4fe0",
    "edition": "7ad60609e40b9586b8a025351b13fbb1923196c50daa48b64bfac76d81a12f92",
    "minor-change-ruling": "4932fb8a1bbd86fc4e7a5572e0edcf76c7c8d9447ac5323fd75981acddd23085",
    "notice": "d2410bcf5e2384598d77b364502446bd4669da5b8bd3f0e0cb58d28c445a5fc1",
    "overruling": "341a066d41aa590499a0b0f6a8448596c17684defd0c847244d8e9b357588906",
    "page-frame": "bf318031fb8b788b0ebda35245f5b8953d1955754042d5b165dcb2ec7c154db7",
    "picture": "3d7e90bfd8cb97286664f20f48f11448ab230f2c4da2ff70a2b2d16ea203ae64",
    "publication": "a3c45bd418d630d15f23858973f7172bc7e4ec381d0db294c864cffedc17a93f",
    "reference-ruling": "015615f090db5d02142272435e6523fd2840df37ea6eb81c1f451fbde78e8d2a",
    "refresh": "332d90c60353937004afbfb2a414dd2a7f2477154255cc263650b73b65a2d3d1",
    "refresh-review": "8800eace1428751ceb45f8992b77e1a7688e39a81c30eaa224d821784fcc8cb9",
    "signoff": "2a042c0242cb6d5a9f2264c7ef3cff6c671029fb7f930487cb6ad8c9f6c9ace1",
    "signoff-kind-version": "1992326dac11f3beb00f52b17ce41d3e125df39fd5c00ca1e6b20078d9b382fd",
    "submission": "c2f72e669d1720e3aafad999aacc6a89b8b017bc465b85204f5f546bfe4a0495",
    "words-confirmation": "535499d5a238cc8985e37f87fc1271961403e8a7133a37660a27a4f171894f3d",
}


def a_value(field):
    if field.remote_field or isinstance(field, models.IntegerField):
        return 7
    values = [
        (models.JSONField, {"text": "0" * 64, "drugs": ["é", 1, True, None]}),
        (models.DateTimeField, datetime(2026, 11, 29, 12, 30, 15, 250, tzinfo=UTC)),
        (models.DateField, date(2026, 11, 29)),
        (models.BooleanField, True),
        (models.UUIDField, UUID("00000000-0000-4000-8000-000000000007")),
    ]
    return next((value for kind, value in values if isinstance(field, kind)), f"{field.name} “é”")


def one_of(model):
    return model(pk=7, **{f.attname: a_value(f) for f in model._meta.concrete_fields if not f.primary_key})


def recorded():
    return {model.evidence_name: model for model in verification.recorded_models()}


def test_digests_of_rows_are_those_of_the_first_release():
    digests = {name: ledger.row_digest(one_of(model)) for name, model in recorded().items()}

    assert digests == GOLDEN


def test_rows_are_known_by_names_of_their_own():
    models_in_ledger = verification.recorded_models()

    assert len(recorded()) == len(models_in_ledger)
    assert "" not in recorded()


@pytest.mark.parametrize("name", sorted(recorded()))
def test_every_column_in_the_evidence_counts(name):
    model = recorded()[name]
    before = ledger.row_digest(one_of(model))

    unchanged = []
    for column in model.evidence:
        row = one_of(model)
        setattr(row, column, None if getattr(row, column) is not None else 1)
        if ledger.row_digest(row) == before:
            unchanged.append(column)

    assert unchanged == []


def stamps():
    """A table as it was first made, and the same after a release that renamed it and a column, and added another."""
    with isolate_apps("content"):

        class Stamp(FrozenModel):
            evidence_name = "stamp"
            evidence = ("text",)

            text = models.TextField()

            class Meta:
                app_label = "content"

    with isolate_apps("content"):

        class Seal(FrozenModel):
            evidence_name = "stamp"
            evidence_schema = 2
            evidence = ("words", "colour")
            earlier_evidence = {1: ("words",)}

            words = models.TextField()
            colour = models.TextField(default="red")

            class Meta:
                app_label = "content"

    return Stamp, Seal


def migrate(state, *operations):
    with connection.schema_editor() as editor:
        for operation in operations:
            old = state.clone()
            operation.state_forwards("content", state)
            operation.database_forwards("content", editor, old, state)


def word(said):
    return Word(said["sha256"], said["schema"], said["sha256"], said["schema"], said.get("end", ""))


@pytest.fixture
def renamed(fresh_database):
    """Rows written before and after a migration that renames the table and a column and adds a column with a default."""
    before, after = stamps()
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("text", models.TextField())]
    migrate(state, migrations.CreateModel("Stamp", fields))
    first = before(text="Two tablets")
    first.save()
    said = {first.pk: word(ledger.named(first))}
    migrate(
        state,
        migrations.RenameField("stamp", "text", "words"),
        migrations.RenameModel("Stamp", "Seal"),
        migrations.AddField("seal", "colour", models.TextField(default="red")),
    )
    second = after(words="Three tablets", colour="blue")
    second.save()
    said[second.pk] = word(ledger.named(second))
    return after, said


def faults(model, said):
    return list(verification.table_holds(model, said, verification.unwatched))


def test_a_renamed_table_and_column_and_an_added_one_change_no_digest(renamed):
    model, said = renamed

    assert [each.first_schema for each in said.values()] == [1, 2]
    assert faults(model, said) == []


@pytest.mark.parametrize(
    ("key", "column"),
    [(1, "words"), (2, "words"), (2, "colour")],
    ids=["old words", "new words", "new column"],
)
def test_after_a_rename_a_changed_value_is_still_found(renamed, key, column):
    model, said = renamed
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE content_seal SET {column} = %s WHERE id = %s", ["Nine tablets", key])

    assert faults(model, said) == [f"content_seal, row {key}: differs from what the ledger recorded"]


def test_a_schema_that_the_table_never_had_does_not_hold(renamed):
    model, said = renamed
    said[1] = said[1]._replace(first_schema=3, newest_schema=3)

    assert faults(model, said) == ["content_seal, row 1: differs from what the ledger recorded"]


def test_a_column_that_no_digest_covers_is_an_error():
    with isolate_apps("content"):

        class Stamp(FrozenModel):
            evidence_name = "stamp"
            evidence = ("text", "gone")
            no_evidence = ("note",)

            text = models.TextField()
            note = models.TextField()
            colour = models.TextField()

            class Meta:
                app_label = "content"

        found = [(each.id, each.msg) for each in Stamp.check() if each.id == "evidence.E007"]

    said = "The evidence of content.Stamp is not said in full: "
    assert found == [
        ("evidence.E007", f"{said}colour is in no digest."),
        ("evidence.E007", f"{said}there is no column gone."),
    ]
