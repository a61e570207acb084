"""An access check counts for what was opened: over every way by which something else comes to stand beside it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content.access_checks import queue, recording, sharing
from content.access_checks.queue import Filter, Why
from content.access_checks.recording import Answer, Shown
from content.checks import findings
from content.drafts import restoring, revisions
from content.importing import citations, references
from content.importing.citations import Source
from content.library import merging, updates
from content.models import AccessCheck, Article, Citation, Reference
from content.snapshots import access, pins, snapshot
from content.translations import starting
from evidence.findings import Refused
from tests import cast
from tests.tampering import change as forged
from tests.tampering import execute

pytestmark = [pytest.mark.django_db, pytest.mark.both]
OLD, NEW = "https://example.org/kaposi", "https://example.org/another"
TITLE = "Kaposi sarcoma: how it is treated"
TODAY = timezone.localdate
PRINTED = TODAY() - timedelta(days=7)


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def draft(people):
    return cast.article(people["ann"])


def again(row):
    return type(row).objects.get(pk=row.pk)


def source(draft):
    return draft.citations.get().reference


def edited(row, by, **columns):
    row = again(row)
    with cast.as_person(by):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return row


def taken(draft, by):
    """The draft takes all that the library offers."""
    draft = again(draft)
    keys = [offer.key for offer in updates.takeable(draft)]
    updates.take(draft, keys, by=by, saves=draft.saves)
    return again(draft)


def printed(draft):
    """The address, and the day and the support that stand beside it."""
    parts = snapshot.build(again(draft))["parts"]
    [entry], [day] = parts["references"], parts["access_dates"]
    return entry["url"], day["on"], day["supports"]


def told(draft):
    return [finding.words for finding in findings(snapshot.build(again(draft)), TODAY())]


def codes(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.codes


def merged(alias, kept, by):
    merging.merge(again(alias), into=again(kept), by=by, seen=merging.shown(alias, kept))


AS_BEFORE = (PRINTED.isoformat(), "yes")
UNOPENED = (None, "not-stated")

EDITS = {
    "address": ({"url": NEW}, UNOPENED),
    "http for https": ({"url": OLD.replace("https", "http")}, UNOPENED),
    "another place of the page": ({"url": f"{OLD}#part-2"}, UNOPENED),
    "no address": ({"url": ""}, UNOPENED),
    "title": ({"title": "Kaposi sarcoma: how it is not treated"}, UNOPENED),
    "author": ({"author": [{"literal": "Another Institute"}]}, UNOPENED),
    "container": ({"container_title": "Another site"}, UNOPENED),
    "version": ({"version": "2.2026"}, UNOPENED),
    "year": ({"issued": [2026]}, UNOPENED),
    "DOI": ({"doi": "10.1000/other"}, UNOPENED),
    "spelling of the address": ({"url": f"{OLD}/"}, AS_BEFORE),
    "letters of the title": ({"title": "Kaposi Sarcoma – How it is treated."}, AS_BEFORE),
    "retraction": (
        {"retraction": "expression-of-concern", "retracted_on": PRINTED, "retraction_source": "there"},
        AS_BEFORE,
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_in_the_library_moves_no_day_to_what_nobody_opened(people, draft, name):
    columns, expected = EDITS[name]
    edited(source(draft), people["lib"], **columns)
    assert printed(draft) == (OLD, *AS_BEFORE)  # the draft prints what it printed, which was opened

    with cast.saving(draft, people["ann"]):
        pins.take(draft, pins.differing(draft), by=people["ann"])

    assert printed(draft)[1:] == expected


def test_the_draft_that_keeps_its_own_version_keeps_its_day(people, draft):
    edited(source(draft), people["lib"], url=NEW)
    keys = [offer.key for offer in pins.updates(draft)]

    updates.leave(draft, keys, by=people["ann"], saves=draft.saves)

    assert printed(draft) == (OLD, *AS_BEFORE)


def test_what_comes_back_to_what_was_opened_counts_again(people, draft):
    edited(source(draft), people["lib"], url=NEW)
    assert printed(taken(draft, people["ann"])) == (NEW, *UNOPENED)

    edited(source(draft), people["lib"], url=OLD)

    assert printed(taken(draft, people["ann"])) == (OLD, *AS_BEFORE)


@pytest.mark.parametrize("how", ["alias cited", "kept cited", "both cited"])
@pytest.mark.parametrize(
    ("columns", "expected"),
    [({"url": NEW}, UNOPENED), ({"title": "Other words"}, UNOPENED), ({"url": f"{OLD}/"}, AS_BEFORE)],
)
def test_merging_moves_no_day_to_another_address_or_title(people, draft, how, columns, expected):
    own = source(draft)
    other = cast.reference(people["lib"], **{"title": TITLE, "url": OLD, **columns})
    alias, kept = (other, own) if how == "kept cited" else (own, other)
    if how == "both cited":
        with cast.saving(draft, people["ann"]):
            Citation(article=draft, reference=other, position=9).save()

    merged(alias, kept, people["lib"])

    assert printed(draft) == (again(kept).url, *(AS_BEFORE if how == "kept cited" else expected))


def test_merging_keeps_the_day_of_the_entry_that_is_printed(people, draft):
    """The alias was opened later, at its own address; the draft cites both."""
    other = cast.reference(people["lib"], url=NEW)
    check = recording.opened(other, by=people["ann"], on=TODAY(), found="unchanged")
    with cast.saving(draft, people["ann"]):
        Citation(article=draft, reference=other, position=9, access_check=check, supports="no").save()

    merged(other, source_at(OLD), people["lib"])

    assert printed(draft) == (OLD, *AS_BEFORE)


def source_at(url):
    return Reference.objects.get(url=url)


def test_a_check_of_another_version_is_not_offered_or_shared(people, draft):
    row = edited(source(draft), people["lib"], url=NEW)

    check = recording.opened(row, by=people["lib"], on=TODAY(), found="unchanged")

    assert updates.newer_checks(draft) == []
    assert list(sharing.share(check, by=people["edi"])) == []
    assert printed(draft) == (OLD, *AS_BEFORE)
    taken(draft, people["ann"])
    [offer] = updates.newer_checks(draft)
    assert (offer.check, offer.printed, offer.asks_again) == (check, None, True)
    assert list(sharing.share(check, by=people["edi"])) == [draft]
    assert printed(draft) == (NEW, TODAY().isoformat(), "not-stated")


def test_a_check_of_the_earlier_address_is_shared_with_those_who_print_it_alone(people, draft):
    other = cast.article(people["ann"], title="Another", slug="another")
    check = recording.opened(source(draft), by=people["lib"], on=TODAY(), found="unchanged")
    edited(source(draft), people["lib"], url=NEW)
    with cast.saving(other, people["ann"]):
        pins.take(other, pins.updates(other), by=people["ann"])

    assert list(sharing.share(check, by=people["edi"])) == [draft]
    assert printed(other) == (NEW, *UNOPENED)


def test_restoring_brings_back_day_and_address_together(people, draft):
    first = revisions.versions(draft)[0]
    edited(source(draft), people["lib"], url=NEW)
    draft = taken(draft, people["ann"])
    second = revisions.versions(draft)[0]

    restoring.restore(draft, first, by=people["ann"], saves=draft.saves)
    assert printed(draft) == (OLD, *AS_BEFORE)

    draft = again(draft)
    restoring.restore(draft, second, by=people["ann"], saves=draft.saves)
    assert printed(draft) == (NEW, *UNOPENED)


@pytest.mark.parametrize(("url", "expected"), [(NEW, UNOPENED), (f"{OLD}/", AS_BEFORE)])
def test_a_translation_takes_the_day_along_only_to_the_address_that_was_opened(people, url, expected):
    publication = cast.published(people)
    edited(source(publication.article), people["lib"], url=url)

    spanish = starting.begin(publication.edition, language="es", by=people["ann"])

    assert printed(spanish) == (url, *expected)
    assert spanish.citations.get().supports == expected[1]


def line(url, on="November 3, 2025"):
    return f"Example Cancer Institute. {TITLE}. 2025. Accessed at {url} on {on}."


def imported(draft, text, by):
    placed = [references.placed(1, text)]
    notes = []
    with revisions.revision(by=by, comment="Imported"):
        citations.replace(draft, placed, Source("page.html", by, timezone.now()), notes)
        from content.drafts import saving

        saving.saved(draft)
    return notes


def test_a_file_with_another_address_dates_an_entry_of_its_own(people, draft):
    imported(draft, line(NEW), people["ann"])

    assert source(draft).url == NEW
    assert printed(draft) == (NEW, "2025-11-03", "not-stated")
    assert draft.citations.get().access_check.address == NEW


def test_a_file_that_prints_the_library_s_new_address_is_taken_at_its_word(people, draft):
    edited(source(draft), people["lib"], url=NEW)

    imported(draft, line(NEW), people["ann"])

    assert printed(draft) == (NEW, "2025-11-03", "not-stated")


def test_a_file_that_prints_the_alias_dates_nothing_of_the_kept_entry(people, draft):
    kept = cast.reference(people["lib"], url=NEW)
    merged(source(draft), kept, people["lib"])

    notes = imported(draft, line(OLD), people["ann"])

    assert printed(draft) == (NEW, *UNOPENED)
    assert ["the access date, November 3, 2025, is not taken" in note.words for note in notes] == [True]


def test_a_save_that_points_at_a_check_of_another_address_prints_nothing_of_it(people, draft):
    row = edited(source(draft), people["lib"], url=NEW)
    check = recording.opened(row, by=people["lib"], on=TODAY(), found="unchanged")
    with cast.saving(draft, people["ann"]):
        Citation.objects.filter(article=draft).update(access_check=check)

    assert printed(draft) == (OLD, *UNOPENED)


def test_support_without_a_check_is_said_of_nothing(people, draft):
    with cast.saving(draft, people["ann"]):
        Citation.objects.filter(article=draft).update(access_check=None)

    assert printed(draft) == (OLD, *UNOPENED)


# What is said of it


def test_the_finding_says_what_became_of_the_address(people, draft):
    edited(source(draft), people["lib"], url=NEW)
    taken(draft, people["ann"])

    [words] = [each for each in told(draft) if "access date" in each]

    day = f"{PRINTED:%B} {PRINTED.day}, {PRINTED.year}"
    assert words.endswith(
        f"The address changed after it was opened on {day}, at {OLD}. Open the new address and record what you found."
    )


def test_the_finding_says_that_the_words_changed(people, draft):
    edited(source(draft), people["lib"], title="Other words")
    taken(draft, people["ann"])

    assert [
        each for each in told(draft) if "Open it as it is printed now, and record what you found." in each
    ]


def test_what_is_looked_up_in_print_is_asked_for_again_when_it_becomes_another_work(people, draft):
    book = edited(source(draft), people["lib"], type="book", url="", isbn="0-306-40615-2")
    draft = taken(draft, people["ann"])
    newest = recording.newest_recorded(book)
    answer = Answer(TODAY(), "unchanged", "yes", newest=newest.pk)
    recording.recorded(draft, book, by=people["edi"], answer=answer)
    assert printed(draft) == ("", TODAY().isoformat(), "yes")

    edited(book, people["lib"], isbn="0-306-40616-0")
    taken(draft, people["ann"])

    assert printed(draft) == ("", *UNOPENED)
    assert [each for each in told(draft) if "Look up the work as it is printed now" in each]


def test_gone_is_said_of_the_address_that_is_printed(people, draft):
    recording.opened(source(draft), by=people["lib"], on=TODAY(), found="gone")
    before = [each for each in told(draft) if "is gone" in each]
    row = edited(source(draft), people["lib"], url=NEW)
    recording.opened(row, by=people["lib"], on=TODAY(), found="unchanged")

    still = [each for each in told(draft) if "is gone" in each]
    taken(draft, people["ann"])

    assert (len(before), len(still)) == (1, 1)
    assert [each for each in told(draft) if "is gone" in each] == []


# Sources to open


def queued(me):
    return [
        (row.reference.url, row.why, row.earlier) for row in queue.sources(list(queue.found(Filter())), me)
    ]


def test_a_changed_address_is_to_be_opened_until_somebody_did(people, draft):
    assert queued(people["ann"]) == []
    known = draft.citations.get().access_check
    row = edited(source(draft), people["lib"], url=NEW)
    assert queued(people["ann"]) == [(NEW, Why.MISSING, known)]

    recording.opened(row, by=people["lib"], on=TODAY(), found="unchanged")
    assert queued(people["ann"]) == []  # the draft still prints what was opened

    with cast.saving(draft, people["ann"]):
        pins.take(draft, pins.updates(draft), by=people["ann"])
    assert queued(people["ann"]) == [(NEW, Why.MISSING, None)]
    [found] = queue.sources(list(queue.found(Filter())), people["ann"])
    assert found.said == "not-stated"


# Between page and press


def shown(row, **given):
    version = access.in_library(row)
    return Shown(**{"version": version.history_id, "address": version.url, **given})


def answer_of(draft, on_page):
    newest = recording.newest_recorded(source(draft))
    return Answer(TODAY(), "unchanged", "yes", newest=newest.pk, shown=on_page)


@pytest.mark.parametrize("columns", [{"url": NEW}, {"title": "Other words"}, {"issued": [2026]}])
def test_an_answer_about_what_the_library_no_longer_has_is_refused(people, draft, columns):
    answer = answer_of(draft, shown(source(draft), in_library=True))
    edited(source(draft), people["lib"], **columns)

    with pytest.raises(Refused) as refused:
        recording.recorded(draft, source(draft), by=people["edi"], answer=answer)

    [reason] = refused.value.reasons
    assert reason.code == "stale-reference"
    assert ((OLD in reason.words) and (NEW in reason.words)) == ("url" in columns)
    assert AccessCheck.objects.count() == 1


def test_an_answer_on_the_draft_is_about_what_the_draft_prints(people, draft):
    on_page = answer_of(draft, shown(source(draft)))
    edited(source(draft), people["lib"], url=NEW)

    check = recording.recorded(draft, source(draft), by=people["edi"], answer=on_page)
    assert (check.address, printed(draft)) == (OLD, (OLD, TODAY().isoformat(), "yes"))

    stale = answer_of(draft, on_page.shown)
    taken(draft, people["ann"])
    assert codes(lambda: recording.recorded(draft, source(draft), by=people["ann"], answer=stale)) == [
        "stale-reference"
    ]


@pytest.mark.parametrize("given", [{"version": None}, {"version": 10**9}, {"address": NEW}, {"address": ""}])
def test_a_page_that_names_no_version_of_the_source_is_refused(people, draft, given):
    answer = answer_of(draft, shown(source(draft), **given))

    assert codes(lambda: recording.recorded(draft, source(draft), by=people["edi"], answer=answer)) == [
        "stale-reference"
    ]


def test_a_change_that_is_no_other_word_does_not_disturb(people, draft):
    answer = answer_of(draft, shown(source(draft), in_library=True))
    edited(source(draft), people["lib"], title=f"{TITLE}.")

    recording.recorded(draft, source(draft), by=people["edi"], answer=answer)

    assert printed(draft) == (OLD, TODAY().isoformat(), "yes")


def test_what_was_opened_in_the_library_waits_for_the_draft_that_prints_the_earlier_version(people, draft):
    row = edited(source(draft), people["lib"], url=NEW)

    check = recording.recorded(
        draft, row, by=people["edi"], answer=answer_of(draft, shown(row, in_library=True))
    )

    assert (check.address, printed(draft)) == (NEW, (OLD, *AS_BEFORE))
    assert again(draft).saves == draft.saves


# As evidence


def test_what_was_opened_is_frozen_with_the_check(people, draft):
    row = edited(source(draft), people["lib"], url="www.Example.org/k/", author=[], version="1")

    check = recording.opened(row, by=people["lib"], on=TODAY(), found="unchanged")
    edited(row, people["lib"], url=NEW, title="Other words")

    check = again(check)
    assert (check.address, check.address_normalised) == ("www.Example.org/k/", "https://www.example.org/k")
    assert check.work == {
        "type": "webpage",
        "title": TITLE,
        "version": "1",
        "issued": {"date-parts": [[2025]]},
    }
    assert {"address", "address_normalised", "work", "identity"} <= set(AccessCheck.evidence)


def test_verify_names_an_edition_whose_day_is_of_another_address(people):
    from content.integrity import access_dates

    edition = cast.submitted(people["ann"])
    edited(source(edition.article), people["lib"], url=NEW)
    assert list(access_dates.access_dates_hold()) == []  # by what it prints itself

    forged(edition, snapshot=edition.snapshot.replace(OLD, NEW))

    [line] = access_dates.access_dates_hold()
    assert line.startswith(f"content_edition, row {edition.pk}: prints that reference 1 was opened on ")
    assert line.endswith(f"no access check of that day is of {NEW}")


def test_verify_names_a_check_whose_address_was_changed(people):
    from reviews.verification import everything_holds

    edition = cast.submitted(people["ann"])
    check = edition.article.citations.get().access_check

    forged(check, address=NEW)

    lines = list(everything_holds())
    assert [line.split(":")[0] for line in lines] == [
        f"content_accesscheck, row {check.pk}",
        f"content_edition, row {edition.pk}",
    ]


def test_an_article_copied_by_hand_in_the_database_prints_no_day_of_another_address(people, draft):
    """Without any save: the pin alone is moved to the newer version."""
    row = edited(source(draft), people["lib"], url=NEW)
    newest = access.in_library(row)
    execute("UPDATE content_pin SET version = %s WHERE row_kind = 'reference'", newest.history_id)

    assert printed(draft) == (NEW, *UNOPENED)
    assert Article.objects.count() == 1
