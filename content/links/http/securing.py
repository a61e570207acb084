"""TLS that keeps to a time limit. OpenSSL, let alone with a socket, reads on for as long as a server floods it."""

import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from content.links.http.channel import left
from content.links.http.faults import NotReached
from content.models import Outcome

Result = TypeVar("Result")
PIECE = 16 * 1024
CERTIFICATE_FAULTS = {
    9: "is not valid yet",
    10: "has expired",
    18: "was issued by the site to itself",
    19: "comes from an unknown authority",
    20: "comes from an authority that is not known here",
    62: "belongs to another site",
    64: "belongs to another site",
}


class Secured:
    """Stands for a socket: feeds OpenSSL piece by piece, and looks at the clock before each."""

    def __init__(self, connected: socket.socket, host: str, trust: ssl.SSLContext, until: float) -> None:
        self.connected, self.until = connected, until
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = trust.wrap_bio(self.incoming, self.outgoing, server_hostname=host)

    def settimeout(self, seconds: float) -> None:
        """Of no effect: `until` says when it gives up."""

    def sendall(self, data: Any) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self.done(partial(self.tls.write, rest)) :]

    def recv_into(self, buffer: Any) -> int:
        try:
            piece = self.done(lambda: self.tls.read(len(buffer)))
        except ssl.SSLEOFError:
            return 0  # many servers hang up without saying so
        buffer[: len(piece)] = piece
        return len(piece)

    def done(self, step: Callable[[], Result]) -> Result:
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                self.send()
                self.feed()
            else:
                self.send()
                return result

    def send(self) -> None:
        if self.outgoing.pending:
            self.connected.settimeout(left(self.until))
            self.connected.sendall(self.outgoing.read())

    def feed(self) -> None:
        self.connected.settimeout(left(self.until))
        if piece := self.connected.recv(PIECE):
            self.incoming.write(piece)
        else:
            self.incoming.write_eof()


def secured(connected: socket.socket, host: str, trust: ssl.SSLContext, until: float) -> Secured:
    # The certificate must be that of the name, though the connection was made to an address.
    try:
        connection = Secured(connected, host, trust, until)
        connection.done(connection.tls.do_handshake)
    except ssl.SSLCertVerificationError as error:
        fault = CERTIFICATE_FAULTS.get(error.verify_code, f"cannot be checked ({error.verify_message})")
        raise NotReached(Outcome.CERTIFICATE, fault) from error
    except ssl.SSLError as error:
        reason = (error.reason or "no reason given").replace("_", " ").lower()
        raise NotReached(Outcome.CERTIFICATE, f"could not be agreed on ({reason})") from error
    return connection
