"""The pictures beside a file: looked up by name in one folder, wherever the page says that they lie."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.files import File

from accounts.models import User
from content.importing.imported import Imported
from content.pictures import storing
from evidence import ledger
from evidence.findings import Refused


@dataclass(frozen=True)
class Found:
    """A usable file and the digest it will be stored under; or, in `why_not`, why there is none."""

    path: Path | None = None
    digest: str = ""
    why_not: str = ""


class PictureFiles:
    def __init__(self, folder: Path | None = None) -> None:
        """Raises OSError."""
        self.has_folder = folder is not None
        # Listed once: a name from a page never becomes a path, so it cannot lead out of the folder.
        self.files = {path.name: path for path in folder.iterdir() if path.is_file()} if folder else {}

    def found(self, src: str) -> Found:
        if not self.has_folder:
            return Found(why_not="A picture's file cannot be imported;")
        name = name_in(src)
        path = self.files.get(name)
        if path is None:
            return Found(why_not=f"There is no “{name}” among the pictures;")
        try:
            with path.open("rb") as file:
                return Found(path, ledger.sha256(storing.cleaned(File(file, path.name)).data))
        except Refused as refused:
            return Found(why_not=f"{refused} Then")
        except OSError as error:
            return Found(why_not=f"“{name}” cannot be opened ({error.strerror});")


def name_in(src: str) -> str:
    try:
        return PurePosixPath(unquote(urlsplit(src).path)).name
    except ValueError:  # the brackets of an address that is none
        return src


def upload(imported: Imported, *, by: User) -> None:
    """Store the pictures of the sections. Raises Refused."""
    for section in imported.sections:
        if section.file:
            with section.file.open("rb") as file:
                storing.upload(File(file, section.file.name), by=by)
