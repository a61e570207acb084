"""What the library offers a draft: taken or left by a person, never applied by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone
from reversion.models import Revision

from content.access_checks import recording
from content.drafts import revisions, saving
from content.library import updates
from content.models import Article, DrugClass, Pin, Product, ProductStatus
from content.snapshots import pins, snapshot
from evidence.findings import Refused
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


@pytest.fixture
def article(people):
    return cast.article(people["ann"])


@pytest.fixture
def drug(article):
    return article.sections.get(kind="drug").drug


def change(row, by, **columns):
    with cast.as_person(by):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()


def another_product(drug, by, brand="Pomalyst Qlex"):
    with cast.as_person(by):
        product = Product(
            drug=drug,
            brand=brand,
            full_name="pomalidomide",
            route="oral",
            source="label",
            checked_on=timezone.localdate(),
        )
        product.save()
        ProductStatus(
            product=product,
            condition=cast.condition(by),
            status="approved",
            source="label",
            checked_on=timezone.localdate(),
        ).save()
        return product


def again(article):
    return Article.objects.get(pk=article.pk)


def keys(article):
    return [update.key for update in pins.updates(article)]


def take(article, by, chosen=None):
    article = again(article)
    updates.take(article, keys(article) if chosen is None else chosen, by=by, saves=article.saves)


def leave(article, by):
    article = again(article)
    updates.leave(article, keys(article), by=by, saves=article.saves)


def drugs_shown(article):
    return snapshot.build(again(article))["parts"]["drugs"]


def test_taking_shows_what_the_library_says_in_one_revision_with_the_persons_name(people, article, drug):
    change(drug.products.get(), people["lib"], brand="Pomalist")
    count = Revision.objects.count()

    take(article, people["edi"])

    made = revisions.versions(article)[0].revision
    assert [product["brand"] for product in drugs_shown(article)[0]["products"]] == ["Pomalist"]
    assert (Revision.objects.count(), made.user, made.comment) == (
        count + 1,
        people["edi"],
        "Used library updates: product Pomalist",
    )
    assert Pin.history.filter(row_kind="product").first().history_user == people["edi"]
    assert again(article).saves == article.saves + 1
    assert pins.updates(article) == []


def test_what_was_left_is_not_offered_again_until_it_changes(people, article, drug):
    product = drug.products.get()
    change(product, people["lib"], brand="Pomalist")

    leave(article, people["edi"])

    assert pins.updates(article) == []
    assert [product["brand"] for product in drugs_shown(article)[0]["products"]] == ["Pomalyst"]
    change(product, people["lib"], source="another label")
    assert pins.updates(article) == []
    change(product, people["lib"], brand="Pomalost")
    assert [(update.old.brand, update.new.brand) for update in pins.updates(article)] == [
        ("Pomalyst", "Pomalost")
    ]


def test_what_was_left_can_be_taken_later(people, article, drug):
    change(drug, people["lib"], pronunciation="other")
    leave(article, people["edi"])
    [update] = pins.differing(article)

    take(article, people["edi"], [update.key])

    assert update.is_left is True
    assert drugs_shown(article)[0]["pronunciation"] == "other"


def test_a_new_product_comes_with_its_status(people, article, drug):
    another_product(drug, people["lib"])

    offered = [update.row_kind for update in pins.updates(article)]
    take(article, people["edi"])

    shown = [(product["brand"], len(product["statuses"])) for product in drugs_shown(article)[0]["products"]]
    assert offered == ["product"]
    assert shown == [("Pomalyst", 1), ("Pomalyst Qlex", 1)]


def test_a_new_product_that_was_left_stays_out_of_the_draft_and_of_the_next_save(people, article, drug):
    another_product(drug, people["lib"])

    leave(article, people["edi"])
    with cast.saving(article, people["ann"]):
        pass

    assert pins.updates(article) == []
    assert [product["brand"] for product in drugs_shown(article)[0]["products"]] == ["Pomalyst"]


def test_what_was_left_is_forgotten_with_its_drug(people, article, drug):
    another_product(drug, people["lib"])
    leave(article, people["edi"])

    with cast.as_person(people["ann"]):
        article.sections.get(kind="drug").delete()
        saving.saved(again(article))

    assert sorted(article.pins.values_list("row_kind", flat=True)) == ["condition", "reference"]


def test_a_product_off_the_market_goes_with_its_status(people, article, drug):
    change(drug.products.get(), people["lib"], off_market_on=timezone.localdate())

    offered = [(update.row_kind, update.new) for update in pins.updates(article)]
    take(article, people["edi"])

    assert offered == [("product", None)]
    assert drugs_shown(article)[0]["products"] == []
    assert sorted(article.pins.values_list("row_kind", flat=True)) == [
        "condition", "drug", "drug-class", "reference",
    ]  # fmt: skip


def test_a_drug_that_changed_its_class_is_offered_once_and_brings_the_new_class(people, article, drug):
    with cast.as_person(people["lib"]):
        other = DrugClass.objects.create(name="Cereblon modulators")
    change(drug, people["lib"], drug_class=other)

    offered = [update.row_kind for update in pins.updates(article)]
    take(article, people["edi"])

    assert offered == ["drug"]
    assert drugs_shown(article)[0]["class"] == {"name": "Cereblon modulators", "short_name": ""}
    assert pins.updates(article) == []
    assert article.pins.filter(row_kind="drug-class").count() == 1


def test_the_difference_of_an_update_is_what_readers_would_see(people, article, drug):
    change(drug, people["lib"], pronunciation="POM")

    [(_, found)] = updates.with_differences(article, pins.updates(article))

    assert [part.name for part in found.changed_parts] == ["drugs"]
    assert (found.counts.changed, found.counts.added, found.counts.removed) == (1, 0, 0)


def test_the_difference_of_a_reference_is_its_printed_line(people, article):
    change(article.citations.get().reference, people["lib"], title="Kaposi Sarcoma: How it is Treated")

    [(_, found)] = updates.with_differences(article, pins.updates(article))

    assert [part.name for part in found.changed_parts] == ["references"]


def test_the_difference_of_other_words_shows_that_the_access_date_goes(people, article):
    change(article.citations.get().reference, people["lib"], title="A new title")

    [(_, found)] = updates.with_differences(article, pins.updates(article))

    assert [part.name for part in found.changed_parts] == ["references", "access_dates"]


def opened(article, by, *, days_ago=0, found="unchanged"):
    day = timezone.localdate() - timedelta(days=days_ago)
    return recording.opened(article.citations.get().reference, by=by, on=day, found=found)


def test_a_newer_access_check_is_offered_and_printed_once_taken(people, article):
    check = opened(article, people["edi"])

    offered = updates.newer_checks(article)
    take(article, people["ann"], [offer.key for offer in offered])

    citation = article.citations.get()
    assert (citation.access_check, citation.supports) == (check, "yes")
    assert updates.newer_checks(article) == []


def test_an_older_access_check_is_not_offered(people, article):
    opened(article, people["edi"], days_ago=30)

    assert updates.newer_checks(article) == []


def test_a_source_found_changed_must_be_said_again_to_support_the_article(people, article):
    opened(article, people["edi"], found="changed")

    take(article, people["ann"], [offer.key for offer in updates.newer_checks(article)])

    assert article.citations.get().supports == "not-stated"


def refused_with(verb, article, by, keys, saves):
    with pytest.raises(Refused) as refused:
        verb(article, keys, by=by, saves=saves)
    return refused.value.codes


@pytest.mark.parametrize("verb", [updates.take, updates.leave])
def test_deciding_is_refused_where_the_page_is_not_what_is(people, article, drug, verb):
    change(drug, people["lib"], pronunciation="other")
    offered, saves = keys(article), article.saves

    assert refused_with(verb, article, people["gus"], offered, saves) == ["no-right"]
    assert refused_with(verb, article, people["edi"], [], saves) == ["nothing-chosen"]
    assert refused_with(verb, article, people["edi"], offered, saves - 1) == ["stale-draft"]
    change(drug, people["lib"], pronunciation="and again")
    assert refused_with(verb, article, people["edi"], offered, saves) == ["stale-update"]
    article.retired_at = timezone.now()
    article.save()
    assert refused_with(verb, article, people["edi"], keys(article), saves) == ["article-retired"]
    assert (again(article).saves, [update.is_left for update in pins.differing(article)]) == (saves, [False])


def test_an_access_check_cannot_be_left(people, article):
    opened(article, people["edi"])
    [offer] = updates.newer_checks(article)

    assert refused_with(updates.leave, article, people["edi"], [offer.key], article.saves) == ["stale-update"]
