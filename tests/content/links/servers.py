"""Web servers on this machine that answer as they are told, byte for byte, and remember who asked when."""

import socketserver
import ssl
import threading
import time
from collections import defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from content.links.http.connecting import Way

CERTIFICATES = Path(__file__).with_name("certificates")
GIVEN_UP_AFTER = 20


@dataclass
class Request:
    """What one connection asked; `began` and `ended` as time.monotonic() counts, which all processes here share."""

    method: str
    path: str
    headers: dict
    began: float
    ended: float = 0.0


class Server(socketserver.ThreadingTCPServer):
    """`pages` maps "/path" or "HEAD /path" to bytes, or to a function that gets a `send` and may take its time.

    A list is worked off, one for each request; its last stays. A `greeting` is sent before anything was asked.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, address="127.0.0.1", port=0, certificate=""):
        super().__init__((address, port), Handler)
        self.pages, self.requests, self.connections = {}, [], 0
        self.context, self.greeting = None, b""
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")

    @property
    def address(self):
        return self.server_address[0]

    @property
    def port(self):
        return self.server_address[1]

    def asked(self):
        return [f"{request.method} {request.path}" for request in self.requests]

    def page_for(self, request):
        for key in (f"{request.method} {request.path}", request.path):
            page = self.pages.get(key)
            if isinstance(page, list):
                return page.pop(0) if len(page) > 1 else page[0]
            if page is not None:
                return page
        return answer(404)

    def handle_error(self, request, client_address):
        """Who asks may hang up at any time."""


class Handler(socketserver.StreamRequestHandler):
    timeout = GIVEN_UP_AFTER

    def setup(self):
        self.server.connections += 1
        if self.server.context:
            self.request.settimeout(GIVEN_UP_AFTER)
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self):
        if self.server.greeting:
            self.wfile.write(self.server.greeting)
            self.rfile.read(1)
            return
        method, path, _ = self.rfile.readline().decode("latin-1").split(" ", 2)
        headers = {}
        while line := self.rfile.readline().strip():
            name, _, value = line.decode("latin-1").partition(": ")
            headers[name] = value
        request = Request(method, path, headers, time.monotonic())
        self.server.requests.append(request)
        page = self.server.page_for(request)
        with suppress(OSError):
            page(self.wfile.write) if callable(page) else self.wfile.write(page)
        request.ended = time.monotonic()


def answer(status=200, body=b"", content_type="text/html; charset=utf-8", **headers):
    lines = [f"HTTP/1.1 {status} Said so", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def titled(title, **rest):
    return answer(
        200, f"<html><head><title>{title}</title></head><body>Words.</body></html>".encode(), **rest
    )


def redirect(location, status=301):
    return answer(status, Location=location)


@contextmanager
def serving(*servers):
    for server in servers:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


@dataclass
class Names:
    """A name server that can be told anything: each name has one answer after another, the last of which stays."""

    known: dict
    asked: defaultdict = None

    def __post_init__(self):
        self.asked = defaultdict(int)

    def __call__(self, host, port):
        self.asked[host] += 1
        answers = self.known[host]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def way_to(*servers, names=None):
    """The real way to the world, with the tests' own authority, to these servers and to nothing else on this machine."""
    trust = ssl.create_default_context(cafile=CERTIFICATES / "authority.pem")
    also = frozenset((server.address, server.port) for server in servers)
    return Way(resolve=names, trust=trust, also=also) if names else Way(trust=trust, also=also)
