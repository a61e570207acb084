import re

import pytest

from content.library import usage
from content.models import Article, Reference
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.cast()


def test_a_library_row_knows_the_public_pages_and_drafts_that_show_it(people):
    publication = cast.published(people)
    draft = cast.article(people["ann"], title="Draft", slug="draft")
    section = draft.sections.get(kind="drug")

    for row in (section.drug, section.drug.products.get(), draft.citations.get().reference):
        assert usage.publications(row) == [publication]
        assert usage.drafts(row) == [draft, publication.article]


def test_a_row_that_left_the_draft_is_still_used_by_the_public_page(people):
    publication = cast.published(people)
    drug = publication.article.sections.get(kind="drug").drug
    with cast.saving(publication.article, people["ann"]):
        publication.article.sections.get(kind="drug").delete()

    assert (usage.publications(drug), usage.drafts(drug)) == ([publication], [])
    assert usage.publications(drug.products.get()) == [publication]


def test_a_product_is_found_by_the_brand_the_public_page_shows(people):
    publication = cast.published(people)
    product = publication.article.sections.get(kind="drug").drug.products.get()
    with cast.as_person(people["lib"]):
        product.brand = "Pomalist"
        product.save()

    assert usage.publications(product) == [publication]


def test_rows_used_nowhere_say_so(people):
    cast.published(people)
    reference, drug = cast.reference(people["ann"], title="Other"), cast.drug(people["ann"], "Other", "Brand")

    for row in (reference, drug, drug.products.get()):
        assert (usage.publications(row), usage.drafts(row)) == ([], [])


def test_the_page_of_a_reference_links_to_where_it_is_used(people, client):
    publication = cast.published(people)
    cast.article(people["ann"], title="Draft", slug="draft")
    client.force_login(people["ann"])
    reference = Reference.objects.get()

    page = client.get(f"/admin/content/reference/{reference.pk}/change/").content.decode()

    draft = Article.objects.get(slug="draft")
    start = page.index("Where it is used")
    said = page[start : page.index("</fieldset>", start)]
    assert re.findall(r"<p>.*?</p>", said) == [
        '<p>1 public page<br><a href="/articles/immunotherapy-kaposi/">Immunotherapy for Kaposi Sarcoma</a>, edition 1</p>',
        f'<p>2 drafts<br><a href="/admin/content/article/{draft.pk}/change/">Draft</a>'
        f'<br><a href="/admin/content/article/{publication.article.pk}/change/">Immunotherapy for Kaposi Sarcoma</a></p>',
    ]
