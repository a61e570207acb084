"""Files that are not taken: pages to import, and pictures."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.test import override_settings
from django.utils import timezone

from content.importing.storing import Listing
from content.models import Article
from content.pictures import cleaning, storing
from tests import cast
from tests.content.drawing import upload
from tests.content.importing.test_storing import stored
from tests.content.pictures.test_cleaning import HOSTILE, drawn
from tests.flow.hands import refusals_of
from tests.flow.machine.refused.beginnings import case
from tests.flow.machine.refused.writing import moved


def storing_it(by, **given):
    return refusals_of(lambda: stored("<h1>Title</h1><p>Words.</p>", by, **given))


@case("content.importing.storing", "no-right")
def importing_without_the_right(people):
    return storing_it(people["bob"])


@case("content.importing.storing", "address-unfit")
def importing_to_no_address(people):
    return storing_it(people["ann"], slug="Not an address")


@case("content.importing.storing", "language-unknown")
def importing_in_klingon(people):
    return storing_it(people["ann"], listing=Listing(language="tlh"))


@case("content.importing.storing", "address-taken")
def importing_to_an_address_that_redirects(people):
    return storing_it(people["ann"], slug=moved(people))


@case("content.importing.storing", "article-retired")
def importing_over_what_is_retired(people):
    draft = cast.article(people["ann"])
    Article.objects.update(retired_at=timezone.now())
    return storing_it(people["ann"], slug=draft.slug, update=True)


@case("content.importing.storing", "article-exists")
def importing_over_what_is_there(people):
    return storing_it(people["ann"], slug=cast.article(people["ann"]).slug)


def taking_in(what, name, data):
    def story(people):
        try:
            cleaning.cleaned(data(), name)
        except cleaning.Unusable as unusable:
            return [unusable.code, unusable.words]
        return []

    story.__name__ = f"taking in: {what}"
    return story


# With its words: what no decoder knows is refused under the same code as what we know and do not take.
for what, (name, data, code, words) in HOSTILE.items():
    case("content.pictures.cleaning", code, words)(taking_in(what, name, data))


@case("content.pictures.cleaning", "picture-too-much")
def taking_in_what_takes_more_memory_than_there_is(people):
    with patch("PIL.Image.open", side_effect=MemoryError):
        return taking_in("", "a.png", drawn)(people)[:1]


def uploading(file, by, folder_is_a_file=False):
    with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=Path(folder, "media")):
        if folder_is_a_file:
            Path(folder, "media").write_text("A file, where the folder should be.")
        return refusals_of(lambda: storing.upload(file, by=by))


@case("content.pictures.storing", "no-right")
def uploading_without_the_right(people):
    return uploading(upload(), people["bob"])


@case("content.pictures.storing", "picture-kind")
def uploading_a_drawing(people):
    return uploading(upload(b"<svg/>", "cell.svg"), people["ann"])


@case("content.pictures.storing", "picture-not-stored")
def uploading_to_where_no_file_can_be(people):
    return uploading(upload(), people["ann"], folder_is_a_file=True)
