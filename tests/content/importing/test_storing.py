import pytest

from content.importing import placing, storing
from content.importing.drug_headings import DrugNames
from content.importing.outline import ascending
from content.importing.storing import Listing
from content.models import Article, Picture, Section
from evidence.findings import Refused
from tests import cast
from tests.rows import a_row_of

PICTURE = '<h1>Title</h1><h2>Where</h2><p>Text.</p><img src="a.png" alt="A lung">'


def stored(html, by, **options):
    imported = placing.place(html, drugs=DrugNames(), article_at=lambda href: None)
    return storing.store(imported, by=by, file_name="page.html", **options)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "title", "language", "code"),
    [
        ("eve", "Title", "en", "no-right"),
        ("ann", "标题", "en", "address-unfit"),
        ("ann", "Title", "tlh", "language-unknown"),
    ],
)
def test_store_refuses_whoever_calls_it(who, title, language, code):
    people = {"ann": cast.person("ann", "Editors"), "eve": cast.person("eve")}

    with pytest.raises(Refused) as refused:
        stored(f"<h1>{title}</h1>", people[who], listing=Listing(language=language))

    assert refused.value.codes == [code]
    assert Article.objects.count() == 0


@pytest.mark.django_db
def test_store_keeps_the_uploaded_file_of_a_picture_that_is_still_there():
    ann = cast.person("ann", "Editors")
    stored(PICTURE, ann)
    Section.objects.filter(kind="figure").update(image=a_row_of(Picture, digest="d" * 64))

    stored(PICTURE.replace("Text.", "More text."), ann, update=True)

    assert Section.objects.get(kind="figure").image_id == "d" * 64


MARKER = '<a href="reference:c0ffee00-0000-4000-8000-000000000001">※</a>'


@pytest.mark.django_db
def test_words_that_an_update_leaves_keep_their_citation_markers():
    ann = cast.person("ann", "Editors")
    stored("<h1>Title</h1><p>Lead.</p><h2>Where</h2><p>Text.</p><h2>Why</h2><p>Cause.</p>", ann)
    Article.objects.update(lead=f"<p>Lead.{MARKER}</p>")
    for heading, words in (("Where", "Text."), ("Why", "Cause.")):
        Section.objects.filter(heading=heading).update(body=f"<p>{words}{MARKER}</p>")

    again = stored(
        "<h1>Title</h1><p>Lead.</p><h2>Where</h2><p>Text.</p><h2>Why</h2><p>Age.</p>", ann, update=True
    )

    bodies = dict(Section.objects.values_list("heading", "body"))
    assert Article.objects.get().lead == f"<p>Lead.{MARKER}</p>"
    assert bodies == {"Where": f"<p>Text.{MARKER}</p>", "Why": "<p>Age.</p>"}
    assert [note.words for note in again.notes] == [
        "1 citation marker was lost with the old text of the section “Why”; set it again."
    ]


@pytest.mark.django_db
def test_store_gives_an_uploaded_file_to_no_other_picture_and_reports_its_end():
    ann = cast.person("ann", "Editors")
    stored(PICTURE, ann)
    Section.objects.filter(kind="figure").update(image=a_row_of(Picture, digest="d" * 64))

    again = stored(PICTURE.replace("A lung", "A liver"), ann, update=True)

    assert list(Section.objects.filter(kind="figure").values_list("image_alt", "image_id")) == [
        ("A liver", None)
    ]
    assert again.notes == [
        (0, "The picture “A lung” of the draft is not in the file, so it was removed from the draft.")
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([0, 0, 0], [1, 2, 3]),
        ([1, 3, 4], [1, 3, 4]),
        ([1, 0, 2], [1, 2, 3]),
        ([2, 1], [2, 3]),
        ([1, 0, 9], [1, 2, 9]),
    ],
)
def test_ascending_changes_as_few_positions_as_it_can(before, after):
    assert ascending(before) == after
