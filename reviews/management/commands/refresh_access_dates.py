import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import User
from content.models import ReferenceType
from content.phrases import plural
from evidence import refusals
from evidence.findings import Refused
from reviews.models import Refresh, RefreshItem
from reviews.refreshing import preparing, publishing
from reviews.refreshing.progress import progress


class Command(BaseCommand):
    help = (
        "Bring newer access dates to many public articles at once: submit each as an edition that changes nothing "
        "else. An editor then signs for all of them on the page of the refresh, and --publish publishes them. "
        "If it is stopped at any moment, it continues with --go-on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--by", required=True, metavar="USER", help="the user name in whose name this is done"
        )
        parser.add_argument("--mine", action="store_true", help="only articles that this person owns")
        parser.add_argument(
            "--type",
            default="",
            choices=ReferenceType.values,
            help="only articles with a newly opened source of this type",
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--go-on", type=int, metavar="NUMBER", help="continue a refresh that was started")
        which.add_argument(
            "--publish", type=int, metavar="NUMBER", help="publish the signed editions of this refresh"
        )
        which.add_argument(
            "--take-back",
            type=int,
            metavar="NUMBER",
            help="take back the editions of this refresh that are not public",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        try:
            with refusals.recorded(by=by):
                refresh, items, total = self.work(by, options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        with tqdm(total=total, unit="article", disable=not sys.stderr.isatty()) as bar:
            for _ in items:
                bar.update()
        self.tell(refresh)

    def work(self, by: User, options: dict[str, Any]) -> tuple[Refresh, Iterable[RefreshItem], int]:
        """Return the refresh, its articles one after the other as each is done, and how many there will be."""
        if options["publish"] is not None:
            refresh = found(options["publish"])
            ready = publishing.ready(refresh)
            shown = publishing.fingerprint(ready)
            return refresh, publishing.publish(refresh, by=by, shown=shown), len(ready)
        if options["take_back"] is not None:
            refresh = found(options["take_back"])
            return refresh, publishing.take_back(refresh, by=by), refresh.items.in_hand().count()
        if options["go_on"] is not None:
            refresh = found(options["go_on"])
        else:
            refresh = preparing.begin(by=by, owner=by if options["mine"] else None, kind=options["type"])
            self.stdout.write(f"{refresh} started.")
        return refresh, preparing.prepare(refresh, by=by), refresh.items.pending().count()

    def tell(self, refresh: Refresh) -> None:
        stands = progress(refresh)
        for words, items in (("left out", stands.left_out), ("refused", stands.refused)):
            for item in items:
                self.stdout.write(f"{item.article}: {words}")
                for reason in item.reasons:
                    self.stdout.write(f"  {reason['words']}")
        counts = {name.replace("_", " "): len(items) for name, items in vars(stands).items() if items}
        told = ", ".join(f"{name}: {count}" for name, count in counts.items())
        articles = plural(stands.articles, "article")
        self.stdout.write(f"{refresh}: {articles}; {told}.")
        if stands.refused:
            raise CommandError("Some articles were not published or submitted; the lines above say why.")


def person(name: str) -> User:
    found = get_user_model()._default_manager.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active account “{name}”.")
    return found


def found(number: int) -> Refresh:
    refresh = Refresh.objects.filter(pk=number).first()
    if refresh is None:
        raise CommandError(f"There is no refresh {number}.")
    return refresh
