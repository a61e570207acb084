"""A house as large as wanted: references in bulk through the door of imports, articles by the verbs of the demonstration.

Every article cites two of a handful of sources that all cite, as a house cites its guidelines, and four others.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from content.access_checks import recording
from content.library import adding
from content.models import Article, Found, Reference
from reviews.demo import loading, side_effects
from reviews.demo.articles import Source, drafted, published, signed, submitted
from reviews.demo.library import REFERENCES
from reviews.demo.names import uid
from reviews.demo.people import named
from tests.content import shelves

POPULAR = list(REFERENCES)
OWN_SOURCES = 4
# Half of the sources were opened so long ago that they stand among those to open.
DAYS = (20, 60, 190, 220)
DOUBLES = 50
# Every third paper is a report, which has an address and no DOI.
WITHOUT_DOI = 3


def begin() -> None:
    for step in ("people", "library"):
        loading.do(step)


def key_of(place: int) -> str:
    return f"work {place}"


def shelve(first: int, last: int) -> list[Reference]:
    """Works of these places; the same ones whenever it is called."""
    found = shelves.works(last)[first:]
    for place, work in enumerate(found, start=first):
        work.uid = uid(key_of(place))
        if work.doi and place % WITHOUT_DOI == 0:
            work.doi, work.type, work.url = "", "report", f"https://reports.example/{place}"
    store(found)
    return found


def store(works: list[Reference]) -> None:
    for work in works:
        work.normalise()
    with transaction.atomic():
        for start in range(0, len(works), adding.BATCH):
            adding.write(works[start : start + adding.BATCH], by=named("lib"), reason="Benchmark")


# Each enters a work a second time, as somebody else would, and says so beside the original.
Again = Callable[[Reference, random.Random], Reference]


def by_doi(work: Reference, chance: random.Random) -> Reference:
    return copy(work, title=f"Untitled record {work.doi}", doi=f"https://dx.doi.org/{work.doi.upper()}")


def by_pmid(work: Reference, chance: random.Random) -> Reference:
    number = work.pmid
    spelled = chance.choice([f"PMID: {number}", f"https://pubmed.ncbi.nlm.nih.gov/{number}/"])
    return copy(work, title=f"Untitled record {number}", pmid=spelled)


def by_url(work: Reference, chance: random.Random) -> Reference:
    bare = work.url.removeprefix("https://")
    spelled = chance.choice([f"{bare}/", f"HTTPS://{bare.upper()}", f"https://{bare}?utm_source=mail#top"])
    site, _, path = bare.partition("/")
    if spelled.startswith("HTTPS"):
        spelled = f"HTTPS://{site.upper()}:443/{path}"
    return copy(work, title=work.title.replace(" Version", ""), url=spelled)


def by_title(work: Reference, chance: random.Random) -> Reference:
    """A slip, capitals, another dash, or the year of the volume."""
    ways = [1, 2, 3] if work.type == "report" else [1, 2, 3, 4]  # a report of another year is another report
    return shelves.again(work, chance.choice(ways), chance)


def copy(work: Reference, **columns: str) -> Reference:
    return Reference(**{"type": work.type, "author": work.author, "issued": work.issued, **columns})


def plant() -> set[tuple[int, int]]:
    """Fifty works entered twice; gives the keys of each pair."""
    chance = random.Random(7)
    stored = list(Reference.objects.filter(uid__in=[uid(key_of(place)) for place in range(450)]))
    papers = [work for work in stored if work.type in ("article-journal", "report")]
    with_doi = [work for work in papers if work.doi]
    without = [work for work in papers if not work.doi]
    pages = [work for work in stored if work.type == "agency-page"]
    numbered = without[:10]
    for place, work in enumerate(numbered):
        work.pmid = str(30_000_000 + place)
        work.save()
    planned: list[tuple[Again, list[Reference]]] = [
        (by_doi, with_doi[:10]),
        (by_pmid, numbered),
        (by_url, pages[:10]),
        (by_title, [*with_doi[10:20], *without[10:20]]),
    ]
    originals = [work for _, works in planned for work in works]
    copies = [again(work, chance) for again, works in planned for work in works]
    assert len(copies) == DOUBLES
    store(copies)
    return {(one.pk, other.pk) for one, other in zip(originals, copies, strict=True)}


def write(first: int, last: int, *, references: int) -> Iterator[Article]:
    """Public articles of these numbers, citing among so many references, each as soon as it is there."""
    ann = named("ann")
    for number in range(first, last):
        with transaction.atomic():
            yield written(number, references, by=ann)


def written(number: int, references: int, *, by: Person) -> Article:
    chance = random.Random(number)
    places = chance.sample(range(references), OWN_SOURCES)
    keys = [POPULAR[number % len(POPULAR)], POPULAR[(number + 1) % len(POPULAR)], *map(key_of, places)]
    text = replace(
        side_effects.TEXT,
        slug=f"article-{number}",
        title=f"Side Effects of Treatment {number}",
        sources=tuple(Source(key, chance.choice(DAYS)) for key in keys),
    )
    article = drafted(text, by=by)
    edition = submitted(article, by=by, note="New article.")
    signed(edition, "editorial-review", by="edi")
    signed(edition, "medical-review", by="bob")
    published(edition, by="dora")
    return article


def open_again(places: range, found: str = Found.UNCHANGED) -> None:
    for place in places:
        source = Reference.objects.filter(uid=uid(key_of(place))).first()
        if source is None:
            continue  # the last places are taken by the demonstration's own and by those entered twice
        recording.opened(source, by=named("edi"), on=timezone.localdate() - timedelta(days=1), found=found)
