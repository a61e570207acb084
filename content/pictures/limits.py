"""What opening one picture may take of the machine."""

import resource
from contextlib import suppress

MOST_MEMORY = 768 * 1024 * 1024
MOST_CPU_SECONDS = 10


def limit_this_process() -> None:
    """Let this process take no more, whatever it decodes; for good."""
    limits = {
        resource.RLIMIT_AS: MOST_MEMORY,
        resource.RLIMIT_DATA: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        # Not every system has each of them (macOS bounds no address space); the sides of the picture are bounded as well.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
