"""Which characters a public text may hold: what is read must be what is written.

Letters by their script, marks and signs by a list. Unicode has many that look like another one, that draw over their neighbours
or turn the order of reading round; none of these is needed to write about medicines in English or Spanish.
"""

import re
import unicodedata
from collections.abc import Iterator

from evidence.characters import Flaw, is_hidden

# Beside ASCII: punctuation, currencies, units and signs that authors and publishers use.
SIGNS = frozenset(
    "¡¿§¶©®™°±×÷·•†‡′″‘’“”«»‹›…–—―‐‑−≈≠≤≥→←↑↓⇒½¼¾⅓⅔⅛¹²³⁰⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉ªº‰€£¥¢µ℃√∞∆\u00a0\u2009\u202f"
)
# Latin letters that are hard to tell from others, or that only old or phonetic spellings have.
NOT_LATIN = frozenset("ĸŉſƀƃƄƅƋƌƍƖƚƛƞƠơƢƣƤƥƦƧƨƪƫƭƮƯưƱƲƳƴƵƶƷƸƹƺƻƼƽƾƿǀǁǂǃ")
# Greek letters that stand in names of medicine and look like no Latin letter (α, as in TGFα, only where a word ends or begins).
GREEK_SIGNS = frozenset("αβγδεζηθκλμπστφχψωΓΔΘΛΞΠΣΦΨΩ")
# Letters of other scripts that look like Latin ones: a word of these alone cannot be told from a Latin word.
LOOK_LATIN = frozenset("асԁеһіјӏорԛѕԝухуґАВСЕНІЈКМОРЅТХУҮԌοονρυιαΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
# In these, vowels and tones are marks of their own.
MARKED_SCRIPTS = frozenset(
    "ARABIC BENGALI DEVANAGARI GUJARATI GURMUKHI HEBREW KANNADA KHMER LAO MALAYALAM MYANMAR SINHALA TAMIL TELUGU THAI "
    "TIBETAN".split()
)
_WORD = re.compile(r"[^ \t\r\n\u00a0\u2009\u202f]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ASCII = re.compile(r"[\x20-\x7e\t\r\n]*")


def strange(text: str) -> list[Flaw]:
    """List the words that a reader could take for others, each with what is wrong with it."""
    if _ASCII.fullmatch(text):
        return []
    found = []
    for word in _WORD.findall(text):
        if not word.isascii() and (words := next(_against(word), "")):
            found.append(Flaw(word, words))
    return found


def _against(word: str) -> Iterator[str]:
    for at, char in enumerate(word):
        # Those that nobody sees are named by `hidden_characters`.
        if not char.isascii() and not is_hidden(char) and not _may_stand(word, at):
            yield f"{_named(char)} is not permitted"
    for letters in _LETTERS.findall(word):
        yield from _against_letters(letters)


def _may_stand(word: str, at: int) -> bool:
    char = word[at]
    category = unicodedata.category(char)
    if category == "Cf":
        return True
    if category.startswith("M"):
        return at > 0 and script(word[at - 1]) in MARKED_SCRIPTS
    if category.startswith("L") and char not in "ªº":
        return _is_letter(char)
    if category == "Nd":
        letters = [each for each in word if each.isalpha()]
        return bool(letters) and all(script(each) == script(char) for each in letters)
    return char in SIGNS or (
        category.startswith("P") and script(char) in MARKED_SCRIPTS | {"CJK", "IDEOGRAPHIC"}
    )


def _is_letter(char: str) -> bool:
    """Tell whether it is a letter as its script writes it today, not one made to look like a letter of another."""
    if char == "µ":
        return True
    if unicodedata.normalize("NFKC", char) != char:
        return False
    if script(char) == "LATIN":
        return (ord(char) < 0x220 or 0x1E00 <= ord(char) < 0x1F00) and char not in NOT_LATIN
    return script(char) not in {
        "MODIFIER",
        "MATHEMATICAL",
        "FULLWIDTH",
        "COPTIC",
        "CHEROKEE",
        "LISU",
        "DESERET",
    }


def _against_letters(letters: str) -> Iterator[str]:
    scripts = {script(char) for char in letters if unicodedata.category(char).startswith("L")} - {"MICRO"}
    if scripts == {"LATIN", "GREEK"}:
        yield from _against_greek(letters)
    elif len(scripts) > 1 and not scripts <= {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}:
        yield f"it mixes {' and '.join(sorted(each.capitalize() for each in scripts))} letters"
    elif scripts & {"CYRILLIC", "GREEK"} and len(letters) > 1 and LOOK_LATIN.issuperset(letters):
        yield f"all its letters are {scripts.pop().capitalize()} and look like Latin ones"


def _against_greek(letters: str) -> Iterator[str]:
    """A Greek sign begins or ends a Latin word (μg, IFNα, κB); inside of one it passes for a Latin letter."""
    inner = letters.strip("".join(GREEK_SIGNS))
    if any(script(char) == "GREEK" for char in inner):
        yield "it mixes Greek and Latin letters"


def script(char: str) -> str:
    """Return the first word of the character's name, which for letters is their script."""
    return unicodedata.name(char, "").split(" ")[0].split("-")[0]


def _named(char: str) -> str:
    name = unicodedata.name(char, "a character without a name").lower()
    return f"{name} (U+{ord(char):04X})"
