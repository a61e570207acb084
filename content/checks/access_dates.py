"""Did a person open each source, recently enough, and does it say what the article says?"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from content.checks.cited_works import Cited, finding_of
from content.models import Found, Supports
from content.phrases import long_date
from content.snapshots import access
from content.snapshots.snapshot import Snapshot
from evidence.findings import Finding, Severity

RULE = "A08"
SUPPORT = "H04"


def web_references_have_access_dates(
    snapshot: Snapshot, works: Sequence[Cited], today: date
) -> Iterator[Finding]:
    # Every reference that is printed with an address needs a full day, and none after the day of publication.
    for each in works:
        printed = each.access["printed"]
        if not each.entry["url"]:
            continue
        if each.opened_on is None and not printed:
            words = f"{each.name} has no access date. Open the source and record an access check."
            yield finding_of("access-date-missing", each, what_changed(each) or words, RULE)
        elif each.opened_on is None:
            words = f"{each.name} gives only “{printed}” as its access date. Open the source and record an access check."
            yield finding_of("access-date-imprecise", each, words, RULE)
        elif each.opened_on > today:
            words = f"{each.name} has the access date {printed}, which is in the future. Record a correct access check."
            yield finding_of("access-date-future", each, words, RULE)


def what_changed(each: Cited) -> str:
    """Say what became of a source since it was opened, where that was not what is printed; else nothing."""
    earlier = each.opened_before_it_changed
    if earlier is None:
        return ""
    day = long_date(earlier.opened_on) if earlier.opened_on else earlier.printed_date
    since = f"after it was opened on {day}" if day else "after it was opened"
    if not each.entry["url"]:
        return f"{each.name} was changed {since}. Look up the work as it is printed now, and record what you found."
    if access.is_of_address(earlier, each.entry["url"]):
        return f"{each.name} was changed {since}. Open it as it is printed now, and record what you found."
    was = f", at {earlier.address}" if earlier.address else ""
    return f"{each.name} has no access date. The address changed {since}{was}. Open the new address and record what you found."


def access_dates_are_fresh(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    # On the last day of a limit it is not exceeded yet.
    for each in works:
        policy, opened_on = each.policy, each.opened_on
        if opened_on is None or not each.entry["url"] or policy is None or policy.exempt:
            continue
        age, owed, blocked = (today - opened_on).days, policy.follow_up_after_days, policy.block_after_days
        words = (
            f"{each.name} was last opened {age} days ago, on {each.access['printed']}. Open it again and record an "
            "access check."
        )
        if blocked is not None and age > blocked:
            due_on = opened_on + timedelta(days=blocked)
            yield finding_of("access-date-over-age", each, words, "A09", due_on=due_on)
        elif owed is not None and age > owed:
            due_on = opened_on + timedelta(days=owed if blocked is None else blocked)
            yield finding_of("access-date-ageing", each, words, "A09", Severity.FOLLOW_UP, due_on=due_on)


def references_support_the_article(
    snapshot: Snapshot, works: Sequence[Cited], today: date
) -> Iterator[Finding]:
    for each in works:
        supports, is_dated = each.access["supports"], each.access["found"] is not None
        if supports == Supports.NO:
            words = f"{each.name} was found not to support this article. Replace it or remove it."
            yield finding_of("reference-does-not-support", each, words, SUPPORT)
        elif supports != Supports.YES and is_dated and not each.access["imported"]:
            words = (
                f"{each.name} was opened, but nobody stated whether it supports this article. Read it and state "
                "whether it does."
            )
            yield finding_of("support-not-stated", each, words, SUPPORT)
        elif not is_dated and not each.entry["url"] and (changed := what_changed(each)):
            yield finding_of("support-not-stated", each, changed, SUPPORT)


def imported_checks_are_repeated(
    snapshot: Snapshot, works: Sequence[Cited], today: date
) -> Iterator[Finding]:
    for each in works:
        if each.access["imported"]:
            words = (
                f"{each.name} has an access date from an imported file, and nobody is recorded as having opened it. "
                "Open it and record an access check."
            )
            yield finding_of("access-check-imported", each, words, RULE, Severity.FOLLOW_UP)


def sources_are_as_they_were(snapshot: Snapshot, works: Sequence[Cited], today: date) -> Iterator[Finding]:
    """Judge by the check that is printed, and by any that somebody made since.

    What is printed as gone stays gone, whatever somebody found since, until the article cites a newer check.
    """
    for each in works:
        since, printed = each.found_otherwise, each.access["found"]
        found = since.found if since and printed != Found.GONE else printed
        if since and since.found != found:
            since = None
        who = (
            f"On {long_date(since.opened_on)} {since.opened_by_name}"
            if since and since.opened_on
            else "The last person to open it"
        )
        if found == Found.GONE:
            words = (
                f"{each.name} is gone. {who} could not find it. Correct its address, or cite another source."
            )
            yield finding_of("source-gone", each, words, "A13")
        elif since and found == Found.CHANGED:
            words = (
                f"{each.name} has changed. {who} found it changed. Read it again and state whether it still "
                "supports this article."
            )
            yield finding_of("source-changed", each, words, SUPPORT)
