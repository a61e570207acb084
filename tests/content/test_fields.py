"""Text fields: one spelling in the database, on whatever path the text came."""

import json
import warnings
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.forms import modelform_factory

from content.fields import ProseField
from content.models.articles import Article, Work
from content.models.drugs import DrugClass
from evidence.fields import LineField, TextLinesField

DIRTY = {
    "title": "  Cafe\u0301\u00a0 drugs\n\x00",
    "lead": "<p>5&nbsp;mg<script>alert(1)</script></p><ul><li><p>x</p></li></ul>\x00",
    "public_note": "\r\n One  thing \r\rCafe\u0301\t too\x0b\x07\n",
}
CLEAN = {
    "title": "Caf\u00e9 drugs",
    "lead": "<p>5\u00a0mg</p><ul><li>x</li></ul>",
    "public_note": "One thing\n\nCaf\u00e9 too",
}


@pytest.fixture
def article(db: None) -> Article:
    ann = get_user_model().objects.get(username="ann")
    return Article(slug="a", work=Work.objects.create(name="a"), owner=ann)


def stored(article: Article) -> dict[str, str]:
    """As the database has it, read past the fields."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, lead, public_note FROM content_article WHERE id = %s", [article.pk])
        return dict(zip(DIRTY, cursor.fetchone(), strict=True))


def dirty(article: Article) -> Article:
    for name, text in DIRTY.items():
        setattr(article, name, text)
    return article


def save(article: Article) -> None:
    dirty(article).save()


def save_named_fields(article: Article) -> None:
    article.save()
    dirty(article).save(update_fields=list(DIRTY))


def bulk_create(article: Article) -> None:
    Article.objects.bulk_create([dirty(article)])


def bulk_update(article: Article) -> None:
    article.save()
    Article.objects.bulk_update([dirty(article)], list(DIRTY))


def update(article: Article) -> None:
    article.save()
    Article.objects.filter(pk=article.pk).update(**DIRTY)


def update_or_create(article: Article) -> None:
    article.save()
    Article.objects.update_or_create(pk=article.pk, defaults=DIRTY)


def load_fixture(article: Article) -> None:
    article.save()
    row = json.loads(serializers.serialize("json", [article]))
    row[0]["fields"] |= DIRTY
    for loaded in serializers.deserialize("json", json.dumps(row)):
        loaded.save()


def save_raw(article: Article) -> None:
    dirty(article).save_base(raw=True)


@pytest.mark.parametrize(
    "write",
    [save, save_named_fields, bulk_create, bulk_update, update, update_or_create, load_fixture, save_raw],
)
def test_text_is_stored_tidied_by(write: Callable[[Article], None], article: Article) -> None:
    write(article)

    assert stored(article) == CLEAN


@pytest.mark.parametrize("write", [save, save_named_fields, bulk_create])
def test_saved_object_reads_as_it_is_stored(write: Callable[[Article], None], article: Article) -> None:
    write(article)

    assert {name: getattr(article, name) for name in CLEAN} == CLEAN


def test_audit_trail_holds_the_tidied_text(article: Article) -> None:
    dirty(article).save()

    assert article.history.values(*CLEAN).get() == CLEAN


def test_full_clean_tidies_before_it_validates(article: Article) -> None:
    dirty(article).full_clean()

    assert {name: getattr(article, name) for name in CLEAN} == CLEAN


def test_expression_is_left_to_the_database(db: None) -> None:
    work = Work.objects.create(name="one")

    work.name = Concat(F("name"), Value(" two"))
    work.save()

    assert Work.objects.get().name == "one two"


def test_nothing_stays_nothing() -> None:
    fields = [ProseField(null=True), LineField(null=True), TextLinesField(null=True)]

    assert [field.get_prep_value(None) for field in fields] == [None, None, None]


@pytest.mark.parametrize(
    ("field", "empty"),
    [(ProseField(), "<p> <br></p>"), (LineField(), " \u00a0 "), (TextLinesField(), " \r\n ")],
)
def test_required_text_refuses_what_looks_empty(field: models.Field, empty: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(empty, None)

    assert refused.value.messages == ["This field cannot be blank."]


def test_line_is_measured_after_it_is_tidied() -> None:
    assert LineField(max_length=3).clean(" a    b ", None) == "a b"


def test_line_keeps_what_a_later_check_reports() -> None:
    assert LineField().get_prep_value("a\u200bb\u00adc\x92d") == "a\u200bb\u00adc\x92d"


def test_names_that_look_the_same_are_the_same_name(db: None) -> None:
    DrugClass.objects.create(name="Checkpoint inhibitors")

    with pytest.raises(ValidationError) as refused:
        DrugClass(name="Checkpoint\u00a0 inhibitors ").full_clean()

    assert list(refused.value.message_dict) == ["name"]


def test_search_inside_prose_takes_the_words_as_they_are(article: Article) -> None:
    dirty(article).save()

    found = [Article.objects.filter(lead__icontains=words).count() for words in ("MG", "<p>5", "milligram")]

    assert found == [1, 1, 0]


def test_search_for_equal_text_takes_any_spelling_of_it(article: Article) -> None:
    dirty(article).save()

    assert list(Article.objects.filter(**DIRTY)) == [article]


@pytest.mark.parametrize(
    ("field", "plain"),
    [
        (ProseField(blank=True), "django.db.models.TextField"),
        (LineField(max_length=9, blank=True), "django.db.models.CharField"),
        (TextLinesField(blank=True), "django.db.models.TextField"),
    ],
)
def test_migration_records_the_plain_field(field: models.Field, plain: str) -> None:
    _name, path, args, kwargs = field.deconstruct()

    assert (path, args) == (plain, [])
    assert kwargs == {"blank": True} | ({"max_length": 9} if isinstance(field, LineField) else {})


def test_form_counts_another_spelling_as_no_change(article: Article) -> None:
    dirty(article).save()
    form = modelform_factory(Article, fields=["lead"])

    same = form({"lead": "<p>5&nbsp;mg</p>\r\n<ul><li><p>x</p></li></ul>"}, instance=article)
    other = form({"lead": "<p>50&nbsp;mg</p><ul><li><p>x</p></li></ul>"}, instance=article)

    assert (same.changed_data, other.changed_data) == ([], ["lead"])


def test_form_gives_tidied_prose(article: Article) -> None:
    form = modelform_factory(Article, fields=["lead"])(
        {"lead": DIRTY["lead"].replace("\x00", "")}, instance=article
    )

    assert form.is_valid()
    assert form.instance.lead == CLEAN["lead"]


def test_editor_is_told_every_extension_and_scheme() -> None:
    widget = ProseField().formfield().widget

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        extensions = widget.get_config()["extensions"]

    assert heard == []
    assert extensions["Link"] == {
        "enableTarget": False,
        "protocols": ["article", "http", "https", "mailto", "tel", "unresolved"],
    }
    assert [style["type"] for style in extensions["OrderedList"]["listTypes"]] == ["decimal"]
    assert "Heading" not in extensions
    assert (extensions["Marker"], widget.get_config()["js_modules"]) == (
        True,
        ["/static/staff/markers.js"],
    )
