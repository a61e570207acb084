"""What no ruling of a minor change may touch: design.md, “ruling”.

The two texts are compared as one stream each, so that a paragraph cut in two is no change and a “not” that wandered is.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from content.differences import entries
from content.differences.blocks import Block
from content.differences.numbers import SYMBOLS, is_unit, measure, spelled
from content.differences.words import Token, plain
from content.snapshots.snapshot import Snapshot

NEGATIONS = set(
    "no not never without none nor neither nobody nothing cannot unless except avoid avoids avoided avoiding"
    " nunca jamás sin ni ninguno ninguna ningún nada nadie tampoco salvo excepto evite eviten evitar evita".split()
)
MODALS = set(
    "may might must should can could need needs needed shall ought"
    " puede pueden podría podrían debe deben debería deberían necesita necesitan".split()
)
NUMERALS = set(
    "two three four five six seven eight nine ten eleven twelve half twice double triple < > ≤ ≥ ±".split()
)
JOINING = set("and with plus for de la y con".split())  # inside names of combinations
WORDS = {
    "number": "A number",
    "unit": "A unit",
    "drug": "A drug name",
    "negation": "A word such as not, without or unless",
    "modal": "A word such as may, must or should",
    "link": "A link target",
}


class Item(NamedTuple):
    """A word of the stream. `key` is compared; `kind` is empty where the word is not guarded."""

    key: str
    kind: str
    shown: str
    place: str


def guards(old: Snapshot, new: Snapshot, known: Iterable[str] = ()) -> list[str]:
    """Say why the change is not minor, a sentence for each reason; nothing where nothing guarded differs.

    `known` are further names of drugs, since an article may speak of one that none of its sections is about.
    """
    names = _drug_names(old) | _drug_names(new) | _guarded(known)
    olds, news = list(_stream(old, names)), list(_stream(new, names))
    matcher = SequenceMatcher(None, [each.key for each in olds], [each.key for each in news], autojunk=False)
    reasons = [
        reason
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
        for reason in _reasons(olds[i1:i2], news[j1:j2])
    ]
    return list(dict.fromkeys(reasons))


def _reasons(old: list[Item], new: list[Item]) -> Iterator[str]:
    for kind, words in WORDS.items():
        gone, came = [item for item in old if item.kind == kind], [item for item in new if item.kind == kind]
        for before, after in zip_longest(gone, came):
            if before is None:
                yield f"{words} is new in {after.place}: “{after.shown}”."
            elif after is None:
                yield f"{words} is gone from {before.place}: “{before.shown}”."
            else:
                yield f"{words} differs in {after.place}: “{before.shown}” became “{after.shown}”."


def _drug_names(snapshot: Snapshot) -> set[str]:
    drugs = snapshot["parts"]["drugs"]
    names = [drug["name"] for drug in drugs] + [
        product["brand"] for drug in drugs for product in drug["products"]
    ]
    return _guarded(names)


def _guarded(names: Iterable[str]) -> set[str]:
    return {
        word for name in names for token in plain(name) for word in _stems(token) if len(word) > 1
    } - JOINING


def _stems(token: Token) -> set[str]:
    # A name stands inside other words too: pomalidomide is in “pomalidomide-based” and “Pomalyst’s”.
    word = token.text.casefold()
    return {word, *(part for part in re.split(r"[-‑'’]", word) if len(part) > 3)}


def _stream(snapshot: Snapshot, names: set[str]) -> Iterator[Item]:
    works = entries.works(snapshot)
    for entry in entries.text(snapshot):
        for block in entry.blocks:
            yield from (named(item, works) for item in _items(block, names))
    for entry in entries.references(snapshot):
        for block in entry.blocks:
            if block.name == "link target":
                target = "".join(token.written for token in block.tokens)
                yield Item(f"link {target}", "link", target, _place(block))
            elif block.name == "text":
                yield from _items(block, names)


def named(item: Item, works: dict[str, str]) -> Item:
    # A citation marker is shown by the work that it cites.
    return item._replace(shown=works.get(item.shown, item.shown)) if item.kind == "link" else item


def _items(block: Block, names: set[str]) -> Iterator[Item]:
    place, href = _place(block), ""
    for fact in block.facts:
        if fact.value.startswith("drug "):
            yield Item(fact.value, "drug", fact.shown, place)
    for at, token in enumerate(block.tokens):
        if token.href != href and (href := token.href):
            yield Item(f"link {href}", "link", href, place)
        if token.text:
            yield _item(block.tokens, at, names, place)


def _item(tokens: tuple[Token, ...], at: int, names: set[str], place: str) -> Item:
    token = tokens[at]
    word = token.text.casefold().replace("’", "'")
    if token.is_address:
        return Item(word, "link", token.text, place)
    if token.is_number or word in NUMERALS:
        # 10 with a raised 9 is not 10 and 9.
        script = "".join(sorted(tag for tag, _ in token.marks if tag in {"sub", "sup"}))
        return Item(script + spelled(word), "number", measure(tokens, at), place)
    if is_unit(tokens, at):
        return Item(token.text if word in SYMBOLS else word, "unit", token.text, place)
    if names & _stems(token):
        return Item(word, "drug", token.text, place)
    if word in NEGATIONS or word.endswith("n't"):
        # With the word it governs: “do not eat; drink” and “eat; do not drink” have the same words.
        after = next((each.text for each in tokens[at + 1 :] if each.text[:1].isalnum()), "")
        return Item(f"{word} {after.casefold()}", "negation", f"{token.text} {after}".strip(), place)
    return Item(word, "modal" if word in MODALS else "", token.text, place)


def _place(block: Block) -> str:
    return " › ".join(block.place) or "the text"
