"""Does a refresh of the access dates of 500 articles go on after being killed, and cost as little an article as one of 50?

`python -m bench.refresh [--few ARTICLES] [--many ARTICLES] [--keep FOLDER]`: writes the articles first. Each step of a refresh is
killed half way by SIGKILL and gone on with: preparing and publishing as the command, signing as the page does it. On
the database server that DATABASE_URL names, or on SQLite.
"""

import argparse
import os
import pty
import signal
import subprocess
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from tqdm import tqdm

from bench import databases, house
from content.access_checks import recording
from content.models import Act, Article, Edition, Publication, Reference, Submission
from evidence.models import LedgerEvent
from reviews.demo.names import uid
from reviews.demo.people import named
from reviews.models import Conflict, KindVersion, Refresh, Signoff
from reviews.refreshing import signing
from reviews.refreshing.progress import progress
from tests.counting import counted

ROOT = Path(__file__).resolve().parents[1]
REFERENCES = 450


@dataclass
class Step:
    """One step of a refresh: how fast the uninterrupted rest of it was, and the largest process."""

    name: str
    articles: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def rate(self) -> float:
        return self.articles / self.seconds


@dataclass
class Outcome:
    articles: int
    steps: list[Step] = field(default_factory=list)
    longest_wait: float = 0.0
    page: dict[str, int] = field(default_factory=dict)
    review_page: dict[str, int] = field(default_factory=dict)


# --- a process that is killed -----------------------------------------------------------------------------------------


class Child:
    """A process on a terminal of its own, so that it shows its progress."""

    def __init__(self, url: str, *command: str) -> None:
        self.shown, ours, theirs = "", *pty.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url, "IMPRIMATUR_DEBUG": "0"},
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        self.reader = threading.Thread(target=self.read, args=(ours,))
        self.reader.start()

    def read(self, terminal: int) -> None:
        try:
            while some := os.read(terminal, 4096):
                self.shown += some.decode(errors="replace")
        except OSError:  # Linux's word for the end of a terminal
            os.close(terminal)

    def ended(self) -> float:
        """Its exit code is on `process`; gives the megabytes it took at most."""
        _, status, used = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.reader.join()
        return used.ru_maxrss / 1024


def killed_half_way(step: Step, url: str, command: list[str], left: Callable[[], int]) -> None:
    """Killed when half of what was left is done, and gone on with by the same command given again."""
    first, total = Child(url, *command), left()
    while left() > total // 2:
        assert first.process.poll() is None, first.shown
        sleep(0.02)
    first.process.send_signal(signal.SIGKILL)
    step.megabytes = first.ended()
    assert first.process.returncode == -signal.SIGKILL
    step.articles = left()
    assert 0 < step.articles <= total // 2, "It was done before it could be killed."


def gone_on_with(step: Step, url: str, command: list[str], left: Callable[[], int]) -> None:
    second, began = Child(url, *command), 0.0
    while left() and second.process.poll() is None:
        began = began or (monotonic() if left() < step.articles else 0.0)
        sleep(0.02)
    step.seconds = monotonic() - (began or monotonic())
    step.megabytes = max(step.megabytes, second.ended())
    assert second.process.returncode == 0, second.shown
    assert left() == 0
    if "manage.py" in command:
        assert "100%" in second.shown, f"The command showed no progress: {second.shown}"


# --- the steps --------------------------------------------------------------------------------------------------------


def measured(url: str) -> Outcome:
    open_sources()
    count = Article.objects.count()
    outcome = Outcome(count)
    command = ["manage.py", "refresh_access_dates", "--by"]
    with somebody_else_saving(outcome):
        prepare(outcome, url, command)
        refresh = Refresh.objects.get()
        sign(outcome, url, refresh)
        publish(outcome, url, [*command, "dora", "--publish", str(refresh.pk)], refresh)
    once_and_never_twice(count)
    call_command("verify")
    return outcome


def open_sources() -> None:
    """The few that all articles cite: each was opened again today, and reads as before."""
    for key in house.POPULAR:
        reference = Reference.objects.get(uid=uid(key))
        recording.opened(reference, by=named("lib"), on=timezone.localdate(), found="unchanged")


def prepare(outcome: Outcome, url: str, command: list[str]) -> None:
    step = Step("prepare")

    def left() -> int:
        refresh = Refresh.objects.first()
        return refresh.items.pending().count() if refresh else outcome.articles

    killed_half_way(step, url, [*command, "ann"], left)
    refresh = Refresh.objects.get()
    shows_progress(outcome, refresh)
    gone_on_with(step, url, [*command, "ann", "--go-on", str(refresh.pk)], left)
    outcome.steps.append(step)


def shows_progress(outcome: Outcome, refresh: Refresh) -> None:
    stands = progress(refresh)
    assert 0 < stands.prepared < stands.articles == outcome.articles
    answer, _ = page(f"/admin/refreshes/{refresh.pk}/", "ann")
    assert f"{stands.prepared} of {stands.articles}" in " ".join(answer.content.decode().split())


def page(address: str, who: str) -> tuple[Any, dict[str, int]]:
    client = Client()
    client.force_login(named(who))
    began = monotonic()
    with counted() as cost:
        answer = client.get(address)
    assert answer.status_code == 200
    return answer, {**cost, "milliseconds": int((monotonic() - began) * 1000)}


def sign(outcome: Outcome, url: str, refresh: Refresh) -> None:
    step = Step("sign")
    _, outcome.page = page(f"/admin/refreshes/{refresh.pk}/", "edi")
    _, outcome.review_page = page(f"/admin/refreshes/{refresh.pk}/review/", "edi")

    def left() -> int:
        return refresh.items.filter(signoff=None).count()

    command = ["-m", "bench.refresh", "--sign", str(refresh.pk)]
    killed_half_way(step, url, command, left)
    gone_on_with(step, url, command, left)
    outcome.steps.append(step)


def signed(refresh: Refresh) -> None:
    """What the page's button does; pressed again, it goes on with the same act."""
    edi = named("edi")
    assert edi.organisation is not None
    act = signing.unfinished(refresh, edi)
    if act is None:
        said = signing.Said(
            shown=signing.fingerprint(signing.rows(refresh)),
            version=KindVersion.objects.newest(signing.KIND).version,
            conflict=Conflict.NONE,
        )
        act = signing.review(refresh, by=edi, organisation=edi.organisation, said=said)
    for _ in signing.sign(act, by=edi):
        pass


def publish(outcome: Outcome, url: str, command: list[str], refresh: Refresh) -> None:
    step = Step("publish")

    def left() -> int:
        return refresh.items.filter(publication=None).count()

    killed_half_way(step, url, command, left)
    gone_on_with(step, url, command, left)
    outcome.steps.append(step)


def once_and_never_twice(count: int) -> None:
    second = Edition.objects.filter(number=2)
    submissions = Submission.objects.filter(edition__in=second, act=Act.SUBMITTED)
    signoffs = Signoff.objects.filter(edition__in=second)
    publications = Publication.objects.filter(edition__in=second)
    for rows, of in (
        (second, "article"),
        (submissions, "edition__article"),
        (signoffs, "edition__article"),
        (publications.live(), "article"),
    ):
        each = rows.order_by().values(of).annotate(rows=Count("pk"))
        assert [row["rows"] for row in each] == [1] * count, (
            f"{rows.model.__name__}: not one for each article"
        )
    assert publications.count() == count
    assert not Edition.objects.filter(number__gt=2).exists()
    for verb in ("submit", "publish"):
        assert LedgerEvent.objects.filter(verb=verb).count() == 2 * count


@contextmanager
def somebody_else_saving(outcome: Outcome) -> Any:
    """Somebody records openings all the while; the longest that one of them took is kept."""
    over = threading.Event()

    def save() -> None:
        source, by = Reference.objects.get(uid=uid(house.key_of(1))), named("lib")
        while not over.wait(0.25):
            began = monotonic()
            recording.opened(source, by=by, on=timezone.localdate(), found="unchanged")
            outcome.longest_wait = max(outcome.longest_wait, monotonic() - began)
        connection.close()

    other = threading.Thread(target=save)
    other.start()
    try:
        yield
    finally:
        over.set()
        other.join()


# --- the houses -------------------------------------------------------------------------------------------------------


def built(articles: int) -> None:
    if Article.objects.exists():
        return
    house.begin()
    house.shelve(0, REFERENCES)
    written = house.write(0, articles, references=REFERENCES)
    for _ in tqdm(written, total=articles, unit="article", disable=not sys.stderr.isatty()):
        pass


def in_house(articles: int, folder: Path, kept: Path | None) -> Outcome:
    with databases.fresh(
        f"refresh_{articles}", folder, kept=kept and kept / f"house-{articles}.sqlite3"
    ) as url:
        built(articles)
        return measured(url)


def report(few: Outcome, many: Outcome) -> None:
    print(f"{'':10}{few.articles:>10}{many.articles:>10} articles on {connection.vendor}")
    for one, other in zip(few.steps, many.steps, strict=True):
        slower = one.rate / other.rate
        print(
            f"{one.name:10}{one.rate:10.1f}{other.rate:10.1f} articles a second: {slower:.1f} times as long each"
        )
        larger = other.megabytes / one.megabytes
        print(f"{'':10}{one.megabytes:10.0f}{other.megabytes:10.0f} megabytes at most: {larger:.1f} times")
    print(
        f"{'wait':10}{few.longest_wait:10.2f}{many.longest_wait:10.2f} seconds at most, for somebody else who saved"
    )
    for name, one_page, other_page in (
        ("page", few.page, many.page),
        ("review", few.review_page, many.review_page),
    ):
        for what, cost in one_page.items():
            print(f"{name:10}{cost:10}{other_page[what]:10} {what}")
    print(
        "Killed half way at each step and gone on with: one edition, sign-off and publication each. verify holds."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=50)
    parser.add_argument("--many", type=int, default=500)
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="SQLite: use house-ARTICLES.sqlite3 of this folder"
    )
    parser.add_argument("--sign", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.sign:
        signed(Refresh.objects.get(pk=given.sign))
        return
    settings.ALLOWED_HOSTS = ["testserver"]
    with databases.folder() as folder, closing(connection):
        report(in_house(given.few, folder, given.keep), in_house(given.many, folder, given.keep))


if __name__ == "__main__":
    main()
