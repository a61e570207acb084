"""What no ruling may touch, told naively: good for the words that this world's editors write, and for no others."""

import re

from tests.flow.machine.rows import parsed

UNITS, NEGATIONS, MODALS = {"mg", "mcg", "pills"}, {"not", "no", "never"}, {"may", "must", "should"}


def drug_names(edition):
    drugs = parsed(edition["snapshot"])["parts"]["drugs"]
    brands = {product["brand"].lower() for drug in drugs for product in drug["products"]}
    return brands | {drug["name"].lower() for drug in drugs}


def guarded(edition, names):
    """Numbers, units, drug names, negations with their word, modals and link targets, in their order."""
    parts = parsed(edition["snapshot"])["parts"]
    texts = [parts["text"]["title"], parts["text"]["lead"]]
    for section in parts["text"]["sections"]:
        texts += [section["heading"], section["body"]]
    texts += ["".join(reference["text"]) for reference in parts["references"]]
    found = []
    for text in texts:
        found += re.findall(r'href="([^"]*)"', text)
        words = re.findall(r"[\w-]+", re.sub(r"<[^>]*>", " ", text).lower())
        for word, following in zip(words, [*words[1:], ""], strict=False):
            if word in NEGATIONS:
                found.append(f"{word} {following}")
            elif re.search(r"\d", word) or word in UNITS | MODALS | names:
                found.append(word)
    return found
