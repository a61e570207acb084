"""Inputs made to be slow: a fixed sample in every run, ten thousand of each kind with `make long`."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, settings

LONG = float(os.environ.get("IMPRIMATUR_LONG") or 0)
SECONDS = 2.0
SAMPLE = settings(
    deadline=None,
    max_examples=10_000 if LONG else 40,
    derandomize=not LONG,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,
    ],
)


@contextmanager
def soon(seconds: float = SECONDS) -> Iterator[None]:
    """Of this process alone: how busy the machine is does not count."""
    begun = time.process_time()
    yield
    took = time.process_time() - begun
    assert took < seconds, f"took {took:.1f} s"
