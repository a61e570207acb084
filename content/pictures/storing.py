"""Pictures of articles: taken in cleaned, stored once under their digest, and checked whenever they are read."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from content.models import Picture
from content.pictures import cleaning, opening
from content.pictures.cleaning import Cleaned
from evidence import ledger
from evidence.findings import Finding, Refused, no_right, refuse_if

VERB = "upload picture"


class Damaged(Exception):
    """A stored picture is missing, or its bytes are not those that its name promises."""


def upload(file: File, *, by: User) -> Picture:
    """Store a picture.

    The same picture again is the same row; a file that was lost or altered is put back. Raises Refused.
    """
    name, clean = name_of(file), cleaned(file)
    with transaction.atomic():
        by = permissions.fresh(by)
        refuse_if(VERB, refusals(by))
        digest = ledger.sha256(clean.data)
        columns = {
            "media_type": clean.media_type,
            "width": clean.width,
            "height": clean.height,
            "size": len(clean.data),
            "file_name": name,
            "uploaded_by": by,
            "uploaded_by_name": str(by),
            "uploaded_at": timezone.now(),
        }
        keep(Picture(digest=digest, **columns), clean.data)
        # Of two people who upload the same picture at once, the second finds the row of the first.
        picture, is_new = Picture.objects.get_or_create(digest=digest, defaults=columns)
        if is_new:
            at, name = picture.uploaded_at, picture.file_name
            ledger.record(VERB, by=by, at=at, rows=[picture], digest=digest, file=name)
        return picture


def refusals(by: User) -> Iterator[Finding]:
    if not permissions.may(by, permissions.CHANGE_ARTICLE):
        yield no_right(
            "Only editors can upload pictures. Ask an administrator to add you to the group “Editors”."
        )


def name_of(file: File) -> str:
    return Path(file.name or "the picture").name[-255:]


def cleaned(file: File) -> Cleaned:
    """Return what would be stored of the file, and store nothing. Raises Refused."""
    file.seek(0)
    data = file.read(cleaning.LARGEST + 1)
    if own := Picture.objects.filter(digest=ledger.sha256(data)).first():
        # One of ours that came back. A JPEG encoded again would be another picture, and void its sign-offs.
        return Cleaned(data, own.media_type, own.width, own.height)
    try:
        return opening.cleaned(data, name_of(file))
    except cleaning.Unusable as unusable:
        raise Refused(VERB, [Finding(unusable.code, unusable.words)]) from unusable


def keep(picture: Picture, data: bytes) -> None:
    """Put the file in its place, whole or not at all. One that is there and whole is left alone. Raises Refused."""
    with suppress(Damaged):
        stored(picture)
        return
    try:
        write_whole(Path(default_storage.path(picture.path)), data)
    except OSError as error:
        words = (
            f"“{picture.file_name}” could not be stored ({error.strerror}). Nothing was changed. "
            "Ask your administrator to check the folder for pictures, then upload it again."
        )
        raise Refused(VERB, [Finding("picture-not-stored", words)]) from error


def write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
            os.fchmod(handle, 0o444)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise
    remember_names(path.parent)


def remember_names(folder: Path) -> None:
    # A power cut must not leave a row whose file has lost its name again.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stored(picture: Picture) -> bytes:
    """Return the bytes of its file, once they were seen to have its digest. Raises Damaged."""
    try:
        with default_storage.open(picture.path) as file:
            data: bytes = file.read()
    except OSError as error:
        raise Damaged(f"its file {picture.path} is missing or cannot be read") from error
    if ledger.sha256(data) != picture.digest:
        raise Damaged(f"its file {picture.path} does not have its digest")
    return data
