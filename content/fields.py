"""Fields whose text has one spelling in the database, on whatever path it came: form, save, update, bulk, fixture."""

import unicodedata
from typing import Any

from django import forms
from django.db import models
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField

from content import prose

# Every extension another one depends on is named; the editor warns of each it has to guess.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Superscript": True,
    "Subscript": True,
    "HardBreak": True,
    "Blockquote": True,
    "BulletList": True,
    # Letters and Roman numerals are not offered, for only numbers are kept.
    "OrderedList": {
        "listTypes": [{"label": "1, 2, 3, …", "type": "decimal", "description": "Decimal numbers"}]
    },
    "ListItem": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "History": True,
    # A link whose scheme is not named here would vanish as soon as the text is opened in the editor.
    "Link": {"enableTarget": False, "protocols": sorted(prose.SCHEMES - {"reference"})},
    # These are no links there, but signs that show their number: static/admin-skin/markers.js.
    "Marker": True,
}


def line(text: str) -> str:
    """One line: every blank a single space, a no-break space too, so that no two names differ by that alone."""
    return unicodedata.normalize("NFC", " ".join(prose.printable(text).split()))


def lines(text: str) -> str:
    text = prose.printable(text).replace("\r\n", "\n").replace("\r", "\n")
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
        """Set the tidied text on the instance too, so that it reads as it is stored."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = self.tidy(value)
            setattr(model_instance, self.attname, value)
        return value


class ProseFormField(ProseEditorFormField):
    def has_changed(self, initial: Any, data: Any) -> bool:
        """The editor spells some things differently; opening and saving without an edit is no change."""
        return not self.disabled and prose.canonical(initial or "") != prose.canonical(data or "")


class ProseField(OneSpelling, ProseEditorField):
    def tidy(self, text: str) -> str:
        return prose.canonical(text)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"extensions": EXTENSIONS, "sanitize": prose.canonical}
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": ProseFormField} | kwargs)


class LineField(OneSpelling, models.CharField):
    """Text of one line: a name, a title."""

    def tidy(self, text: str) -> str:
        return line(text)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class TextLinesField(OneSpelling, models.TextField):
    """Plain text of several lines."""

    def tidy(self, text: str) -> str:
        return lines(text)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs
