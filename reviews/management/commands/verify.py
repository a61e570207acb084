import json
import re
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from content.integrity.verification import current_head, one_moment
from content.phrases import plural
from reviews import verification
from reviews.verification import Totals

HEAD = re.compile(r"\d{1,18}:[0-9a-f]{64}")


class Command(BaseCommand):
    help = (
        "Recompute every digest, link, number and trigger, check every sign-off and render every public page again. "
        "Names each row that is not as recorded; changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the result for a program to read")
        parser.add_argument(
            "--head",
            default="",
            metavar="NUMBER:DIGEST",
            help="a head exported earlier, which must still be there",
        )
        parser.add_argument(
            "--export-head",
            action="store_true",
            help="print the ledger's newest event as NUMBER:DIGEST and check nothing; keep it on another machine",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["export_head"]:
            self.stdout.write(current_head())
            return
        head = options["head"]
        if head and not HEAD.fullmatch(head):
            raise CommandError(
                f"“{head}” is not a head. A head looks like 120:9f86d0…: a number, a colon and 64 of 0–9 and a–f, "
                "as `manage.py verify --export-head` printed it."
            )
        with one_moment():
            totals, newest = verification.totals(), current_head()
            with tqdm(total=totals.rows, unit="row", leave=False, disable=not sys.stderr.isatty()) as bar:
                problems = list(verification.everything_holds(head, bar.update))
        self.stdout.write(
            as_json(totals, problems, newest) if options["json"] else in_words(totals, problems)
        )
        if problems:
            raise CommandError(said_of(len(problems)))


def as_json(totals: Totals, problems: list[str], head: str) -> str:
    checked = {name: number for name, number in asdict(totals).items() if name != "rows"}
    return json.dumps(
        {"holds": not problems, "head": head, **checked, "problems": problems}, ensure_ascii=False
    )


def in_words(totals: Totals, problems: list[str]) -> str:
    if problems:
        return "\n".join(problems)
    return (
        f"{plural(totals.editions, 'edition')}, {plural(totals.signoffs, 'sign-off')}, "
        f"{plural(totals.events, 'event')}: all as recorded"
    )


def said_of(problems: int) -> str:
    were = plural(problems, "thing is not as it was", "things are not as they were")
    return f"{were} signed and recorded."
