"""Who may open what. Every page of ours is found by walking the site's addresses: a new one cannot be forgotten."""

import pytest
from django.contrib import admin
from django.urls import get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from content.models import (
    AccessCheck,
    Article,
    Citation,
    Edition,
    Publication,
    Reference,
    Section,
    Submission,
    UnsavedText,
)
from reviews.models import Signoff
from tests import cast

pytestmark = pytest.mark.django_db

PUBLIC = {
    "index", "article", "article-history", "article-snapshot", "usage-policy", "healthz", "picture",
}  # fmt: skip


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def publication(people):
    made = cast.published(people)
    cast.unsaved_text(made.article, people["ann"])
    return made


def own_addresses(publication):
    """Every page of the reviews room, with the keys of something that exists."""
    citation = publication.article.citations.get()
    keys = {
        "pk": publication.pk,
        "since_pk": publication.edition.pk,
        "kind": "medical-review",
        "organisation": "asco",
        "object_id": publication.article.pk,
        "citation_id": citation.pk,
        "reference": citation.reference_id,
        "objection": publication.pk,
        "form": "ris",
    }
    found = {}
    for name, patterns in get_resolver("reviews.urls").reverse_dict.lists():
        if isinstance(name, str):
            wanted = patterns[0][0][0][1]
            found[name] = reverse(name, kwargs={key: keys[key] for key in wanted})
    found["import"] = reverse("admin:content_reference_import")
    found["opened"] = reverse("admin:content_citation_opened", args=[publication.article.pk, citation.pk])
    kept = UnsavedText.objects.get()
    for name in ("merge", "discard"):
        found[name] = reverse(f"admin:content_article_{name}", args=[kept.article_id, kept.pk])
    return found | reference_addresses(citation.reference)


def reference_addresses(reference):
    """Our own pages about references. Those that every admin has are walked below; audit pages take no POST from anybody."""
    pages = ("changelist", "add", "change", "delete", "history", "audit", "audit_row")
    walked = {f"content_reference_{page}" for page in pages}
    keys = {"object_id": reference.pk, "kept_id": reference.pk, "told_id": 1}
    return {
        pattern.name: reverse(
            f"admin:{pattern.name}", kwargs={key: keys[key] for key in pattern.pattern.converters}
        )
        for pattern in admin.site._registry[Reference].get_urls()
        if pattern.name and pattern.name not in walked
    }


def admin_addresses(publication):
    """Every change list, form, history and audit page of the admin, for a row that exists."""
    found = []
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        found += [reverse(f"{base}_changelist"), reverse(f"{base}_add")]
        if row is not None:
            for page in ("change", "delete", "history", "audit"):
                try:
                    found.append(reverse(f"{base}_{page}", args=[row.pk]))
                except NoReverseMatch:
                    continue
    return found


def counts():
    return [
        model.objects.count()
        for model in (
            AccessCheck,
            Article,
            Citation,
            Edition,
            UnsavedText,
            Publication,
            Reference,
            Section,
            Submission,
            Signoff,
        )
    ]


def test_staff_without_rights_gets_403_from_every_page_of_ours(people, publication, client):
    client.force_login(people["eve"])

    for name, address in own_addresses(publication).items():
        answers = {client.get(address).status_code, client.post(address, {}).status_code}
        assert answers == {403}, name


def test_staff_without_rights_gets_403_from_every_admin_page(people, publication, client):
    client.force_login(people["eve"])

    for address in admin_addresses(publication):
        assert client.get(address).status_code == 403, address


def test_visitors_are_sent_to_the_login(people, publication, client):
    for address in [*own_addresses(publication).values(), *admin_addresses(publication)]:
        for answer in (client.get(address), client.post(address, {})):
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/admin/login/"), address


def test_somebody_who_may_only_look_writes_nothing_whatever_they_post(people, publication, client):
    client.force_login(people["gus"])
    before = counts()
    article = publication.article
    section = article.sections.first()
    form = {
        "title": "Hacked",
        "slug": "hacked",
        "language": "en",
        "type": "drug",
        "owner": people["gus"].pk,
        "shown_saves": article.saves,
        "sections-TOTAL_FORMS": 1,
        "sections-INITIAL_FORMS": 1,
        "sections-0-id": section.pk,
        "sections-0-article": article.pk,
        "sections-0-heading": "Hacked",
        "citations-TOTAL_FORMS": 0,
        "citations-INITIAL_FORMS": 0,
        "digest": publication.edition.digest,
        "change": "major",
        "saves": article.saves,
        "decision": "approve",
        "conflict": "none",
        "reason": "wrong",
        "note": "Hacked",
    }

    statuses = {}
    for address in [*own_addresses(publication).values(), *admin_addresses(publication)]:
        statuses[address] = client.post(address, form).status_code

    assert counts() == before
    article.refresh_from_db()
    section.refresh_from_db()
    publication.refresh_from_db()
    assert (article.title, section.heading, publication.until_at) == (
        "Immunotherapy for Kaposi Sarcoma",
        "What it is",
        None,
    )
    assert {
        address: status for address, status in statuses.items() if status not in (200, 403, 404, 405, 422)
    } == {}


def test_revision_and_audit_pages_take_no_post_from_anybody(people, publication, client):
    from reversion.models import Version

    people["ann"].is_superuser = True
    people["ann"].save()
    client.force_login(people["ann"])
    article = publication.article
    version = Version.objects.get_for_object(article).first()
    audit = article.history.first()

    revision_page = reverse("admin:content_article_revision", args=[article.pk, version.pk])
    audit_page = reverse("admin:content_article_audit_row", args=[article.pk, audit.history_id])

    assert revision_page != audit_page
    for page in (revision_page, audit_page, reverse("admin:content_article_audit", args=[article.pk])):
        assert client.get(page).status_code == 200
        assert client.post(page, {"title": "Hacked"}).status_code == 405
    article.refresh_from_db()
    assert article.title == "Immunotherapy for Kaposi Sarcoma"


def test_recovering_deleted_rows_through_the_library_is_closed(people, publication, client):
    people["ann"].is_superuser = True
    people["ann"].save()
    client.force_login(people["ann"])

    assert client.get(reverse("admin:content_article_recoverlist")).status_code == 404
    assert client.post(reverse("admin:content_article_recoverlist")).status_code == 404


@pytest.mark.parametrize("name", ["ann", "edi", "bob", "asa", "dora", "gus"])
def test_each_role_can_open_its_desk_and_read_an_edition(people, publication, client, name):
    client.force_login(people[name])

    assert client.get("/admin/").status_code == 200
    assert client.get(f"/admin/editions/{publication.edition.pk}/").status_code == 200
    assert client.get(f"/admin/publications/{publication.pk}/").status_code == 200


def test_every_public_address_is_known(publication):
    names = {name for name in get_resolver("content.public.urls").reverse_dict if isinstance(name, str)}

    assert names == PUBLIC
