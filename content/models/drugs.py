"""The drug library: what an article may say about a drug, each row with its source."""

import uuid

from django.db import models
from django.db.models import Q

from evidence.audit_trail import AuditTrail
from evidence.fields import LineField, PublicLineField


class Condition(models.Model):
    """What an article is about, such as Kaposi sarcoma."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = PublicLineField(max_length=200, unique=True)
    history = AuditTrail()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DrugClass(models.Model):
    """A group of drugs that work alike, such as immunomodulating drugs."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = PublicLineField(max_length=200, unique=True)
    short_name = PublicLineField(
        max_length=50, blank=True, help_text="As printed in parentheses, such as IMiDs."
    )
    history = AuditTrail()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "drug classes"

    def __str__(self) -> str:
        return self.name


class Drug(models.Model):
    """A drug as a concept, whoever sells it: pembrolizumab."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    generic_name = PublicLineField(max_length=200, unique=True)
    pronunciation = PublicLineField(
        max_length=200, blank=True, help_text="As readers see it, such as PAH-muh-LIH-doh-mide."
    )
    drug_class = models.ForeignKey(DrugClass, models.PROTECT, null=True, blank=True, related_name="drugs")
    history = AuditTrail()

    class Meta:
        ordering = ["generic_name"]

    def __str__(self) -> str:
        return self.generic_name


class DrugAlias(models.Model):
    """Another name of a drug that is not a brand: etoposide is also VP-16."""

    drug = models.ForeignKey(Drug, models.CASCADE, related_name="aliases")
    name = PublicLineField(max_length=100)
    source = LineField(max_length=300)
    history = AuditTrail()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "drug aliases"
        constraints = [models.UniqueConstraint(fields=["drug", "name"], name="alias_once_per_drug")]

    def __str__(self) -> str:
        return self.name


class CodeSystem(models.TextChoices):
    NCIT = "ncit", "NCI Thesaurus"
    CDR = "cdr", "NCI Drug Dictionary (CDR)"
    RXCUI = "rxcui", "RxNorm"
    UNII = "unii", "UNII"
    ATC = "atc", "ATC"
    MESH = "mesh", "MeSH"
    MEDLINEPLUS = "medlineplus", "MedlinePlus"


class DrugCode(models.Model):
    """A drug's code in a terminology, with where and when it was looked up."""

    drug = models.ForeignKey(Drug, models.CASCADE, related_name="codes")
    system = models.CharField(max_length=20, choices=CodeSystem)
    code = LineField(max_length=50)
    source = LineField(max_length=300)
    checked_on = models.DateField()
    history = AuditTrail()

    class Meta:
        ordering = ["system"]
        constraints = [
            models.UniqueConstraint(fields=["drug", "system", "code"], name="code_once_per_drug"),
            models.CheckConstraint(condition=Q(system__in=CodeSystem.values), name="code_system_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.code}"


class AdministrationRoute(models.TextChoices):
    ORAL = "oral", "by mouth"
    INTRAVENOUS = "intravenous", "into a vein (IV)"
    SUBCUTANEOUS = "subcutaneous", "under the skin"
    TOPICAL = "topical", "on the skin"
    OTHER = "other", "another way"


class Product(models.Model):
    """What is sold: Keytruda and Keytruda Qlex are two products of pembrolizumab."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    drug = models.ForeignKey(Drug, models.PROTECT, related_name="products")
    brand = PublicLineField(max_length=100)
    full_name = PublicLineField(
        max_length=200,
        help_text="The full nonproprietary name, such as pembrolizumab and berahyaluronidase alfa-pmph.",
    )
    route = models.CharField(max_length=20, choices=AdministrationRoute)
    label_set_id = LineField("DailyMed set ID", max_length=40, blank=True)
    label_revised_on = models.DateField(
        "label revised on", null=True, blank=True, help_text="The date of the label that is in force today."
    )
    source = LineField(max_length=300)
    checked_on = models.DateField()
    off_market_on = models.DateField("no longer sold since", null=True, blank=True)
    history = AuditTrail()

    class Meta:
        ordering = ["brand"]
        constraints = [
            models.UniqueConstraint(fields=["drug", "brand"], name="brand_once_per_drug"),
            models.CheckConstraint(
                condition=Q(route__in=AdministrationRoute.values), name="product_route_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.brand


class Status(models.TextChoices):
    APPROVED = "approved", "approved"
    ACCELERATED = "accelerated", "accelerated approval"
    OFF_LABEL = "off-label", "used off label"


class ProductStatus(models.Model):
    """What the regulator says of a product for a condition, since when, and where that is written."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="statuses")
    condition = models.ForeignKey(Condition, models.PROTECT)
    status = models.CharField(max_length=20, choices=Status)
    since_on = models.DateField(null=True, blank=True)
    source = LineField(max_length=300)
    checked_on = models.DateField()
    history = AuditTrail()

    class Meta:
        ordering = ["condition__name"]
        verbose_name_plural = "product statuses"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "condition"], name="one_status_per_product_and_condition"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="product_status_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.get_status_display()} for {self.condition}"
