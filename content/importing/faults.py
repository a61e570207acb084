"""What is wrong with a file, or doubtful about it: the line and plain words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.db import models

from content.decoding import BadFile, Note


class Unplaceable(BadFile):
    """Readable, but it has no title, or something in it has no room here."""


class WordsLost(BadFile):
    """Words of the file would not arrive, or not in their order."""


WORDS_SHOWN = 12  # enough to find the place in the file


def not_arrived(given: Iterable[Note], arrived: Iterable[str]) -> list[Note]:
    """The words of a file for which none of those that arrived is left: each that arrived answers for one."""
    left = Counter(arrived)
    lost = []
    for note in given:
        left[note.words] -= 1
        if left[note.words] < 0:
            lost.append(note)
    return lost


def first_words(lost: Sequence[Note]) -> str:
    return " ".join(note.words for note in lost[:WORDS_SHOWN])


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
