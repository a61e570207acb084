from django.db import migrations

from content.models.references import NORMALISED


def normalise(apps, schema_editor):
    """Identifiers stored before they were compared. One that cannot be read is equal to nothing."""
    for row in apps.get_model("content", "Reference").objects.exclude(doi="", pmid=""):
        for column in ("doi", "pmid"):
            try:
                setattr(row, f"{column}_normalised", NORMALISED[column](getattr(row, column)))
            except ValueError:
                continue
        row.save(update_fields=["doi_normalised", "pmid_normalised"])


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0004_references_that_can_be_trusted"),
    ]

    operations = [
        migrations.RunPython(normalise, migrations.RunPython.noop),
    ]
