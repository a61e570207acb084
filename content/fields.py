"""Prose as a column: one spelling in the database, on whatever path it came, and the editor that writes it."""

from typing import Any

from django import forms
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField

from content import prose
from evidence.fields import OneSpelling

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
    # These are no links there, but signs that show their number: static/staff/markers.js.
    "Marker": True,
}


class ProseFormField(ProseEditorFormField):
    def has_changed(self, initial: Any, data: Any) -> bool:
        # The editor spells some things differently; opening and saving without an edit is no change.
        return not self.disabled and prose.canonical(initial or "") != prose.canonical(data or "")


class ProseField(OneSpelling, ProseEditorField):
    def tidy(self, text: str) -> str:
        return prose.canonical(text)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"extensions": EXTENSIONS, "sanitize": prose.canonical}
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": ProseFormField} | kwargs)
