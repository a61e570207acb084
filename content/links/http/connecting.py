"""Connecting to a public address and no other: what was checked is what is connected to, so no name server can swap it."""

import errno
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread

from content.links.http import public_internet, securing
from content.links.http.channel import left
from content.links.http.faults import NoNetwork, NotReached
from content.links.http.securing import Secured
from content.links.http.targets import PORTS, Target
from content.models import Outcome

# Of the addresses of one name so many are tried, each so long.
MOST_ADDRESSES = 4
SECONDS_EACH = 5.0
NOBODY = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


def addresses_of(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(address[0]) for *_, address in found]


@dataclass(frozen=True)
class Way:
    """How the world is reached: who knows a name's addresses, whose certificates count, and (for tests) which address and
    port may be connected to though they are not public."""

    resolve: Callable[[str, int], Sequence[str]] = addresses_of
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    also: frozenset[tuple[str, int]] = frozenset()


@contextmanager
def connected(target: Target, way: Way, until: float) -> Iterator[socket.socket | Secured]:
    """Raises NotReached, NoNetwork, TimeoutError."""
    connection = first_that_answers(allowed(target, way, until), target.port, until)
    try:
        is_plain = target.scheme == "http"
        yield connection if is_plain else securing.secured(connection, target.host, way.trust, until)
    finally:
        connection.close()


def allowed(target: Target, way: Way, until: float) -> list[str]:
    addresses = list(dict.fromkeys(resolved(target, way, until)))
    also = [address for address in addresses if (address, target.port) in way.also]
    public = [address for address in addresses if public_internet.is_public(address)]
    if not public and not also:
        raise NotReached(Outcome.UNSAFE, "leads to an address that is not on the public internet")
    if target.port not in PORTS.values() and not also:
        raise NotReached(
            Outcome.UNSAFE, f"leads to port {target.port}, which is not one that public pages use"
        )
    return (also or public)[:MOST_ADDRESSES]


def resolved(target: Target, way: Way, until: float) -> Sequence[str]:
    # In a thread of its own, for nothing else can end a question to a name server that does not answer.
    answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(way.resolve(target.host, target.port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True, name=f"addresses of {target.host}").start()
    try:
        answer = answers.get(timeout=left(until))
    except Empty:
        raise NoNetwork(f"No name server answers for {target.host}.") from None
    if isinstance(answer, socket.gaierror) and answer.errno not in NOBODY:
        raise NoNetwork(f"No name server answers for {target.host}.") from answer
    if isinstance(answer, Exception):
        raise NotReached(Outcome.NO_HOST, "is not known to any name server") from answer
    return answer


def first_that_answers(addresses: Sequence[str], port: int, until: float) -> socket.socket:
    fault: OSError | None = None
    for address in addresses:
        end = min(until, time.monotonic() + SECONDS_EACH)
        try:
            return socket.create_connection((address, port), timeout=left(end))
        except OSError as error:  # a TimeoutError is one too
            fault = error
    if fault and fault.errno == errno.ENETUNREACH:
        raise NoNetwork("This server has no network connection.") from fault
    if isinstance(fault, TimeoutError):
        raise TimeoutError from fault
    raise NotReached(Outcome.TROUBLE, "refuses connections") from fault
