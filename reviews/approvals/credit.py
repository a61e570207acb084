"""The credit sentence: a pure function of who, in which role, holds an approval. Nobody can type it."""

from collections.abc import Iterable
from dataclasses import dataclass

ORDER = ("medical review", "contribution")


@dataclass(frozen=True)
class Earned:
    """A role that an organisation earned by an approval that holds."""

    organisation: str
    role: str
    is_publishing: bool = False


def sentence(house: str, earned: Iterable[Earned]) -> str:
    """Write the credit sentence; it is empty when nobody signed. `house` is the house's phrase.

    The house's own roles are never repeated after “with”.
    """
    earned = list(earned)
    if not earned:
        return ""
    roles: dict[str, set[str]] = {}
    for credit in earned:
        if credit.role and not credit.is_publishing:
            roles.setdefault(credit.organisation, set()).add(credit.role)
    partners = [f"{listed(in_order(roles[name]))} by {name}" for name in sorted(roles)]
    return f"Developed by the {house} with {listed(partners)}." if partners else f"Developed by the {house}."


def in_order(roles: set[str]) -> list[str]:
    return sorted(roles, key=lambda role: (ORDER.index(role) if role in ORDER else len(ORDER), role))


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
