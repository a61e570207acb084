"""Who may not record, on a draft, that a source was opened."""

from dataclasses import replace
from datetime import timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from content.access_checks import recording
from content.access_checks.recording import Shown
from content.models import Article
from content.snapshots import access
from tests import cast
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import begun, case


def answering(article, by, reference=None, **given):
    reference = reference or article.citations.get().reference
    newest = recording.newest_recorded(reference)
    answer = replace(recording.today_unchanged(newest.pk if newest else None), **given)
    return refusals_of(lambda: recording.recorded(article, reference, by=by, answer=answer))


@case("content.access_checks.recording", "no-right")
def opening_for_a_draft_without_the_right_to_change_it(people):
    people["bob"].user_permissions.add(Permission.objects.get(codename="add_accesscheck"))
    return answering(begun(people).article, people["bob"])


@case("content.access_checks.recording", "article-retired")
def opening_for_what_is_retired(people):
    draft = begun(people).article
    Article.objects.filter(pk=draft.pk).update(retired_at=timezone.now())
    return answering(draft, people["ann"])


@case("content.access_checks.recording", "stale-reference")
def opening_what_the_draft_cites_no_more(people):
    draft = begun(people).article
    return answering(draft, people["ann"], cast.reference(people["lib"], url="https://example.org/other"))


@case("content.access_checks.recording", "stale-reference")
def opening_an_address_that_the_library_has_exchanged(people):
    draft = begun(people).article
    source = draft.citations.get().reference
    version = access.in_library(source)
    shown = Shown(version.history_id, version.url, in_library=True)
    with cast.as_person(people["lib"]):
        source.url = "https://example.org/moved"
        source.save()
    return answering(draft, people["ann"], shown=shown)


@case("content.access_checks.recording", "support-missing")
def opening_without_saying_what_it_supports(people):
    return answering(begun(people).article, people["ann"], supports="not-stated")


@case("content.access_checks.recording", "stale-access-check")
def opening_what_somebody_opened_meanwhile(people):
    draft = begun(people).article
    shown = recording.newest_recorded(draft.citations.get().reference)
    day = timezone.localdate() - timedelta(days=1)
    recording.opened(shown.reference, by=people["lib"], on=day, found="gone")
    return answering(draft, people["ann"], newest=shown.pk)
