"""Dates as files of references write them, as CSL's date-parts."""

import re
from collections.abc import Sequence
from typing import Any

from content.citing import validating

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
NUMBERED = re.compile(r"(\d{4})(?:[/-](\d{1,2})?(?:[/-](\d{1,2})?)?)?(?:[/-](.*))?")
WORDED = re.compile(r"(\d{4})(?: ([A-Z][a-z]{2}))?(?: (\d{1,2}))?")
PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")


def numbered(text: str) -> tuple[list[int], str]:
    """Read a date of RIS, 2025, 2025/10/06/ or 2025-10-06, and what else stands there, such as a season."""
    found = NUMBERED.fullmatch(text)
    if not found:
        return [], text.removeprefix("///")
    parts = sound([found[1], found[2], found[3]])
    return parts, (found[4] or "") if parts else text


def worded(text: str) -> list[int]:
    """Read a date of PubMed, 2016 Dec 1, 2016 Dec or 2016. Of 2016 Nov-Dec or 2016 Winter only the year is taken."""
    found = WORDED.fullmatch(text)
    if not found:
        year = re.match(r"\d{4}\b", text)
        return sound([year[0]]) if year else []
    month = str(MONTHS.index(found[2]) + 1) if found[2] in MONTHS else None
    return sound([found[1], month, found[3]])


def packed(text: str) -> list[int]:
    """Read a date of PubMed, 20160926."""
    found = PACKED.fullmatch(text)
    return sound(list(found.groups())) if found else []


def sound(parts: Sequence[str | None]) -> list[int]:
    """Return the parts up to the first that is missing, or nothing where they are no date."""
    numbers: list[int] = []
    for part in parts:
        if not part:
            break
        numbers.append(int(part))
    return numbers if validating.is_date(numbers) else []


def issued(parts: Sequence[int]) -> dict[str, Any]:
    return {"date-parts": [list(parts)]} if parts else {}


def ris(value: dict[str, Any]) -> str:
    """Write 2025/10/06/: the year, the month, the day, and whatever else."""
    if "literal" in value:
        return f"///{value['literal']}"
    year, month, day = [*(int(part) for part in value["date-parts"][0]), 0, 0][:3]
    return "/".join([f"{year:04}", f"{month:02}" if month else "", f"{day:02}" if day else "", ""])
