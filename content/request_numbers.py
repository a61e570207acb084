"""Numbers that come from outside: keys and counts in forms and addresses."""

# Eighteen digits fit into every column of keys; Python itself reads no more than a few thousand.
MOST_DIGITS = 18


def number(text: object) -> int | None:
    """Read a number, or return None where it is none, or none that could be a key."""
    digits = str(text)
    return int(digits) if digits.isdecimal() and len(digits) <= MOST_DIGITS else None


def key(text: object) -> int:
    # 0, which no row has, where it is none.
    return number(text) or 0
