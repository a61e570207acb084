"""A translation is an article of its own that knows which edition of its source it translates."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content.access_checks import recording
from content.drafts import saving
from content.drafts.revisions import versions
from content.editions import submitting
from content.models import Article, Citation, Drug, FormerAddress, Picture, Section
from content.snapshots import pins, snapshot
from content.translations import source_edition, starting
from evidence.findings import Refused
from evidence.models import LedgerEvent
from reviews import publishing
from tests import cast
from tests.content.translations import spanish as translations
from tests.rows import a_row_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def publication(people):
    return cast.published(people)


def columns(article, model, *names):
    return list(model.objects.filter(article=article).values_list(*names))


def refused(verb, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        verb(*args, **kwargs)
    return [(reason.code, reason.words) for reason in caught.value.reasons]


def begin(source, by, language="es"):
    return starting.begin(source, language=language, by=by)


# Beginning


def test_translation_starts_as_a_copy_of_the_edition(people, publication):
    source = publication.article

    draft = begin(publication.edition, people["edi"])

    draft = Article.objects.get(pk=draft.pk)
    kept = ("title", "lead", "type", "condition", "co_branded_with", "slug", "work")
    assert [getattr(draft, name) for name in kept] == [getattr(source, name) for name in kept]
    assert (draft.language, draft.owner, draft.public_note) == ("es", people["edi"], "")
    assert draft.source_digest == publication.edition.digest
    assert draft.uid != source.uid
    shown = ("position", "kind", "level", "heading", "drug", "body")
    assert columns(draft, Section, *shown) == columns(source, Section, *shown)
    cited = ("reference", "position", "access_check", "supports")
    assert columns(draft, Citation, *cited) == columns(source, Citation, *cited)
    assert pins.pinned(draft).keys() == pins.pinned(source).keys()


def test_translation_copies_what_was_signed_and_not_the_draft(people, publication):
    with cast.saving(publication.article, people["ann"]):
        publication.article.title = "A newer draft"
        publication.article.save()
        publication.article.sections.all().delete()
        publication.article.citations.all().delete()

    draft = begin(publication.edition, people["ann"])

    parts = snapshot.parsed(publication.edition.snapshot)["parts"]
    own = snapshot.build(draft)["parts"]
    assert own["text"] == parts["text"]
    assert own["drugs"] == parts["drugs"]
    assert [access["on"] for access in own["access_dates"]] == [
        access["on"] for access in parts["access_dates"]
    ]


def test_translation_prints_the_day_its_source_printed(people, publication):
    citation = publication.article.citations.get()
    days = [citation.access_check.opened_on - timedelta(days=number) for number in (3, 0)]
    later = timezone.localdate()
    for day in (days[0], later):
        recording.opened(citation.reference, by=people["edi"], on=day, found="unchanged")
    older = cast.published(people, title="Opened earlier", slug="earlier").article
    with cast.saving(older, people["ann"]):
        cited = older.citations.get()
        cited.access_check = citation.reference.access_checks.get(opened_on=days[0])
        cited.save()
    earlier = translations.republished(people, older, translations.new_lead).edition

    printed = [
        begin(edition, people["ann"]).citations.get().access_check.opened_on
        for edition in (earlier, publication.edition)
    ]

    assert printed == days


def test_translation_keeps_figures_in_their_places(people):
    article = cast.article(people["ann"])
    figure = {"image_alt": "A cell", "image_caption": "Seen from above", "image_credit": "By Example Studio"}
    with cast.saving(article, people["ann"]):
        Section(
            article=article, position=3, kind="figure", image=a_row_of(Picture, digest="0" * 64), **figure
        ).save()
    source = submitting.submit(article, by=people["ann"], change="major")
    cast.publish(cast.signed(source, people), people["dora"])

    draft = begin(source, people["ann"])

    wanted = ("kind", "image_id", *figure)
    assert columns(draft, Section, *wanted) == [
        *[(kind, None, "", "", "") for kind in ("text", "drug")],
        ("figure", "0" * 64, "A cell", "Seen from above", "By Example Studio"),
    ]


def test_translation_is_one_revision_and_stands_in_the_ledger(people, publication):
    draft = begin(publication.edition, people["ann"])

    revision = [version.revision for version in versions(draft)]
    assert [(each.user, each.get_comment()) for each in revision] == [
        (people["ann"], f"Copy of {publication.edition}, to be translated: Español")
    ]
    assert draft.history.first().history_user == people["ann"]
    event = LedgerEvent.objects.order_by("-number")[0]
    facts = {"language": "es", "source": publication.edition.digest}
    assert (event.verb, event.article_uid, event.recorded_by, event.facts) == (
        "translate",
        draft.uid,
        people["ann"],
        facts,
    )


def test_edition_of_a_translation_names_its_source(people, publication):
    edition = submitting.submit(begin(publication.edition, people["ann"]), by=people["ann"], change="major")

    content = snapshot.parsed(edition.snapshot)
    assert (content["language"], content["parts"]["listing"]["source"]) == ("es", publication.edition.digest)
    assert content["parts"]["references"][0]["text"][0].rpartition(" Consultado en ")[1] != ""


def test_translation_may_begin_from_a_withdrawn_page(people, publication):
    publishing.withdraw(publication, by=people["dora"], reason="outdated", note="A newer page says more.")

    assert begin(publication.edition, people["ann"]).source_digest == publication.edition.digest


@pytest.mark.parametrize("name", ["bob", "dora", "eve"])
def test_beginning_a_translation_needs_an_editor(people, publication, name):
    reasons = refused(begin, publication.edition, people[name])

    assert reasons == [
        (
            "no-right",
            "Only editors can start a translation. Ask an administrator to add you to the group “Editors”.",
        )
    ]
    assert Article.objects.count() == 1


def test_an_edition_that_never_was_public_is_not_translated(people):
    edition = cast.submitted(people["ann"])

    assert refused(begin, edition, people["ann"]) == [
        (
            "never-public",
            "Edition 1 of “Immunotherapy for Kaposi Sarcoma” has never been public. "
            "Publish it first, or translate an edition that is or was public.",
        )
    ]


def test_one_article_per_language_is_enough(people, publication):
    translations.begun(publication.edition, people["ann"])

    again = refused(begin, publication.edition, people["edi"])
    own = refused(begin, publication.edition, people["edi"], "en")

    assert again == [
        (
            "translation-exists",
            f"This article already exists in Español: “{translations.TITLE}”. Continue with that one.",
        )
    ]
    assert [code for code, _ in own] == ["translation-exists"]


def test_beginning_a_translation_refuses_with_every_reason(people):
    edition = cast.submitted(people["ann"])
    Article.objects.update(retired_at=edition.created_at)

    codes = [code for code, _ in refused(begin, edition, people["eve"], "xx")]

    assert codes == ["no-right", "article-retired", "never-public", "language-unknown"]


def test_rows_that_the_library_lost_are_named(people):
    article = cast.article(people["ann"])
    book = cast.reference(people["ann"], title="A book", url="")
    with cast.saving(article, people["ann"]):
        Citation(article=article, reference=book, position=2, supports="yes").save()
    source = submitting.submit(article, by=people["ann"], change="major")
    cast.publish(cast.signed(source, people), people["dora"])
    with cast.saving(article, people["ann"]):
        article.citations.get(reference=book).delete()
        article.sections.filter(kind="drug").delete()
        book.delete()
        gone = Drug.objects.get()
        gone.products.all().delete()
        gone.delete()

    reasons = refused(begin, source, people["ann"])

    assert reasons == [
        (
            "library-row-gone",
            f"“{name}” is no longer in the library. Translate an edition that does not use it.",
        )
        for name in ("Pomalidomide", "Example Cancer Institute. A book. 2025.")
    ]


def test_translation_takes_an_address_nobody_has_in_its_language(people, publication):
    other = cast.article(people["ann"], title="Otra", slug="otra")
    Article.objects.filter(pk=other.pk).update(language="es", slug="immunotherapy-kaposi")
    FormerAddress.objects.create(article=other, language="es", slug="immunotherapy-kaposi-2")

    draft = begin(publication.edition, people["ann"])

    assert draft.slug == "immunotherapy-kaposi-3"


# Following


def test_following_names_the_edition_that_is_public_now(people, publication):
    draft = translations.begun(publication.edition, people["ann"])
    newer = translations.republished(people, publication.article, translations.new_lead).edition
    saves = draft.saves

    starting.renew_source(draft, by=people["edi"], shown=newer.digest)

    draft.refresh_from_db()
    assert (draft.source_digest, draft.saves) == (newer.digest, saves + 1)
    newest = versions(draft)[0].revision
    assert (newest.user, newest.get_comment()) == (
        people["edi"],
        "Follows the edition of its source that is public now",
    )
    assert draft.history.first().history_user == people["edi"]
    event = LedgerEvent.objects.order_by("-number")[0]
    facts = {"before": publication.edition.digest, "source": newer.digest}
    assert (event.verb, event.article_uid, event.facts) == ("follow source", draft.uid, facts)


def test_following_needs_an_editor(people, publication):
    draft = translations.begun(publication.edition, people["ann"])
    newer = translations.republished(people, publication.article, translations.new_lead).edition

    reasons = refused(starting.renew_source, draft, by=people["bob"], shown=newer.digest)

    assert reasons == [
        (
            "no-right",
            "Only editors can confirm which edition a translation follows. Ask an administrator to add you to the "
            "group “Editors”.",
        )
    ]


def test_following_what_was_not_compared_is_refused(people, publication):
    draft = translations.begun(publication.edition, people["ann"])
    seen = translations.republished(people, publication.article, translations.new_lead).edition
    translations.republished(people, publication.article, translations.new_lead)

    reasons = refused(starting.renew_source, draft, by=people["ann"], shown=seen.digest)

    assert reasons == [
        (
            "stale-source",
            "Edition 3 of “Immunotherapy for Kaposi Sarcoma” is public now, and your page showed another one. "
            "Check the differences again, then confirm.",
        )
    ]


def test_following_the_same_edition_again_is_refused(people, publication):
    draft = translations.begun(publication.edition, people["ann"])

    codes = refused(starting.renew_source, draft, by=people["ann"], shown=publication.edition.digest)

    assert codes == [
        (
            "source-followed",
            "This draft already follows edition 1, which is the public one.",
        )
    ]


def test_following_a_withdrawn_source_is_refused(people, publication):
    draft = translations.begun(publication.edition, people["ann"])
    publishing.withdraw(publication, by=people["dora"], reason="outdated", note="A newer page says more.")

    reasons = refused(starting.renew_source, draft, by=people["ann"], shown=publication.edition.digest)

    assert [code for code, _ in reasons] == ["source-not-public"]


def test_an_article_that_is_no_translation_follows_nothing(people, publication):
    digest = publication.edition.digest

    reasons = refused(starting.renew_source, publication.article, by=people["ann"], shown=digest)

    assert [code for code, _ in reasons] == ["no-translation"]


# Falling behind


def test_a_translation_is_behind_when_its_source_says_something_else(people, publication):
    draft = translations.begun(publication.edition, people["ann"])

    newer = translations.republished(people, publication.article, translations.new_lead)

    assert source_edition.newer(draft, draft.source_digest) == newer
    assert source_edition.behind_since(publication.edition) == newer.from_at


def test_a_translation_is_behind_since_the_first_change(people, publication):
    first = translations.republished(people, publication.article, translations.new_lead)
    translations.republished(people, publication.article, translations.new_lead)

    assert source_edition.behind_since(publication.edition) == first.from_at


def new_access_date(people):
    def change(article):
        citation = article.citations.get()
        citation.access_check = recording.opened(
            citation.reference, by=people["edi"], on=timezone.localdate(), found="unchanged"
        )
        citation.save()

    return change


@pytest.mark.parametrize("what", ["access date", "public note"])
def test_a_new_access_date_or_note_leaves_no_translation_behind(people, publication, what):
    draft = translations.begun(publication.edition, people["ann"])
    change = new_access_date(people) if what == "access date" else lambda article: None

    newer = translations.republished(people, publication.article, change)

    assert newer.edition.digest != publication.edition.digest
    assert source_edition.newer(draft, draft.source_digest) is None
    assert source_edition.behind_since(publication.edition) is None


def test_a_source_that_went_back_leaves_no_translation_behind(people, publication):
    draft = translations.begun(publication.edition, people["ann"])
    translations.republished(people, publication.article, translations.new_lead)

    cast.publish(publication.edition, people["dora"])

    assert source_edition.newer(draft, draft.source_digest) is None
    assert source_edition.behind_since(publication.edition) is None


# The language of an article


def test_an_article_that_was_handed_in_keeps_its_language(people, publication):
    article = publication.article
    article.language = "es"

    reasons = refused(saving.saved, article)

    assert reasons == [
        (
            "language-fixed",
            "Edition 1 was submitted in another language. Start a translation instead.",
        )
    ]


def test_language_is_open_until_something_hangs_on_it(people):
    fresh = cast.article(people["ann"])
    public = cast.published(people, title="Other", slug="other").edition
    translation = begin(public, people["ann"])

    assert [saving.language_is_settled(each) for each in (fresh, public.article, translation)] == [
        False,
        True,
        True,
    ]
