import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone
from tqdm import tqdm

from content.links import rounds, scheduling
from content.links.labels import words
from content.links.rounds import Seen
from content.models import Outcome, WatchedLink, WatchedSite

STOPPED = 130


class Command(BaseCommand):
    help = (
        "Check the web addresses of the library that are due, a few at a time and each site gently, and print what was "
        "found. It may be stopped at any moment; called again, it continues where it was. Exit code 1 only if no address "
        "could be checked, not if an address is dead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--due", action="store_true", help="check what is due now (the default)")
        which.add_argument(
            "--all",
            action="store_true",
            help="make every address due first; after a stop, continue without --all",
        )
        parser.add_argument(
            "--host",
            action="append",
            default=[],
            metavar="NAME",
            help="only this site, such as www.cancer.gov; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sites = [name.lower() for name in options["host"]]
        try:
            self.look(sites, everything=options["all"])
        except Error as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}") from error

    def look(self, sites: list[str], *, everything: bool) -> None:
        scheduling.enrol()
        refuse_unknown(sites)
        if everything:
            scheduling.make_all_due(sites)
        count = scheduling.waiting(sites, timezone.now()).count()
        tried: list[Seen] = []
        try:
            with tqdm(total=count, unit="address", disable=not sys.stderr.isatty()) as bar:
                for seen in rounds.go(sites=sites):
                    tried.append(seen)
                    bar.update()
        except KeyboardInterrupt:
            self.report(tried)
            raise CommandError(
                "Stopped. Call it again without --all to continue.", returncode=STOPPED
            ) from None
        self.report(tried)
        left = scheduling.waiting(sites, timezone.now()).count()
        if left:
            self.stdout.write(f"Not checked yet, because their sites are busy or asked for a pause: {left}.")
        refuse_if_blind(tried)

    def report(self, tried: list[Seen]) -> None:
        """Report what an editor has to look at, a line each, and how many there are of each outcome."""
        if not tried:
            self.stdout.write("No address is due.")
            return
        links = WatchedLink.objects.in_bulk([seen.url for seen in tried if seen.kept], field_name="url")
        for link in sorted(links.values(), key=lambda link: link.url):
            if link.outcome != Outcome.OK:
                self.stdout.write(f"{link.url}: {words(link)}")
        self.stdout.write(
            f"Checked {len(links)} of {len(tried)}. {'; '.join(counted(links.values()))}".rstrip()
        )


def counted(links: Any) -> Iterator[str]:
    counts = Counter(link.outcome for link in links)
    for outcome in Outcome:
        if counts[outcome]:
            yield f"{outcome.label}: {counts[outcome]}"


def refuse_unknown(sites: list[str]) -> None:
    known = set(WatchedSite.objects.filter(name__in=sites).values_list("name", flat=True))
    unknown = [name for name in sites if name not in known]
    if unknown:
        raise CommandError(f"The library has no address at {', '.join(unknown)}.")


def refuse_if_blind(tried: list[Seen]) -> None:
    # Now and then a name server fails; where nothing could be looked at, the fault is here.
    if tried and not any(seen.kept for seen in tried):
        raise CommandError(
            "No address could be checked: this machine reaches no name server, or has no connection to the internet. "
            "What was known of the addresses stays as it was."
        )
