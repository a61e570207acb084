"""Is `verify` linear? Databases with some editions and with ten times as many, each verified as a whole process.

    python bench/verify.py [--editions 200] [--times 10]

The figure to look at is the last: time per edition in the large database over that in the small one. 1 is linear.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EDITIONS_OF_AN_ARTICLE = 4  # handed in, signed twice and published, one after the other; the last is public
SECTIONS = 12
sys.path.insert(0, str(ROOT))


def main() -> None:
    asked = arguments()
    if asked.fill:
        fill(asked.fill)
    elif asked.count:
        count()
    else:
        compare(asked.editions, asked.times)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--editions", type=int, default=200, help="in the small database")
    parser.add_argument("--times", type=int, default=10, help="as many in the large one")
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def compare(editions: int, times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "empty.sqlite3")
        run(empty, "manage.py", "migrate", "--verbosity", "0")
        start = min(verified(empty)[0] for _ in range(2))
        print(f"starting and finding nothing to verify: {start:.2f} s")
        print(
            "editions  live  events    rows  rows/edition  queries/edition  seconds  editions/s  ms/edition"
        )
        small, large = (measured(empty, number, start) for number in (editions, editions * times))
    print(f"time per edition, {times} times as many editions: {large / small:.2f} times as long")


def measured(empty: Path, editions: int, start: float) -> float:
    """Seconds per edition, without the start of the process; the better of two runs."""
    database = empty.with_name(f"{editions}.sqlite3")
    shutil.copy(empty, database)
    run(database, "bench/verify.py", "--fill", str(editions))
    counted = json.loads(run(database, "bench/verify.py", "--count"))
    runs = [verified(database) for _ in range(2)]
    said, seconds = runs[0][1], min(each for each, _ in runs) - start
    found = said["editions"]
    print(
        f"{found:8d} {said['live_pages']:5d} {said['events']:7d} {counted['rows']:7d} {counted['rows'] / found:13.1f} "
        f"{counted['queries'] / found:16.2f} {seconds:8.2f} {found / seconds:11.0f} {1000 * seconds / found:11.2f}"
    )
    return seconds / found


def verified(database: Path) -> tuple[float, dict[str, Any]]:
    """Seconds of processor, which say the same beside other work, and what verify printed."""
    began = processor()
    printed = run(database, "manage.py", "verify", "--json")
    return processor() - began, json.loads(printed)


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(database: Path, *words: str) -> str:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    import django

    django.setup()


def count() -> None:
    """Rows and queries of one verify, printed as JSON."""
    set_up()
    from django.db import connection

    from reviews import verification

    asked = [0]

    def counted(execute: Any, *given: Any) -> Any:
        asked[0] += 1
        return execute(*given)

    with connection.execute_wrapper(counted):
        problems = list(verification.everything_holds())
    if problems:
        sys.exit("\n".join(problems[:5]))
    print(json.dumps({"rows": verification.totals().rows, "queries": asked[0]}))


def fill(editions: int) -> None:
    """Written with the system's own digests, past its verbs: thousands of those would take an hour."""
    set_up()
    from django.db import transaction

    with transaction.atomic():
        for number in range(editions // EDITIONS_OF_AN_ARTICLE):
            fill_article(number)


def fill_article(number: int) -> None:
    from content.drafts import saving
    from content.models import Article

    person, organisation = somebody()
    article = Article(title=f"Article {number}", slug=f"article-{number}", owner=person)
    saving.begun(article)
    article.save()
    live = None
    for edition in range(1, EDITIONS_OF_AN_ARTICLE + 1):
        live = fill_edition(article, edition, live, person, organisation)


def somebody() -> tuple[Any, Any]:
    from django.contrib.auth import get_user_model

    from accounts.models import Organisation

    house, _ = Organisation.objects.get_or_create(
        code="bench", defaults={"name": "Bench", "in_credit": "Bench"}
    )
    given = {"printed_name": "Bench Example", "organisation": house}
    person, _ = get_user_model().objects.get_or_create(username="bench", defaults=given)
    return person, house


def fill_edition(article: Any, number: int, live: Any, person: Any, house: Any) -> Any:
    """One edition with all its evidence and its events; gives its publication."""
    from django.utils import timezone

    from content.models import Contributor, Edition, Mention, Publication, Submission
    from content.snapshots import snapshot
    from evidence import ledger
    from reviews.models import KindVersion, Signoff
    from reviews.models.signatures import signed

    at, who = (
        timezone.now(),
        {"recorded_by": person, "recorded_by_name": str(person), "recorded_at": timezone.now()},
    )
    content = content_of(article, number)
    text = snapshot.canonical(content)
    digest, parts = snapshot.digest(text), snapshot.part_digests(content)
    edition = Edition(
        article=article, number=number, snapshot=text, digest=digest, parts=parts, created_at=at
    )
    edition.save()
    Mention.objects.bulk_create(
        Mention(edition=edition, table=table, uid=uid) for table, uid in snapshot.mentioned(content)
    )
    submission = Submission(article=article, edition=edition, act="submitted", change="minor", **who)
    submission.save()
    writer = Contributor(submission=submission, person=person, person_name=str(person))
    writer.save()
    rows = [edition, submission, writer]
    ledger.record("submit", by=person, at=at, rows=rows, article_uid=article.uid, digest=digest)
    for code in ("editorial-review", "medical-review"):
        kind = KindVersion.objects.newest(code)
        signoff = Signoff(
            edition=edition,
            kind=kind,
            decision="approve",
            scope="whole-page",
            edition_digest=digest,
            covered={part: parts[part] for part in kind.covers},
            meaning=kind.meaning,
            organisation_in_credit=house.in_credit,
            organisation_is_publishing=False,
            **signed(person, house),
            conflict="none",
        )
        signoff.save()
        ledger.record("sign", by=person, at=at, rows=[signoff], article_uid=article.uid, kind=code)
    publication = Publication(
        article=article,
        edition=edition,
        basis="signed",
        from_at=at,
        last_revised_on=at.date(),
        credit="Developed by Bench",
        findings=[],
        published_by=person,
        published_by_name=str(person),
    )
    if live:
        live.until_at, live.end_kind, live.ended_by, live.ended_by_name = (
            at,
            "superseded",
            person,
            str(person),
        )
        live.save(update_fields=list(Publication.settable_once))
    publication.save()
    ended = [live] if live else []
    rows = [*ended, publication]
    ledger.record(
        "publish", by=person, at=at, rows=rows, article_uid=article.uid, edition=number, digest=digest
    )
    return publication


def content_of(article: Any, number: int) -> dict[str, Any]:
    """As long as a small article, and other words in each edition."""
    from content.snapshots import snapshot

    body = f"<p>{'Medicines are taken as pills, once a day, as your care team told you. ' * 12}Edition {number}.</p>"
    sections = [
        {"kind": "text", "level": 2, "heading": f"Section {each}", "drug": None, "body": body}
        for each in range(1, SECTIONS + 1)
    ]
    content = snapshot.build(article)
    content["parts"]["text"]["sections"] = sections
    return content


if __name__ == "__main__":
    main()
