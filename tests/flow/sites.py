"""The site as run.py serves it, in processes of its own."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.flow.clusters import free_port
from tests.flow.dying import environ

ROOT = Path(__file__).resolve().parents[2]
GRANIAN = "granian cms.wsgi:application --interface wsgi --host 127.0.0.1 --workers 1 --blocking-threads 4"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Site:
    def __init__(self, address, process):
        self.address, self.process = address, process

    def asked(self, act):
        """Status, heading and Retry-After of what a browser gets."""
        made = environ(act)
        body = made["wsgi.input"].read() if act.data is not None else None
        headers = {"Cookie": made["HTTP_COOKIE"], "Content-Type": made["CONTENT_TYPE"]}
        request = urllib.request.Request(self.address + act.path, data=body, headers=headers)
        try:
            answer = urllib.request.build_opener(NoRedirect).open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, heading(answer.read().decode()), answer.headers["Retry-After"]

    def statuses(self, *acts):
        return [self.asked(act)[0] for act in acts]

    def processes(self):
        """Its own and those it has started."""
        found = [self.process.pid]
        for pid in found:
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found


def heading(page):
    found = re.search("<h1>(.*?)</h1>", page)
    return found and found[1]


@contextmanager
def served(url, folder):
    port = free_port()
    environment = os.environ | {"DATABASE_URL": url, "IMPRIMATUR_DEBUG": "0"}
    with (folder / "site.log").open("w") as log:
        command = [sys.executable, "-m", *GRANIAN.split(), "--port", str(port)]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as process:
            try:
                yield begun(Site(f"http://127.0.0.1:{port}", process))
            finally:
                process.terminate()


def begun(site):
    until = time.monotonic() + 60
    while time.monotonic() < until and site.process.poll() is None:
        try:
            urllib.request.urlopen(site.address, timeout=30).close()
        except OSError:
            time.sleep(0.1)
        else:
            return site
    raise AssertionError("The site does not begin to answer.")
