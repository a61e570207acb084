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
    State.MINE: "Only you changed this; yours is taken.",
    State.THEIRS: "Changed only in what was saved meanwhile; that is taken.",
    State.AGREED: "Both sides say the same now.",
}
SHORT = {State.MINE: "Yours taken", State.THEIRS: "Theirs taken", State.AGREED: "Both the same"}
OF_ANOTHER = {
    "supports": "The access check changed on one side, and this on the other: say again whether it supports the article.",
    "image_alt": "The picture changed on one side, and these words on the other: do they fit the picture?",
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
        return "The two texts differ, and what you had opened is not on record any more."
    return "Both sides changed this."


def there_words(row: Both) -> str:
    is_kept = {State.MINE: row.mine, State.THEIRS: row.theirs}.get(row.state)
    if row.state == State.MINE:
        return (
            "You added this; it is taken in."
            if is_kept
            else "You took this out, and nobody had changed it; it is gone."
        )
    if row.state == State.THEIRS:
        return (
            "Added meanwhile; it is taken in."
            if is_kept
            else "Taken out meanwhile, and you had not changed it; it is gone."
        )
    if row.state == State.AGREED:
        return "Both sides took this out."
    if row.base is None:
        return "Only your text has this." if row.mine else "Only the stored draft has this."
    return (
        "You changed this, and it was taken out meanwhile."
        if row.mine
        else "You took this out, and it was changed meanwhile."
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
        return str(stored or "a picture that is not stored")
    if made.is_relation:
        row = made.related_model._default_manager.filter(pk=key(value)).first()
        if row is None:
            return "no longer there"
        return check_label(row) if isinstance(row, AccessCheck) else str(row)
    return str(dict(made.flatchoices).get(value, value))


def picture(name: str, digest: str) -> str | SafeString:
    stored = Picture.objects.filter(digest=digest).first() if name == "image" and digest else None
    return thumbnail(stored, "") if stored else ""
