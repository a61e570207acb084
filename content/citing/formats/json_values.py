"""The values of a JSON list, cut out of the file one by one: each is known by its number and line, and a hostile file
costs no more memory than one entry may take.

No library does both. `json.loads` takes 1.1 GB for 50 MB of empty lists. So does ijson where they stand in one entry; it
also keeps the last of two equal names without a word, and knows no lines.
"""

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any, NoReturn

from content import decoding
from content.citing.formats.entries import Fault, Unfit

# Enough for nearly every entry; a longer one is read a second time.
CHUNKS = (16 * 1024, 1024 * 1024)
BLANKS = re.compile(rb"[ \t\r\n]*")


def values(data: bytes) -> Iterator[tuple[int, Any]]:
    """Give each value with its line. A lone object counts as a list of one. Raises Unfit where the file is not JSON."""
    cursor = Cursor(data)
    if cursor.next_is(b"{"):
        yield cursor.line, cursor.value()
    elif cursor.takes(b"["):
        while not cursor.takes(b"]"):
            if cursor.number and not cursor.takes(b","):
                cursor.refuse_end()
            cursor.skip_blanks()
            yield cursor.line, cursor.value()
    else:
        raise Unfit(Fault("json", "The file does not begin as JSON does, with [ or {.", 0, cursor.line))
    cursor.refuse_more()


class Cursor:
    """A place in the file, and what stands there; `number` counts the values read."""

    def __init__(self, data: bytes) -> None:
        self.data, self.number, self.line = data, 0, 1
        self.place = len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0
        self.skip_blanks()

    def next_is(self, mark: bytes) -> bool:
        return self.data.startswith(mark, self.place)

    def takes(self, mark: bytes) -> bool:
        self.skip_blanks()
        if not self.next_is(mark):
            return False
        self.place += 1
        return True

    def skip_blanks(self) -> None:
        found = BLANKS.match(self.data, self.place)
        assert found
        self.line += self.data.count(b"\n", self.place, found.end())
        self.place = found.end()

    def value(self) -> Any:
        self.number += 1
        problem, text = Exception(), ""
        for size in CHUNKS:
            text = self.data[self.place : self.place + size].decode("utf-8", "surrogateescape")
            try:
                value, end = DECODER.raw_decode(text)
            except (ValueError, RecursionError) as error:
                problem = error
                continue
            self.go_behind(text[:end])
            return value
        raise self.unfit(problem, text)

    def go_behind(self, text: str) -> None:
        faults = [
            Fault("not-utf8", note.words, self.number, self.line + note.line - 1)
            for note in decoding.undecodable(text)
        ]
        if faults:
            raise Unfit(*faults)
        self.place += len(text.encode())
        self.line += text.count("\n")

    def unfit(self, problem: Exception, text: str) -> Unfit:
        line, code, words = self.line, "json", f"This is not JSON: {problem}."
        if isinstance(problem, json.JSONDecodeError):
            line += problem.lineno - 1
            words = f"This is not JSON: {problem.msg}."
            if problem.pos >= len(text.rstrip()) - 1 or problem.msg.startswith("Unterminated"):
                code, words = self.unended()
        elif isinstance(problem, RecursionError):
            words = "This entry has too many brackets within brackets."
        return Unfit(Fault(code, words, self.number, line))

    def unended(self) -> tuple[str, str]:
        if len(self.data) - self.place > CHUNKS[-1]:
            return "entry-too-large", "No reference is as long as this entry, over 1 MB."
        return "cut-off", "The file ends in the middle of this entry."

    def refuse_end(self) -> NoReturn:
        if self.place == len(self.data):
            raise Unfit(
                Fault(
                    "cut-off",
                    "The file ends after this entry without closing the list.",
                    self.number,
                    self.line,
                )
            )
        raise Unfit(
            Fault(
                "json",
                "After this entry a comma or the end of the list (]) is missing.",
                self.number,
                self.line,
            )
        )

    def refuse_more(self) -> None:
        self.skip_blanks()
        if self.place < len(self.data):
            raise Unfit(Fault("outside", "There is more text after the end of the list.", 0, self.line))


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"“{key[:60]}” is in it twice")
        found[key] = value
    return found


def refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"it has no {text}")


DECODER = json.JSONDecoder(object_pairs_hook=unique, parse_constant=refuse_constant)
