"""What somebody typed or pasted to name a source: a DOI, a PubMed number, an ISBN, a web address, or a whole reference."""

import re
from collections.abc import Callable

from content.citing import normalising

DOI, PMID, ISBN, ADDRESS, LINE = "doi", "pmid", "isbn", "address", "line"
NAMES = {DOI: "a DOI", PMID: "a PubMed number", ISBN: "an ISBN", ADDRESS: "a web address", LINE: "a line"}


def identified(text: str) -> tuple[str, str]:
    """Tell which identifier the text is, with the bare DOI or number; of all else, return the text itself."""
    text = text.strip()
    for kind, bare, normalised in (
        (DOI, normalising.bare_doi, normalising.doi),
        (PMID, normalising.bare_pmid, normalising.pmid),
        (ISBN, str, normalising.isbn),
    ):
        if is_read(text, normalised):
            return kind, bare(text).rstrip(".,;")
    looks_like_address = re.match(r"https?://|www\.|[\w-]+(\.[\w-]+)+(/|$)", text, re.IGNORECASE)
    if looks_like_address and is_read(text, normalising.url):
        return ADDRESS, text
    return LINE, text


def is_read(text: str, normalised: Callable[[str], str]) -> bool:
    try:
        return bool(normalised(text))
    except ValueError:
        return False
