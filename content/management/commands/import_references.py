import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from tqdm import tqdm

from accounts import permissions
from accounts.models import User
from content.citing.formats import reading
from content.citing.formats.entries import Entry, Fault
from content.library import adding
from content.library.import_candidates import Candidate
from evidence.findings import Refused

LONG = 500


class Command(BaseCommand):
    help = (
        "Add the references of each file to the library: RIS, PubMed (.nbib), CSL-JSON, or lines in house style. "
        "Prints which are new and which the library has already. A file with a fault changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="the editor who imports")
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would be added, and store nothing"
        )
        parser.add_argument(
            "--format",
            default="",
            choices=[each.name for each in reading.FORMATS],
            help="without it, the file's beginning and name say what it is",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        by, failed = editor(options["by"]), 0
        for path in files:
            try:
                entries = entries_of(path, options["format"])
                report = self.imported(path, entries, by=by, dry_run=options["dry_run"])
            except Faulty as faulty:
                failed += 1
                report = [f"{path}: not imported", *faulty.lines]
                if len(files) == 1:
                    raise CommandError("\n".join(faulty.lines)) from faulty
            self.stdout.write("\n".join(report))
        if failed:
            raise CommandError(f"{failed} of {len(files)} files could not be imported.")

    def imported(self, path: Path, entries: list[Entry], *, by: User, dry_run: bool) -> list[str]:
        """Import one file, and return the report. Raises Faulty, and then nothing was stored."""
        quiet = len(entries) < LONG or not sys.stderr.isatty()
        with transaction.atomic(), tqdm(total=len(entries), unit="reference", disable=quiet) as bar:
            try:
                found = adding.store(entries, by=by, file_name=path.name, done=bar.update)
            except Refused as refused:
                raise Faulty(path, faults_of(refused, entries)) from refused
            if dry_run:
                transaction.set_rollback(True)
        about_all = [summary(found, dry_run=dry_run), *left_out(found)]
        return [*(f"{path}: {words}" for words in about_all), *notes(path, found)]


class Faulty(Exception):
    """The file is not imported; each line says where and why."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.lines = [f"{located(path, fault.entry, fault.line)}: {fault.words}" for fault in faults]
        super().__init__("\n".join(self.lines))


def editor(username: str) -> User:
    found: User | None = get_user_model()._default_manager.filter(username=username).first()
    if found is None:
        raise CommandError(f"There is nobody with the username “{username}”.")
    if not permissions.may(found, permissions.ADD_REFERENCE):
        raise CommandError(
            f"{found} may not add references; ask an administrator for the rights of an editor."
        )
    return found


def entries_of(path: Path, wanted: str) -> list[Entry]:
    """Raises Faulty. Of a file that is too large no more is read than shows it."""
    try:
        with path.open("rb") as file:
            data = file.read(reading.LARGEST + 1)
    except OSError as error:
        raise Faulty(path, [Fault("unreadable", f"The file cannot be opened: {error.strerror}.")]) from error
    read = reading.read(data, name=path.name, wanted=wanted)
    if read.faults:
        raise Faulty(path, read.faults)
    return read.entries


def located(path: Path, entry: int, line: int) -> str:
    place = f"{path}:{line}" if line else str(path)
    return f"{place} (entry {entry})" if entry else place


def faults_of(refused: Refused, entries: list[Entry]) -> list[Fault]:
    lines = {str(entry.number): entry.line for entry in entries}
    return [
        Fault(reason.code, reason.words, int(reason.subject or 0), lines.get(reason.subject, 0))
        for reason in refused.reasons
    ]


def summary(found: list[Candidate], *, dry_run: bool) -> str:
    new = sum(candidate.is_new for candidate in found)
    there = sum(candidate.already is not None for candidate in found)
    verb = "would be added" if dry_run else "added"
    return f"{new} {verb}; {there} already in the library; {len(found) - new - there} twice in the file."


def left_out(found: list[Candidate]) -> list[str]:
    # Told for the file as a whole: no reader needs to be told of every abstract.
    counted = Counter(what for candidate in found for what in candidate.left_out)
    said = ", ".join(f"{what} of {count}" for what, count in counted.most_common())
    return [f"Not imported: {said}."] if said else []


def notes(path: Path, found: list[Candidate]) -> list[str]:
    """Return every entry somebody should look at, in the order of the file."""
    return [
        f"{located(path, candidate.entry.number, candidate.entry.line)}: {words}"
        for candidate in found
        for words in looked_at(candidate)
    ]


def looked_at(candidate: Candidate) -> list[str]:
    if candidate.already is not None:
        return [f"Already in the library, as “{candidate.already}” ({candidate.already.uid})."]
    return [f"The same as entry {candidate.same_as}."] if candidate.same_as else candidate.unsure
