"""One spelling for each address and identifier, so that links work and duplicates are found.

Every function returns "" for an empty text and raises ValueError, in an editor's words, for one it cannot read.
"""

import re
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
PUBMED = r"https?://(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/"
PMID_PREFIX = re.compile(rf"(?:{PUBMED}|PMID:?)\s*", re.IGNORECASE)
# Without a dot: the host of "www.nccn.org:8080/x" is no scheme, though urlsplit would take it for one.
SCHEME = re.compile(r"[a-z][a-z0-9+-]*:", re.IGNORECASE)


def url(text: str) -> str:
    """Return the address for links and for finding duplicates; what readers see stays as typed.

    Scheme and host are in lower case, with https:// where no scheme was typed, and without default port, fragment,
    trailing slash and utm_ parameters. http and https stay apart, since not every old site answers on both.
    """
    text = text.strip()
    if not text:
        return ""
    parts = _split(text)
    query = "&".join(pair for pair in parts.query.split("&") if not pair.lower().startswith("utm_"))
    return urlunsplit((parts.scheme, _host(parts, text), parts.path.rstrip("/"), query, ""))


def _split(text: str) -> SplitResult:
    if re.search(r"[\s\x00-\x1f\x7f<>\"\\]", text):
        raise ValueError(f"The web address “{text}” contains a blank or a character no address can have.")
    try:
        parts = urlsplit(text if SCHEME.match(text) else f"https://{text}")
    except ValueError:
        raise ValueError(f"“{text}” is not a web address.") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError(f"“{text}” is not a web address: it must start with https:// or http://.")
    return parts


def _host(parts: SplitResult, text: str) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host):
        raise ValueError(f"“{text}” is not a web address: it names no site such as www.example.org.")
    if "@" in parts.netloc:
        raise ValueError(f"The web address “{text}” contains a user name. Remove everything up to the @.")
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"The web address “{text}” has a port that is not a number up to 65535.") from None
    return host if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def doi(text: str) -> str:
    """Return the bare DOI in lower case, since DOIs do not tell case apart: 10.1200/jco.2016.69.3812."""
    text = text.strip()
    if not text:
        return ""
    bare = bare_doi(text).rstrip(".,;").lower()
    if not re.fullmatch(r"10\.[0-9]{4,9}(\.[0-9]+)*/\S+", bare):
        raise ValueError(f"“{text}” is not a DOI. A DOI looks like 10.1000/xyz123.")
    return bare


def bare_doi(text: str) -> str:
    """Return the DOI as it is printed after “doi:”: without the address of a resolver, in the letters it was typed
    in.
    """
    text = text.strip()
    prefix = DOI_PREFIX.match(text)
    if not prefix:
        return text
    bare = text[prefix.end() :]
    return unquote(bare) if prefix[0].lower().startswith("http") else bare


def pmid(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    bare = bare_pmid(text)
    if not re.fullmatch(r"[1-9][0-9]{0,8}", bare):
        raise ValueError(f"“{text}” is not a PubMed number. One looks like 27863194.")
    return bare


def bare_pmid(text: str) -> str:
    return PMID_PREFIX.sub("", text.strip(), count=1).rstrip("/")


def isbn(text: str) -> str:
    """Return the ISBN-13 without hyphens. An ISBN-10 is converted (ISO 2108)."""
    text = text.strip()
    if not text:
        return ""
    bare = re.sub(r"^ISBN(?:-1[03])?:?|[\s\u2010-\u2013-]", "", text, flags=re.IGNORECASE).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", bare) and bare[9] == _check_digit_10(bare):
        return f"978{bare[:9]}" + _check_digit_13(f"978{bare[:9]}")
    if re.fullmatch(r"97[89][0-9]{10}", bare) and bare[12] == _check_digit_13(bare):
        return bare
    raise ValueError(f"“{text}” is not an ISBN: a digit is wrong or missing.")


def _check_digit_10(digits: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=False))
    return "0123456789X"[-total % 11]


def _check_digit_13(digits: str) -> str:
    total = sum((3 if place % 2 else 1) * int(digit) for place, digit in enumerate(digits[:12]))
    return str(-total % 10)
