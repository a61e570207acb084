from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from content.models import Article
from reviews import exporting
from reviews.exporting import FORMATS, File


class Command(BaseCommand):
    help = "Write an article into a file for people who review on paper: its draft, or one of its editions. Stores nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the address of the article")
        parser.add_argument("--language", default="en", choices=[code for code, _ in settings.LANGUAGES])
        parser.add_argument("--edition", type=int, metavar="N", help="its number; without it, the draft")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument(
            "--output", required=True, type=Path, metavar="FILE", help="a file that is not there yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        article = Article.objects.filter(slug=options["slug"], language=options["language"]).first()
        if article is None:
            raise CommandError(
                f"There is no article at the address “{options['slug']}” in “{options['language']}”."
            )
        made = self.made(article, options["edition"], options["format"])
        path: Path = options["output"]
        try:
            with path.open("xb") as file:
                file.write(made.data)
        except FileExistsError as error:
            raise CommandError(
                f"{path} is there already. Name another file, or delete that one first."
            ) from error
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{path}: {made.name}, {len(made.data)} bytes")

    def made(self, article: Article, number: int | None, form: str) -> File:
        if number is None:
            return exporting.of_draft(article, form)
        edition = article.editions.filter(number=number).first()
        if edition is None:
            raise CommandError(f"“{article}” has no edition {number}; it has {article.editions.count()}.")
        return exporting.of_edition(edition, form)
