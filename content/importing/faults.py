"""What is wrong with a file, or doubtful about it: the line and plain words."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import models


class Note(NamedTuple):
    """Line 0 is the file as a whole."""

    line: int
    words: str


class BadFile(Exception):
    """The file is not imported; `notes` holds every reason, `counted_in` what their numbers count."""

    counted_in = "line"

    def __init__(self, notes: Iterable[Note]) -> None:
        self.notes = sorted(notes, key=lambda note: note.line)
        super().__init__(" ".join(note.words for note in self.notes))


class Unreadable(BadFile):
    """Not what it claims to be, or broken on its way here."""


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
