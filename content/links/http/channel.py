"""A connection that gives up: at a set moment, however slowly it is fed, and after so many bytes."""

import io
import time
from typing import Any, Protocol


class Connection(Protocol):
    def settimeout(self, seconds: float, /) -> None: ...
    def sendall(self, data: Any, /) -> None: ...
    def recv_into(self, buffer: Any, /) -> int: ...


class TooMuch(Exception):
    """More bytes came than were asked for."""


class Channel:
    """Stands for a socket in http.client, whose own time limit starts anew with every byte that comes."""

    def __init__(self, connected: Connection, *, until: float, most: int) -> None:
        """`until` is as time.monotonic() counts; `most` bytes may be received."""
        self.connected, self.until, self.most = connected, until, most

    def sendall(self, data: Any) -> None:
        self.connected.settimeout(left(self.until))
        self.connected.sendall(data)

    def received_into(self, buffer: Any) -> int:
        self.connected.settimeout(left(self.until))
        count = self.connected.recv_into(buffer)
        self.most -= count
        if self.most < 0:
            raise TooMuch
        return count

    def makefile(self, mode: str, *rest: Any, **named: Any) -> io.BufferedReader:
        return io.BufferedReader(Received(self))

    def close(self) -> None:
        """http.client closes what it is still reading from; whoever opened the socket closes it."""


class Received(io.RawIOBase):
    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.channel.received_into(buffer)


def left(until: float) -> float:
    """Return the seconds until then.

    Raises TimeoutError when there are none, since zero would mean “do not wait” to a socket.
    """
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
