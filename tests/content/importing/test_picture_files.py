"""Pictures that lie beside an imported page: taken by name from one folder, or reported."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from content.importing.picture_files import name_in
from content.models import Article, Picture, Section
from content.pictures import storing
from tests import cast
from tests.content.drawing import drawn, upload

PAGE = (
    "<h1>Title</h1><h2>Where</h2><p>Text.</p>\n"
    '<figure><img src="{}" alt="A lung"><figcaption>The lungs. Credit: A. Roe</figcaption></figure>'
)
UPLOAD_IT = "upload it to its section, which stands after the section “Where”."


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT / "pictures"


@pytest.fixture
def ann(db):
    return cast.person("ann", "Editors")


@pytest.fixture
def pictures(tmp_path):
    made = tmp_path / "pictures beside"
    made.mkdir()
    (made / "lung 1.png").write_bytes(drawn())
    (made / "broken.png").write_bytes(drawn()[:50])
    (tmp_path / "outside.png").write_bytes(drawn())
    return made


def imported(tmp_path, src, **options):
    """The report without its first line, which says what was made."""
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(src), encoding="utf-8")
    out = StringIO()
    call_command("import_article", str(page), by="ann", stdout=out, **options)
    return [line.removeprefix(f"{page}:2: ") for line in out.getvalue().splitlines()[1:]]


def files(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize(
    "src", ["lung 1.png", "/images/2025/lung%201.png?v=3#top", "https://a.example/lung%201.png"]
)
def test_import_takes_the_picture_of_that_name(ann, tmp_path, pictures, folder, src):
    said = imported(tmp_path, src, pictures=pictures)

    picture = Picture.objects.get()
    section = Section.objects.get(kind="figure")
    assert said == []
    assert (section.image_id, section.image_alt) == (picture.digest, "A lung")
    assert (section.image_caption, section.image_credit) == ("The lungs.", "Credit: A. Roe")
    assert (picture.file_name, picture.uploaded_by) == ("lung 1.png", ann)
    assert files(folder) == [f"{picture.digest}.png"]


@pytest.mark.parametrize(
    ("src", "words"),
    [
        ("liver.png", f"There is no “liver.png” among the pictures; {UPLOAD_IT}"),
        ("../outside.png", f"There is no “outside.png” among the pictures; {UPLOAD_IT}"),
        ("", f"There is no “” among the pictures; {UPLOAD_IT}"),
        (
            "broken.png",
            "“broken.png” is damaged: it cannot be read to its end. Get the picture from its source again. "
            f"Then {UPLOAD_IT}",
        ),
    ],
)
def test_import_reports_a_picture_it_cannot_take(ann, tmp_path, pictures, folder, src, words):
    said = imported(tmp_path, src, pictures=pictures)

    assert said == [words]
    assert Section.objects.get(kind="figure").image_id is None
    assert (Picture.objects.count(), files(folder)) == (0, [])


def test_import_without_a_folder_reports_the_picture(ann, tmp_path):
    said = imported(tmp_path, "lung 1.png")

    assert said == [f"A picture's file cannot be imported; {UPLOAD_IT}"]


def test_import_on_trial_stores_no_picture(ann, tmp_path, pictures, folder):
    said = imported(tmp_path, "lung 1.png", pictures=pictures, dry_run=True)

    assert said == []
    assert (Article.objects.count(), Picture.objects.count(), files(folder)) == (0, 0, [])


def test_import_again_keeps_the_picture_that_was_uploaded(ann, tmp_path):
    imported(tmp_path, "lung 1.png")
    picture = storing.upload(upload(), by=ann)
    Section.objects.filter(kind="figure").update(image_id=picture.digest)

    imported(tmp_path, "lung 1.png", update=True)

    assert Section.objects.get(kind="figure").image_id == picture.digest


def test_import_again_takes_a_picture_that_changed(ann, tmp_path, pictures):
    imported(tmp_path, "lung 1.png", pictures=pictures)
    (pictures / "lung 1.png").write_bytes(drawn(colour="red"))

    imported(tmp_path, "lung 1.png", pictures=pictures, update=True)

    newest, first = Picture.objects.all()
    assert Section.objects.get(kind="figure").image_id == newest.digest
    assert first.digest != newest.digest


def test_import_that_cannot_store_a_picture_changes_nothing(ann, tmp_path, pictures, folder):
    folder.parent.mkdir()
    folder.write_text("a file, where the folder should be")

    with pytest.raises(CommandError) as refused:
        imported(tmp_path, "lung 1.png", pictures=pictures)

    assert str(refused.value) == (
        f"{tmp_path / 'page.html'}: “lung 1.png” could not be stored (File exists). Nothing was changed. "
        "Ask your administrator to check the folder for pictures, then upload it again."
    )
    assert (Article.objects.count(), Picture.objects.count()) == (0, 0)


def test_import_from_a_folder_that_is_not_there_is_refused(ann, tmp_path):
    with pytest.raises(CommandError) as refused:
        imported(tmp_path, "lung 1.png", pictures=tmp_path / "nowhere")

    assert (
        str(refused.value)
        == f"The folder {tmp_path / 'nowhere'} cannot be opened: No such file or directory."
    )


@pytest.mark.parametrize(
    ("src", "name"),
    [
        ("data:image/png;base64,iVBO/Rw0", "Rw0"),
        ("//[broken/lung.png", "//[broken/lung.png"),
        ("a/%2E%2E/lung.png", "lung.png"),
        ("..", ".."),
    ],
)
def test_name_in_is_the_last_piece_of_an_address(src, name):
    assert name_in(src) == name
