"""Names as RIS and PubMed write them: “Groopman, J E, Jr” is a person, what has no comma mostly an organization."""

import re

from content.citing import authors

Name = dict[str, str]
SUFFIX = re.compile(r"(.+?),? (Jr\.?|Sr\.?|II|III|IV|2nd|3rd|4th)")


def read(text: str) -> Name:
    # As EndNote has it, an organization may end in a comma, and two commas stand for one inside its name.
    if ",," in text:
        return {"literal": text.replace(",,", ",").rstrip(", ")}
    if text.endswith(","):
        return {"literal": text.rstrip(", ")}
    if "," not in text:
        return authors.name(text)
    family, given, suffix = [*(part.strip() for part in text.split(",", 2)), ""][:3]
    return {key: part for key, part in (("family", family), ("given", given), ("suffix", suffix)) if part}


def read_pubmed(text: str) -> Name:
    # “Smith, John A Jr”: the suffix stands behind the given names.
    name = read(text)
    if found := SUFFIX.fullmatch(name.get("given", "")):
        return name | {"given": found[1], "suffix": found[2]}
    return name


def written(name: Name) -> str:
    # Particles go before the family name, where citeproc prints them too.
    if "literal" in name:
        return as_organization(name["literal"])
    family = " ".join(
        filter(None, (name.get("dropping-particle"), name.get("non-dropping-particle"), name["family"]))
    )
    given, suffix = name.get("given", ""), name.get("suffix", "")
    if suffix:
        return f"{family}, {given}, {suffix}"
    return f"{family}, {given}" if given else as_organization(family)


def as_organization(text: str) -> str:
    if "," in text:
        return text.replace(",", ",,", 1)
    return text if read(text) == {"literal": text} else f"{text},"
