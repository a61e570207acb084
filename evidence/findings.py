"""What stands in the way of something, as data: a code for machines, words for editors, and where to fix it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    BLOCKER = "blocker"
    FOLLOW_UP = "follow-up"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it must be.

    `rule` is its number in the catalogue of publish checks (docs/checks.md), `subject` names the row or heading it is
    about, `fix` the address of the page where it can be fixed, `due_on` (ISO date) the day until which a follow-up should
    be settled; `live_too` says that the page that is public now has it as well.
    """

    code: str
    words: str
    severity: Severity = Severity.BLOCKER
    rule: str = ""
    subject: str = ""
    fix: str = ""
    due_on: str = ""
    live_too: bool = False

    @property
    def due(self) -> date | None:
        return date.fromisoformat(self.due_on) if self.due_on else None

    @property
    def is_follow_up(self) -> bool:
        return self.severity != Severity.BLOCKER

    def as_data(self) -> dict[str, str]:
        return {
            "code": self.code,
            "words": self.words,
            "severity": self.severity.value,
            "rule": self.rule,
            "subject": self.subject,
            "due_on": self.due_on,
        }


class Refused(Exception):
    """A verb was refused; `reasons` holds every one. Nothing was changed."""

    def __init__(self, verb: str, reasons: Iterable[Finding]) -> None:
        self.verb = verb
        self.reasons = tuple(reasons)
        super().__init__("; ".join(reason.words for reason in self.reasons))

    @property
    def codes(self) -> list[str]:
        return [reason.code for reason in self.reasons]


NO_RIGHT = "no-right"


def no_right(words: str) -> Finding:
    return Finding(NO_RIGHT, words, rule="A03")


def refuse_if(verb: str, reasons: Iterable[Finding]) -> None:
    found = list(reasons)
    if found:
        raise Refused(verb, found)
