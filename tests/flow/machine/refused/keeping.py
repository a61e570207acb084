"""The house's own matters: kinds, the page frame, asking people for sign-offs."""

from datetime import timedelta

from django.utils import timezone

from content.editions import submitting
from reviews import initial_data
from reviews.approvals import routes
from reviews.decisions import assigning, signoff_kinds
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import (
    administrator,
    approving,
    begun,
    case,
    frame,
    join,
)


def revising(people, who=None, **columns):
    by = people[who] if who else administrator()
    return refusals_of(lambda: signoff_kinds.revise("medical-review", by=by, **columns))


@case("reviews.decisions.signoff_kinds", "no-right")
def revising_without_the_right(people):
    return revising(people, "dora", how_many=2)


@case("reviews.decisions.signoff_kinds", "nothing-changed")
def revising_nothing(people):
    return revising(people, how_many=1)


@case("reviews.decisions.signoff_kinds", "part-unknown")
def revising_to_an_unknown_part(people):
    return revising(people, covers=["text", "the weather"])


@case("reviews.decisions.signoff_kinds", "independence-kept")
def revising_to_let_writers_sign(people):
    return revising(people, independent=False)


@case("reviews.decisions.signoff_kinds", "nobody-asked")
def revising_to_ask_nobody(people):
    return revising(people, how_many=0)


@case("reviews.decisions.signoff_kinds", "covers-nothing")
def revising_to_cover_nothing(people):
    return revising(people, covers=[])


@case("content.public.page_frame", "no-right")
def approving_a_frame_without_the_right(people):
    return approving(frame(people), people["bob"])


@case("content.public.page_frame", "already-approved")
def approving_a_frame_twice(people):
    made = frame(people)
    assert approving(made, people["dora"]) == []
    return approving(made, people["dora"])


@case("content.public.page_frame", "not-independent")
def approving_ones_own_frame(people):
    join(people["ann"], initial_data.PUBLISHERS)
    return approving(frame(people), people["ann"])


def assigning_it(edition, people, by="ann", person="bob"):
    step = next(step for step in routes.steps(edition) if step.kind.code == "medical-review")
    due_on = timezone.localdate() + timedelta(days=7)
    asked = {"step": step, "person": people[person], "due_on": due_on, "by": people[by]}
    return refusals_of(lambda: assigning.assign(edition, **asked))


@case("reviews.decisions.assigning", "no-right")
def asking_somebody_without_the_right(people):
    return assigning_it(begun(people), people, by="bob")


@case("reviews.decisions.assigning", "stale-edition")
def asking_for_what_was_taken_back(people):
    edition = begun(people)
    submitting.take_back(edition, by=people["ann"])
    return assigning_it(edition, people)


@case("reviews.decisions.assigning", "cannot-be-asked")
def asking_somebody_who_may_not_sign(people):
    return assigning_it(begun(people), people, person="dora")
