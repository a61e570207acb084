"""A refresh of access dates: what it leaves out, and who may not take its steps."""

from django.db.models.signals import post_save
from django.utils import timezone

from content.editions import submitting
from content.models import Article, Publication, Section
from reviews import initial_data
from reviews import publishing as page_publishing
from reviews.refreshing import eligibility, preparing, publishing, signing
from tests import cast
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import TYPO, after, case, join
from tests.reviews.decisions.test_reference_rulings import (
    citing_pages,
    new_version,
    next_edition,
    rule,
)
from tests.reviews.refreshing import house
from tests.reviews.refreshing.test_preparing import LEFT_OUT
from tests.saved_states import standing


@standing.kept
def pages(people):
    """One public article."""
    return house.public(people)


def one_public(people):
    return pages(people)[0]


@standing.kept
def signable(people):
    """A refresh of one article, begun."""
    one_public(people)
    house.opened_again(people["edi"])
    return house.begun(people)


@standing.kept
def publishable(people):
    """The same, signed."""
    refresh = signable(people)
    house.signed(refresh, people["edi"])
    return refresh


def told(refresh):
    """What is said of the one article that is held up."""
    [codes] = house.codes(refresh).values() or [[]]
    return codes


# What a refresh leaves out


def left_out(happens):
    def story(people):
        publication = one_public(people)
        house.opened_again(people["edi"], days_ago=3)
        happens(people, publication)
        return told(house.begun(people))

    story.__name__ = f"refreshing: {happens.__name__}"
    return story


for happens, codes in LEFT_OUT:
    case("reviews.refreshing.eligibility", *codes)(left_out(happens))


@case("reviews.refreshing.eligibility", "address-differs")
def refreshing_an_address_that_nobody_opened(people):
    source = one_public(people).article.citations.get().reference
    with cast.as_person(people["lib"]):
        source.url = "https://example.org/moved-here"
        source.save()
    house.opened_again(people["lib"])
    return told(house.begun(people))


@case("reviews.refreshing.eligibility", "nothing-newer")
def refreshing_with_an_older_day(people):
    one_public(people)
    house.opened_again(people["edi"], days_ago=30)
    return told(house.begun(people))


@case("reviews.refreshing.eligibility", "article-retired")
def looking_at_what_was_retired_since(people):
    """Handing it in would be refused as well."""
    publication = one_public(people)
    house.opened_again(people["edi"])
    Article.objects.update(retired_at=timezone.now())
    live = Publication.objects.get(pk=publication.pk)
    return [reason.code for reason in eligibility.look(live, by=people["ann"]).reasons]


@case("reviews.refreshing.eligibility", "own-review")
def refreshing_what_ones_own_review_holds_for(people):
    one_public(people)
    join(people["bob"], initial_data.EDITORS)
    house.opened_again(people["edi"])
    return told(house.begun(people, by="bob"))


@case("reviews.refreshing.eligibility", "own-review")
def refreshing_what_ones_own_ruling_carries(people):
    page = citing_pages(people)[0]
    new_version(people)
    edition = next_edition(page, people)
    rule(people["cid"])
    cast.sign(edition, people["edi"], "editorial-review")
    cast.publish(edition, people["dora"])
    house.opened_again(people["edi"])
    join(people["cid"], initial_data.EDITORS)
    refresh = house.begun(people, by="cid")
    return [reason["code"] for reason in refresh.items.get(article=page.article_id).reasons]


# Beginning and preparing


@case("reviews.refreshing.preparing", "no-right")
def refreshing_without_the_right(people):
    one_public(people)
    house.opened_again(people["edi"])
    return refusals_of(lambda: preparing.begin(by=people["bob"]))


@case("reviews.refreshing.preparing", "nothing-newer")
def refreshing_what_nobody_opened(people):
    one_public(people)
    return refusals_of(lambda: preparing.begin(by=people["ann"]))


@case("reviews.refreshing.preparing", "not-live", "nothing-newer")
def refreshing_what_was_taken_down_since(people):
    publication = one_public(people)
    house.opened_again(people["edi"], days_ago=30)
    refresh = preparing.begin(by=people["ann"])
    page_publishing.withdraw(publication, by=people["dora"], reason="outdated", note="We write a new one.")
    list(preparing.prepare(refresh, by=people["ann"]))
    return told(refresh)


@case("reviews.refreshing.preparing", "draft-differs")
def refreshing_where_saving_does_more(people):
    """As a program might that listens to saves."""
    one_public(people)
    house.opened_again(people["edi"])
    refresh = preparing.begin(by=people["ann"])

    def does_more(instance, **kwargs):
        Section.objects.filter(article=instance).update(heading="More")

    post_save.connect(does_more, sender=Article)
    try:
        list(preparing.prepare(refresh, by=people["ann"]))
    finally:
        post_save.disconnect(does_more, sender=Article)
    return told(refresh)


# Signing


def reviewing_it(refresh, by, organisation=None, **given):
    organisation, said = (
        organisation or by.organisation,
        house.said(refresh, by, organisation=organisation, **given),
    )
    return refusals_of(lambda: signing.review(refresh, by=by, organisation=organisation, said=said))


@case("reviews.refreshing.signing", "no-right")
def signing_a_refresh_outside_the_group(people):
    return reviewing_it(signable(people), people["dora"])


@case("reviews.refreshing.signing", "no-right")
def signing_a_refresh_for_another_organisation(people):
    return reviewing_it(signable(people), people["edi"], organisation=cast.asco())


@case("evidence.shown", "stale-kind")
def signing_a_refresh_with_another_meaning(people):
    return reviewing_it(signable(people), people["edi"], stated={"kind": "editorial-review 0"})


@case("evidence.shown", "stale-refresh")
def signing_a_refresh_that_was_not_shown(people):
    return reviewing_it(signable(people), people["edi"], stated={"rows": "0" * 64})


@case("reviews.refreshing.signing", "nothing-to-sign")
def signing_a_refresh_twice(people):
    return reviewing_it(publishable(people), people["edi"])


@case("reviews.refreshing.signing", "conflict-not-answered")
def signing_a_refresh_without_an_answer_on_interests(people):
    return reviewing_it(signable(people), people["edi"], conflict="never asked")


@case("reviews.refreshing.signing", "conflict-not-named")
def signing_a_refresh_with_an_interest_without_a_name(people):
    return reviewing_it(signable(people), people["edi"], conflict="declared")


@case("reviews.refreshing.signing", "more-than-dates")
def signing_a_refresh_that_changes_a_word(people):
    refresh = signable(people)
    other = after(refresh.items.get().edition, people, body=TYPO)
    refresh.items.update(edition=other)
    return reviewing_it(refresh, people["edi"])


@case("reviews.refreshing.signing", "not-live")
def signing_a_refresh_of_what_was_taken_down(people):
    refresh = signable(people)
    live = refresh.items.get().live
    page_publishing.withdraw(live, by=people["dora"], reason="outdated", note="We write a new one.")
    return reviewing_it(refresh, people["edi"])


@case("reviews.refreshing.signing", "no-right")
def going_on_with_what_another_signed(people):
    act = house.reviewed(signable(people), people["edi"])
    return refusals_of(lambda: signing.sign(act, by=people["ann"]))


# Publishing, and taking back


def publishing_all(refresh, by, shown=None):
    shown = publishing.fingerprint(publishing.ready(refresh)) if shown is None else shown
    return refusals_of(lambda: list(publishing.publish(refresh, by=by, shown=shown)))


@case("reviews.refreshing.publishing", "no-right")
def publishing_a_refresh_without_the_right(people):
    return publishing_all(publishable(people), people["edi"])


@case("reviews.refreshing.publishing", "stale-refresh")
def publishing_a_refresh_that_was_not_shown(people):
    return publishing_all(publishable(people), people["dora"], shown="other")


@case("reviews.refreshing.publishing", "nothing-to-publish")
def publishing_a_refresh_that_nobody_signed(people):
    return publishing_all(signable(people), people["dora"])


@case("reviews.refreshing.publishing", "no-right")
def taking_a_refresh_back_without_the_right(people):
    refresh = signable(people)
    return refusals_of(lambda: list(publishing.take_back(refresh, by=people["bob"])))


@case("reviews.refreshing.publishing", "no-right")
def trying_a_refresh_again_without_the_right(people):
    refresh = signable(people)
    submitting.take_back(refresh.items.get().edition, by=people["ann"])
    return refusals_of(lambda: publishing.try_again(refresh, by=people["bob"]))
