"""The pages of revisions and library updates: who may open them, what they show, what they write."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from reversion.models import Revision, Version

from content.drafts import revisions, saving
from content.models import Article, Citation, Pin, Section
from content.snapshots import pins, snapshot
from evidence.models import Refusal
from tests import cast, tampering

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    return cast.article(people["ann"])


def at(name, *keys):
    return reverse(f"admin:content_article_{name}", args=keys)


def rewrite(article, by, text):
    with cast.saving(article, by):
        section = article.sections.first()
        section.body = f"<p>{text}</p>"
        section.save()


def change_drug(article, by):
    with cast.as_person(by):
        drug = article.sections.get(kind="drug").drug
        drug.pronunciation = "other"
        drug.save()


def addresses(article):
    version = revisions.versions(article)[0]
    return {
        "history": at("history", article.pk),
        "revision": at("revision", article.pk, version.pk),
        "compare": at("compare", article.pk) + f"?one={version.pk}&other=draft",
        "restore": at("restore", article.pk, version.pk),
        "library": at("library", article.pk),
    }


def saved(people, article):
    """What a person could have changed through these pages."""
    fresh = Article.objects.get(pk=article.pk)
    trails = [model.history.count() for model in (Article, Section, Citation, Pin)]
    return snapshot.build(fresh), fresh.saves, Revision.objects.count(), Refusal.objects.count(), trails


def test_the_pages_of_an_article_have_addresses_of_their_own(article):
    names = ("history", "revision", "restore", "compare", "library", "audit", "audit_row")
    of_a_row = ("revision", "restore", "audit_row")

    found = {name: at(name, *([1, 1] if name in of_a_row else [1])) for name in names}

    assert len(set(found.values())) == len(found)
    for name, address in found.items():
        assert resolve(address).view_name == f"admin:content_article_{name}"


@pytest.mark.parametrize("shown", ["history", "revision", "compare", "restore", "library"])
def test_staff_without_rights_sees_none_of_the_pages(people, article, client, shown):
    client.force_login(people["eve"])
    rewrite(article, people["ann"], "New.")
    before = saved(people, article)

    answers = [client.get(addresses(article)[shown]), client.post(addresses(article)[shown], {})]

    assert answers[0].status_code == 403
    assert answers[1].status_code in (403, 405)
    assert saved(people, article) == before


@pytest.mark.parametrize("name", ["gus", "bob", "dora"])
def test_somebody_who_may_only_look_writes_nothing(people, article, client, name):
    version = revisions.versions(article)[0]
    rewrite(article, people["ann"], "New.")
    change_drug(article, people["lib"])
    [update] = pins.updates(article)
    before = saved(people, article)
    client.force_login(people[name])
    saves = Article.objects.get(pk=article.pk).saves

    looking = [
        client.get(addresses(article)[page]).status_code
        for page in ("history", "revision", "compare", "library")
    ]
    asking = client.get(at("restore", article.pk, version.pk)).status_code
    posting = [
        client.post(at("restore", article.pk, version.pk), {"saves": saves}).status_code,
        client.post(at("library", article.pk), {"saves": saves, "do": f"take {update.key}"}).status_code,
        client.post(at("history", article.pk), {"title": "Hacked"}).status_code,
        client.post(at("revision", article.pk, version.pk), {"title": "Hacked"}).status_code,
        client.post(addresses(article)["compare"], {"title": "Hacked"}).status_code,
    ]

    assert (looking, asking) == ([200] * 4, 403)
    assert posting == [403, 403, 405, 405, 405]
    assert saved(people, article) == before


def test_the_list_is_paged_newest_first_with_who_when_and_what(people, article, client):
    for number in range(26):
        rewrite(article, people["edi"], f"Text {number}.")
    client.force_login(people["ann"])

    first, second = client.get(at("history", article.pk)), client.get(at("history", article.pk) + "?p=2")

    kept = list(revisions.versions(article))
    assert [version for version, _ in first.context["revisions"]] == kept[:25]
    assert [version for version, _ in second.context["revisions"]] == kept[25:]
    assert {words for _, words in first.context["revisions"]} == {"“What it is” changed."}
    assert [words for _, words in second.context["revisions"]] == [
        "“What it is” changed.",
        "This is the first revision.",
    ]


def test_the_list_costs_the_same_whatever_its_length(people, article, client):
    client.force_login(people["ann"])
    rewrite(article, people["edi"], "First.")
    client.get(at("history", article.pk))

    costs = []
    for text in ("Second.", "Third.", "Fourth."):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(at("history", article.pk))
        costs.append(len(queries))
        rewrite(article, people["edi"], text)

    assert len(set(costs)) == 1


def test_the_list_says_in_a_few_words_what_changed(people, article, client):
    change_drug(article, people["lib"])
    with cast.as_person(people["ann"]):
        draft = Article.objects.get(pk=article.pk)
        draft.title, draft.type = "Other", "drug"
        first, second = draft.sections.all()
        first.position, second.position = 2, 1
        first.save()
        second.save()
        Section(article=draft, position=3, heading="Added").save()
        draft.citations.get().delete()
        pins.take(draft, pins.updates(draft), by=people["ann"])
        saving.saved(draft)
    client.force_login(people["ann"])

    page = client.get(at("history", article.pk))

    assert page.context["revisions"][0][1] == (
        "Title; listing; “Added” added; sections in another order; 1 reference removed; 1 library update used."
    )


def test_the_list_says_that_library_updates_were_not_used(people, article, client):
    change_drug(article, people["lib"])
    with cast.as_person(people["ann"]):
        draft = Article.objects.get(pk=article.pk)
        pins.leave(draft, pins.updates(draft), by=people["ann"])
        saving.saved(draft)
    client.force_login(people["ann"])

    page = client.get(at("history", article.pk))

    assert page.context["revisions"][0][1] == "Library updates not used."


def test_a_revision_is_shown_as_readers_would_see_it(people, article, client):
    version = revisions.versions(article)[0]
    rewrite(article, people["edi"], "Another text.")
    change_drug(article, people["lib"])
    client.force_login(people["gus"])

    page = client.get(at("revision", article.pk, version.pk))

    text, [first, second] = page.content.decode(), page.context["page"].sections
    assert first.body == "<p>Medicines, taken as 4 mg pills.</p>"
    assert second.pronunciation == "PAH-muh-LIH-doh-mide"
    assert len(page.context["page"].references) == 1
    assert "Restore this revision" not in text


def test_any_two_revisions_and_the_draft_can_be_compared(people, article, client):
    rewrite(article, people["edi"], "Take 8 mg.")
    rewrite(article, people["edi"], "Take 9 mg.")
    newest, middle, first = revisions.versions(article)
    client.force_login(people["gus"])

    pages = [
        client.get(at("compare", article.pk) + f"?one={one}&other={other}")
        for one, other in ((middle.pk, first.pk), (first.pk, "draft"), (newest.pk, "draft"))
    ]

    numbers = [
        [(number.old, number.new) for number in page.context["difference"].numbers_changed] for page in pages
    ]
    assert [bool(each) for each in numbers] == [True, True, False]
    assert "8 mg" in str(numbers[0])
    assert "9 mg" in str(numbers[1])
    assert pages[2].context["difference"].is_empty
    assert client.get(at("compare", article.pk) + f"?one={first.pk}&other={first.pk}").status_code == 302


def test_revisions_of_another_article_are_not_found(people, article, client):
    other = cast.article(people["ann"], title="Other", slug="other")
    version = revisions.versions(other)[0]
    client.force_login(people["ann"])

    answers = [
        client.get(at("revision", article.pk, version.pk)).status_code,
        client.get(at("restore", article.pk, version.pk)).status_code,
        client.post(at("restore", article.pk, version.pk), {"saves": article.saves}).status_code,
        client.get(at("compare", article.pk) + f"?one={version.pk}&other=draft").status_code,
        client.get(at("compare", article.pk) + "?one=x&other=draft").status_code,
    ]

    assert answers == [404] * 5


def test_restoring_asks_first_and_then_does_it(people, article, client):
    version, before = revisions.versions(article)[0], snapshot.build(article)
    rewrite(article, people["edi"], "Another text.")
    client.force_login(people["ann"])
    count = Revision.objects.count()

    asked = client.get(at("restore", article.pk, version.pk))
    answer = client.post(
        at("restore", article.pk, version.pk), {"saves": asked.context["article"].saves}, follow=True
    )

    assert [part.name for part in asked.context["difference"].changed_parts] == ["text"]
    assert answer.redirect_chain == [(at("change", article.pk), 302)]
    assert snapshot.build(Article.objects.get(pk=article.pk)) == before
    assert Revision.objects.count() == count + 1


def test_what_the_library_lost_is_named_as_it_is_today(people, article, client):
    version, product = revisions.versions(article)[0], article.sections.get(kind="drug").drug.products.get()
    with cast.as_person(people["lib"]):
        product.brand = "Pomalist"
        product.save()
    with cast.saving(article, people["edi"]):
        article.pins.get(row_kind="product").delete()
        article.sections.filter(kind="text").first().delete()
    tampering.delete(product.history.order_by("history_id")[0])
    client.force_login(people["ann"])

    asked = client.get(at("restore", article.pk, version.pk))

    assert f"no longer has the versions that this revision showed: product {product}." in " ".join(
        asked.content.decode().split()
    )


def test_a_stale_restore_is_refused_recorded_and_shown_the_difference(people, article, client):
    version = revisions.versions(article)[0]
    client.force_login(people["ann"])
    rewrite(article, people["edi"], "Another text.")

    for posted in ({"saves": article.saves}, {}):
        answer = client.post(at("restore", article.pk, version.pk), posted)
        assert answer.status_code == 409
        assert [str(message) for message in answer.context["messages"]] == [
            "Edi Example saved this draft after you opened the page. Check what changed, then decide again."
        ]
        assert answer.context["article"].saves == article.saves + 1
    assert [refusal.reasons[0]["code"] for refusal in Refusal.objects.all()] == ["stale-draft"] * 2


def test_library_updates_are_counted_on_the_form_and_taken_on_their_page(people, article, client):
    change_drug(article, people["lib"])
    client.force_login(people["ann"])

    form = client.get(at("change", article.pk)).content.decode()
    page = client.get(at("library", article.pk))
    shown = [update.key for update, _ in page.context["updates"]]
    answer = client.post(at("library", article.pk), {"saves": article.saves, "do": "take", "shown": shown})

    assert f'<a href="{at("library", article.pk)}">Library updates (1)</a>' in form
    assert answer.status_code == 302
    assert pins.differing(article) == []


def test_one_update_can_be_left_and_a_stale_page_is_refused(people, article, client):
    change_drug(article, people["lib"])
    [update] = pins.updates(article)
    client.force_login(people["ann"])

    stale = client.post(at("library", article.pk), {"saves": article.saves - 1, "do": f"leave {update.key}"})
    unknown = client.post(at("library", article.pk), {"saves": article.saves, "do": "burn"})
    answer = client.post(at("library", article.pk), {"saves": article.saves, "do": f"leave {update.key}"})

    assert (stale.status_code, unknown.status_code, answer.status_code) == (409, 400, 302)
    assert [update.is_left for update in pins.differing(article)] == [True]


def posted(article, **changed):
    """The article form as the page sends it."""
    form = {
        "title": article.title,
        "slug": article.slug,
        "language": article.language,
        "lead": article.lead,
        "type": article.type,
        "condition": article.condition_id,
        "public_note": article.public_note,
        "owner": article.owner_id,
        "shown_saves": article.saves,
    }
    for name, columns in (
        (
            "sections",
            (
                "position",
                "kind",
                "level",
                "heading",
                "drug_id",
                "body",
                "image_alt",
                "image_caption",
                "image_credit",
            ),
        ),
        ("citations", ("position", "reference_id", "access_check_id", "supports")),
    ):
        rows = list(getattr(article, name).all())
        form |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": len(rows)}
        for number, row in enumerate(rows):
            form |= {f"{name}-{number}-id": row.pk, f"{name}-{number}-article": article.pk}
            values = {column: getattr(row, column) for column in columns}
            form |= {
                f"{name}-{number}-{column.removesuffix('_id')}": "" if value is None else value
                for column, value in values.items()
            }
    return {**{key: "" if value is None else value for key, value in form.items()}, **changed}


def test_a_save_in_the_form_is_one_revision_of_the_whole_article(people, article, client):
    client.force_login(people["ann"])
    count = Revision.objects.count()

    answer = client.post(
        at("change", article.pk), posted(article, **{"title": "Other", "sections-0-heading": "Other heading"})
    )

    newest = revisions.versions(article)[0]
    stored = Version.objects.filter(revision=newest.revision)
    assert answer.status_code == 302
    assert Revision.objects.count() == count + 1
    assert (newest.revision.user, stored.count()) == (people["ann"], 1 + 2 + 1 + article.pins.count())
    assert revisions.snapshot_of(revisions.rows_at(newest)) == snapshot.build(
        Article.objects.get(pk=article.pk)
    )


def test_a_save_without_a_change_makes_no_revision_and_no_audit_row(people, article, client):
    client.force_login(people["ann"])
    before = saved(people, article)

    answer = client.post(at("change", article.pk), posted(article))

    assert answer.status_code == 302
    assert saved(people, article) == before
