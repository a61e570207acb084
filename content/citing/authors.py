"""Reads the authors at the head of a reference: people as "Family II", comma between them, or an organization."""

import re

# "Groopman JE", "van der Berg A", "Smith JA Jr": a family name, then initials without full stops.
PERSON = re.compile(
    r"(?P<family>[^\d,;:]+?) (?P<initials>[^\W\d_]{1,3})(?: (?P<suffix>Jr|Sr|II|III|IV|2nd|3rd))?"
)
# What looks like initials at the end of a longer name, and words no family name has: "Cancer Research UK".
COUNTRIES = ("UK", "US", "USA", "EU")
ORGANIZATION_WORDS = {"of", "and", "for", "the", "&"}


def read(text: str) -> tuple[list[dict[str, str]], list[str]]:
    """Read the names in CSL's shape, and say what is doubtful about them. “et al” stays, as a name of its own."""
    names = [name(part) for part in text.split(", ") if part]
    if not any("family" in each for each in names):
        return [{"literal": text}], _organization_doubts(text)
    doubts = []
    for each in names:
        if each.get("literal") == "et al":
            doubts.append("“et al.”: only the authors printed here are known. Add the others.")
        elif "literal" in each:
            doubts.append(f"“{each['literal']}” among the authors is taken for an organisation.")
    return names, doubts


def _organization_doubts(text: str) -> list[str]:
    # Organizations write themselves with capitals, titles of this house do not.
    if re.search(r"(?:^|\s)[a-zß-öø-ÿ]{4,}", text):
        return [f"“{text}” is taken for the organisation that wrote it; it may be the title."]
    return []


def name(text: str) -> dict[str, str]:
    # A person where the text looks like one (“Groopman JE”), else an organization.
    match = PERSON.fullmatch(text)
    if not match or _is_organization(match["family"].split(), match["initials"]):
        return {"literal": text}
    person = {"family": match["family"], "given": " ".join(match["initials"])}
    return person | ({"suffix": match["suffix"]} if match["suffix"] else {})


def _is_organization(words: list[str], initials: str) -> bool:
    if not initials.isupper() or not ORGANIZATION_WORDS.isdisjoint(words):
        return True
    return len(words) > 1 and initials in COUNTRIES
