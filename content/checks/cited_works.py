"""What an edition cites, beside what the library knows of it today."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from content.models import AccessCheck, AccessPolicy, Found, Product, Reference, WatchedLink
from content.models.access_checks import OPENED_LAST
from content.snapshots import access
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding, Severity

OTHERWISE = (Found.CHANGED, Found.GONE, Found.LOGIN)
SET_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Cited:
    """One citation of an edition. `entry` and `access` are as signed; the rest is of today.

    `row` is the library's, that of the kept one where two were merged; None where nobody knows the uid. `checks` are
    the newest of each version of the work under which it was opened, the newest first, `product` what a cited label is
    of, where its address names the label's set id; `link` is what the machine found at the address as it was signed.
    """

    number: int
    entry: dict[str, Any]
    access: dict[str, Any]
    row: Reference | None
    policy: AccessPolicy | None
    checks: tuple[AccessCheck, ...]
    product: Product | None
    link: WatchedLink | None
    language: str

    @property
    def name(self) -> str:
        text = "".join(self.entry["text"])
        return (
            f"Reference {self.number}, “{text[:60].rstrip(' .,;:')}…”,"
            if len(text) > 60
            else f"Reference {self.number}, “{text}”,"
        )

    @property
    def subject(self) -> str:
        uid: str = self.entry["uid"]
        return uid

    @property
    def fix(self) -> str:
        return f"#citations-{self.number - 1}"

    @property
    def opened_on(self) -> date | None:
        return date.fromisoformat(self.access["on"]) if self.access["on"] else None

    def counts(self, check: AccessCheck) -> bool:
        # An entry prints no ISBN: the library knows which book is meant.
        is_the_book = self.entry["url"] or self.row is None or access.has_isbn_of(check, self.row)
        return bool(is_the_book) and access.counts_for_entry(check, self.entry, self.language)

    @property
    def opened_there(self) -> AccessCheck | None:
        """Return the newest check by a person of the address that is printed, whatever was printed before it."""
        url = self.entry["url"]
        return next((c for c in self.checks if not c.is_imported and access.is_of_address(c, url)), None)

    @property
    def opened_before_it_changed(self) -> AccessCheck | None:
        """Return the newest check, where none is of the address and the words that are printed here."""
        is_opened = any(self.counts(check) for check in self.checks)
        return None if is_opened or not self.checks else self.checks[0]

    @property
    def found_otherwise(self) -> AccessCheck | None:
        """Return the newest check of what is printed here by a person, where it was made after the one printed and did
        not find the source unchanged.
        """
        opened = [check for check in self.checks if not check.is_imported]
        if not any(check.found in OTHERWISE for check in opened):
            return None
        newest = next(filter(self.counts, opened), None)
        if newest is None or newest.opened_on is None or newest.found not in OTHERWISE:
            return None
        is_printed = (newest.opened_on, newest.found) == (self.opened_on, self.access["found"])
        return None if is_printed or (self.opened_on and newest.opened_on < self.opened_on) else newest


def finding_of(
    code: str,
    cited: Cited,
    words: str,
    rule: str,
    severity: Severity = Severity.BLOCKER,
    *,
    about: str = "",
    fix: str = "",
    due_on: date | None = None,
) -> Finding:
    """What is wrong with one cited work. It leads to the citation's place on the article form, unless `fix` says where.

    `about` tells apart several findings of one code about one work.
    """
    subject = f"{cited.subject} {about}" if about else cited.subject
    due = due_on.isoformat() if due_on else ""
    return Finding(code, words, severity, rule, subject, fix or cited.fix, due)


def of(snapshot: Snapshot) -> list[Cited]:
    """List the citations in their order. The number of queries does not grow with them."""
    parts = snapshot["parts"]
    rows = rows_of(entry["uid"] for entry in parts["references"])
    policies = {policy.type: policy for policy in AccessPolicy.objects.all()} if rows else {}
    checks = newest_checks(rows.values())
    products = products_of(rows.values())
    links = links_at(entry["href"] for entry in parts["references"])
    return [
        Cited(
            number,
            entry,
            access,
            row := rows.get(entry["uid"]),
            policies.get(row.type) if row else None,
            tuple(checks[row.pk]) if row else (),
            products.get(set_id(row)) if row else None,
            links.get(entry["href"]),
            snapshot["language"],
        )
        for number, (entry, access) in enumerate(
            zip(parts["references"], parts["access_dates"], strict=True), 1
        )
    ]


def rows_of(uids: Iterable[str]) -> dict[str, Reference]:
    found = Reference.objects.filter(uid__in=list(uids)).select_related(
        "superseded_by", "merged_into__superseded_by"
    )
    return {str(row.uid): row.merged_into or row for row in found}


def newest_checks(rows: Iterable[Reference]) -> dict[int, list[AccessCheck]]:
    """Return for each reference, its aliases included, the checks that were opened last: of each version that anybody
    opened one by a person, and one that a file says; the newest first.
    """
    found = AccessCheck.objects.of_works([row.pk for row in rows]).select_related("reference")
    checks: dict[int, list[AccessCheck]] = defaultdict(list)
    for check in found.first_of_each_version(*OPENED_LAST):
        checks[check.reference.kept_id].append(check)
    for each in checks.values():
        each.sort(key=lambda check: (check.opened_on or date.min, check.recorded_at, check.pk), reverse=True)
    return checks


def set_id(row: Reference) -> str:
    found = SET_ID.search(row.url) if row.type == "label" else None
    return found[0].lower() if found else ""


def products_of(rows: Iterable[Reference]) -> dict[str, Product]:
    wanted = {key for row in rows if (key := set_id(row))}
    found = Product.objects.filter(label_set_id__in=wanted) if wanted else []
    return {product.label_set_id.lower(): product for product in found}


def links_at(addresses: Iterable[str]) -> dict[str, WatchedLink]:
    return {link.url: link for link in WatchedLink.objects.filter(url__in=list(filter(None, addresses)))}


def at_odds(cited: Sequence[Cited]) -> Iterator[tuple[Cited, Reference]]:
    """Give each cited work with another of the library that has its DOI but another PubMed number, or the other way
    round.
    """
    rows = [
        (each, each.row)
        for each in cited
        if each.row and each.row.doi_normalised and each.row.pmid_normalised
    ]
    if not rows:
        return
    same_doi = Q(doi_normalised__in={row.doi_normalised for _, row in rows})
    same_pmid = Q(pmid_normalised__in={row.pmid_normalised for _, row in rows})
    others = Reference.objects.filter(same_doi | same_pmid, merged_into=None)
    known = [other for other in others if other.doi_normalised and other.pmid_normalised]
    for each, row in rows:
        for other in known:
            agrees = row.doi_normalised == other.doi_normalised, row.pmid_normalised == other.pmid_normalised
            if any(agrees) and not all(agrees):
                yield each, other
