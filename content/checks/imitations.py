"""Words that pass for what the page says by itself: its dates, its credit, and where its links lead."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from content import prose
from content.checks.markup import RULE, prose_of, readable
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding

# What the page prints of itself, in both languages, and the ways in which others print the same.
_FACTS = re.compile(
    r"\blast\s+(?:medical(?:ly)?\s+review(?:ed)?|revis(?:ed|ion)|review(?:ed)?|updated?)\b\W*(?:on\b|by\b|:|\d|\w+\s+\d)"
    r"|\b(?:medical(?:ly)?|clinical(?:ly)?|expert|fact)[\s-]+(?:review(?:ed)?|check(?:ed)?|approv(?:ed|al))\s+(?:by|on)\b"
    r"|\b(?:this\s+(?:page|article|information)|content)\s+(?:was|is|has\s+been)\s+(?:\w+\s+)?(?:reviewed|approved|endorsed|written)\s+by\b"
    r"|^\W*(?:reviewed|approved|endorsed|written|developed)\s+by\b"
    r"|\bdeveloped\s+by\s+the\b.{0,120}\bteam\b|\bwith\s+(?:medical\s+review|contribution)(?:\s+and\s+contribution)?\s+by\b"
    r"|\bbefore\s+minor\s+corrections\b"
    r"|\b[úu]ltima\s+(?:revisi[óo]n|actualizaci[óo]n)(?:\s+m[ée]dica)?\b\W*(?:por\b|el\b|:|\d)"
    r"|\b(?:fecha\s+de\s+)(?:la\s+)?[úu]ltima\s+(?:revisi[óo]n|actualizaci[óo]n)\b"
    r"|\brevis(?:ado|ada|ión\s+médica|ion\s+medica)\s+(?:m[ée]dicamente\s+)?por\b"
    r"|^\W*(?:aprobado|aprobada|elaborado|elaborada|escrito|escrita)\s+por\b"
    r"|\bcon\s+(?:la\s+)?(?:revisi[óo]n\s+m[ée]dica|contribuci[óo]n)\s+de\b",
    re.IGNORECASE | re.MULTILINE,
)
_HOST = re.compile(
    r"(?<![\w./@-])(?:https?://|//|\bwww\.)?((?:[\w-]+\.)+(?:[a-z]{2,24}))(?![\w@.-])", re.IGNORECASE
)
# Of an address, what looks like a domain but is none: files and abbreviations.
_NO_HOSTS = frozenset("pdf html htm php doc docx jpg png gif txt vs mg ml kg".split())


def no_words_imitate_the_pages_own(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    for fix, text in readable(snapshot):
        if fix != "#citations-group" and (said := imitated(text)):
            words = (
                f"The words “{said}” read like a date or a credit that the page gives by itself. Readers could not tell them "
                "apart: say it in other words, or delete it."
            )
            yield Finding("imitates-facts", words, rule=RULE, subject=said, fix=fix)


def imitated(text: str) -> str:
    """Return the first words that read like a date or a credit of the page's own; nothing where there are none."""
    found = _FACTS.search(text)
    return " ".join(found[0].split()) if found else ""


def links_lead_where_they_say(snapshot: Snapshot, today: date) -> Iterator[Finding]:
    for fix, html in prose_of(snapshot):
        for link in prose.links(html):
            if words := misleading(link.href, link.text):
                yield Finding("link-misleads", words, rule=RULE, subject=link.text, fix=fix)
    for entry in snapshot["parts"]["references"]:
        if entry["href"] and (words := misleading(entry["href"], entry["url"] or "")):
            yield Finding("link-misleads", words, rule=RULE, subject=entry["url"], fix="#citations-group")


def misleading(href: str, text: str) -> str:
    """Say how the words of a link hide where it leads; nothing where they do not."""
    try:
        address = urlsplit(href)
        host = (address.hostname or "").lower()
    except ValueError:
        return f"The address of the link “{text}” cannot be read. Type it again."
    if address.scheme not in ("http", "https", ""):
        return ""
    if address.username is not None or address.password is not None:
        return f"The address of the link “{text}” has a name before its host, which hides where it leads. Link to {host} itself."
    if host and not is_plain(host):
        return f"The link “{text}” leads to {host}, whose name can be taken for another. Link to the site by its plain name."
    for named in hosts_in(text):
        if host and not belong_together(named, host):
            return f"The link says “{named}” and leads to {host}. Make both the same."
    return ""


def is_plain(host: str) -> bool:
    return host.isascii() and not any(label.startswith("xn--") for label in host.split("."))


def hosts_in(text: str) -> list[str]:
    found = (each[1].lower().rstrip(".") for each in _HOST.finditer(text))
    return [host for host in found if host.rpartition(".")[2] not in _NO_HOSTS]


def belong_together(named: str, host: str) -> bool:
    named, host = named.removeprefix("www."), host.removeprefix("www.")
    return host == named or host.endswith(f".{named}") or named.endswith(f".{host}")
