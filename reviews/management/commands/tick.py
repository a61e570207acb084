import logging
import signal
from argparse import ArgumentParser, ArgumentTypeError
from queue import Empty, SimpleQueue
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connections

from reviews import scheduled_jobs

log = logging.getLogger(__name__)
LONGEST_WAIT = 300.0


def seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 86_400:
        raise ArgumentTypeError(f"“{text}” is not a number of seconds above 0 and up to a day (86400).")
    return number


class Command(BaseCommand):
    help = (
        "Do everything that is due: check that public pages are as they were signed, remind reviewers, send mail, "
        "check a few web addresses. Call it every few minutes, or let it run with --every."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=seconds, metavar="SECONDS", help="run until SIGTERM or SIGINT (Ctrl-C)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["every"]:
            self.go_on(options["every"], listened_for_signals())
            return
        done = scheduled_jobs.tick()
        self.stdout.write(str(done))
        if not done.is_whole:
            raise CommandError(
                "Something could not be done; the lines above and the list of notifications say what."
            )

    def go_on(self, every: float, asked_to_stop: "SimpleQueue[int]") -> None:
        pause = every
        while True:
            try:
                done = scheduled_jobs.tick()
                pause = every
                if not done.is_nothing:
                    self.stdout.write(str(done))
                    self.stdout.flush()
            except Error as error:
                log.warning("the database does not answer; next try in %g s: %s", pause, first_line(error))
                wait, pause = pause, min(pause * 2, max(every, LONGEST_WAIT))
            else:
                wait = every
            connections.close_all()  # a connection that was cut while we slept would fail the next tick
            if stopped_within(wait, asked_to_stop):
                return


def listened_for_signals() -> "SimpleQueue[int]":
    """Return a queue that gets each SIGTERM and SIGINT.

    Its `put` may interrupt itself, while setting a threading.Event may deadlock.
    """
    came: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: came.put(number))
    return came


def stopped_within(wait: float, asked_to_stop: "SimpleQueue[int]") -> bool:
    try:
        asked_to_stop.get(timeout=wait)
    except Empty:
        return False
    return True


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
