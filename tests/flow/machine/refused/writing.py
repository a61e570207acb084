"""Handing in, saving, restoring, taking from the library, opening sources."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Organisation
from content.access_checks import recording
from content.drafts import restoring, revisions, saving
from content.editions import submitting
from content.models import Article
from tests import cast, tampering
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import (
    TEXT,
    begun,
    case,
    public,
    take,
)

# Handing in


@case("content.editions.submitting", "no-right")
def handing_in_without_the_right(people):
    draft = cast.article(people["ann"])
    return refusals_of(lambda: submitting.submit(draft, by=people["bob"], change="minor"))


@case("content.editions.submitting", "article-retired")
def handing_in_what_is_retired(people):
    draft = cast.article(people["ann"])
    Article.objects.update(retired_at=timezone.now())
    return refusals_of(lambda: submitting.submit(draft, by=people["ann"], change="minor"))


@case("content.editions.submitting", "change-unknown")
def handing_in_an_enormous_change(people):
    draft = cast.article(people["ann"])
    return refusals_of(lambda: submitting.submit(draft, by=people["ann"], change="enormous"))


@case("content.editions.submitting", "stale-draft")
def handing_in_another_draft(people):
    draft = cast.article(people["ann"])
    return refusals_of(
        lambda: submitting.submit(draft, by=people["ann"], change="minor", saves=draft.saves - 1)
    )


@case("content.editions.submitting", "no-right")
def taking_back_without_the_right(people):
    edition = begun(people)
    return refusals_of(lambda: submitting.take_back(edition, by=people["bob"]))


@case("content.editions.submitting", "not-in-review")
def taking_back_twice(people):
    edition = begun(people)
    submitting.take_back(edition, by=people["ann"])
    return refusals_of(lambda: submitting.take_back(edition, by=people["ann"]))


# Saving, the library, sources, kinds, the page frame, assignments


def moved(people):
    """The address at which readers find what has another one by now."""
    article = public(people).article
    before, article.slug = article.slug, "moved"
    with cast.as_person(people["ann"]):
        saving.saved(article, old_slug=before)
    return before


@case("content.drafts.saving", "address-taken")
def moving_to_an_address_that_redirects(people):
    redirects = moved(people)
    other = cast.article(people["ann"], slug="other")
    other.slug = redirects
    return refusals_of(lambda: saving.saved(other, old_slug="other"))


@case("content.drafts.saving", "language-fixed")
def changing_the_language_of_what_was_handed_in(people):
    article = begun(people).article
    article.language = "es"
    return refusals_of(lambda: saving.saved(article))


def offered(people):
    """A draft whose reference has another title by now."""
    draft = cast.article(people["ann"])
    reference = draft.citations.get().reference
    with cast.as_person(people["lib"]):
        reference.title = "Kaposi sarcoma"
        reference.save()
    return draft


@case("content.library.updates", "no-right")
def taking_without_the_right(people):
    return take(offered(people), people["bob"])


@case("content.library.updates", "article-retired")
def taking_for_what_is_retired(people):
    draft = offered(people)
    Article.objects.update(retired_at=timezone.now())
    return take(draft, people["ann"])


@case("content.library.updates", "stale-draft")
def taking_for_another_draft(people):
    return take(offered(people), people["ann"], saves=0)


@case("content.library.updates", "nothing-chosen")
def taking_nothing(people):
    return take(offered(people), people["ann"], keys=[])


@case("content.library.updates", "stale-update")
def taking_what_is_not_offered(people):
    return take(offered(people), people["ann"], keys=["drug-1-0"])


def restoring_it(people, who="ann", change=None, spoil=None, **given):
    """The first revision of a draft that was changed since, in a library that lost something."""
    draft = cast.article(people["ann"], co_branded_with=Organisation.objects.filter(code="lost").first())
    version = revisions.versions(draft)[0]
    with cast.saving(draft, people["ann"]):
        (change or change_the_words)(draft)
    if spoil:
        spoil(version)
    draft = Article.objects.get(pk=draft.pk)
    asked = {"saves": draft.saves, "version": version, **given}
    return refusals_of(lambda: restoring.restore(draft, by=people[who], **asked))


def change_the_words(draft):
    section = draft.sections.first()
    section.body = TEXT
    section.save()


@case("content.drafts.restoring", "no-right")
def restoring_without_the_right(people):
    return restoring_it(people, "bob")


@case("content.drafts.restoring", "article-retired")
def restoring_what_is_retired(people):
    return restoring_it(people, spoil=lambda version: Article.objects.update(retired_at=timezone.now()))


@case("content.drafts.restoring", "stale-draft")
def restoring_over_what_was_not_seen(people):
    return restoring_it(people, saves=0)


@case("content.drafts.restoring", "other-article")
def restoring_a_revision_of_another(people):
    other = cast.article(people["ann"], slug="other")
    return restoring_it(people, version=revisions.versions(other)[0])


@case("content.drafts.restoring", "same-already")
def restoring_what_is_there(people):
    return restoring_it(people, change=lambda draft: None)


@case("content.drafts.restoring", "revision-unreadable")
def restoring_what_an_older_program_stored(people):
    def spoil(version):
        version.revision.version_set.update(serialized_data="[{}]")

    return restoring_it(people, spoil=spoil)


@case("content.drafts.restoring", "drug-gone")
def restoring_a_drug_that_is_gone(people):
    def change(draft):
        section = draft.sections.get(kind="drug")
        drug, section.drug = section.drug, None
        section.save()
        drug.products.all().delete()
        drug.delete()

    return restoring_it(people, change=change)


@case("content.drafts.restoring", "reference-gone", "access-check-gone")
def restoring_a_source_that_is_gone(people):
    def change(draft):
        citation = draft.citations.get()
        citation.delete()
        tampering.delete(citation.access_check)
        citation.reference.delete()

    return restoring_it(people, change=change)


@case("content.drafts.restoring", "organisation-gone")
def restoring_a_partner_that_is_gone(people):
    Organisation(code="lost", name="A society", in_credit="a society").save()

    def change(draft):
        row = Article.objects.get(pk=draft.pk)
        row.co_branded_with = None
        row.save()
        Organisation.objects.filter(code="lost").delete()

    return restoring_it(people, change=change)


def opening_it(people, who="ann", days=0, found="unchanged"):
    reference, on = cast.reference(people["lib"]), timezone.localdate() + timedelta(days=days)
    return refusals_of(lambda: recording.opened(reference, by=people[who], on=on, found=found))


@case("content.access_checks.recording", "no-right")
def opening_without_the_right(people):
    return opening_it(people, "bob")


@case("content.access_checks.recording", "access-date-future")
def opening_tomorrow(people):
    return opening_it(people, days=1)


@case("content.access_checks.recording", "finding-missing")
def opening_without_a_finding(people):
    return opening_it(people, found="not-stated")
