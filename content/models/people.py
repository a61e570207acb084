from typing import TYPE_CHECKING, Any, NoReturn

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from content.fields import LineField


class UserKept(models.ProtectedError):
    """Somebody tried to delete a person; people are deactivated instead."""


class PersonQuerySet(models.QuerySet["Person"]):
    def delete(self) -> NoReturn:
        """Nothing protects somebody who has only saved drafts; the audit trail would forget who wrote them."""
        raise UserKept(
            "People stay on record: make the accounts inactive instead of deleting them.", set(self)
        )


class PersonManager(UserManager["Person"]):
    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db)


class AbstractPerson(AbstractUser):
    """Somebody who writes, signs or publishes; the project's User is one."""

    printed_name = LineField(
        max_length=150, help_text="As signatures and ledgers print it, such as Maria Ortiz."
    )
    credentials = LineField(
        max_length=150, blank=True, help_text="As printed after the name, such as MD, FASCO."
    )
    organisation = models.ForeignKey(
        "content.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        help_text="On whose behalf this person signs.",
    )

    objects = PersonManager()  # type: ignore[misc, assignment]

    class Meta(AbstractUser.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.printed_name or self.username

    def signature(self) -> str:
        return f"{self}, {self.credentials}" if self.credentials else str(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise UserKept(f"{self} stays on record: make the account inactive instead of deleting it.", {self})


if TYPE_CHECKING:
    # The stubs' name for whatever AUTH_USER_MODEL is: cms.User, which this room may not import.
    from django.contrib.auth.models import _User

    Person = _User
else:
    Person = AbstractPerson
