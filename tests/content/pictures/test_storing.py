"""Storing pictures: whole or not at all, once, under their digest, and found out when somebody touches them."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files import File
from django.db import connection

from content.drafts import restoring, revisions
from content.integrity import verification
from content.models import Article, Picture, Section
from content.pictures import storing
from evidence import triggers
from evidence.findings import Refused
from evidence.models import LedgerEvent
from reviews import verification as everything
from tests import cast
from tests.content.drawing import drawn, halves, noise, saved, upload

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT / "pictures"


@pytest.fixture
def ann(db):
    return cast.person("ann", "Editors")


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def refused(*args, **kwargs):
    with pytest.raises(Refused) as refusal:
        storing.upload(*args, **kwargs)
    return refusal.value


def counts():
    return Picture.objects.count(), LedgerEvent.objects.filter(verb="upload picture").count()


def test_upload_stores_the_file_under_its_digest(folder, ann):
    picture = storing.upload(upload(name="My cell.png"), by=ann)

    (file,) = folder.iterdir()
    assert file.name == f"{picture.digest}.png"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == picture.digest
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 40, 20)
    assert (picture.size, picture.file_name) == (file.stat().st_size, "My cell.png")
    assert (picture.uploaded_by, picture.uploaded_by_name) == (ann, "Ann Example")


def test_upload_is_an_event_of_the_ledger(folder, ann):
    picture = storing.upload(upload(), by=ann)

    event = LedgerEvent.objects.get(verb="upload picture")
    assert (event.recorded_by, event.facts) == (ann, {"digest": picture.digest, "file": "cell.png"})
    assert [(row["row"], row["key"]) for row in event.evidence_rows] == [("picture", picture.pk)]
    assert list(everything.everything_holds()) == []


def test_upload_of_the_same_bytes_is_the_same_row(folder, ann):
    first = storing.upload(upload(name="cell.png"), by=ann)

    second = storing.upload(upload(name="again.png"), by=cast.person("edi", "Editors"))

    assert second == first
    assert (second.file_name, second.uploaded_by) == ("cell.png", ann)
    assert counts() == (1, 1)
    assert names(folder) == [f"{first.digest}.png"]


def test_upload_of_one_of_our_own_files_is_the_same_row(folder, ann):
    """Encoded again a JPEG would be another picture, and every sign-off on it void."""
    first = storing.upload(upload(saved(halves(), "JPEG", quality=60), "cell.jpg"), by=ann)
    (file,) = folder.iterdir()

    second = storing.upload(upload(file.read_bytes(), "downloaded.jpg"), by=ann)

    assert second == first
    assert counts() == (1, 1)


def test_upload_needs_the_right_of_an_editor(folder, db):
    refusal = refused(upload(), by=cast.person("bob", "Medical reviewers"))

    assert (refusal.verb, refusal.codes) == ("upload picture", ["no-right"])
    assert (counts(), names(folder)) == ((0, 0), [])


def test_upload_refuses_what_is_no_picture(folder, ann):
    refusal = refused(upload(b"<svg/>", "cell.svg"), by=ann)

    assert refusal.codes == ["picture-kind"]
    assert str(refusal) == "“cell.svg” is an SVG drawing. Save it as PNG or JPEG, and upload what you saved."
    assert (counts(), names(folder)) == ((0, 0), [])


def test_upload_reads_no_more_of_a_large_file_than_it_may_have(folder, ann, tmp_path):
    endless = tmp_path / "endless.png"
    with endless.open("wb") as file:
        file.truncate(100 * 1024**3)  # of which the disk holds nothing, and the memory could hold no more

    with endless.open("rb") as file:
        refusal = refused(File(file), by=ann)

    assert refusal.codes == ["picture-too-large"]


def test_upload_takes_no_folder_from_the_name_of_a_file(folder, ann, tmp_path):
    with (tmp_path / "cell.png").open("wb+") as file:
        file.write(drawn())
        picture = storing.upload(File(file, name="../../../etc/cell.png"), by=ann)

    assert picture.file_name == "cell.png"
    assert names(folder) == [f"{picture.digest}.png"]


def test_upload_that_cannot_be_stored_leaves_no_row(folder, ann):
    folder.parent.mkdir()
    folder.write_text("a file, where the folder should be")

    refusal = refused(upload(), by=ann)

    assert refusal.codes == ["picture-not-stored"]
    assert str(refusal) == (
        "“cell.png” could not be stored (File exists). Nothing was changed. "
        "Ask your administrator to check the folder for pictures, then upload it again."
    )
    assert counts() == (0, 0)


UPLOADS_ON_A_FULL_DISK = """
import json, resource, sys
import django
django.setup()
from django.contrib.auth import get_user_model
from django.core.files import File
from content.models import Picture
from content.pictures import storing
from evidence.findings import Refused
from evidence.models import LedgerEvent
by = get_user_model().objects.get(username="ann")
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000))
try:
    with open(sys.argv[1], "rb") as file:
        storing.upload(File(file), by=by)
    codes = []
except Refused as refused:
    codes = refused.codes
events = LedgerEvent.objects.filter(verb="upload picture").count()
print(json.dumps([codes, Picture.objects.count(), events]))
"""


def test_upload_on_a_full_disk_leaves_no_row_and_no_half_file(fresh_database, tmp_path):
    cast.person("ann", "Editors")
    source = tmp_path / "noise.png"
    source.write_bytes(noise(size=(1500, 1200)))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "DATABASE_URL": fresh_database,
        "MEDIA_ROOT": str(tmp_path / "media"),
    }

    command = [sys.executable, "-c", UPLOADS_ON_A_FULL_DISK, str(source)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["picture-not-stored"], 0, 0]
    assert names(tmp_path / "media" / "pictures") == []


def test_pictures_are_rows_that_are_written_once(folder, ann):
    picture = storing.upload(upload(), by=ann)

    assert Picture in triggers.frozen_models()
    assert triggers.missing(connection) == []
    assert oct((folder / f"{picture.digest}.png").stat().st_mode)[-3:] == "444"


def test_restoring_a_revision_brings_its_picture_back(folder, ann):
    first, second = (storing.upload(upload(drawn(colour=colour)), by=ann) for colour in ("red", "blue"))
    article = cast.article(ann)
    with cast.saving(article, ann):
        section = Section(article=article, kind="figure", position=9, image_id=first.digest)
        section.save()
    version = revisions.versions(article)[0]
    with cast.saving(article, ann):
        section.image_id = second.digest
        section.save()

    now = Article.objects.get(pk=article.pk)
    restoring.restore(now, version, by=ann, saves=now.saves)

    assert Section.objects.get(kind="figure").image_id == first.digest


def damage(folder, picture, data):
    file = folder / f"{picture.digest}.png"
    file.unlink()
    if data is not None:
        file.write_bytes(data)


DAMAGED = pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "is missing or cannot be read"),
        (b"", "does not have its digest"),
        (drawn(colour="red"), "does not have its digest"),
    ],
    ids=["missing", "empty", "altered"],
)


@DAMAGED
def test_verify_names_the_picture_whose_file_is_not_its_own(folder, ann, data, words):
    whole = storing.upload(upload(drawn(colour="green")), by=ann)
    hurt = storing.upload(upload(), by=ann)
    damage(folder, hurt, data)

    found = list(verification.pictures_hold())

    assert found == [f"content_picture, row {hurt.pk}: its file pictures/{hurt.digest}.png {words}"]
    assert list(everything.everything_holds()) == found
    assert storing.stored(whole) == (folder / f"{whole.digest}.png").read_bytes()


@DAMAGED
def test_upload_puts_a_lost_or_altered_file_back(folder, ann, data, words):
    picture = storing.upload(upload(), by=ann)
    damage(folder, picture, data)

    again = storing.upload(upload(), by=ann)

    assert again == picture
    assert list(verification.pictures_hold()) == []
    assert names(folder) == [f"{picture.digest}.png"]
    assert counts() == (1, 1)
