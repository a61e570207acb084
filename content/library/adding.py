"""References of a file become rows of the library: all that were chosen, or none."""

from collections.abc import Callable, Iterator, Sequence

from django.db import connection, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from accounts import permissions
from accounts.models import User
from content.citing.formats.entries import Entry
from content.library import import_candidates
from content.library.import_candidates import Candidate, Placed
from content.models import Reference, ReferenceKey
from content.models.reference_keys import add_keys
from evidence import ledger
from evidence.findings import Finding, no_right, refuse_if

# Rows of one insert; with so many at a time ten thousand take seconds.
BATCH = 200
LONGEST_REASON = 100


def store(
    entries: Sequence[Entry],
    *,
    by: User,
    file_name: str,
    done: Callable[[int], object] = lambda count: None,
) -> list[Candidate]:
    """Store the entries that are new, and return all of them. Raises Refused, a finding of one entry with its number
    as the subject.

    It looks at the library again, since somebody may have added one of them meanwhile. `done` is told how many more
    are stored.
    """
    placed = [
        import_candidates.placed(entry) for entry in entries
    ]  # before the lock: of thousands, it takes a while
    with transaction.atomic():
        by = permissions.fresh(by)
        refuse_if("import references", refusals(placed, by=by))
        found = import_candidates.compared(placed)
        new = [candidate.row for candidate in found if candidate.is_new]
        for start in range(0, len(new), BATCH):
            write(new[start : start + BATCH], by=by, reason=f"Imported from {file_name}"[:LONGEST_REASON])
            done(len(new[start : start + BATCH]))
        if len(new) >= BATCH:
            count_anew()
        if new:
            at = timezone.now()
            ledger.record("import references", by=by, at=at, rows=[], file=file_name, new=len(new))
        return found


def refusals(placed: list[Placed], *, by: User) -> Iterator[Finding]:
    if not permissions.may(by, permissions.ADD_REFERENCE):
        yield no_right(
            f"Only editors can add references, and {by} is not one. An administrator can change that."
        )
    for fault in import_candidates.faults(placed):
        yield Finding("no-room", fault.words, subject=str(fault.entry))


def write(rows: list[Reference], *, by: User, reason: str) -> None:
    """Do for many at once what `save` does of each: the audit-trail rows and the keys. `normalise` has been called."""
    bulk_create_with_history(rows, Reference, default_user=by, default_change_reason=reason)
    add_keys(rows)


def count_anew() -> None:
    # PostgreSQL counts by itself within a minute or so; until then a search for duplicates takes minutes among
    # thousands.
    if connection.vendor == "postgresql":
        tables = ", ".join(
            connection.ops.quote_name(each._meta.db_table) for each in (Reference, ReferenceKey)
        )
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
