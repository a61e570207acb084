"""Which network addresses are those of the public internet; no others are ever connected to.

Python's `is_global` follows IANA's registries, but differently from one Python to the next, and takes multicast and
tunnels for public. So what may hide an inner network is named here as well.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

REFUSED = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "100.64.0.0/10",  # behind a provider's address translation; some clouds keep their metadata there
        "168.63.129.16/32",  # Azure's own services, on an address that looks public
        "192.0.0.0/24",  # protocol assignments; Oracle's cloud keeps its metadata there
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",  # laboratories
        "240.0.0.0/4",  # reserved, and broadcast
        "2001::/23",  # protocol assignments; among them Teredo, which carries an inner address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an inner address
        "3fff::/20",  # documentation
    )
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
# Networks without IPv4 reach it through these: the last four bytes say whom.
TRANSLATED = IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    try:
        address = inner(ip_address(text))
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (address.scope_id or address not in GLOBAL_UNICAST):
        return False
    return (
        address.is_global and not address.is_multicast and not any(address in network for network in REFUSED)
    )


def inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address stands for, where it is only another spelling of one."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address
