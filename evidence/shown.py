"""A form carries what its page showed.

Every page on which somebody decides states facts that the decision rests on: the text, the signer's printed name, what
is public. Its form carries them back, sealed, and the verb compares them, under its lock, with what the page would state
now.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from django import forms
from django.core import signing

from evidence.findings import Finding
from evidence.ledger import sha256

SALT = "evidence.shown"


@dataclass(frozen=True)
class Statement:
    """One fact that a page states: its words, or the digest of what is too long to tell.

    `words` say that it changed; without them both values are told. Where one that is `alone` differs, the form belongs
    to another page, and nothing else is told.
    """

    name: str
    value: str
    code: str = "stale-page"
    words: str = ""
    alone: bool = False

    def now_instead_of(self, shown: str | None) -> str:
        if self.words:
            return self.words
        was = f"was “{shown}” on your page" if shown else "was not on your page"
        now = f"is “{self.value}” now" if self.value else "is empty now"
        return f"{self.name} {was}, and {now}. Read the page again, then decide."


# By a lasting code of each, in the order in which changes are told.
Statements = dict[str, Statement]


def new_nonce() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Shown:
    """What a page stated, by the codes of its statements. `nonce` is the number of the one form that it gave out."""

    values: Mapping[str, str]
    nonce: str = field(default_factory=new_nonce)

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON (RFC 8785) of what was stated; the form's number is no part of it."""
        return sha256(rfc8785.dumps(dict(self.values)))


def shown(statements: Statements) -> Shown:
    return Shown({code: statement.value for code, statement in statements.items()})


def sealed(what: Shown) -> str:
    return signing.dumps([what.nonce, dict(what.values)], salt=SALT, compress=True)


def opened(text: str) -> Shown | None:
    """Return what a form carried; nothing where it carried nothing that a page of ours gave out."""
    try:
        nonce, values = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return None
    return Shown(values, nonce)


def changed(carried: Shown, now: Statements) -> Iterator[Finding]:
    """Find each statement that the page would make otherwise now."""
    differing = {code: each for code, each in now.items() if carried.values.get(code) != each.value}
    alone = {code: each for code, each in differing.items() if each.alone}
    for code, statement in (alone or differing).items():
        yield Finding(statement.code, statement.now_instead_of(carried.values.get(code)))
    if carried.values.keys() - now.keys():
        yield Finding(
            "stale-page", "Your page showed something that is no longer there. Read the page again."
        )


def of_values(values: Iterable[Any]) -> str:
    """Return one digest of several values that JSON can hold."""
    return sha256(rfc8785.dumps(list(values)))


class ShownField(forms.CharField):
    """Carries what a page showed, hidden in its form."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        return sealed(value) if isinstance(value, Shown) else value

    def clean(self, value: Any) -> Shown:
        found = opened(super().clean(value))
        if found is None:
            raise forms.ValidationError("This form does not say what its page showed. Open the page again.")
        return found
