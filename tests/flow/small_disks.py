"""A disk small enough to be filled to its last byte."""

import fcntl
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import without

MEGABYTES = 64
SHARED_MEMORY = Path("/dev/shm")


class Disk:
    def __init__(self, folder):
        self.folder, self.ballast = folder, folder / "ballast"

    def leave(self, room):
        """So many bytes, and no more."""
        self.make_room()
        with self.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(self.folder).free - room)

    def folder_for(self, owner):
        made = self.folder / owner
        made.mkdir()
        give(made, owner)
        return made

    def make_room(self):
        self.ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder, owner):
    """A new folder on it: mounted, where that is allowed; else in the shared memory of a container, which is small too."""
    folder.mkdir()
    options = f"size={MEGABYTES}m,mode=700"
    if is_done("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder):
        give(folder, owner)
        yield Disk(folder)
        is_done("umount", "--lazy", folder)
    elif SHARED_MEMORY.exists() and shutil.disk_usage(SHARED_MEMORY).total <= MEGABYTES * 2**20:
        with nobody_else_in(SHARED_MEMORY), TemporaryDirectory(dir=SHARED_MEMORY) as own:
            give(own, owner)
            yield Disk(Path(own))
    else:
        without("Needs a small disk to fill: the right to mount one, or a container's small /dev/shm.")


def give(folder, owner):
    """Only root may, and only root's servers run as somebody else."""
    if os.geteuid() == 0:
        shutil.chown(folder, owner)


@contextmanager
def nobody_else_in(folder):
    """One process of the tests at a time fills it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def is_done(*command):
    return subprocess.run(command, capture_output=True).returncode == 0
