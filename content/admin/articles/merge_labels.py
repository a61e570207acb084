"""The words of the merge page: what a piece is called, what stands in it, and why it is taken or asked."""

from typing import Any

from django.db import models
from django.utils.safestring import SafeString

from content.admin.articles.forms import check_label
from content.admin.pictures import thumbnail
from content.differences import Value
from content.drafts.merging import PROSE, Both, Piece, State
from content.models import AccessCheck, Picture
from content.request_numbers import key

Model = type[models.Model]
TAKEN = {
    State.MINE: "Only you changed this. Your version is used.",
    State.THEIRS: "Only the saved draft changed this. The saved version is used.",
    State.AGREED: "Both versions say the same.",
}
SHORT = {State.MINE: "Yours is used", State.THEIRS: "The saved one is used", State.AGREED: "No difference"}
OF_ANOTHER = {
    "supports": "One of you changed the access check and the other changed this answer. Say again whether the source "
    "supports the article.",
    "image_alt": "One of you changed the picture and the other changed its description. Check that the description "
    "fits the picture.",
}


def label_of(model: Model, name: str) -> str:
    if name == "image":
        return "Picture"
    words = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return words[:1].upper() + words[1:]


def why(piece: Piece) -> str:
    if piece.is_said_of_another:
        return OF_ANOTHER["supports" if piece.name == "supports" else "image_alt"]
    if not piece.is_base_known:
        return "The two texts differ, and the version that you opened is no longer on record."
    return "You and the saved draft both changed this."


def there_words(row: Both) -> str:
    is_kept = {State.MINE: row.mine, State.THEIRS: row.theirs}.get(row.state)
    if row.state == State.MINE:
        return (
            "You added this. It stays in."
            if is_kept
            else "You removed this, and nobody had changed it. It stays out."
        )
    if row.state == State.THEIRS:
        return (
            "The saved draft added this. It stays in."
            if is_kept
            else "The saved draft removed this, and you had not changed it. It stays out."
        )
    if row.state == State.AGREED:
        return "Both of you removed this."
    if row.base is None:
        return "Only your text has this." if row.mine else "Only the saved draft has this."
    return (
        "You changed this, and the saved draft removed it."
        if row.mine
        else "You removed this, and the saved draft changed it."
    )


def values(model: Model, columns: dict[str, Any]) -> list[Value]:
    return [
        Value(label_of(model, name), words, is_prose=name in PROSE)
        for name, value in columns.items()
        if (words := in_words(model, name, value))
    ]


def in_words(model: Model, name: str, value: Any) -> str:
    made: Any = model._meta.get_field(name)
    if value in (None, ""):
        return ""
    if name == "image":
        stored = Picture.objects.filter(digest=value).first()
        return str(stored or "a picture that was not stored")
    if made.is_relation:
        row = made.related_model._default_manager.filter(pk=key(value)).first()
        if row is None:
            return "no longer in the library"
        return check_label(row) if isinstance(row, AccessCheck) else str(row)
    return str(dict(made.flatchoices).get(value, value))


def picture(name: str, digest: str) -> str | SafeString:
    stored = Picture.objects.filter(digest=digest).first() if name == "image" and digest else None
    return thumbnail(stored, "") if stored else ""
