"""Publishing, taking down, and what the gate asks of signatures and of what the page will say."""

from datetime import timedelta

import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import Organisation
from content.editions import submitting
from content.models import Article, Edition, Outcome, Publication, WatchedLink, WatchedSite
from content.translations import starting
from reviews import initial_data
from reviews.decisions import signoff_kinds, withdrawal_words
from reviews.models import KindVersion, RouteStep
from tests import cast, tampering
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import (
    TYPO,
    administrator,
    after,
    approving,
    begun,
    case,
    frame,
    join,
    public,
    publishing_it,
    signed,
    taking_down,
    told,
)
from tests.flow.machine.refused.deciding import overruling_it

# Publishing, and withdrawing from the public


@case("reviews.publishing", "no-right")
def publishing_without_the_right(people):
    return publishing_it(signed(people), people, "ann")


@case("reviews.publishing", "article-retired")
def publishing_what_is_retired(people):
    edition = signed(people)
    Article.objects.update(retired_at=timezone.now())
    return publishing_it(edition, people)


@case("evidence.shown", "stale-digest")
def publishing_other_bytes(people):
    return publishing_it(signed(people), people, digest="0" * 64)


@case("evidence.shown", "stale-live")
def publishing_over_what_was_not_seen(people):
    return publishing_it(signed(people), people, live=-1)


@case("reviews.publishing", "own-overruling")
def publishing_what_one_overruled(people):
    join(people["dora"], initial_data.MEDICAL_REVIEWERS)
    edition = signed(people)
    objection = cast.sign(
        edition, people["cid"], "medical-review", decision="request-changes", reason="The dose."
    )
    assert overruling_it(objection, people["dora"]) == []
    return publishing_it(edition, people)


@case("reviews.publishing", "no-right")
def taking_down_without_the_right(people):
    return taking_down(public(people), people, "ann")


@case("reviews.publishing", "not-live")
def taking_down_twice(people):
    publication = public(people)
    assert taking_down(publication, people) == []
    return taking_down(publication, people)


@case("reviews.publishing", "reason-missing")
def taking_down_on_a_whim(people):
    return taking_down(public(people), people, reason="a whim")


@case("reviews.publishing", "words-unfit")
def taking_down_in_words_that_look_like_others(people):
    return taking_down(public(people), people, note="One d\u043ese was wrong.")


@case("reviews.publishing", "words-unfit")
def taking_down_in_words_that_imitate_a_review(people):
    return taking_down(public(people), people, note="Medically reviewed by Jane Roe, MD.")


@case("reviews.gate.page_facts", "unsafe-without-new-review")
def publishing_again_what_could_harm(people):
    publication = public(people)
    assert taking_down(publication, people, reason="unsafe") == []
    return publishing_it(publication.edition, people)


# A publisher's own words to readers


def confirming(people, who="ann", note="We are checking this page.", **stated):
    publication = public(people)
    assert taking_down(publication, people, note=note) == []
    publication = Publication.objects.get(pk=publication.pk)
    shown = cast.with_stated(withdrawal_words.shown_to(publication, by=people[who]), stated)
    return publication, shown, lambda: withdrawal_words.confirm(publication, by=people[who], shown=shown)


@case("reviews.decisions.withdrawal_words", "no-right")
def confirming_ones_own_words(people):
    return refusals_of(confirming(people, "dora")[-1])


@case("reviews.decisions.withdrawal_words", "no-right")
def confirming_a_dose_as_an_editor(people):
    return refusals_of(confirming(people, note="The dose was 40 mg.")[-1])


@case("reviews.decisions.withdrawal_words", "no-right")
def confirming_as_an_auditor(people):
    return refusals_of(confirming(people, "gus")[-1])


@case("reviews.decisions.withdrawal_words", "already-confirmed")
def confirming_twice(people):
    publication, _, confirm = confirming(people)
    assert refusals_of(confirm) == []
    again = withdrawal_words.shown_to(publication, by=people["edi"])
    return refusals_of(lambda: withdrawal_words.confirm(publication, by=people["edi"], shown=again))


@case("reviews.decisions.withdrawal_words", "nothing-to-confirm")
def confirming_where_nothing_was_written(people):
    return refusals_of(confirming(people, note="")[-1])


@case("evidence.shown", "stale-page")
def confirming_words_that_were_not_shown(people):
    return refusals_of(confirming(people, words="Take twice as much.")[-1])


# What the verbs ask before all else


@case("content.integrity.article_integrity", "evidence-damaged")
def publishing_what_was_changed_by_hand(people):
    edition = signed(people)
    tampering.change(edition, snapshot=edition.snapshot.replace("4 mg", "9 mg"))
    return publishing_it(edition, people)


@case("content.integrity.article_integrity", "evidence-unguarded")
def publishing_where_a_trigger_is_gone(people):
    edition = signed(people)
    connection.check_constraints()
    tampering.drop_triggers(Edition)
    return publishing_it(edition, people)


# The gate


@case("reviews.gate.evidence", "tampered")
def publishing_altered_bytes(people):
    edition = signed(people)
    tampering.change(edition, snapshot=edition.snapshot.replace("4 mg", "9 mg"))
    return told(Edition.objects.get(pk=edition.pk))


@case("reviews.gate.gate", "tampered")
def publishing_what_is_no_snapshot(people):
    edition = signed(people)
    tampering.change(edition, snapshot="[]")
    return told(Edition.objects.get(pk=edition.pk))


@case("reviews.gate.evidence", "tampered")
def publishing_on_an_altered_signoff(people):
    edition = signed(people)
    tampering.change(edition.signoffs.first(), edition_digest="0" * 64)
    return told(edition)


@case("reviews.gate.evidence", "not-the-newest")
def publishing_what_was_replaced(people):
    first = signed(people)
    after(first, people, body=TYPO)
    return publishing_it(first, people)


@case("content.checks.links", "link-broken")
def publishing_with_a_dead_link(people):
    """Gone since yesterday, and nobody opened it since."""
    edition = signed(people)
    reference = edition.article.citations.get().reference
    now = timezone.now()
    WatchedLink(
        url=reference.url_normalised,
        site=WatchedSite.objects.create(name="example.org"),
        outcome=Outcome.BROKEN,
        status=404,
        first_broken_at=now - timedelta(days=1),
        last_broken_at=now,
        looked_at=now,
    ).save()
    return publishing_it(edition, people)


@case("reviews.gate.evidence", "not-in-review")
def publishing_what_was_taken_back(people):
    edition = signed(people)
    submitting.take_back(edition, by=people["ann"])
    return publishing_it(edition, people)


@case("reviews.gate.signatures", "editorial-review-missing", "medical-review-missing", "contribution-missing")
def publishing_what_nobody_signed(people):
    return publishing_it(begun(people, co_branded_with=cast.asco()), people)


@case("reviews.gate.signatures", "changes-requested")
def publishing_what_somebody_wants_changed(people):
    edition = signed(people)
    cast.sign(edition, people["cid"], "medical-review", decision="request-changes", reason="The dose.")
    return publishing_it(edition, people)


@case("reviews.gate.signatures", "part-unsigned")
def publishing_a_part_that_no_kind_covers(people):
    covers = ["text", "drugs", "references", "access_dates", "figures", "listing"]
    signoff_kinds.revise("editorial-review", by=administrator(), covers=covers)
    return publishing_it(signed(people), people)


@case("reviews.gate.signatures", "no-full-medical-review")
def publishing_without_a_full_review(people):
    signoff_kinds.revise("medical-review", by=administrator(), may_be_full=False)
    return publishing_it(signed(people), people)


@case("reviews.gate.signatures", "nobody-independent")
def publishing_what_only_its_writer_signed(people):
    medical = KindVersion.objects.newest("medical-review")
    medical.pk, medical.version, medical.independent = None, 2, False
    cast.entered(medical, "change sign-off kind")
    join(people["ann"], initial_data.MEDICAL_REVIEWERS)
    edition = begun(people)
    cast.sign(edition, people["ann"], "editorial-review")
    cast.sign(edition, people["ann"], "medical-review")
    return publishing_it(edition, people)


@case("reviews.gate.signatures", "conflict-never-asked")
def publishing_with_a_signer_who_was_never_asked(people):
    edition = signed(people)
    tampering.change(edition.signoffs.first(), conflict="never-asked")
    return told(edition)


@case("reviews.gate.signatures", "access-date-over-age", "review-overdue")
def publishing_long_after_the_review(people):
    edition = signed(people)
    with time_machine.travel(timezone.now() + timedelta(days=37 * 31), tick=False):
        return publishing_it(edition, people)


@case("reviews.gate.page_facts", "house-missing")
def publishing_without_a_house(people):
    edition = signed(people)
    Organisation.objects.update(is_publishing=False)
    return publishing_it(edition, people)


@case("reviews.gate.page_facts", "part-unsigned", "no-full-medical-review", "credit-unearned")
def publishing_where_nothing_is_asked_for(people):
    RouteStep.objects.all().delete()
    return publishing_it(begun(people), people)


@case("reviews.gate.page_facts", "last-revised-in-future")
def publishing_after_the_clock_was_set_back(people):
    edition = signed(people)
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        cast.publish(edition, people["dora"])
        with cast.saving(edition.article, people["ann"]):
            edition.article.public_note = "New."
            edition.article.save()
        second = submitting.submit(edition.article, by=people["ann"], change="minor")
        cast.sign(second, people["edi"], "editorial-review")
    return publishing_it(second, people)


@case("evidence.ledger", "clock-behind")
def deciding_while_the_clock_is_set_back(people):
    edition = begun(people)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        cast.sign(edition, people["edi"], "editorial-review")
    return refusals_of(lambda: cast.sign(edition, people["bob"], "medical-review"))


@case("reviews.gate.page_facts", "last-medical-review-in-future")
def publishing_before_the_review(people):
    edition = begun(people)
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        cast.signed(edition, people)
    return publishing_it(edition, people)


@case("reviews.gate.page_facts", "public-note-missing")
def publishing_a_major_change_without_a_note(people):
    second = after(public(people).edition, people, change="major", body=TYPO)
    return publishing_it(cast.signed(second, people), people)


@case("reviews.gate.page_facts", "link-without-target")
def linking_to_what_is_not_public(people):
    target = cast.article(people["ann"], slug="target")
    first = begun(people)
    body = f'<p>See <a href="article:{target.uid}">this</a>.</p>'
    return told(cast.signed(after(first, people, body=body), people))


@case("reviews.gate.page_frame", "rights-line-missing")
def publishing_in_a_frame_without_rights(people):
    assert approving(frame(people, rights_line=""), people["dora"]) == []
    return publishing_it(signed(people), people)


def translated(people, source):
    article = starting.begin(source, language="es", by=people["ann"])
    return cast.signed(submitting.submit(article, by=people["ann"], change="major"), people)


@case("reviews.gate.translations", "translation-source-gone")
def translating_what_was_taken_down(people):
    publication = public(people)
    edition = translated(people, publication.edition)
    assert taking_down(publication, people) == []
    return told(edition)


@case("reviews.gate.translations", "translation-behind")
def translating_what_moved_on(people):
    publication = public(people)
    edition = translated(people, publication.edition)
    second = after(publication.edition, people, body=TYPO)
    cast.publish(cast.signed(second, people), people["dora"])
    return told(edition)
