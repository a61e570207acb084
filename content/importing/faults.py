"""What is wrong with a file, or doubtful about it: the line and plain words."""

from collections.abc import Iterator

from django.db import models

from content.decoding import BadFile, Note


class Unplaceable(BadFile):
    """Readable, but it has no title, or something in it has no room here."""


class WordsLost(BadFile):
    """Words of the file would not arrive, or not in their order."""


def too_long(model: type[models.Model], line: int, **texts: str) -> Iterator[Note]:
    for name, text in texts.items():
        field = model._meta.get_field(name)
        room = getattr(field, "max_length", None)
        if room and len(text) > room:
            what = str(getattr(field, "verbose_name", name))
            yield Note(
                line,
                f"There is room for {room} characters of {model._meta.verbose_name} {what}, and here are "
                f"{len(text)}: “{text[:60]}…”. Shorten it.",
            )
