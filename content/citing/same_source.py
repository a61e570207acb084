"""Is what is printed now what somebody opened? The same address, and the same work by its words.

Case, punctuation, white space, and the forms of dashes and quotes may differ; nothing else. A sign that carries meaning is a
word: a minus before a number, a decimal point, “%”, “+”, “<”.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import rfc8785

from content.citing import formatting, normalising

IDENTIFIERS = {"DOI": normalising.doi, "PMID": normalising.pmid, "ISBN": normalising.isbn}
VARIABLES = ("type", "issued", *formatting.PRINTED_TEXTS, *formatting.PRINTED_NAMES)
PARTS_OF_A_NAME = ("non-dropping-particle", "dropping-particle", "family", "suffix", "given", "literal")
DASH = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
# In this order: a number with what stands in it, a word, a minus or the dash of a range, any other character.
TOKEN = re.compile(
    r"(?:\d+|(?<!\w)(?=[.,]\d))(?:[.,:/]\d+)+|(?:[^\W_]|[\u0300-\u036f])+|(?P<minus>(?<![^\W\d_])-(?=\d))|\S"
)
MEANT = frozenset("%‰&#@*/")
QUOTES = frozenset("`´")


def words(text: str) -> list[str]:
    """Return the words of a text, and the signs that mean something, in their order."""
    plain = DASH.sub("-", unicodedata.normalize("NFC", text)).casefold()
    return [found[0] for found in TOKEN.finditer(plain) if found["minus"] or not is_punctuation(found[0])]


def is_punctuation(token: str) -> bool:
    if len(token) > 1 or token in MEANT:
        return False
    return token in QUOTES or unicodedata.category(token)[0] in "PZ"


def address(url: str) -> str:
    """Return the one spelling of an address that was opened. Its fragment stays: some sites have a page behind each."""
    try:
        found = normalising.url(url)
    except ValueError:
        return url.strip()
    fragment = urlsplit(url.strip()).fragment
    return f"{found}#{fragment}" if fragment else found


def work(csl: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reference prints of its work, of its CSL-JSON item, without the address.

    What is looked up in print is known by its ISBN as well.
    """
    names = VARIABLES if csl.get("URL") else (*VARIABLES, "ISBN")
    return {name: csl[name] for name in names if name != "URL" and csl.get(name)}


def is_same_address(one: str, other: str) -> bool:
    return address(one) == address(other)


def is_same_work(opened: Mapping[str, Any], printed: Mapping[str, Any]) -> bool:
    """Tell whether two works, as `work` gives them, differ by no more than what is minor."""
    return in_words(opened) == in_words(printed)


def in_words(item: Mapping[str, Any]) -> dict[str, Any]:
    # The type is no word: it only chooses the pattern by which the others are printed.
    return {name: in_words_of(name, value) for name, value in sorted(item.items()) if name != "type"}


def in_words_of(name: str, value: Any) -> Any:
    if name in formatting.PRINTED_NAMES and isinstance(value, Sequence):
        return [words(name_text(each)) for each in value]
    if name == "issued" and isinstance(value, Mapping):
        return [words(str(part)) for part in value.values()]
    if read := IDENTIFIERS.get(name):
        try:
            return read(str(value))
        except ValueError:
            pass
    return words(str(value))


def name_text(name: Any) -> str:
    if not isinstance(name, Mapping):
        return str(name)
    return " ".join(str(name[part]) for part in PARTS_OF_A_NAME if name.get(part))


def identity(url: str, item: Mapping[str, Any]) -> str:
    """Return the digest of an address and a work: equal where both are the same. By it databases compare."""
    compared: Any = {"address": address(url), "work": in_words(item)}
    return sha256(rfc8785.dumps(compared)).hexdigest()
