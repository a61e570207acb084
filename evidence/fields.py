"""Fields whose text has one spelling in the database, on whatever path it came: form, save, update, bulk, fixture."""

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from evidence.characters import hidden_characters, mojibake, printable
from evidence.permitted import strange


def line(text: str) -> str:
    """Return the text as one line with single spaces.

    No-break spaces become plain ones, so that no two names differ by that alone.
    """
    return unicodedata.normalize("NFC", " ".join(printable(text).split()))


def lines(text: str) -> str:
    text = printable(text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line(each) for each in text.split("\n")).strip("\n")


class OneSpelling(models.Field):
    """Tidies in `to_python`: `clean` calls it, and so does `get_prep_value`, which each way to the database passes.

    Migrations record the plain Django field: the database sees no difference, and old migrations need no old code.
    """

    def tidy(self, text: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return self.tidy(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # The instance gets the tidied text too, so that it reads as it is stored.
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = self.tidy(value)
            setattr(model_instance, self.attname, value)
        return value


class LineField(OneSpelling, models.CharField):
    """Text of one line: a name, a title."""

    def tidy(self, text: str) -> str:
        return line(text)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def as_it_looks(text: str) -> None:
    """Refuse a text that is not what it looks like, for it would be printed on public pages."""
    for flaw in (*strange(text), *hidden_characters(text), *mojibake(text)):
        raise ValidationError(
            f"The word “{flaw.snippet}” can be taken for another: {flaw.words}. Type it again.",
            code="strange",
        )


class PublicLineField(LineField):
    """Text of one line that public pages print."""

    default_validators = [as_it_looks]


class TextLinesField(OneSpelling, models.TextField):
    """Plain text of several lines."""

    def tidy(self, text: str) -> str:
        return lines(text)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
