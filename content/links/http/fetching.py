"""One request and its answer: the status, the headers, and of a page no more than its head."""

import re
import time
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, cast

from django.conf import settings

from content.links.http import connecting, content_types
from content.links.http.channel import Channel, TooMuch, left
from content.links.http.connecting import Way
from content.links.http.faults import NotReached
from content.links.http.targets import Target
from content.models import Outcome

MOST_HEADERS = 64 * 1024
MOST_BODY = 512 * 1024
PIECE = 16 * 1024
HEAD_ENDS = re.compile(rb"</head|<body", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    target: Target
    status: int
    headers: Message
    body: bytes = b""

    @property
    def is_html(self) -> bool:
        return content_types.media_type(self.headers) in ("text/html", "application/xhtml+xml")

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


def fetched(method: str, target: Target, way: Way, seconds: float) -> Answer:
    """Raises NotReached and NoNetwork."""
    until = time.monotonic() + seconds
    try:
        left(until)
        with connecting.connected(target, way, until) as connection:
            channel = Channel(connection, until=until, most=MOST_HEADERS)
            response = asked(method, target, channel)
            channel.most += MOST_BODY + PIECE
            answer = Answer(target, response.status, response.headers)
            wanted = method == "GET" and response.status < 300 and answer.is_html
            body = head_of(response) if wanted and is_plain(response) else b""
            return Answer(target, response.status, response.headers, body)
    except TimeoutError as error:
        raise NotReached(Outcome.TIMED_OUT, "did not answer in time") from error
    except OSError as error:
        raise NotReached(Outcome.TROUBLE, "ends the connection before it answers") from error
    except (HTTPException, TooMuch) as error:
        raise NotReached(Outcome.TROUBLE, "sends something that is not a web page") from error


def asked(method: str, target: Target, channel: Channel) -> HTTPResponse:
    connection = HTTPConnection(target.host, target.port)
    connection.sock = cast(Any, channel)
    connection.auto_open = 0  # or it would connect by itself, by name, once this connection is used up
    headers = {
        "Host": target.site,
        "User-Agent": f"Imprimatur link check ({settings.SITE_URL})",
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Encoding": "identity",  # a small packed page may unfold into a very large one
        "Connection": "close",
    }
    connection.request(method, target.path, headers=headers)
    return connection.getresponse()


def is_plain(response: HTTPResponse) -> bool:
    return response.getheader("Content-Encoding", "identity").strip().lower() in ("", "identity")


def head_of(response: HTTPResponse) -> bytes:
    # As much of the page as holds its title.
    body = bytearray()
    while len(body) < MOST_BODY:
        piece = response.read1(PIECE)
        body += piece
        if not piece or HEAD_ENDS.search(body, max(0, len(body) - len(piece) - 8)):
            break
    return bytes(body)
