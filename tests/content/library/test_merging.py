"""Two entries that are one work: drafts cite the one kept, what is frozen stays, and nothing known of the work is lost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from reversion.models import Revision

from content import prose
from content.access_checks import queue, recording
from content.access_checks.queue import Filter
from content.access_checks.recording import Answer
from content.admin.references.list_filters import identified_by
from content.checks import cited_works
from content.drafts import restoring, revisions
from content.library import duplicates, merging, updates, usage, versions
from content.models import AccessCheck, Article, Citation, PinnedTable, Section
from content.snapshots import pins, snapshot
from evidence.findings import Refused
from evidence.models import LedgerEvent
from reviews.decisions import reference_rulings
from tests import cast
from tests.flow.hands import refusals_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def alias(people):
    """Cited by whoever calls `cast.article` next."""
    return cast.reference(people["lib"])


@pytest.fixture
def kept(people, alias):
    # In other letters, but the same words at the same address.
    return cast.reference(
        people["lib"], title="Kaposi sarcoma: how it is treated.", url="https://example.org/kaposi/"
    )


def merge(alias, kept, by, **given):
    seen = given.get("seen", merging.shown(alias, kept))
    return merging.merge(alias, into=kept, by=by, seen=seen)


def again(row):
    return type(row).objects.get(pk=row.pk)


def cite(article, reference, by, *, on=None, position=9, supports="yes"):
    check = recording.opened(reference, by=by, on=on, found="unchanged") if on else None
    with cast.saving(article, by):
        citation = Citation(
            article=article, reference=reference, position=position, access_check=check, supports=supports
        )
        citation.save()
    return citation


def change(row, by, **columns):
    row = again(row)
    with cast.as_person(by):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return row


def test_a_draft_cites_the_kept_entry_with_all_that_was_said_of_the_other(people, alias, kept):
    draft = cast.article(people["ann"])
    before = draft.citations.get()

    assert merge(alias, kept, people["lib"]) == [draft]

    after = draft.citations.get()
    assert (after.pk, after.reference, after.position) == (before.pk, kept, before.position)
    assert (after.access_check, after.supports) == (before.access_check, "yes")
    [entry] = snapshot.build(again(draft))["parts"]["references"]
    assert entry["uid"] == str(kept.uid)
    assert again(alias).merged_into == kept


def test_it_is_an_ordinary_save_of_each_draft_in_the_persons_name(people, alias, kept):
    draft = cast.article(people["ann"])
    saves, revised = draft.saves, Revision.objects.count()

    merge(alias, kept, people["lib"])

    assert again(draft).saves == saves + 1
    assert Revision.objects.count() == revised + 1
    revision = Revision.objects.latest("pk")
    assert (revision.user, revision.comment) == (people["lib"], f"Merged “{alias}” into “{kept}”")
    rows = [draft.citations.get(), again(alias)]
    assert [row.history.first().history_user for row in rows] == [people["lib"]] * 2
    pinned = {row for library, row in pins.pinned(draft) if library == PinnedTable.REFERENCE}
    assert pinned == {kept.pk}


def test_the_ledger_says_who_merged_what(people, alias, kept):
    draft = cast.article(people["ann"])

    merge(alias, kept, people["lib"])

    event = LedgerEvent.objects.latest("number")
    facts = {"reference": str(kept.uid), "alias": str(alias.uid), "articles": [str(draft.uid)]}
    assert (event.verb, event.recorded_by, event.facts) == ("merge references", people["lib"], facts)


@pytest.mark.parametrize(
    ("days_of_alias", "days_of_kept", "position", "better"),
    [(9, 3, 9, "kept"), (3, 9, 9, "alias"), (9, 3, 0, "kept"), (3, 9, 0, "alias"), (9, None, 0, "alias")],
)
def test_a_draft_that_cites_both_keeps_one_with_the_newest_reading(
    people, alias, kept, days_of_alias, days_of_kept, position, better
):
    draft = cast.article(people["ann"])
    own, checks = draft.citations.get(), {}
    checks["alias"] = recording.opened(
        alias, by=people["ann"], on=TODAY() - timedelta(days_of_alias), found="unchanged"
    )
    with cast.saving(draft, people["ann"]):
        own.access_check, own.supports = checks["alias"], "no"
        own.save()
    day = TODAY() - timedelta(days_of_kept) if days_of_kept else None
    other = cite(draft, kept, people["ann"], on=day, position=position)
    checks["kept"] = other.access_check

    merge(alias, kept, people["lib"])

    left = draft.citations.get()
    assert (left.reference, left.access_check) == (kept, checks[better])
    assert left.supports == {"alias": "no", "kept": "yes"}[better]
    assert left.pk == (own if position == 9 else other).pk


def test_what_a_person_opened_weighs_more_than_a_newer_day_of_a_file(people, alias, kept):
    draft = cast.article(people["ann"])
    opened = draft.citations.get().access_check
    imported = AccessCheck(
        reference=kept,
        opened_on=TODAY(),
        opened_by_name="not recorded",
        found="not-stated",
        recorded_by=people["ann"],
        recorded_by_name="Ann",
        recorded_at=timezone.now(),
    )
    imported.save()
    with cast.saving(draft, people["ann"]):
        Citation(article=draft, reference=kept, position=9, access_check=imported).save()

    merge(alias, kept, people["lib"])

    assert draft.citations.get().access_check == opened


def test_markers_in_the_text_follow_and_two_side_by_side_are_one(people, alias, kept):
    draft = cast.article(people["ann"])
    cite(draft, kept, people["ann"])
    old, new, other = (
        f'<a href="reference:{uid}">{prose.MARKER}</a>' for uid in (alias.uid, kept.uid, draft.uid)
    )
    with cast.saving(draft, people["ann"]):
        Article.objects.filter(pk=draft.pk).update(lead=f"<p>A{old} and B{new}{other}{new}.</p>")
        Section.objects.filter(article=draft, position=1).update(body=f"<p>C{old}{new}{old} and D{new}.</p>")

    merge(alias, kept, people["lib"])

    assert again(draft).lead == f"<p>A{new} and B{new}{other}{new}.</p>"
    assert draft.sections.get(position=1).body == f"<p>C{new} and D{new}.</p>"
    assert draft.sections.get(position=2).history.count() == 1


def test_public_bytes_stay_and_the_page_stays_found(people, alias, kept):
    publication = cast.published(people)
    bytes_before = publication.edition.snapshot

    merge(alias, kept, people["lib"])

    assert again(publication.edition).snapshot == bytes_before
    assert usage.publications(again(kept)) == [publication]
    assert usage.drafts(again(kept)) == [publication.article]
    [work] = cited_works.of(snapshot.parsed(bytes_before))
    assert (work.row, *work.checks) == (kept, publication.article.citations.get().access_check)


def test_retired_articles_are_left_as_they_are_and_offered_nothing(people, alias, kept):
    draft = cast.article(people["ann"])
    Article.objects.filter(pk=draft.pk).update(retired_at=timezone.now())

    assert merge(alias, kept, people["lib"]) == []

    assert draft.citations.get().reference == alias


def test_the_old_identity_finds_the_kept_entry(people, alias, kept):
    change(alias, people["lib"], doi="10.1000/alias")

    merge(again(alias), kept, people["lib"])

    assert list(identified_by("https://doi.org/10.1000/ALIAS")) == [kept]
    assert list(identified_by("https://example.org/kaposi")) == [kept]


def test_aliases_of_the_alias_and_older_versions_lead_to_the_kept_entry(people, alias, kept):
    first, older = (cast.reference(people["lib"], title=title, url="") for title in ("First", "Older"))
    merge(first, alias, people["lib"])
    change(older, people["lib"], superseded_by=alias)

    merge(alias, kept, people["lib"])

    assert (again(first).merged_into, again(older).superseded_by) == (kept, kept)
    assert again(first).history.first().history_user == people["lib"]


NOTICE = {"retracted_on": date(2025, 2, 3), "retraction_source": "https://example.org/notice"}


@pytest.mark.parametrize(
    ("of_alias", "of_kept", "known"),
    [
        ("retracted", "", "retracted"),
        ("retracted", "expression-of-concern", "retracted"),
        ("expression-of-concern", "retracted", "retracted"),
        ("", "expression-of-concern", "expression-of-concern"),
    ],
)
def test_a_retraction_is_not_lost(people, alias, kept, of_alias, of_kept, known):
    for row, kind in ((alias, of_alias), (kept, of_kept)):
        if kind:
            change(row, people["lib"], retraction=kind, **NOTICE)

    merge(again(alias), again(kept), people["lib"])

    assert again(kept).retraction == known


def test_a_newer_version_is_not_lost(people, alias, kept):
    newer, other = (cast.reference(people["lib"], title=title, url="") for title in ("Newer", "Other"))
    change(alias, people["lib"], superseded_by=newer)

    merge(again(alias), kept, people["lib"])
    assert again(kept).superseded_by == newer

    twin = cast.reference(people["lib"], title="Twin", url="")
    merge(change(twin, people["lib"], superseded_by=other), again(kept), people["lib"])
    assert again(kept).superseded_by == newer


def test_merging_is_refused_with_every_reason(people, alias, kept):
    third = cast.reference(people["lib"], title="Third", url="")
    merge(alias, kept, people["lib"])

    def codes(one, other, by="lib", **given):
        return refusals_of(lambda: merge(again(one), again(other), people[by], **given))

    assert codes(third, third, by="eve", seen="") == ["no-right", "same-reference", "stale-reference"]
    assert codes(alias, third) == ["already-merged"]
    assert codes(third, alias) == ["merged-away"]
    assert codes(kept, alias) == ["merged-away"]
    change(kept, people["lib"], superseded_by=third)
    assert codes(kept, third) == codes(third, kept) == ["versions-of-a-work"]
    change(kept, people["lib"], superseded_by=None)
    duplicates.tell_apart(third, again(kept), by=people["lib"])
    assert codes(kept, third) == ["different-works"]
    assert again(third).merged_into is None


def test_versions_are_known_over_others_between_them(people, alias, kept):
    between = cast.reference(people["lib"], title="Between", url="")
    change(alias, people["lib"], superseded_by=between)
    change(between, people["lib"], superseded_by=kept)

    with pytest.raises(Refused) as refused:
        merge(again(kept), again(alias), people["lib"])
    assert refused.value.codes == ["versions-of-a-work"]


@pytest.mark.parametrize("who", [0, 1])
def test_what_was_changed_since_the_page_was_opened_is_looked_at_again(people, alias, kept, who):
    seen = merging.shown(alias, kept)
    change((alias, kept)[who], people["ann"], title="Changed")

    with pytest.raises(Refused) as refused:
        merge(alias, kept, people["lib"], seen=seen)
    assert refused.value.codes == ["stale-reference"]


def test_a_refused_merge_changes_nothing(people, alias, kept):
    draft = cast.article(people["ann"])

    with pytest.raises(Refused):
        merge(alias, kept, people["bob"])

    assert (draft.citations.get().reference, again(draft).saves) == (alias, draft.saves)


def test_what_was_told_apart_from_the_alias_is_told_apart_from_the_kept_entry(people, alias):
    kept, third = (cast.reference(people["lib"]) for _ in range(2))
    duplicates.tell_apart(alias, third, by=people["lib"])

    merge(alias, kept, people["lib"])

    assert duplicates.pairs() == []
    assert duplicates.matches(again(kept)) == duplicates.matches(third) == []


def test_openings_of_the_alias_count_for_the_kept_entry(people, alias, kept):
    draft = cast.article(people["ann"])
    merge(alias, kept, people["lib"])
    known = draft.citations.get().access_check
    assert recording.newest_recorded(again(kept)) == known

    answer = Answer(TODAY(), "unchanged", "yes", newest=known.pk)
    newer = recording.recorded(again(draft), kept, by=people["edi"], answer=answer)

    assert draft.citations.get().access_check == newer
    assert recording.recorded(again(draft), kept, by=people["edi"], answer=answer) == newer


def test_a_draft_is_offered_a_newer_opening_under_the_former_identity(people, alias, kept):
    newer = recording.opened(alias, by=people["edi"], on=TODAY(), found="unchanged")
    draft = cast.article(people["ann"])

    merge(alias, kept, people["lib"])

    [offer] = updates.newer_checks(again(draft))
    assert (offer.check, offer.asks_again) == (newer, False)


def test_the_list_of_sources_to_open_knows_openings_of_the_alias(people, alias, kept):
    draft = cast.article(people["ann"])
    merge(alias, kept, people["lib"])
    gone = recording.opened(again(alias), by=people["edi"], on=TODAY(), found="gone")

    [row] = queue.sources(list(queue.found(Filter())), people["ann"])

    assert (row.reference, row.newest, row.recorded) == (kept, gone, gone.pk)
    assert [citation.article for citation in row.citations] == [draft]


def test_whoever_restores_an_older_revision_cites_the_old_entry_which_counts_as_the_kept_one(
    people, alias, kept
):
    draft = cast.article(people["ann"])
    before = revisions.versions(draft).first()
    merge(alias, kept, people["lib"])
    newer = recording.opened(again(kept), by=people["edi"], on=TODAY(), found="unchanged")
    draft = again(draft)

    restoring.restore(draft, before, by=people["ann"], saves=draft.saves)

    assert draft.citations.get().reference == alias
    assert [offer.check for offer in updates.newer_checks(again(draft))] == [newer]
    assert recording.newest_recorded(again(alias)) == newer


def test_pages_that_print_the_alias_of_an_older_version_can_be_ruled_on(people, alias, kept):
    publication = cast.published(people)
    newer = cast.reference(people["lib"], title="Newer", url="https://example.org/newer")
    merge(alias, kept, people["lib"])
    change(kept, people["lib"], superseded_by=newer)

    for row in (again(kept), newer):
        [reprint] = reference_rulings.reprints(row)
        assert (reprint.old["uid"], reprint.new["uid"]) == (str(alias.uid), str(row.uid))
        assert reprint.pages == (publication,)


def test_newest_steps_over_what_was_merged(people, alias, kept):
    newer = cast.reference(people["lib"], title="Newer", url="")
    change(kept, people["lib"], superseded_by=newer)
    merge(alias, again(kept), people["lib"])

    assert versions.newest(again(alias)) == newer


@pytest.mark.postgres
def test_the_two_entries_are_locked_until_the_merge_is_over(people, alias, kept):
    with connection.execute_wrapper(lambda run, sql, *rest: asked.append(sql) or run(sql, *rest)):
        asked = []
        merge(alias, kept, people["lib"])

    assert any("content_reference" in sql and "FOR NO KEY UPDATE" in sql for sql in asked)
