"""Signing, ruling, and withdrawing a decision."""

from dataclasses import replace

from content.editions import submitting
from reviews import initial_data
from reviews.decisions import withdrawing
from reviews.models import RouteStep
from tests import cast
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import (
    TEXT,
    TYPO,
    after,
    begun,
    case,
    join,
    public,
    ruling_it,
    signed,
    signing_it,
    take,
)
from tests.reviews.decisions.test_reference_rulings import citing_pages, new_version

# Signing


@case("reviews.decisions.signing", "no-right")
def signing_outside_the_group(people):
    return signing_it(begun(people), people["dora"])


@case("reviews.decisions.signing", "no-right")
def signing_for_another_organisation(people):
    return signing_it(begun(people), people["bob"], organisation=cast.asco())


@case("reviews.decisions.signing", "not-independent")
def signing_what_one_wrote(people):
    join(people["ann"], initial_data.MEDICAL_REVIEWERS)
    return signing_it(begun(people), people["ann"])


@case("reviews.decisions.signing", "stale-edition")
def signing_what_was_taken_back(people):
    edition = begun(people)
    submitting.take_back(edition, by=people["ann"])
    return signing_it(edition, people["bob"])


@case("evidence.shown", "stale-kind")
def signing_another_meaning(people):
    return signing_it(begun(people), people["bob"], stated={"kind": "medical-review 0"})


@case("evidence.shown", "stale-digest")
def signing_other_bytes(people):
    return signing_it(begun(people), people["bob"], stated={"digest": "0" * 64})


@case("evidence.shown", "stale-decision")
def signing_without_having_seen_the_newest_decision(people):
    edition = begun(people)
    cast.sign(edition, people["cid"], "medical-review")
    return signing_it(edition, people["bob"], stated={"newest": ""})


@case("evidence.shown", "stale-page")
def signing_in_a_name_that_was_not_shown(people):
    edition, bob = begun(people), people["bob"]
    answer = cast.answer(edition, "medical-review", bob)
    bob.printed_name = "Robert Example"
    bob.save()
    return signing_it(edition, bob, answer=answer)


@case("evidence.shown", "stale-page")
def signing_where_the_page_showed_something_that_is_gone(people):
    return signing_it(begun(people), people["bob"], stated={"weather": "fine"})


@case("reviews.decisions.signing", "stale-page")
def asking_for_changes_with_the_form_of_another_page(people):
    edition, given = begun(people), {"decision": "request-changes", "reason": "The dose."}
    return signing_it(edition, people["bob"], stated={"digest": "0" * 64}, **given)


@case("reviews.decisions.signing", "form-used")
def sending_a_form_again_with_another_answer(people):
    edition, bob = begun(people), people["bob"]
    answer = cast.answer(edition, "medical-review", bob)
    assert signing_it(edition, bob, answer=answer) == []
    declared = {"conflict": "declared", "conflict_text": "I hold shares."}
    return signing_it(edition, bob, answer=replace(answer, **declared))


@case("reviews.decisions.minor_changes", "form-used")
def sending_a_ruling_again_with_another_reason(people):
    first = signed(people)
    second, bob = after(first, people, body=TYPO), people["bob"]
    shown = cast.shown_to_rule(second, first, "medical-review", bob)
    assert ruling_it(second, first, bob, shown=shown) == []
    return ruling_it(second, first, bob, shown=shown, reason="Not a comma.")


@case("reviews.decisions.signing", "decision-missing")
def signing_with_a_shrug(people):
    return signing_it(begun(people), people["bob"], decision="shrug", reason="Well.")


@case("reviews.decisions.signing", "reason-missing")
def declining_without_a_reason(people):
    return signing_it(begun(people), people["bob"], decision="decline")


@case("reviews.decisions.signing", "conflict-not-answered")
def signing_without_an_answer_on_interests(people):
    return signing_it(begun(people), people["bob"], conflict="never-asked")


@case("reviews.decisions.signing", "conflict-not-named")
def declining_with_an_interest_without_a_name(people):
    return signing_it(begun(people), people["bob"], decision="decline", reason="No.", conflict="declared")


@case("reviews.decisions.signing", "scope-missing")
def signing_after_a_glance(people):
    return signing_it(begun(people), people["bob"], scope="a glance")


@case("reviews.decisions.signing", "scope-without-start")
def signing_changes_since_nothing(people):
    return signing_it(begun(people), people["bob"], scope="changes-only")


@case("reviews.decisions.signing", "scope-start-wrong")
def asking_for_changes_since_another_article(people):
    since = begun(people, slug="other")
    given = {"decision": "request-changes", "reason": "The dose.", "scope": "changes-only", "since": since}
    return signing_it(begun(people), people["bob"], **given)


@case("reviews.decisions.signing", "nothing-to-extend")
def signing_changes_since_what_nobody_signed(people):
    first = begun(people)
    second = after(first, people, body=TYPO)
    return signing_it(second, people["bob"], scope="changes-only", since=first)


@case("reviews.decisions.signing", "too-early")
def signing_before_ones_turn(people):
    RouteStep.objects.filter(kind="medical-review").update(position=2)
    return signing_it(begun(people), people["bob"])


# Ruling


@case("reviews.decisions.minor_changes", "no-right")
def ruling_outside_the_group(people):
    first = signed(people)
    return ruling_it(after(first, people, body=TYPO), first, people["dora"])


@case("reviews.decisions.minor_changes", "no-right", "nothing-to-extend")
def ruling_for_another_organisation(people):
    first = signed(people)
    return ruling_it(after(first, people, body=TYPO), first, people["bob"], organisation=cast.asco())


@case("reviews.decisions.minor_changes", "not-independent")
def ruling_on_ones_own_change(people):
    first = signed(people)
    return ruling_it(after(first, people, by="cid", body=TYPO), first, people["cid"])


@case("reviews.decisions.minor_changes", "other-article", "nothing-changed")
def ruling_from_an_edition_to_itself(people):
    first = signed(people)
    return ruling_it(first, first, people["bob"])


@case("reviews.decisions.minor_changes", "stale-edition")
def ruling_on_what_was_replaced(people):
    first = signed(people)
    second = after(first, people, body=TYPO)
    after(first, people, body=TEXT.replace("alone", "by yourself"))
    return ruling_it(second, first, people["bob"])


@case("evidence.shown", "stale-digest")
def ruling_on_other_bytes(people):
    first = signed(people)
    return ruling_it(after(first, people, body=TYPO), first, people["bob"], stated={"digest": "0" * 64})


@case("reviews.decisions.minor_changes", "reason-missing")
def ruling_without_a_reason(people):
    first = signed(people)
    return ruling_it(after(first, people, body=TYPO), first, people["bob"], reason=" ")


@case("reviews.decisions.minor_changes", "kind-takes-no-ruling")
def ruling_on_an_editorial_review(people):
    first = signed(people)
    return ruling_it(after(first, people, body=TYPO), first, people["edi"], "editorial-review")


@case("reviews.decisions.minor_changes", "not-minor")
def ruling_on_a_dose(people):
    first = signed(people)
    return ruling_it(after(first, people, body=TEXT.replace("4 mg", "40 mg")), first, people["bob"])


@case("reviews.decisions.minor_changes", "not-minor")
def ruling_on_a_pronunciation(people):
    first = signed(people)
    drug = first.article.sections.get(kind="drug").drug
    with cast.as_person(people["lib"]):
        drug.pronunciation = "POM"
        drug.save()
    take(first.article, people["ann"])
    return ruling_it(submitting.submit(first.article, by=people["ann"], change="minor"), first, people["bob"])


@case("reviews.decisions.minor_changes", "nothing-changed")
def ruling_on_nothing(people):
    first = signed(people)
    with cast.saving(first.article, people["ann"]):
        first.article.public_note = "New."
        first.article.save()
    second = submitting.submit(first.article, by=people["ann"], change="minor")
    return ruling_it(second, first, people["bob"])


@case("reviews.decisions.minor_changes", "nothing-to-extend")
def ruling_over_what_nobody_signed(people):
    first = signed(people)
    return ruling_it(after(first, people, body=TYPO), first, people["asa"], "contribution")


# Ruling on a reference


def ruling_on_it(people, who="cid", kind="medical-review", columns=None, **given):
    """A work that two public pages cite, of which the library has a new version."""
    citing_pages(people)
    row, by = new_version(people, **(columns or {})), people[who]
    return refusals_of(lambda: cast.rule_on(row, by, kind, **given))


@case("reviews.decisions.reference_rulings", "no-right")
def ruling_on_a_reference_outside_the_group(people):
    return ruling_on_it(people, "dora")


@case("reviews.decisions.reference_rulings", "no-right")
def ruling_on_a_reference_for_another_organisation(people):
    return ruling_on_it(people, organisation=cast.asco())


@case("reviews.decisions.reference_rulings", "kind-takes-no-ruling")
def ruling_on_a_reference_for_an_editorial_review(people):
    return ruling_on_it(people, "edi", "editorial-review")


@case("reviews.decisions.reference_rulings", "ruled-on-retracted")
def ruling_on_what_was_retracted(people):
    source = {"retracted_on": "2025-01-02", "retraction_source": "https://example.org/n"}
    return ruling_on_it(people, columns={"retraction": "retracted", **source})


@case("reviews.decisions.reference_rulings", "nothing-changed")
def ruling_on_a_reference_that_is_printed_as_it_is(people):
    return ruling_on_it(people, columns={"version": "2.2026"})


@case("evidence.shown", "stale-reference")
def ruling_on_a_reference_that_was_not_shown(people):
    return ruling_on_it(people, stated={"reprints": "0" * 64})


@case("reviews.decisions.reference_rulings", "reason-missing")
def ruling_on_a_reference_without_a_reason(people):
    return ruling_on_it(people, reason=" ")


# Overruling an objection


def objected(people, who="cid", kind="medical-review", edition=None):
    edition = edition or begun(people)
    return cast.sign(edition, people[who], kind, decision="request-changes", reason="The dose.")


def overruling_it(objection, who, edition=None, **given):
    return refusals_of(lambda: cast.overrule(objection, edition or objection.edition, who, **given))


@case("reviews.decisions.overruling", "no-right")
def overruling_outside_the_group(people):
    return overruling_it(objected(people), people["edi"])


@case("reviews.decisions.overruling", "no-right")
def overruling_a_contribution_as_an_editor(people):
    return overruling_it(objected(people, "asa", "contribution"), people["edi"])


@case("reviews.decisions.overruling", "no-right")
def overruling_for_another_organisation(people):
    return overruling_it(objected(people), people["bob"], organisation=cast.asco())


@case("reviews.decisions.overruling", "own-objection")
def overruling_ones_own_objection(people):
    return overruling_it(objected(people), people["cid"])


@case("reviews.decisions.overruling", "not-independent")
def overruling_what_is_said_of_ones_own_words(people):
    return overruling_it(objected(people, "edi", "editorial-review"), people["ann"])


@case("reviews.decisions.overruling", "not-independent")
def overruling_on_an_edition_that_one_wrote_for(people):
    objection = objected(people)
    return overruling_it(objection, people["bob"], after(objection.edition, people, by="bob", body=TYPO))


@case("reviews.decisions.overruling", "own-publication")
def overruling_as_the_publisher_of_the_live_page(people):
    join(people["dora"], initial_data.MEDICAL_REVIEWERS)
    return overruling_it(objected(people, edition=public(people).edition), people["dora"])


@case("reviews.decisions.overruling", "stale-edition")
def overruling_on_what_was_taken_back(people):
    objection = objected(people)
    submitting.take_back(objection.edition, by=people["ann"])
    return overruling_it(objection, people["bob"])


@case("reviews.decisions.overruling", "stale-decision")
def overruling_without_having_seen_the_newest_decision(people):
    objection = objected(people)
    objected(people, "asa", edition=objection.edition)
    return overruling_it(objection, people["bob"], stated={"newest": str(objection.pk)})


@case("reviews.decisions.overruling", "form-used")
def overruling_with_a_used_form(people):
    objection = objected(people)
    shown = cast.shown_to_overrule(objection, objection.edition, people["bob"])
    cast.overrule(objection, objection.edition, people["bob"], shown=shown)
    return overruling_it(objection, people["bob"], shown=shown, reason="Another reason.")


@case("reviews.decisions.overruling", "not-open")
def overruling_what_was_answered(people):
    objection = objected(people)
    cast.sign(objection.edition, people["cid"], "medical-review")
    return overruling_it(objection, people["bob"])


@case("reviews.decisions.overruling", "reason-missing")
def overruling_without_a_reason(people):
    return overruling_it(objected(people), people["bob"], reason=" ")


# Withdrawing a decision


def withdrawing_it(decision, who, reason="I was wrong."):
    return refusals_of(lambda: withdrawing.withdraw(decision, by=who, reason=reason))


@case("reviews.decisions.withdrawing", "no-right")
def withdrawing_what_another_signed(people):
    return withdrawing_it(signed(people).signoffs.first(), people["cid"])


@case("reviews.decisions.withdrawing", "no-right")
def withdrawing_somebody_elses_objection(people):
    return withdrawing_it(objected(people), people["dora"])


@case("reviews.decisions.withdrawing", "already-withdrawn")
def withdrawing_twice(people):
    signoff = signed(people).signoffs.first()
    assert withdrawing_it(signoff, people["dora"]) == []
    return withdrawing_it(signoff, people["dora"])


@case("reviews.decisions.withdrawing", "reason-missing")
def withdrawing_without_a_reason(people):
    return withdrawing_it(signed(people).signoffs.first(), people["edi"], " ")
