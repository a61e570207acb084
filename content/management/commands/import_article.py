import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from accounts import permissions
from accounts.models import Organisation, User
from content import prose
from content.decoding import BadFile, Note, Unreadable
from content.importing import drug_headings, links, picture_files, placing, storing
from content.importing.formats import recognising
from content.importing.formats.recognising import FORMATS, Format
from content.importing.imported import Imported
from content.importing.picture_files import PictureFiles
from content.importing.storing import Listing, Stored
from content.models import Condition, SectionKind
from evidence.findings import Refused


class Command(BaseCommand):
    help = (
        "Make a draft from each file: title, lead, sections, references. Prints what was made, and every line that "
        "somebody has to check. A file that cannot be imported completely changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--by", required=True, metavar="USERNAME", help="the editor who imports, and owns a new article"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would be made, and store nothing"
        )
        parser.add_argument(
            "--update", action="store_true", help="replace the draft of the article at this address"
        )
        parser.add_argument("--slug", default="", help="the address; without it, made from the title")
        parser.add_argument(
            "--condition", metavar="NAME", help="what the article is about, such as Kaposi sarcoma"
        )
        parser.add_argument(
            "--co-branded-with", metavar="CODE", help="the society that contributes, such as asco"
        )
        parser.add_argument("--language", default="en", choices=[code for code, _ in settings.LANGUAGES])
        parser.add_argument(
            "--pictures",
            type=Path,
            metavar="DIR",
            help="the folder that holds the files of the pictures, by name",
        )
        parser.add_argument(
            "--format", default="", choices=list(FORMATS), help="without it, the file's name says what it is"
        )
        parser.add_argument(
            "--base-url",
            default="",
            metavar="URL",
            help="the address the file comes from: what its relative links lead to is then known",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        if options["slug"] and len(files) > 1:
            raise CommandError("--slug is the address of one article; import these files one by one.")
        refuse_relative(options["base_url"])
        by, listing = editor(options["by"]), listing_of(options)
        options["pictures"] = pictures_in(options["pictures"])
        failed = 0
        for path in tqdm(files, unit="file", disable=len(files) == 1 or not sys.stderr.isatty()):
            try:
                report = self.imported(path, by, listing, options)
            except (BadFile, Refused) as error:
                if len(files) == 1:
                    raise CommandError("\n".join(reasons(path, error))) from error
                failed += 1
                report = [f"{path}: not imported", *reasons(path, error)]
            with tqdm.external_write_mode():
                self.stdout.write("\n".join(report))
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be imported.")

    def imported(self, path: Path, by: User, listing: Listing, options: dict[str, Any]) -> list[str]:
        """Import one file, and return the report. Raises BadFile or Refused, and then nothing was stored."""
        data = content_of(path)
        kind = recognising.format_of(path.name, data, options["format"])
        try:
            imported = placed(data, kind, options)
        except BadFile as error:
            error.counted_in = kind.counted_in
            raise
        with transaction.atomic():
            stored = storing.store(
                imported,
                by=by,
                file_name=path.name,
                update=options["update"],
                slug=options["slug"],
                listing=listing,
            )
            if options["dry_run"]:
                transaction.set_rollback(True)
            else:
                picture_files.upload(imported, by=by)
        made = summary(imported, stored, dry_run=options["dry_run"])
        return [f"{path}: {made}", *located(path, [*imported.notes(), *stored.notes], kind.counted_in)]


def placed(data: bytes, kind: Format, options: dict[str, Any]) -> Imported:
    """Raises BadFile."""
    document = kind.read(data)
    imported = placing.place(
        document.html,
        drugs=drug_headings.of_library(),
        article_at=lambda href: links.article_at(href, options["language"]),
        pictures=options["pictures"],
        base_url=options["base_url"],
        title_is=kind.title,
    )
    return document.reported_in(imported)


def refuse_relative(base_url: str) -> None:
    if base_url and not urlsplit(base_url).netloc:
        raise CommandError(
            f"“{base_url}” is not a full address. A full address begins with https:// and names a site."
        )


def editor(username: str) -> User:
    found: User | None = get_user_model()._default_manager.filter(username=username).first()
    if found is None:
        raise CommandError(f"There is nobody with the username “{username}”.")
    if not permissions.may(found, permissions.ADD_ARTICLE):
        raise CommandError(f"{found} may not add articles; ask an administrator for the rights of an editor.")
    return found


def listing_of(options: dict[str, Any]) -> Listing:
    name, code = options["condition"], options["co_branded_with"]
    condition = Condition.objects.filter(name__iexact=name).first() if name else None
    if name and not condition:
        raise CommandError(f"The library has no condition “{name}”. Add it first.")
    partner = Organisation.objects.filter(code=code).first() if code else None
    if code and not partner:
        raise CommandError(f"There is no organisation with the code “{code}”.")
    return Listing(options["language"], condition, partner)


def pictures_in(folder: Path | None) -> PictureFiles:
    try:
        return PictureFiles(folder)
    except OSError as error:
        raise CommandError(f"The folder {folder} cannot be opened: {error.strerror}.") from error


def content_of(path: Path) -> bytes:
    # At most one byte more than may be imported: nobody waits for a large file to be read and then refused.
    try:
        with path.open("rb") as file:
            return file.read(recognising.LARGEST + 1)
    except OSError as error:
        raise Unreadable([Note(0, f"The file cannot be opened: {error.strerror}.")]) from error


def reasons(path: Path, error: BadFile | Refused) -> list[str]:
    if isinstance(error, Refused):
        return [f"{path}: {reason.words}" for reason in error.reasons]
    return located(path, error.notes, error.counted_in)


def located(path: Path, notes: list[Note], counted_in: str) -> list[str]:
    return [f"{path}{place(line, counted_in)}: {words}" for line, words in notes]


def place(number: int, counted_in: str) -> str:
    if not number:
        return ""
    return f":{number}" if counted_in == "line" else f", {counted_in} {number}"


def summary(imported: Imported, stored: Stored, *, dry_run: bool) -> str:
    verb = "would be " if dry_run else ""
    if stored.is_new:
        done = f"{verb}made into a new article"
    else:
        done = (
            f"{verb}a revision of the draft"
            if stored.counts
            else "the draft is like this already; nothing was changed"
        )
    drugs = [section.drug for section in imported.sections if section.drug]
    bodies = [imported.lead, *(section.body for section in imported.sections)]
    aimless = [
        link for body in bodies for link in prose.links(body) if link.href.startswith(links.UNRESOLVED)
    ]
    text = [section for section in imported.sections if section.kind != SectionKind.FIGURE]
    held = [
        f"“{imported.title}” at {stored.article.slug}",
        f"sections: {len(text)}",
        f"pictures: {len(imported.sections) - len(text)}",
        f"drugs: {', '.join(drugs) or 'none'}",
        f"references: {len(imported.references)}, new to the library: {stored.counts['new references']}",
        f"new access checks: {stored.counts['access checks']}",
        f"links without a target: {len(aimless)}",
    ]
    return f"{done}: {'; '.join(held)}."
