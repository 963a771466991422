"""Where we may call: public servers over https, and beside them only what the installation names."""

import ipaddress
import socket
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import quote, urlsplit

from django.conf import settings

Network = IPv4Network | IPv6Network
_INSIDE = tuple(
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8 192.0.0.0/24 192.88.99.0/24 "
        "::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2002::/16 fec0::/10"
    ).split()
)
"""Ranges that lead inside, or may, and that Python calls public on some versions."""


class Barred(ValueError):
    """An address that we do not call; the words say which and why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a call goes, looked at but not resolved."""

    scheme: str
    host: str
    port: int
    path: str

    def allowed(self, addresses: list[str]) -> list[str]:
        """All the addresses when each may be called; raises ``Barred`` when one may not."""
        for written in addresses:
            in_demo(self.host, written)
            if not self._named(written):
                self._check_public(written)
        return addresses

    def _named(self, written: str) -> bool:
        hosts, networks = named(tuple(settings.MAY_CALL))
        address = ipaddress.ip_address(written.partition("%")[0])
        return self.host in hosts or any(address in network for network in networks)

    def _check_public(self, written: str) -> None:
        where = self.host if self.host == written else f"{self.host} ({written})"
        if not is_public(written):
            raise Barred(f"{where} is inside a network and not called. If that is meant, name it in ARMATURE_MAY_CALL.")
        if self.scheme != "https" or self.port != 443:
            raise Barred(
                f"{where} is only called over https at port 443. If another way is meant, name the host in "
                "ARMATURE_MAY_CALL."
            )


def check(url: str) -> Target:
    """The parts of an address that may be called; raises ``Barred``."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as odd:
        raise Barred(f"“{url[:100]}” is no address: {odd}") from None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host:
        raise Barred(f"“{url[:100]}” is no address of a web server: it must begin with https://")
    if "@" in parts.netloc:
        raise Barred(f"“{url[:100]}” names a user before the host: give the address without")
    if any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise Barred(f"“{url[:100]}” holds a space or a control character")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        f"?{quote(parts.query, safe='/?%:@!$&()*+,;=~-._[]')}" if parts.query else ""
    )
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def server_fault(server: str, like: str) -> str:
    """Why this is not the address of a server with nothing behind it, as in ``like``; empty when it is one."""
    try:
        return "" if check(server).path == "/" else f"is “{server}”: give the server alone, like {like}"
    except Barred as odd:
        return str(odd)


def is_public(written: str) -> bool:
    """Whether an address belongs to the public internet, whatever it is wrapped in."""
    address: IPv4Address | IPv6Address = ipaddress.ip_address(written.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return is_public(str(address.ipv4_mapped))
    inside = any(address in network for network in _INSIDE if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not inside


def in_demo(host: str, written: str) -> None:
    """A demo calls nothing but this machine; raises ``Barred``."""
    if settings.DEMO and not ipaddress.ip_address(written.partition("%")[0]).is_loopback:
        raise Barred(f"This is the demo: nothing of it leaves this machine, so {host} is not called.")


def mail_in_demo(host: str, port: int) -> None:
    """The same for a mail server, whose libraries look its name up themselves; raises ``Barred``."""
    if settings.DEMO:
        for *_, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            in_demo(host, str(found[0]))


@lru_cache(maxsize=8)
def named(given: tuple[str, ...]) -> tuple[frozenset[str], tuple[Network, ...]]:
    """Hosts and networks of ``ARMATURE_MAY_CALL``; raises ``ValueError`` for what is neither."""
    hosts, networks = set[str](), list[Network]()
    for each in given:
        try:
            networks.append(ipaddress.ip_network(each.strip()))
        except ValueError as odd:
            if "/" in each or not each.strip():
                raise ValueError(f"ARMATURE_MAY_CALL: “{each}” is neither a host nor a network: {odd}") from None
            hosts.add(each.strip().lower())
    return frozenset(hosts), tuple(networks)
