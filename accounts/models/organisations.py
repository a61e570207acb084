from django.db import models
from django.db.models import Q

from evidence.audit_trail import AuditTrail
from evidence.fields import PublicLineField


class Organisation(models.Model):
    """A body that people sign for: the house itself, or a society such as ASCO."""

    code = models.SlugField(unique=True, help_text="A short code that never changes, such as asco.")
    name = PublicLineField(max_length=200)
    in_credit = PublicLineField(
        "as the credit prints it",
        max_length=250,
        help_text="With its article and short name: the American Society of Clinical Oncology (ASCO). "
        "For the publishing organisation: the words between “Developed by” and “with”.",
    )
    is_publishing = models.BooleanField("is the publishing house", default=False)
    history = AuditTrail()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_publishing"],
                condition=Q(is_publishing=True),
                name="only_one_organisation_publishes",
            )
        ]

    def __str__(self) -> str:
        return self.name
