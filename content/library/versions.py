"""Newer editions and versions of the works in the library."""

from collections.abc import Iterator

from django.db import transaction

from accounts import permissions
from accounts.models import User
from content.models import Reference
from evidence.findings import Finding, no_right, refuse_if


def newest(reference: Reference) -> Reference:
    """Return the last of those that supersede it, one after the other, or the entry kept of the work itself where
    none does.
    """
    seen: set[int] = set()
    step: Reference | None = reference
    while step is not None and step.pk not in seen:
        reference = step.merged_into or step
        seen |= {step.pk, reference.pk}
        step = reference.superseded_by
    return reference


def would_loop(reference: Reference, newer: Reference) -> bool:
    """Tell whether `newer` is the reference, or is superseded by it in the end."""
    seen: set[int | None] = set()
    step: Reference | None = newer
    while step is not None and step.pk not in seen:
        if step.pk == reference.pk:
            return True
        seen.add(step.pk)
        step = step.superseded_by
    return False


def supersede(old: Reference, newer: Reference, *, by: User) -> None:
    """Supersede a work.

    From then on the gate asks for the newer one, and drafts that cite the old one are offered it.
    """
    with transaction.atomic():
        old = Reference.objects.select_for_update(no_key=True).get(pk=old.pk)
        refuse_if("supersede reference", refusals(old, by=permissions.fresh(by)))
        old.superseded_by = newer
        old.save()


def refusals(old: Reference, *, by: User) -> Iterator[Finding]:
    if not permissions.may(by, permissions.CHANGE_REFERENCE):
        yield no_right(
            "Only editors can add a newer version of a work. Ask an administrator to add you to the group “Editors”."
        )
    yield from what_speaks_against(old)


def what_speaks_against(old: Reference) -> Iterator[Finding]:
    if old.merged_into:
        words = f"“{old}” was merged into “{old.merged_into}”. Add the newer version there."
        yield Finding("merged-away", words)
    if old.superseded_by:
        words = f"“{old}” is already superseded by “{old.superseded_by}”. Add the newer version there."
        yield Finding("already-superseded", words)
