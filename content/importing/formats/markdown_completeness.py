"""The safety net under Markdown: every word of the file is in the HTML made from it. Shares no code with the parser."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import unquote

from content.decoding import Note
from content.importing.faults import WordsLost, first_words, not_arrived

WORD = re.compile(r"[^\W_]+")
# Numbers of list items, names of fences and labels of link targets are signs, not words.
SIGNS = re.compile(r"^[ >\t*+-]*(?:\d{1,9}[.)](?=\s|$)|(?:```+|~~~+).*$)", re.MULTILINE)
LABEL = re.compile(r"(?<=\])\[[^\]]*\]")
ADDRESS = re.compile(r'(?:href|src)="([^"]*)"')


def check(text: str, html: str, env: Mapping[str, Any]) -> None:
    """Compare the file with the HTML made from it. Raises WordsLost."""
    defined = lines_of_definitions(env)
    text = SIGNS.sub(blanked, LABEL.sub("", text) if defined else text)
    given = [
        Note(number, word)
        for number, line in enumerate(text.split("\n"), start=1)
        for word in (words(line) if number not in defined else [])
    ]
    if lost := not_arrived(given, words(html)):
        said = first_words(lost)
        raise WordsLost(
            [Note(lost[0].line, f"Markdown's rules would drop these words: “{said}”. Nothing was imported.")]
        )


def lines_of_definitions(env: Mapping[str, Any]) -> set[int]:
    """Return the lines that only say where links lead: “[label]: address”."""
    defined = [*env.get("references", {}).values(), *env.get("duplicate_refs", [])]
    return {line + 1 for each in defined for line in range(*each["map"])}


def words(text: str) -> list[str]:
    return WORD.findall(unquote(unescape(text)))


def blanked(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def unused(env: Mapping[str, Any], html: str) -> Iterator[Note]:
    """Report targets that were defined, and to which no link leads."""
    used = {unescape(address) for address in ADDRESS.findall(html)}
    for label, target in env.get("references", {}).items():
        if target["href"] not in used:
            words = f"No link uses “[{label}]: {target['href']} {target['title']}".rstrip()
            yield Note(target["map"][0] + 1, f"{words}”. It is not imported.")
