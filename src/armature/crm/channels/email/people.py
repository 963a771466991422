"""Who wrote and to whom: addresses out of header fields of any badness."""

import re
from email.utils import getaddresses

from armature.crm.channels.email.head import Head, decoded

MOST_ADDRESSES = 200
_LOOSE = re.compile(r"[^\s<>,;:\"()\[\]@]{1,64}@[^\s<>,;:\"()@]{1,255}")
_DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "to",
    "cc",
    "resent-to",
)


def addresses(values: list[str]) -> list[tuple[str, str]]:
    """(address in lower case, name) of everybody in these fields; groups give their members, empty ones nobody."""
    try:
        found = getaddresses([value[:10_000] for value in values[:MOST_ADDRESSES]])
    except (RecursionError, ValueError, IndexError):
        found = []
    pairs = [(_tidy(address), decoded(name)[:200]) for name, address in found[:MOST_ADDRESSES]]
    pairs = [pair for pair in pairs if pair[0]]
    if pairs:
        return pairs
    return [
        (_tidy(address), "") for value in values[:10] for address in _LOOSE.findall(value[:10_000]) if _tidy(address)
    ]


def author(head: Head) -> tuple[str, str]:
    """The address and name of whoever says they wrote it; both empty when the mail names nobody."""
    for name in ("from", "sender", "return-path"):
        found = addresses(head.all(name)[:1])
        if found:
            return found[0]
    return "", ""


def recipients(head: Head) -> tuple[str, ...]:
    """Addresses in To and Cc, each once, in their order."""
    found = addresses(head.all("to") + head.all("cc"))
    return tuple(dict.fromkeys(address for address, _ in found))[:MOST_ADDRESSES]


def delivered_to(head: Head) -> list[str]:
    """Every address this copy may have been sent to, from what the servers noted and from To and Cc."""
    return [address for name in _DELIVERED for address, _ in addresses(head.all(name))]


def _tidy(address: str) -> str:
    address = "".join(address.split()).strip("<>\"'").lower()
    local, at, domain = address.rpartition("@")
    return address if at and local and domain and len(address) <= 320 else ""
