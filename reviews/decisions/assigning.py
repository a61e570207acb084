"""Asking people for sign-offs."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content import outbox
from content.editions import authorship
from content.models import Article, Edition
from content.phrases import long_date
from evidence.findings import Finding, no_right, refuse_if
from reviews.approvals import routes
from reviews.approvals.routes import Step
from reviews.models import Assignment


def assign(edition: Edition, *, step: Step, person: User, due_on: date, by: User) -> Assignment:
    """Ask the person by mail. Asking again moves the day, and asking for the same day does nothing."""
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=edition.article_id)
        by = permissions.fresh(by)
        refuse_if("assign", refusals(edition, step, person, by))
        now = timezone.now()
        row = edition.assignments.filter(
            kind_id=step.kind.code, organisation=step.organisation, person=person
        ).first()
        if row is None:
            row = Assignment(
                edition=edition,
                kind_id=step.kind.code,
                organisation=step.organisation,
                person=person,
                assigned_by=by,
                assigned_at=now,
            )
        if row.due_on == due_on:
            return row
        row.due_on = due_on
        row.save()
        outbox.notify(
            [person],
            subject=f"{step.kind.name} wanted: {edition.article.title}",
            body=f"{by} asks you for the {in_sentence(step)} of edition {edition.number} by {long_date(due_on)}.",
            path=reverse("edition", args=[edition.pk]),
            at=now,
        )
        return row


def refusals(edition: Edition, step: Step, person: User, by: User) -> Iterable[Finding]:
    if not permissions.may(by, permissions.ASSIGN_SIGNOFF):
        yield no_right(
            "Only editors and publishers can ask for sign-offs. Ask an administrator to add you to one of these groups."
        )
    if not routes.is_signable(edition):
        words = f"Edition {edition.number} is no longer in review. Ask for a sign-off of the newest edition."
        yield Finding("stale-edition", words)
    if person.pk not in {candidate.pk for candidate in people_for(step, edition)}:
        yield Finding(
            "cannot-be-asked",
            f"{person} may not sign the {in_sentence(step)} of this edition. Choose somebody else.",
        )


def in_sentence(step: Step) -> str:
    return step.words[0].lower() + step.words[1:]


def people_for(step: Step, edition: Edition) -> list[User]:
    members = get_user_model()._default_manager.filter(is_active=True, groups=step.kind.may_sign_id)
    if step.organisation:
        members = members.filter(organisation=step.organisation)
    wrote = authorship.contributors(edition) if step.kind.independent else set()
    return [
        person
        for person in members.exclude(organisation=None).order_by("printed_name")
        if person.pk not in wrote
    ]
