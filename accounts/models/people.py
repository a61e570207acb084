from typing import Any, NoReturn

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from accounts.models.organisations import Organisation
from evidence.audit_trail import AuditTrail
from evidence.fields import PublicLineField


class UserKept(models.ProtectedError):
    """Somebody tried to delete a person; people are deactivated instead."""


class UserQuerySet(models.QuerySet["User"]):
    def delete(self) -> NoReturn:
        # Nothing protects somebody who has only saved drafts, and the audit trail would forget who wrote them.
        raise UserKept(
            "People stay on record: make the accounts inactive instead of deleting them.", set(self)
        )


class KeptUserManager(UserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)


class User(AbstractUser):
    """The account of a person who writes, signs or publishes."""

    printed_name = PublicLineField(
        max_length=150, help_text="As signatures and the ledger print it, such as Maria Ortiz."
    )
    credentials = PublicLineField(
        max_length=150, blank=True, help_text="As printed after the name, such as MD, FASCO."
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        help_text="On whose behalf this person signs.",
    )
    history = AuditTrail(excluded_fields=["password", "last_login"], m2m_fields=["groups"])

    objects = KeptUserManager()  # type: ignore[misc]

    def __str__(self) -> str:
        return self.printed_name or self.username

    def signature(self) -> str:
        return f"{self}, {self.credentials}" if self.credentials else str(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise UserKept(f"{self} stays on record: make the account inactive instead of deleting it.", {self})
