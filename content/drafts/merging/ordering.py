"""In which order the rows of two drafts stand when they are one."""

from collections.abc import Sequence


def common(
    base: Sequence[str] | None, theirs: Sequence[str], mine: Sequence[str]
) -> tuple[tuple[list[str]] | None, list[str], list[str]]:
    """Return the three orders of what all of them have, since what came or went changes no order."""
    everywhere = set(theirs) & set(mine) & set(theirs if base is None else base)
    old, their, my = ([key for key in keys if key in everywhere] for keys in (base or (), theirs, mine))
    return (None if base is None else (old,)), their, my


def woven(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return the first order, and what only the second has, each after what it stands after there."""
    found = list(first)
    before = -1
    for key in second:
        if key not in found:
            found.insert(before + 1, key)
        before = found.index(key)
    return found
