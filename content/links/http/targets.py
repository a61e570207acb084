"""A web address taken apart, as it is sent over the network: host in ASCII, path and query quoted."""

import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from content.links.http.faults import NotReached
from content.models import Outcome

PORTS = {"http": 80, "https": 443}
NAME = re.compile(r"[a-z0-9._-]{1,253}", re.IGNORECASE)
# Left as they are; "%" among them, for what is quoted already stays quoted.
UNQUOTED = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Target:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def site(self) -> str:
        """The host, and the port where it is not the usual one, as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.site}{self.path}"


def target(url: str) -> Target:
    """Raises NotReached where it is none that may be asked."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotReached(Outcome.UNSAFE, "leads to something that is not a web address") from None
    if parts.scheme not in PORTS:
        raise NotReached(Outcome.UNSAFE, f"leads to “{parts.scheme}:”, which is not a web page")
    if "@" in parts.netloc:
        raise NotReached(Outcome.UNSAFE, "contains a user name")
    path = quote(parts.path, safe=UNQUOTED) or "/"
    query = f"?{quote(parts.query, safe=UNQUOTED + '?')}" if parts.query else ""
    return Target(parts.scheme, ascii_host(parts.hostname or ""), port or PORTS[parts.scheme], path + query)


def ascii_host(host: str) -> str:
    if is_ipv6(host):
        return host
    try:
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        name = ""
    if not NAME.fullmatch(name):
        raise NotReached(Outcome.NO_HOST, "names a site that cannot exist")
    return name


def is_ipv6(host: str) -> bool:
    try:
        IPv6Address(host)
    except ValueError:
        return False
    return "%" not in host


def led_to(base: Target, location: str) -> Target:
    # http.client reads headers as Latin-1; what sites mean is nearly always UTF-8.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        parts = urlsplit(urljoin(base.url, location.strip()))
    except ValueError:
        raise NotReached(Outcome.UNSAFE, "leads to something that is not a web address") from None
    return target(urlunsplit(parts._replace(fragment="")))
