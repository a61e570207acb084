"""What the database itself refuses to write: rows that disagree with the row they point at."""

import pytest
from django.db import IntegrityError, connection, transaction

from content.models import AccessCheck, Citation, Edition, Publication, Reference, Submission
from evidence import agreements, triggers
from reviews.models import Decision, Overruling, Signoff
from tests import cast
from tests.rows import a_row_of

pytestmark = pytest.mark.django_db


def refused(write):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    return str(caught.value).split("\n")[0]


@pytest.mark.parametrize("model", [Publication, Submission])
def test_a_row_of_another_article_than_its_editions_is_refused(model):
    edition, other = a_row_of(Edition), a_row_of(Edition)

    refusal = refused(lambda: a_row_of(model, edition=edition, article=other.article))

    assert refusal == "article_is_that_of_its_edition"
    assert model.objects.count() == 0


@pytest.mark.parametrize("how", ["save", "update"])
def test_a_citation_of_one_work_with_an_access_check_of_another_is_refused(how):
    check, citation = a_row_of(AccessCheck), a_row_of(Citation)

    def write():
        if how == "save":
            citation.access_check = check
            citation.save()
        else:
            Citation.objects.filter(pk=citation.pk).update(access_check=check)

    assert refused(write) == "access_check_is_of_the_cited_work"
    assert Citation.objects.get().access_check is None


def test_an_access_check_of_what_was_merged_into_the_cited_work_is_kept():
    kept, alias = a_row_of(Reference), a_row_of(Reference)
    Reference.objects.filter(pk=alias.pk).update(merged_into=kept)
    check = a_row_of(AccessCheck, reference=alias)

    citation = a_row_of(Citation, reference=kept, access_check=check)

    assert Citation.objects.get(access_check=check) == citation


def of_an_approval():
    approval = a_row_of(Signoff, decision=Decision.APPROVE)
    return {"objection": approval, "edition": approval.edition}


def of_ones_own_objection():
    objection = a_row_of(Signoff)
    return {"objection": objection, "edition": objection.edition, "signed_by": objection.signed_by}


def on_another_article():
    return {"objection": a_row_of(Signoff), "edition": a_row_of(Edition)}


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (of_an_approval, "an_overruling_is_of_a_request_for_changes"),
        (of_ones_own_objection, "nobody_overrules_their_own_objection"),
        (on_another_article, "an_overruling_stays_within_its_article"),
    ],
)
def test_an_overruling_that_cannot_be_is_refused(columns, name):
    values = columns()
    row = Overruling(**{**columns_of(a_row_of(Overruling)), **values})

    assert refused(row.save) == name


def columns_of(row):
    return {
        field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key
    }


def test_every_agreement_is_held_by_the_database_as_it_stands():
    names = {each.name for model in agreements.models_with_agreements() for each in model.agreements}

    assert names == {
        "article_is_that_of_its_edition",
        "access_check_is_of_the_cited_work",
        "an_overruling_is_of_a_request_for_changes",
        "nobody_overrules_their_own_objection",
        "an_overruling_stays_within_its_article",
    }
    assert triggers.missing(connection) == []


def test_an_edition_is_found_by_what_it_mentions():
    people = cast.cast()
    edition = cast.submitted(people["ann"])
    references = {str(c.reference.uid) for c in Citation.objects.select_related("reference")}

    mentioned = {(each.row_kind, str(each.uid)) for each in edition.mentions.all()}

    assert {uid for table, uid in mentioned if table == "reference"} == references
