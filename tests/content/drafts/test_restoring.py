"""Restoring a revision: the draft says again exactly what it said, by saves the audit trail knows of."""

import pytest
from django.utils import timezone
from reversion.models import Revision

from content.access_checks import recording
from content.drafts import restoring, revisions, saving
from content.models import Article, Citation, Condition, Pin, Reference, Section
from content.snapshots import snapshot
from evidence.findings import Refused
from tests import cast, tampering

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    return cast.article(people["ann"])


def newest(article):
    return revisions.versions(article)[0]


def again(article):
    return Article.objects.get(pk=article.pk)


def restore(article, version, by):
    article = again(article)
    restoring.restore(article, version, by=by, saves=article.saves)
    return again(article)


def rewritten(article, by):
    """Everything a draft has, changed: words, a section gone, one new, another citation, the condition, the drug."""
    with cast.as_person(by):
        draft = again(article)
        draft.title, draft.lead = "Other title", "<p>Other lead.</p>"
        draft.public_note, draft.type = "Other note.", "drug"
        draft.condition = cast.condition(by, "Lymphoma")
        draft.co_branded_with = cast.asco()
        first, second = draft.sections.all()
        first.heading, first.body, first.position = "Other heading", "<p>Other words.</p>", 9
        first.save()
        second.delete()
        Section(article=draft, position=1, heading="New", body="<p>New words.</p>").save()
        for citation in draft.citations.all():
            citation.delete()
        Citation(article=draft, reference=cast.reference(by, title="Another"), position=4).save()
        saving.saved(draft)


def test_restoring_gives_exactly_what_was_saved(people, article):
    before, version = snapshot.build(article), newest(article)
    keys = sorted(article.sections.values_list("pk", "uid"))
    rewritten(article, people["edi"])

    restored = restore(article, version, people["ann"])

    assert snapshot.build(restored) == before
    assert sorted(restored.sections.values_list("pk", "uid")) == keys


def test_restoring_leaves_an_audit_row_for_every_changed_row_in_the_right_name(people, article):
    version = newest(article)
    rewritten(article, people["edi"])
    trails = {model: model.history.count() for model in (Section, Citation, Pin)}

    restore(article, version, people["ann"])

    written = {
        model.__name__: sorted(
            (row.history_type, row.history_user.username)
            for row in model.history.order_by("history_id")[count:]
        )
        for model, count in trails.items()
    }
    assert written == {
        "Section": [("+", "ann"), ("-", "ann"), ("~", "ann")],
        "Citation": [("+", "ann"), ("-", "ann")],
        # Back: condition, drug, class, product, status, reference. Gone: the other condition and reference.
        "Pin": [("+", "ann")] * 6 + [("-", "ann")] * 2,
    }
    newest_row = article.history.first()
    assert (newest_row.title, newest_row.history_user.username, newest_row.history_change_reason) == (
        "Immunotherapy for Kaposi Sarcoma",
        "ann",
        f"Restored the revision of {revisions.written(version)}",
    )


def test_restoring_is_one_revision_that_says_so(people, article):
    version = newest(article)
    rewritten(article, people["edi"])
    count = Revision.objects.count()

    restored = restore(article, version, people["ann"])

    made = newest(restored).revision
    assert (Revision.objects.count(), made.comment, made.user.username) == (
        count + 1,
        f"Restored the revision of {revisions.written(version)}",
        "ann",
    )


def test_rows_that_are_equal_already_are_not_saved(people, article):
    version = newest(article)
    first, second = article.sections.all()
    with cast.saving(article, people["edi"]):
        first.heading = "Other"
        first.save()
    trails = (second.history.count(), Citation.history.count(), Pin.history.count())

    restore(article, version, people["ann"])

    assert (second.history.count(), Citation.history.count(), Pin.history.count()) == trails
    assert first.history.count() == 3


def test_what_is_not_content_stays_as_it_is(people, article):
    version = newest(article)
    with cast.as_person(people["edi"]):
        draft = again(article)
        draft.title, draft.slug, draft.owner, draft.source_digest = "Other", "other", people["edi"], "a" * 64
        saving.saved(draft)

    restored = restore(article, version, people["ann"])

    kept = (restored.slug, restored.owner, restored.source_digest, restored.saves)
    assert restored.title == "Immunotherapy for Kaposi Sarcoma"
    assert kept == ("other", people["edi"], "a" * 64, 3)


def test_every_column_of_an_article_is_either_restored_or_kept():
    columns = [field.attname for field in Article._meta.concrete_fields]

    assert sorted(columns) == sorted(restoring.RESTORED + restoring.KEPT)


def test_restoring_touches_no_evidence(people):
    publication = cast.published(people)
    article, version = publication.article, newest(publication.article)
    rewritten(article, people["edi"])

    restore(article, version, people["ann"])

    publication.refresh_from_db()
    assert (publication.until_at, article.editions.count(), publication.edition.submissions.count()) == (
        None,
        1,
        1,
    )


def test_two_citations_that_changed_places_and_keys_come_back_as_they_were(people, article):
    with cast.saving(article, people["ann"]):
        Citation(article=article, reference=cast.reference(people["ann"], title="Second"), position=1).save()
    before, version = snapshot.build(article), newest(article)
    one, other = article.citations.all()
    references = (one.reference, other.reference)
    with cast.saving(article, people["edi"]):
        for citation in (one, other):
            citation.delete()
        for reference in reversed(references):
            Citation(article=article, reference=reference, position=1).save()

    restored = restore(article, version, people["ann"])

    assert snapshot.build(restored) == before


def test_two_citations_that_swapped_their_references_come_back_as_they_were(people, article):
    second, third = (cast.reference(people["ann"], title=title) for title in ("Second", "Third"))
    with cast.saving(article, people["ann"]):
        Citation(article=article, reference=second, position=2).save()
    before, version = snapshot.build(article), newest(article)
    one, other = article.citations.all()
    first = one.reference
    with cast.saving(article, people["edi"]):
        for citation, reference in ((one, third), (other, first), (one, second)):
            citation.reference, citation.access_check = reference, None
            citation.save()

    restored = restore(article, version, people["ann"])

    assert snapshot.build(restored) == before


def test_a_revision_of_two_articles_gives_each_its_own_rows(people, article):
    other = cast.article(people["ann"], title="Other", slug="other")
    with cast.as_person(people["ann"]):
        for draft in (again(article), again(other)):
            saving.saved(draft)

    rows = revisions.rows_at(newest(article))

    assert newest(article).revision == newest(other).revision
    assert restoring.plan(again(article), rows).is_empty


def test_the_library_comes_back_as_the_revision_showed_it(people, article):
    before, version = snapshot.build(article), newest(article)
    drug = article.sections.get(kind="drug").drug
    with cast.as_person(people["lib"]):
        drug.pronunciation = "other"
        drug.save()
    with cast.saving(article, people["edi"]):
        article.sections.get(kind="drug").delete()
    with cast.saving(article, people["edi"]):
        Section(article=article, position=2, kind="drug", drug=drug, heading="Anew").save()

    restored = restore(article, version, people["ann"])

    assert snapshot.build(restored) == before


def test_a_pin_whose_audit_row_is_gone_stays_out_and_is_reported(people, article):
    version = newest(article)
    product = article.sections.get(kind="drug").drug.products.get()
    with cast.as_person(people["lib"]):
        product.brand = "Pomalist"
        product.save()
    with cast.saving(article, people["edi"]):
        article.pins.get(row_kind="product").delete()
    tampering.delete(product.history.order_by("history_id")[0])

    reported = restoring.lost_pins(revisions.rows_at(version))
    with cast.saving(article, people["edi"]):
        article.sections.first().delete()
    restored = restore(article, version, people["ann"])

    assert [(pin.row_kind, pin.row_key) for pin in reported] == [("product", product.pk)]
    assert sorted(restored.pins.values_list("row_kind", flat=True)) == [
        "condition", "drug", "drug-class", "reference", "status",
    ]  # fmt: skip


def refused_with(article, version, by, saves=None):
    with pytest.raises(Refused) as refused:
        restoring.restore(article, version, by=by, saves=article.saves if saves is None else saves)
    return refused.value.codes


def test_a_draft_saved_since_the_page_was_shown_is_refused(people, article):
    version, shown = newest(article), article.saves
    rewritten(article, people["edi"])

    assert refused_with(again(article), version, people["ann"], saves=shown) == ["stale-draft"]
    assert again(article).title == "Other title"


def test_a_retired_article_is_refused(people, article):
    version = newest(article)
    rewritten(article, people["edi"])
    draft = again(article)
    draft.retired_at = timezone.now()
    draft.save()

    with pytest.raises(Refused) as refused:
        restoring.restore(draft, version, by=people["ann"], saves=draft.saves)

    assert [(each.code, each.words) for each in refused.value.reasons] == [
        ("article-retired", "This article is retired, so it cannot be changed. Ask your administrator.")
    ]


def test_a_revision_of_another_article_is_refused(people, article):
    other = cast.article(people["ann"], title="Other", slug="other")

    assert refused_with(article, newest(other), people["ann"]) == ["other-article"]


@pytest.mark.parametrize("name", ["bob", "gus", "eve"])
def test_people_without_the_right_to_change_articles_are_refused(people, article, name):
    version = newest(article)
    rewritten(article, people["edi"])

    assert refused_with(again(article), version, people[name]) == ["no-right"]


def test_nothing_to_restore_is_said_and_writes_nothing(people, article):
    count = Revision.objects.count()

    assert refused_with(article, newest(article), people["ann"]) == ["same-already"]
    assert Revision.objects.count() == count


def test_what_the_library_lost_is_named(people, article):
    with cast.saving(article, people["ann"]):
        draft = again(article)
        draft.condition = Condition.objects.create(name="Rare")
        draft.save()
        second = cast.reference(people["ann"], title="Second")
        Citation(article=article, reference=second, position=2).save()
    version = newest(article)
    rewritten(article, people["edi"])
    Reference.objects.get(title="Second").delete()
    Condition.objects.get(name="Rare").delete()

    with pytest.raises(Refused) as refused:
        restore(article, version, people["ann"])

    fix = "Copy what you need from this revision into the draft by hand."
    assert [reason.words for reason in refused.value.reasons] == [
        f"Its condition is no longer in the library. {fix}",
        f"Its reference 2 is no longer in the library. {fix}",
    ]


def test_a_revision_shows_what_can_still_be_shown(people, article):
    with cast.saving(article, people["ann"]):
        second = cast.reference(people["ann"], title="Second")
        Citation(article=article, reference=second, position=2).save()
    version = newest(article)
    with cast.saving(article, people["ann"]):
        article.citations.get(reference=second).delete()
    second.delete()

    shown = revisions.snapshot_of(revisions.rows_at(version))

    assert shown == snapshot.build(again(article))


def test_an_access_check_comes_back_with_its_citation(people, article):
    before, version = snapshot.build(article), newest(article)
    citation = article.citations.get()
    with cast.saving(article, people["edi"]):
        citation.access_check = recording.opened(
            citation.reference, by=people["edi"], on=timezone.localdate(), found="changed"
        )
        citation.supports = "no"
        citation.save()

    restored = restore(article, version, people["ann"])

    assert snapshot.build(restored) == before
