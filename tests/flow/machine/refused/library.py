"""Whoever keeps the library: merging, telling apart, superseding, carrying an opening, importing references."""

from content.access_checks import recording, sharing
from content.citing.formats.entries import Entry
from content.library import adding, duplicates, merging, versions
from content.models import DistinctPair
from tests import cast
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import TODAY, case


def two(people):
    """A work that is in the library twice, once with another address."""
    return cast.reference(people["lib"]), cast.reference(people["lib"], url="https://example.org/again")


def merging_them(alias, kept, by, seen=None):
    for row in (alias, kept):
        row.refresh_from_db()
    seen = merging.shown(alias, kept) if seen is None else seen
    return refusals_of(lambda: merging.merge(alias, into=kept, by=by, seen=seen))


@case("content.library.merging", "no-right")
def merging_without_the_right(people):
    return merging_them(*two(people), people["bob"])


@case("content.library.merging", "same-reference")
def merging_a_work_into_itself(people):
    one, _ = two(people)
    return merging_them(one, one, people["lib"])


@case("content.library.merging", "already-merged")
def merging_twice(people):
    alias, kept = two(people)
    assert merging_them(alias, kept, people["lib"]) == []
    other = cast.reference(people["lib"], title="Other", url="")
    return merging_them(alias, other, people["lib"])


@case("content.library.merging", "merged-away")
def merging_into_what_was_merged(people):
    alias, kept = two(people)
    assert merging_them(alias, kept, people["lib"]) == []
    other = cast.reference(people["lib"], title="Other", url="")
    return merging_them(other, alias, people["lib"])


@case("content.library.merging", "versions-of-a-work")
def merging_two_versions(people):
    old, newer = two(people)
    versions.supersede(old, newer, by=people["lib"])
    return merging_them(old, newer, people["lib"])


@case("content.library.merging", "different-works")
def merging_what_was_told_apart(people):
    one, other = two(people)
    duplicates.tell_apart(one, other, by=people["lib"])
    return merging_them(one, other, people["lib"])


@case("content.library.merging", "stale-reference")
def merging_what_was_changed_since(people):
    return merging_them(*two(people), people["lib"], seen="1-1")


@case("content.library.duplicates", "no-right")
def telling_apart_without_the_right(people):
    one, other = two(people)
    return refusals_of(lambda: duplicates.tell_apart(one, other, by=people["eve"]))


@case("content.library.duplicates", "no-right")
def asking_again_without_the_right(people):
    duplicates.tell_apart(*two(people), by=people["lib"])
    return refusals_of(lambda: duplicates.ask_again(DistinctPair.objects.get(), by=people["bob"]))


@case("content.library.duplicates", "same-reference")
def telling_a_work_apart_from_itself(people):
    one, _ = two(people)
    return refusals_of(lambda: duplicates.tell_apart(one, one, by=people["lib"]))


def superseding_it(old, newer, by):
    return refusals_of(lambda: versions.supersede(old, newer, by=by))


@case("content.library.versions", "no-right")
def superseding_without_the_right(people):
    return superseding_it(*two(people), people["bob"])


@case("content.library.versions", "merged-away")
def superseding_what_was_merged(people):
    alias, kept = two(people)
    assert merging_them(alias, kept, people["lib"]) == []
    return superseding_it(alias, cast.reference(people["lib"], title="Newer", url=""), people["lib"])


@case("content.library.versions", "already-superseded")
def superseding_twice(people):
    old, newer = two(people)
    assert superseding_it(old, newer, people["lib"]) == []
    return superseding_it(old, cast.reference(people["lib"], title="Newest", url=""), people["lib"])


def carrying_it(people, by, found="unchanged"):
    reference = cast.article(people["ann"]).citations.get().reference
    check = recording.opened(reference, by=people["edi"], on=TODAY(), found=found)
    return refusals_of(lambda: sharing.share(check, by=people[by]))


@case("content.access_checks.sharing", "no-right")
def carrying_without_the_right(people):
    return carrying_it(people, "bob")


@case("content.access_checks.sharing", "not-unchanged")
def carrying_what_was_found_changed(people):
    return carrying_it(people, "edi", found="changed")


def importing_it(by, **variables):
    entry = Entry(1, 1, {"type": "book", "title": "Rare Tumors", **variables})
    return refusals_of(lambda: adding.store([entry], by=by, file_name="library.json"))


@case("content.library.adding", "no-right")
def importing_references_without_the_right(people):
    return importing_it(people["bob"])


@case("content.library.adding", "no-room")
def importing_a_title_without_end(people):
    return importing_it(people["ann"], title="x" * 501)
