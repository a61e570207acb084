"""How counts and days stand in a sentence, the same on every page, in every message and in every mail."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Return “1 edition” or “3 editions”. `nouns` is the plural of a noun that takes more than an s."""
    return f"{count} {noun if count == 1 else nouns or f'{noun}s'}"


def shortened(text: str, most: int = 60) -> str:
    """Return the text, or its beginning with an ellipsis where it is longer than so many characters."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def long_date(day: date) -> str:
    """Return “December 5, 2025”; of a moment, its day in the time zone of the house."""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    # Not %-d: the C library of some systems knows no such thing.
    return f"{day:%B} {day.day}, {day.year}"


def moment(at: datetime) -> str:
    """Return “December 5, 2025, 9:30 a.m. EST”, in the time zone of the house."""
    return date_format(timezone.localtime(at), "F j, Y, P T", use_l10n=False)


def moment_to_the_second(at: datetime) -> str:
    """Return “December 5, 2025, 9:30:07 a.m. EST”, where two of them may fall into one minute."""
    return date_format(timezone.localtime(at), "F j, Y, g:i:s a T", use_l10n=False)
