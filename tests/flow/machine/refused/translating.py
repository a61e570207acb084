"""Beginning a translation, and following its source."""

from django.utils import timezone

from content.models import Article, Citation
from content.translations import starting
from tests import tampering
from tests.content.translations import spanish
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import begun, case, public, taking_down


def translating_it(edition, by, language="es"):
    return refusals_of(lambda: starting.begin(edition, language=language, by=by))


@case("content.translations.starting", "no-right")
def translating_without_the_right(people):
    return translating_it(public(people).edition, people["bob"])


@case("content.translations.starting", "article-retired")
def translating_what_is_retired(people):
    edition = public(people).edition
    Article.objects.update(retired_at=timezone.now())
    return translating_it(edition, people["ann"])


@case("content.translations.starting", "never-public")
def translating_what_was_never_public(people):
    return translating_it(begun(people), people["ann"])


@case("content.translations.starting", "language-unknown")
def translating_into_klingon(people):
    return translating_it(public(people).edition, people["ann"], "tlh")


@case("content.translations.starting", "translation-exists")
def translating_a_second_time(people):
    edition = public(people).edition
    assert translating_it(edition, people["ann"]) == []
    return translating_it(edition, people["edi"])


@case("content.translations.copying", "library-row-gone")
def translating_what_the_library_lost(people):
    edition = public(people).edition
    cited = Citation.objects.get()
    cited.delete()
    tampering.delete(cited.access_check)
    cited.reference.delete()
    return translating_it(edition, people["ann"])


def following_it(draft, by, edition):
    return refusals_of(lambda: starting.renew_source(draft, by=by, shown=edition.digest))


def followed(people):
    """A translation, what was public when it was begun, and what is public now."""
    old = public(people)
    draft = spanish.begun(old.edition, people["ann"])
    return draft, old, spanish.republished(people, old.article, spanish.new_lead)


@case("content.translations.starting", "no-right")
def following_without_the_right(people):
    draft, _, newer = followed(people)
    return following_it(draft, people["bob"], newer.edition)


@case("content.translations.starting", "no-translation")
def following_nothing(people):
    publication = public(people)
    return following_it(publication.article, people["ann"], publication.edition)


@case("content.translations.starting", "source-not-public")
def following_what_was_taken_down(people):
    draft, _, newer = followed(people)
    assert taking_down(newer, people) == []
    return following_it(draft, people["ann"], newer.edition)


@case("content.translations.starting", "source-followed")
def following_what_is_followed_already(people):
    old = public(people)
    return following_it(spanish.begun(old.edition, people["ann"]), people["ann"], old.edition)


@case("content.translations.starting", "stale-source")
def following_what_was_not_compared(people):
    draft, old, _ = followed(people)
    return following_it(draft, people["ann"], old.edition)
