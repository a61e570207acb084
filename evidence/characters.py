"""Characters that went wrong on the way here: those nobody sees, and words broken by a wrong character set."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Flaw:
    """A word as it stands, and what is wrong with it, for the editor."""

    snippet: str
    words: str


# Format characters that are seen (Arabic and Syriac number signs), and blank ones that count as letters.
_SEEN = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_UNSEEN = set("\ufffd\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
# Between letters of these scripts (Hebrew to Mongolian) the joiners are spelling.
_JOINED = re.compile("(?<=[\u0590-\u18af])[\u200c\u200d]")
_SUSPECT = re.compile(r"[^\x20-\x7e]")
_WORD = re.compile(r"[^ \t\r\n]+")
_ADDRESS = re.compile(r"://|^\W*www\.|\w@\w|\w\.\w{2,}/|\?[\w.-]+=")

# UTF-8's second and later bytes, as Windows-1252 and Latin-1 show them; those that may follow a letter in earnest.
_TAIL = bytes(range(0x80, 0xC0)).decode("cp1252", "ignore") + "".join(map(chr, range(0x80, 0xA0)))
_EARNEST = "‘’‚“”„…–—‹›«»\u00a0"
_CERTAIN = "".join(sorted(set(_TAIL) - set(_EARNEST) - set("²³¹"))).replace("-", r"\-")
_WRONG_CHARSET = re.compile(
    rf"Â[{_TAIL}]|(?<=[\d%.,;:)])Â(?!\w)"
    rf"|Ã[{_CERTAIN}²³¹]|(?<![A-ZÀ-Þ])Ã[{_EARNEST}]"  # IRMÃ” is a Portuguese capital before a quotation mark
    rf"|[ÄÅÐÑ][{_CERTAIN}]|[ÎÏ][{_CERTAIN}²³¹]|Å“(?=\w)"  # Å² is an area
    rf"|â[€\x80]|â[{_TAIL}]{{2}}|ð[Ÿ\x9f][{_TAIL}]|ï»¿|ï¿½"
    r"|¡[ª\xad®¯°±]|¨C(?=\w)"  # GB 2312 read as Latin-1
)
_QUESTION = re.compile(r"([^\W\d_])\?{1,2}([^\W\d_])|\d\?\d")


def printable(text: str) -> str:
    """Return the text without the characters that databases and XML refuse.

    C1 controls stay, since they betray a wrong character set.
    """
    text = re.sub(r"[\x0b\x0c\x1c-\x1f]", " ", text)
    text = re.sub(r"[\x00-\x08\x0e-\x1b\x7f]", "", text)
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


def hidden_characters(text: str) -> list[Flaw]:
    """List characters that nobody sees and those that stand for a lost one, each once per word."""
    return [
        Flaw(word, f"{_name(char)} (U+{ord(char):04X})")
        for word in _WORD.findall(text)
        for char in dict.fromkeys(_SUSPECT.findall(_JOINED.sub("", word)))
        if is_hidden(char)
    ]


def is_hidden(char: str) -> bool:
    if char in _UNSEEN or ord(char) & 0xFFFE == 0xFFFE or "\ufdd0" <= char <= "\ufdef":
        return True
    return unicodedata.category(char) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} and char not in _SEEN


def _name(char: str) -> str:
    unnamed = "private character" if unicodedata.category(char) == "Co" else "control character"
    return unicodedata.name(char, unnamed).lower()


def mojibake(text: str) -> list[Flaw]:
    """List words that a wrong character set has broken.

    Web addresses are left out, because they may hold a question mark.
    """
    flaws = []
    for word in _WORD.findall(text):
        if not _ADDRESS.search(word) and (broken := _broken(word)):
            flaws.append(Flaw(word, f"“{broken}” is where another character was lost"))
    return flaws


def _broken(word: str) -> str | None:
    if found := _WRONG_CHARSET.search(word):
        return found[0]
    for found in _QUESTION.finditer(word):
        left, right = found.groups(default="")
        if not (left.islower() and right.isupper()):  # no?Then lacks a blank and nothing else
            return found[0]
    return None
