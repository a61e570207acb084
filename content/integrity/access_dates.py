"""Every access date that an edition prints is of a check that somebody recorded, at the address that the edition prints."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models.functions import Coalesce

from content.citing import same_source
from content.integrity.verification import Seen, place, rows, unwatched
from content.models import AccessCheck, Edition, Reference
from content.snapshots import snapshot


class Opening(NamedTuple):
    """What an edition says of a check, with the address. What was merged since is one work."""

    work: int | None
    on: str | None
    found: str
    is_imported: bool
    address: str


def access_dates_hold(seen: Seen = unwatched) -> Iterator[str]:
    # By the edition's own bytes: what has become of the reference since does not matter.
    recorded = set(openings())
    works = {str(uid): work for uid, work in Reference.objects.values_list("uid", kept())}
    for key, edition in rows(Edition.objects.all(), seen):
        for number, entry, access in dated(edition):
            said = Opening(
                works.get(entry["uid"]),
                access["on"],
                access["found"],
                access["imported"],
                same_source.address(entry["url"]),
            )
            if said not in recorded:
                when = access["printed"] or "an unknown day"
                yield (
                    f"{place(Edition, key)}: prints that reference {number} was opened on {when}, and no access check of "
                    f"that day is of {entry['url'] or 'a work without address'}"
                )


def kept() -> Coalesce:
    return Coalesce("merged_into", "pk")


def openings() -> Iterator[Opening]:
    for _, check in rows(AccessCheck.objects.select_related("reference")):
        if check:  # one that cannot be read is named among the evidence
            on = check.opened_on.isoformat() if check.opened_on else None
            address = same_source.address(check.address)
            yield Opening(check.reference.kept_id, on, check.found, check.is_imported, address)


def dated(edition: Edition | None) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Give the references of an edition that have an access check, with their numbers."""
    try:
        parts = snapshot.parsed(edition.snapshot)["parts"] if edition else {}
        pairs = list(zip(parts.get("references", ()), parts.get("access_dates", ()), strict=True))
        yield from [
            (number, entry, access)
            for number, (entry, access) in enumerate(pairs, start=1)
            if access["found"] is not None
            and {"on", "printed", "imported"} <= access.keys()
            and entry["url"] is not None
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # the edition's own bytes are damaged, which is named elsewhere
