"""Does the library of references cost as little at 5,000 references and 2,000 articles as at 500 and 200?

`python -m bench.references [--few REFERENCES ARTICLES] [--many REFERENCES ARTICLES] [--keep FOLDER]`: some 15 minutes, nearly
all of them for writing the articles. With --keep the databases stay in the folder, and are used again. SQLite only.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from tqdm import tqdm

from bench import databases, house
from content.library import duplicates
from content.models import Article, Edition, Found, Reference
from reviews.demo.names import uid
from reviews.demo.people import named
from tests.counting import counted

ROUNDS = 5
FALSE_ALLOWED = 5
# The checks that are offered beside a citation are ten at most, and fewer in the smaller house.
OTHER_ROWS = 1.05
# Twenty-five sources, each with its newest check, a count and up to four articles, and what the page has besides.
FULL_LIST = 18 + 25 * 7
# Pairs of the larger house that have a key in common and are let go at a second look.
SECOND_LOOKS = 10
# So many sources were found changed since the articles were published.
ONE_CHANGED_OF = 25


@dataclass(frozen=True)
class Page:
    """A page as somebody asks for it. `must` is whether it may cost no more in a larger library.

    `full` is how many rows it takes when every line it has room for is there, with all that may stand beside one.
    """

    name: str
    address: str
    who: str = "ann"
    must: bool = True
    full: int = 0


@dataclass
class Cost:
    statements: int = 0
    rows: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def work(self) -> tuple[int, int]:
        return self.statements, self.rows


def pages(pairs: set[tuple[int, int]]) -> list[Page]:
    """Addresses are those of the smaller house, which the larger one grew from."""
    article = Article.objects.get(slug="article-7")
    edition = Edition.objects.get(article=article)
    source = Reference.objects.get(uid=uid("nccn"))
    return [
        Page("sources to open", "/admin/sources/?whose=all", full=FULL_LIST),
        Page("sources to open, page 2", "/admin/sources/?whose=all&p=2", full=FULL_LIST),
        Page("sources to open, my articles", "/admin/sources/?whose=mine", full=FULL_LIST),
        Page("sources to open, one site", "/admin/sources/?whose=all&site=cancer.gov"),
        # Its rows are those of the search, and of the twenty pairs on the page.
        Page(
            "likely duplicates",
            "/admin/content/reference/duplicates/",
            full=96 + 3 * (len(pairs) + SECOND_LOOKS),
        ),
        Page("references", "/admin/content/reference/"),
        Page("references, by a DOI", "/admin/content/reference/?q=10.1000/test.7"),
        # Says where it is used, and so grows with that.
        Page("one reference that many cite", f"/admin/content/reference/{source.pk}/change/", must=False),
        Page("article, its form", f"/admin/content/article/{article.pk}/change/"),
        Page("article, library updates", f"/admin/content/article/{article.pk}/library/"),
        Page("article, readiness", f"/admin/articles/{article.pk}/readiness/"),
        Page("edition", f"/admin/editions/{edition.pk}/"),
        Page("public page", f"/articles/{article.slug}/", who=""),
        Page("refresh access dates", "/admin/refreshes/?whose=all"),
        Page("articles", "/admin/content/article/", must=False),
        Page("desk of who owns no article", "/admin/", who="edi"),
        Page("public index", "/", who="", must=False),
    ]


def asked(page: Page) -> Cost:
    client = Client()
    if page.who:
        client.force_login(named(page.who))
    began = monotonic()
    with counted() as found:
        answer = client.get(page.address)
    seconds = monotonic() - began
    assert answer.status_code == 200, f"{page.address} answers {answer.status_code}"
    return Cost(found["statements"], found["rows"], [seconds])


def measured(page: Page, urls: list[str]) -> list[Cost]:
    """In each database in turn, so that what else the machine does falls on both."""
    costs = [Cost() for _ in urls]
    for turn in range(ROUNDS + 1):
        for url, cost in zip(urls, costs, strict=True):
            databases.use(url)
            found = asked(page)
            if turn:  # the first finds cold caches
                cost.statements, cost.rows = found.work
                cost.seconds += found.seconds
    return costs


def searched(urls: list[str], planted: set[tuple[int, int]]) -> Iterator[tuple[int, int, Cost]]:
    """In each database: how many of the planted pairs were found, how many others, and at what cost."""
    for url in urls:
        databases.use(url)
        began = monotonic()
        with counted() as cost:
            found = {(pair.one.pk, pair.other.pk) for pair in duplicates.pairs()}
        seconds = [monotonic() - began]
        yield (
            len(planted & found),
            len(found - planted),
            Cost(cost["statements"], cost["rows"], seconds),
        )


def grown(sizes: tuple[int, int], before: tuple[int, int]) -> None:
    """From so many references and articles to so many, in the database in use."""
    room = len(house.POPULAR) + house.DOUBLES
    house.shelve(max(before[0] - room, 0), sizes[0] - room)
    articles = house.write(before[1], sizes[1], references=sizes[0] - room)
    for _ in tqdm(articles, total=sizes[1] - before[1], unit="article", disable=not sys.stderr.isatty()):
        pass


def built(folder: Path, few: tuple[int, int], many: tuple[int, int]) -> list[str]:
    """The smaller house is copied and goes on growing, so that rows of both have the same keys."""
    small, large = folder / "few.sqlite3", folder / "many.sqlite3"
    urls = [f"sqlite:///{small}", f"sqlite:///{large}"]
    if not large.exists():
        with databases.fresh("growing", folder):
            house.begin()
            grown(few, (0, 0))
            pairs = house.plant()
            (folder / "planted").write_text("\n".join(f"{one} {other}" for one, other in pairs))
            copied(small)
            grown(many, few)
            copied(large)
        for url, size in zip(urls, (few, many), strict=True):
            databases.use(url)
            house.open_again(range(few[0] // ONE_CHANGED_OF), Found.CHANGED)
            house.open_again(range(few[0], size[0], ONE_CHANGED_OF), Found.CHANGED)
    for url in urls:  # those that were kept may be of an earlier day
        databases.use(url)
        call_command("migrate", verbosity=0)
    return urls


def copied(path: Path) -> None:
    """With the planner's statistics, as a house that is in use has them."""
    path.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("VACUUM INTO %s", [str(path)])


def line(name: str, costs: list[Cost], *, must: bool = True, full: int = 0) -> bool:
    few, many = costs
    held = many.statements <= few.statements and many.rows <= max(few.rows * OTHER_ROWS, full)
    verdict = ("PASS" if held else "FAIL") if must else ("same" if held else "grows")
    slow, fast = median(many.seconds), median(few.seconds)
    print(
        f"{name:32}{few.statements:6}{many.statements:6}{few.rows:8}{many.rows:8}"
        f"{fast * 1000:9.0f}{slow * 1000:8.0f}{slow / fast:7.1f}  {verdict}"
    )
    return held or not must


def main(given: Any) -> int:
    if connection.vendor != "sqlite":
        sys.exit("This benchmark measures two SQLite files side by side; unset DATABASE_URL.")
    settings.ALLOWED_HOSTS = ["testserver"]
    with databases.folder() as own:
        folder = given.keep or own
        folder.mkdir(parents=True, exist_ok=True)
        urls = built(folder, tuple(given.few), tuple(given.many))
        pairs = {
            (int(one), int(other))
            for one, other in map(str.split, (folder / "planted").read_text().splitlines())
        }
        return reported(urls, pairs)


def reported(urls: list[str], pairs: set[tuple[int, int]]) -> int:
    for url in urls:
        databases.use(url)
        print(f"{Reference.objects.count()} references, {Article.objects.count()} articles")
    print(f"{'':32}{'statements':>12}{'rows':>16}{'milliseconds':>17}{'ratio':>7}")
    databases.use(urls[0])
    held = [line(page.name, measured(page, urls), must=page.must, full=page.full) for page in pages(pairs)]
    results = list(searched(urls, pairs))
    full = results[0][2].rows + 3 * SECOND_LOOKS
    held.append(line("search for duplicates", [cost for _, _, cost in results], full=full))
    for size, (planted, others, _) in zip(("few", "many"), results, strict=True):
        passed = planted == len(pairs) and others <= FALSE_ALLOWED
        print(
            f"{size}: {planted} of {len(pairs)} planted found, {others} others  {'PASS' if passed else 'FAIL'}"
        )
        held.append(passed)
    connection.close()
    return 0 if all(held) else 1


def arguments() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", nargs=2, type=int, default=(500, 200), metavar=("REFERENCES", "ARTICLES"))
    parser.add_argument("--many", nargs=2, type=int, default=(5000, 2000), metavar=("REFERENCES", "ARTICLES"))
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(arguments()))
