"""Recording that a person opened a source, and what they found."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone

from content import ledger, people
from content.findings import Finding, no_right, refuse_if
from content.models import AccessCheck, Found, Person, Reference

RIGHT = "content.add_accesscheck"


def opened(reference: Reference, *, by: Person, on: date, found: str, title_seen: str = "") -> AccessCheck:
    with transaction.atomic():
        by = people.fresh(by)
        refuse_if("record an access", refusals(by, on, found))
        check = AccessCheck(
            reference=reference,
            opened_on=on,
            opened_by=by,
            opened_by_name=str(by),
            found=found,
            title_seen=title_seen,
            recorded_by=by,
            recorded_by_name=str(by),
            recorded_at=timezone.now(),
        )
        check.save()
        ledger.record(
            "open source",
            by=by,
            at=check.recorded_at,
            rows=[check],
            reference=str(reference.uid),
            on=on.isoformat(),
            found=found,
        )
        return check


def refusals(by: Person, on: date, found: str) -> Iterator[Finding]:
    if not people.may(by, RIGHT):
        yield no_right("Recording that a source was opened needs the right of an editor.")
    if on > timezone.localdate():
        yield Finding("access-date-future", "The day you opened it cannot be still to come.", rule="A08")
    if found not in Found.values or found == Found.NOT_STATED:
        yield Finding("finding-missing", "Say what you found: unchanged, changed, gone, or behind a login.")
