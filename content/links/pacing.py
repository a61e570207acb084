"""One request at a time for each site, and a pause after each."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

PAUSE = 2.0


class Pace:
    """Shared by the threads of one round."""

    def __init__(self, pause: float | None = None) -> None:
        self.pause = PAUSE if pause is None else pause
        self.all = threading.Lock()
        self.turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self.free_at: dict[str, float] = {}

    @contextmanager
    def turn(self, site: str) -> Iterator[None]:
        # Waits until the site was left alone for long enough. Nobody holds two turns, so nobody waits for ever.
        with self.all:
            mine = self.turns[site]
        with mine:
            time.sleep(max(0.0, self.free_at.get(site, 0.0) - time.monotonic()))
            try:
                yield
            finally:
                self.free_at[site] = time.monotonic() + self.pause
