from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from evidence.fields import LineField
from evidence.frozen import FrozenModel


class MediaType(models.TextChoices):
    PNG = "image/png", "PNG"
    JPEG = "image/jpeg", "JPEG"


ENDINGS: dict[str, str] = {MediaType.PNG: "png", MediaType.JPEG: "jpg"}


class Picture(FrozenModel):
    """A picture that somebody uploaded, as it is stored: its file is named after its digest, so neither can change."""

    evidence_name: ClassVar[str] = "picture"
    evidence: ClassVar[tuple[str, ...]] = (
        "digest", "media_type", "width", "height", "size", "file_name", "uploaded_by_id",
        "uploaded_by_name", "uploaded_at",
    )  # fmt: skip
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the stored bytes, hexadecimal."
    )
    media_type = models.CharField("kind of file", max_length=20, choices=MediaType)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    file_name = LineField("file name", max_length=255, help_text="Its name when it was uploaded.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_by_name = LineField("uploaded by", max_length=150)
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(media_type__in=MediaType.values), name="picture_kind_is_known")
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def ending(self) -> str:
        return ENDINGS[self.media_type]

    @property
    def path(self) -> str:
        return f"pictures/{self.digest}.{self.ending}"
