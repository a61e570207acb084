"""Names and dates as editors type them into a form, one name a line; each is read back as it was written."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from content.citing import formatting, validating

Name = dict[str, str]
PARTICLES = frozenset(
    "af al av d' da das de dei del della den der di do dos du el la las le los op ten ter van vom von zu zum zur".split()
)
QUOTES = {'"': '"', "“": "”"}


def name_written(name: Mapping[str, str]) -> str:
    """Write “van der Berg, Anna, Jr” for a person, and a body as it is, in quotation marks where a comma would
    mislead.
    """
    if body := name.get("literal"):
        return f'"{body}"' if "," in body or is_quoted(body) else body
    family = joined(name.get("non-dropping-particle"), name.get("family"))
    given = joined(name.get("given"), name.get("dropping-particle"))
    suffix = name.get("suffix")
    return f"{family}, {given}, {suffix}" if suffix else f"{family}, {given}".strip()


def name_read(line: str) -> Name:
    if is_quoted(line):
        return {"literal": line[1:-1].strip()}
    if "," not in line:
        return {"literal": line}
    family, given, suffix = [*(part.strip() for part in line.split(",", 2)), ""][:3]
    before, family = particle_first(family.split())
    given, after = particle_last(given.split())
    parts = {
        "family": family,
        "given": given,
        "non-dropping-particle": before,
        "dropping-particle": after,
        "suffix": suffix,
    }
    return {part: text for part, text in parts.items() if text}


def joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def is_quoted(text: str) -> bool:
    return len(text) > 2 and QUOTES.get(text[0]) == text[-1]


def particle_first(words: Sequence[str]) -> tuple[str, str]:
    """Split “van der Berg” where the words in small letters before the name end."""
    count = 0
    while count < len(words) - 1 and words[count] in PARTICLES:
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def particle_last(words: Sequence[str]) -> tuple[str, str]:
    """Split “Jean de”, of Jean de La Fontaine, where the words in small letters behind it begin."""
    count = len(words)
    while count > 1 and words[count - 1] in PARTICLES:
        count -= 1
    return " ".join(words[:count]), " ".join(words[count:])


def names_written(names: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(map(name_written, names))


def names_read(text: str, stored: Sequence[Name] = ()) -> list[Name]:
    # A line that was not touched keeps the parts it was stored with, though others would read the same.
    known = {name_written(name): name for name in stored}
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.splitlines()]
    return [known.get(line) or name_read(line) for line in lines if line]


def date_written(parts: Sequence[int | str], words: str = "") -> str:
    """Write 2025, 2025-10 or 2025-10-06, or `words` where the date is not one of the calendar."""
    return "-".join(str(part).zfill(2) for part in parts) or words


MONTHS = {name[:3].lower(): number for number, name in enumerate(formatting.MONTHS["en"], start=1)}
NUMBERED = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2}))?(?:[-/]([0-9]{1,2}))?")
WORDED = re.compile(r"([A-Za-z]{3,9})\.? (?:([0-9]{1,2}),? )?([0-9]{4})")
DATE_IS_WRITTEN = (
    "Write it as 2025, 2025-10, 2025-10-06 or October 6, 2025, or as words with a year, such as Summer 2025."
)


def date_read(text: str) -> dict[str, Any]:
    """Read a CSL date with the precision that was typed, or in words; {} of nothing.

    Raises ValueError in an editor's words.
    """
    text = text.strip()
    if not text:
        return {}
    if parts := date_parts(text):
        if not validating.is_date(parts):
            raise ValueError(f"“{text}” is not a calendar date. {DATE_IS_WRITTEN}")
        return {"date-parts": [parts]}
    if re.search(r"[^\W\d_]", text) and re.search(r"(?<![0-9])[0-9]{4}(?![0-9])", text):
        return {"literal": text}
    raise ValueError(f"“{text}” is not a date. {DATE_IS_WRITTEN}")


def date_parts(text: str) -> list[int]:
    if found := NUMBERED.fullmatch(text):
        return [int(part) for part in found.groups() if part]
    found = WORDED.fullmatch(text)
    month = MONTHS.get(found[1][:3].lower()) if found else None
    # Whole names and their short forms, so that “Marginal 2020” is no March.
    if not found or not month or not formatting.MONTHS["en"][month - 1].lower().startswith(found[1].lower()):
        return []
    return [int(found[3]), month, *([int(found[2])] if found[2] else [])]
