"""A newer version of a work: made from the older one, and offered to the drafts that cite that."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from content.access_checks import recording
from content.library import merging, updates, versions
from content.models import Article, Citation, Reference
from evidence.findings import Refused
from tests import cast
from tests.content.admin.references.test_form import filled

pytestmark = pytest.mark.django_db
ADD = "/admin/content/reference/add/"


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def old(people):
    made = cast.reference(people["lib"])
    made.type, made.version = "guideline", "1.2026"
    with cast.as_person(people["lib"]):
        made.save()
    return made


@pytest.fixture
def draft(people, old):
    return cast.article(people["ann"])


def newer_of(old, by, **columns):
    with cast.as_person(by):
        newer = Reference(type=old.type, title=old.title, url=old.url, **{"version": "2.2026", **columns})
        newer.save()
    versions.supersede(old, newer, by=by)
    return newer


def take(draft, by, keys=None):
    keys = [offer.key for offer in updates.newer_versions(draft)] if keys is None else keys
    updates.take(draft, keys, by=by, saves=Article.objects.get(pk=draft.pk).saves)


def test_a_draft_is_offered_the_newest_version(people, old, draft):
    assert updates.newer_versions(draft) == []
    newer = newer_of(old, people["lib"])
    newest = newer_of(newer, people["lib"], version="3.2026")

    [offer] = updates.newer_versions(draft)

    assert (offer.newer, offer.is_same_work, updates.count(draft)) == (newest, False, 1)
    assert draft.citations.get().reference == old


def test_taking_it_cites_it_in_the_same_place_and_asks_to_open_and_read_it(people, old, draft):
    newer = newer_of(old, people["lib"])
    before = draft.citations.get()

    take(draft, people["ann"])

    after = draft.citations.get()
    assert (after.pk, after.position, after.reference) == (before.pk, before.position, newer)
    assert (after.access_check, after.supports) == (None, "not-stated")
    assert updates.count(Article.objects.get(pk=draft.pk)) == 0


def test_a_draft_that_cites_both_keeps_what_was_said_of_the_newer(people, old, draft):
    newer = newer_of(old, people["lib"])
    day = timezone.localdate() - timedelta(days=30)
    check = recording.opened(newer, by=people["ann"], on=day, found="unchanged")
    with cast.saving(draft, people["ann"]):
        Citation(article=draft, reference=newer, position=9, access_check=check, supports="no").save()

    take(draft, people["ann"])

    left = draft.citations.get()
    assert (left.reference, left.access_check, left.supports) == (newer, check, "no")


def test_all_that_is_offered_for_one_source_can_be_taken_at_once(people, old, draft):
    newer = newer_of(old, people["lib"])
    recording.opened(old, by=people["edi"], on=timezone.localdate(), found="unchanged")
    keys = [offer.key for offer in updates.takeable(draft)]

    take(draft, people["ann"], keys)

    assert len(keys) == 2
    assert draft.citations.get().reference == newer
    assert updates.takeable(Article.objects.get(pk=draft.pk)) == []


def test_what_was_shown_of_another_version_is_not_taken(people, old, draft):
    newer = newer_of(old, people["lib"])
    keys = [offer.key for offer in updates.newer_versions(draft)]
    newer_of(newer, people["lib"], version="3.2026")

    with pytest.raises(Refused) as refused:
        take(draft, people["ann"], keys)
    assert refused.value.codes == ["stale-update"]


def test_a_restored_alias_is_offered_its_kept_entry_with_what_was_read(people, old, draft):
    kept = cast.reference(people["lib"], title=old.title, url=old.url)
    before = draft.citations.get()
    with cast.as_person(people["lib"]):
        kept.type, kept.version = old.type, old.version
        kept.save()
    merging.merge(old, into=kept, by=people["lib"], seen=merging.shown(old, kept))
    with cast.saving(draft, people["ann"]):
        Citation.objects.filter(pk=before.pk).update(reference=old)

    [offer] = updates.newer_versions(draft)
    take(draft, people["ann"])

    assert (offer.newer, offer.is_same_work) == (kept, True)
    after = draft.citations.get()
    assert (after.reference, after.access_check, after.supports) == (kept, before.access_check, "yes")


def test_superseding_is_refused_with_every_reason(people, old):
    newer = newer_of(old, people["lib"])
    other = cast.reference(people["lib"], title="Other", url="")

    with pytest.raises(Refused) as refused:
        versions.supersede(old, other, by=people["bob"])
    assert refused.value.codes == ["no-right", "already-superseded"]
    merging.merge(other, into=newer, by=people["lib"], seen=merging.shown(other, newer))
    with pytest.raises(Refused) as refused:
        versions.supersede(other, old, by=people["lib"])
    assert refused.value.codes == ["merged-away"]
    assert Reference.objects.get(pk=old.pk).superseded_by == newer


def test_the_page_shows_both_and_takes_one(people, old, draft, client):
    client.force_login(people["ann"])
    newer = newer_of(old, people["lib"])
    address = f"/admin/content/article/{draft.pk}/library/"
    page = client.get(address)
    [offer] = page.context["versions"]

    client.post(address, {"do": f"take {offer.key}", "saves": draft.saves})

    assert "Cite the newer version" in " ".join(page.content.decode().split())
    assert draft.citations.get().reference == newer


# The form for the newer version.


def form_for(client, old):
    return filled(client.get(f"{ADD}?newer_than={old.pk}").context["adminform"].form)


def test_the_form_is_filled_in_with_what_versions_share(people, old, client):
    client.force_login(people["lib"])
    Reference.objects.filter(pk=old.pk).update(doi="10.1000/x", issued=[2025, 1])

    given = form_for(client, old)

    shared = {name: given[name] for name in ("type", "title", "authors", "url", "newer_than")}
    assert shared == {
        "type": "guideline",
        "title": old.title,
        "authors": "Example Cancer Institute",
        "url": old.url,
        "newer_than": str(old.pk),
    }
    assert [given[name] for name in ("version", "doi", "issued_on")] == ["", "", ""]
    assert (
        f"{ADD}?newer_than={old.pk}"
        in client.get(f"/admin/content/reference/{old.pk}/change/").content.decode()
    )


def test_saving_it_supersedes_the_older_one_without_asking_about_that_double(people, old, client):
    client.force_login(people["lib"])

    answer = client.post(ADD, {**form_for(client, old), "version": ""})

    assert answer.status_code == 302
    newer = Reference.objects.exclude(pk=old.pk).get()
    assert Reference.objects.get(pk=old.pk).superseded_by == newer
    assert Reference.objects.get(pk=old.pk).history.first().history_user == people["lib"]


def test_a_version_that_somebody_else_added_meanwhile_is_said_on_the_form(people, old, client):
    client.force_login(people["lib"])
    given = form_for(client, old)
    newer = newer_of(old, people["edi"])

    answer = client.post(ADD, {**given, "version": "3.2026"})

    words = f"“{old}” is already superseded by “{newer}”. Add the newer version there."
    assert answer.context["adminform"].form.errors["newer_than"] == [words]
    assert words in answer.content.decode()
    assert Reference.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", "999999"])
def test_a_form_for_nothing_known_is_an_empty_one(people, client, key):
    client.force_login(people["lib"])

    page = client.get(f"{ADD}?newer_than={key}")

    assert page.status_code == 200
    assert page.context["adminform"].form["title"].value() in ("", None)
    assert not list(get_messages(page.wsgi_request))


def test_the_pages_of_both_name_each_other(people, old, client):
    client.force_login(people["lib"])
    newer = newer_of(old, people["lib"])

    pages = [
        client.get(f"/admin/content/reference/{row.pk}/change/").content.decode() for row in (old, newer)
    ]

    assert f'Superseded by <a href="/admin/content/reference/{newer.pk}/change/">' in pages[0]
    assert f'Supersedes <a href="/admin/content/reference/{old.pk}/change/">' in pages[1]
    assert ["Add a newer version" in page for page in pages] == [False, True]
