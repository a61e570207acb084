"""Whatever editors do to a draft, in whatever order: restoring revision n gives exactly what was saved as n, and the
audit trail, replayed, gives the tables.

IMPRIMATUR_LONG tries 1,000 sequences.
"""

import itertools
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.access_checks import recording
from content.drafts import restoring, revisions, saving
from content.library import updates
from content.models import (
    Article,
    Citation,
    Condition,
    Drug,
    Pin,
    Product,
    ProductStatus,
    Reference,
    Section,
)
from content.snapshots import pins, snapshot
from tests import cast
from tests.conftest import LONG

pytestmark = pytest.mark.django_db

EXAMPLES = 1000 if LONG else {"sqlite": 40, "postgresql": 20}[connection.vendor]
TABLES = (Article, Section, Citation, Pin)
names = itertools.count(1)


@pytest.fixture
def people():
    made = cast.cast()
    about = cast.condition(made["lib"])
    cast.condition(made["lib"], "Lymphoma")
    for name in ("Pomalidomide", "Lenalidomide"):
        cast.drug(made["lib"], name, f"{name}-brand", about=about)
    for title in ("One", "Two", "Three"):
        cast.reference(made["lib"], title=title, url=f"https://example.org/{title}")
    return made


# Each step gets the draft, who does it, and two numbers; it saves rows but not the article, which `step` does.


def edit_section(draft, by, one, two):
    if section := pick(draft.sections.all(), one):
        section.body = f"<p>Words {two}.</p>"
        section.level = 2 + two % 3
        section.save()


def add_section(draft, by, one, two):
    drug = pick(Drug.objects.all(), one) if one % 2 else None
    kind = "drug" if drug else "text"
    Section(article=draft, position=two, kind=kind, heading=f"Heading {one}", drug=drug).save()


def delete_section(draft, by, one, two):
    if section := pick(draft.sections.all(), one):
        section.delete()


def reorder_sections(draft, by, one, two):
    for position, section in enumerate(rotated(draft.sections.all(), one), start=two % 2):
        section.position = position
        section.save()


def edit_article(draft, by, one, two):
    draft.title = f"Title {one}"
    draft.lead = f"<p>Lead {two}.</p>"
    draft.public_note = f"Note {two}."


def change_listing(draft, by, one, two):
    draft.condition = pick([None, *Condition.objects.all()], one)
    draft.type = "drug" if two % 2 else "overview"


def add_citation(draft, by, one, two):
    free = Reference.objects.exclude(pk__in=draft.citations.values("reference"))
    if reference := pick(free, one):
        Citation(article=draft, reference=reference, position=two % 2).save()


def delete_citation(draft, by, one, two):
    if citation := pick(draft.citations.all(), one):
        citation.delete()


def cite_another(draft, by, one, two):
    free = Reference.objects.exclude(pk__in=draft.citations.values("reference"))
    citation, reference = pick(draft.citations.all(), one), pick(free, two)
    if citation and reference:
        citation.reference, citation.access_check = reference, None
        citation.save()


def reorder_citations(draft, by, one, two):
    for position, citation in enumerate(rotated(draft.citations.all(), one)):
        citation.position = position
        citation.save()


def open_source(draft, by, one, two):
    if citation := pick(draft.citations.all(), one):
        day = timezone.localdate() - timedelta(days=two)
        citation.access_check = recording.opened(citation.reference, by=by, on=day, found="unchanged")
        citation.supports = "yes" if two % 2 else "no"
        citation.save()


def save_only(draft, by, one, two):
    """Saving counts, though nothing else changed."""


EDITS = (
    edit_section, add_section, delete_section, reorder_sections, edit_article, change_listing, add_citation,
    delete_citation, cite_another, reorder_citations, open_source, save_only,
)  # fmt: skip


# Each of these leaves the draft alone, or is a verb that saves it.


def change_library(draft, by, one, two):
    library = [
        *Drug.objects.all(),
        *Product.objects.all(),
        *Reference.objects.all(),
        *ProductStatus.objects.all(),
    ]
    row = pick(library, one)
    with cast.as_person(by):
        if isinstance(row, Drug):
            row.pronunciation = f"say {two}"
        elif isinstance(row, Product):
            row.off_market_on = None if row.off_market_on else timezone.localdate()
        elif isinstance(row, Reference):
            row.title = f"Reference {two}"
        else:
            row.status = "approved" if row.status != "approved" else "off-label"
        row.save()


def add_product(draft, by, one, two):
    with cast.as_person(by):
        product = Product(
            drug=pick(Drug.objects.all(), one),
            brand=f"Brand {next(names)}",
            full_name="name",
            route="oral",
            source="label",
            checked_on=timezone.localdate(),
        )
        product.save()


def take(draft, by, one, two):
    if update := pick(updates.takeable(draft), one):
        updates.take(draft, [update.key], by=by, saves=draft.saves)


def leave(draft, by, one, two):
    if update := pick(pins.updates(draft), one):
        updates.leave(draft, [update.key], by=by, saves=draft.saves)


def restore(draft, by, one, two):
    version = pick(revisions.versions(draft), one)
    if not restoring.plan(draft, revisions.rows_at(version)).is_empty:
        restoring.restore(draft, version, by=by, saves=draft.saves)


VERBS = (change_library, change_library, add_product, take, take, leave, restore, restore)


def pick(rows, number):
    rows = list(rows)
    return rows[number % len(rows)] if rows else None


def rotated(rows, number):
    rows = list(rows)
    turn = number % len(rows) if rows else 0
    return rows[turn:] + rows[:turn]


def step(article, people, deed, one, two):
    by = people[("ann", "edi", "lib")[one % 3]]
    draft = Article.objects.get(pk=article.pk)
    if deed in EDITS:
        with revisions.revision(by=by, comment=deed.__name__):
            deed(draft, by, one, two)
            saving.saved(draft)
    else:
        deed(draft, by, one, two)


def begun(by):
    made = Article(title="Title", slug="title", lead="<p>Lead.</p>", owner=by)
    with cast.as_person(by):
        saving.begun(made)
        made.save()
        saving.saved(made)
    return made


def tables(article):
    found = {}
    for model in TABLES:
        rows = [article] if model is Article else model.objects.filter(article=article)
        found[model] = {row.pk: restoring.columns_of(row) for row in rows}
    return found


def replayed(article):
    """The tables, from nothing but the audit trail."""
    found = {}
    for model in TABLES:
        trail = (
            model.history.filter(id=article.pk)
            if model is Article
            else model.history.filter(article_id=article.pk)
        )
        rows = found[model] = {}
        for version in trail.order_by("history_id"):
            if version.history_type == "-":
                rows.pop(version.id)
            else:
                rows[version.id] = restoring.columns_of(version.instance)
    return found


STEP = st.tuples(st.sampled_from([*EDITS, *VERBS]), st.integers(0, 11), st.integers(0, 11))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=3, max_size=14))
def test_any_revision_can_be_restored_and_the_trail_explains_every_row(people, steps):
    with transaction.atomic():
        article = begun(people["ann"])
        contents = {}
        for deed, one, two in [*steps, (save_only, 0, 0)]:
            step(article, people, deed, one, two)
            fresh = Article.objects.get(pk=article.pk)
            content = snapshot.build(fresh)
            # A step that made no revision, such as one in the library, must not change what was saved before.
            assert contents.setdefault(revisions.versions(fresh)[0].pk, content) == content
            assert replayed(fresh) == tables(fresh)

        for version in revisions.versions(article).order_by("pk"):
            shown = revisions.snapshot_of(revisions.rows_at(version))
            restore(Article.objects.get(pk=article.pk), people["edi"], position_of(article, version), 0)
            restored = Article.objects.get(pk=article.pk)
            if version.pk in contents:
                assert shown == contents[version.pk]
                assert snapshot.build(restored) == contents[version.pk]
            assert replayed(restored) == tables(restored)
        transaction.set_rollback(True)


def position_of(article, version):
    return [each.pk for each in revisions.versions(article)].index(version.pk)
