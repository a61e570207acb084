"""Do the addresses that the edition prints still lead somewhere? (The machine's word; a person's counts for more.)"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.utils import timezone

from content.checks.cited_works import Cited, finding_of
from content.models import Found, WatchedLink
from content.phrases import long_date
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding

# Some sites answer machines as if a page were gone. So long we believe the person who found it there.
A_PERSON_IS_BELIEVED_FOR = timedelta(days=90)
DAYS_TO_SETTLE = 30


def cited_addresses_answer(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    # The address that is printed counts, whatever the library says of the reference by now.
    for each in works:
        if each.link and each.link.is_dead and not was_found_by_a_person(each, each.link, today):
            yield broken(each, first_missed(each.link))


def first_missed(link: WatchedLink) -> date:
    assert link.first_broken_at is not None
    return timezone.localdate(link.first_broken_at)


def was_found_by_a_person(each: Cited, link: WatchedLink, today: date) -> bool:
    # Opened since the machine first missed it, and lately; by the address that is printed.
    newest = each.opened_there
    if newest is None or newest.opened_on is None or newest.found == Found.GONE:
        return False
    return newest.opened_on >= max(first_missed(link), today - A_PERSON_IS_BELIEVED_FOR)


def broken(each: Cited, since: date) -> Finding:
    words = (
        f"{each.name} has the address {each.entry['url']}, which has not been found since {long_date(since)}. "
        "Correct the address, cite another source, or open it and record an access check."
    )
    return finding_of("link-broken", each, words, "A13", due_on=since + timedelta(days=DAYS_TO_SETTLE))
