"""Words with their looks. A number is one token, so that 1.5 never differs from 15 by a dot alone."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

Marks = frozenset[tuple[str, str]]  # pairs of a tag and its target, which is empty but for links
Run = tuple[str, Marks]
PLAIN: Marks = frozenset()

_ADDRESS = r"(?:https?://|www\.)[^\s<>]*[^\s<>.,;:)\]]"
# With sign, decimals, and whatever ties digits to digits: 1,000 or 5–10 or 3/4 or 2025-10-06.
_NUMBER = r"(?:(?<!\w)[+−-])?(?:(?<!\w)\.)?\d+(?:[.,:/–−-]\d+)*"
_WORD = r"[^\W\d_](?:\w|['’‑-](?=\w))*"
_TOKEN = re.compile(rf"\s+|{_ADDRESS}|{_NUMBER}|{_WORD}|\S")


@dataclass(frozen=True)
class Token:
    """`gap` is the blank before it; `looks` are its stretches with their marks."""

    text: str
    looks: tuple[Run, ...] = ()
    gap: str = ""

    @property
    def written(self) -> str:
        return self.gap + self.text

    @property
    def marks(self) -> Marks:
        return PLAIN.union(*(marks for _, marks in self.looks))

    @property
    def href(self) -> str:
        return next((target for tag, target in self.marks if tag == "a"), "")

    @property
    def is_address(self) -> bool:
        return self.text.startswith(("http://", "https://", "www."))

    @property
    def is_number(self) -> bool:
        return not self.is_address and any(char.isnumeric() for char in self.text)


def tokens(runs: Iterable[Run]) -> tuple[Token, ...]:
    return tuple(_tokens(list(runs)))


def plain(text: str) -> tuple[Token, ...]:
    return tokens([(text, PLAIN)])


def _tokens(runs: list[Run]) -> Iterator[Token]:
    text = "".join(words for words, _ in runs)
    marks = [each for words, each in runs for _ in words]
    gap = ""
    for start, end in _scripts(runs):
        for match in _TOKEN.finditer(text, start, end):
            if match[0].isspace():
                gap += match[0]
                continue
            yield Token(match[0], _looks(match[0], marks[match.start() : match.end()]), gap)
            gap = ""
    if gap:
        yield Token("", (), gap)


def _scripts(runs: list[Run]) -> Iterator[tuple[int, int]]:
    # A raised 9 is another word than the 10 before it; a bold letter is not.
    start = 0
    for _, group in groupby(runs, key=lambda run: {tag for tag, _ in run[1]} & {"sub", "sup"}):
        end = start + sum(len(words) for words, _ in group)
        yield start, end
        start = end


def _looks(text: str, marks: list[Marks]) -> tuple[Run, ...]:
    looks, start = [], 0
    for each, group in groupby(marks):
        end = start + len(list(group))
        looks.append((text[start:end], each))
        start = end
    return tuple(looks)


def hidden(text: str) -> list[str]:
    # Without the names of characters that nobody sees, a change of one would look like none.
    unseen = [char for char in text if char not in " \n" and unicodedata.category(char)[0] in "CZ"]
    return [
        f"invisible character {unicodedata.name(char, 'without name').lower()} (U+{ord(char):04X})"
        for char in dict.fromkeys(unseen)
    ]
