"""Pictures are opened in a process of their own: what a hostile one takes or breaks is that process, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from content.pictures import cleaning
from content.pictures.cleaning import Cleaned, Unusable
from content.pictures.limits import MOST_CPU_SECONDS

ROOT = Path(__file__).resolve().parents[2]
# Neither the environment nor a folder of the person who starts us decides what is run, and no secret is handed on.
COMMAND = (sys.executable, "-sEB", "-m", "content.pictures.opening_process")
MOST_SECONDS = 2 * MOST_CPU_SECONDS
AT_ONCE = BoundedSemaphore(2)


def cleaned(data: bytes, name: str) -> Cleaned:
    """Return what `cleaning.cleaned` returns. Raises Unusable."""
    cleaning.refuse_size(data, name)
    cleaning.refuse_others(data, name)
    try:
        with AT_ONCE:
            done = subprocess.run(  # noqa: S603
                COMMAND,
                cwd=ROOT,
                env={},
                input=json.dumps(name).encode() + b"\n" + data,
                capture_output=True,
                timeout=MOST_SECONDS,
                check=True,
            )
    except (subprocess.SubprocessError, OSError) as error:
        raise cleaning.too_much(name) from error
    said, _, picture = done.stdout.partition(b"\n")
    told = json.loads(said)
    if "code" in told:
        raise Unusable(**told)
    return Cleaned(picture, **told)
