from django.db import migrations, models


class Migration(migrations.Migration):
    """Organisations stand alone in the first migration: people belong to them, and everything else to people."""

    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(help_text="Short and lasting, such as asco.", unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "in_credit",
                    models.CharField(
                        help_text="With its article and short name: the American Society of Clinical Oncology (ASCO). "
                        "For the house: the words between “Developed by” and “with”.",
                        max_length=250,
                        verbose_name="as the credit prints it",
                    ),
                ),
                ("is_house", models.BooleanField(default=False, verbose_name="is the publishing house")),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(is_house=True),
                        fields=("is_house",),
                        name="only_one_organisation_is_the_house",
                    )
                ],
            },
        ),
    ]
