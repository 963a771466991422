"""Our marks in an e-mail: signed plus-addresses that bring an answer home, and Message-IDs made before sending.

A mark is read from the mail alone, so it carries its own proof: 80 bits of HMAC under the account's key. It consists of
lower-case letters and digits, because mail systems change the rest.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from uuid import UUID

_KEY = re.compile(r"[a-z0-9]{1,32}")
_SIGNED = 16
_LOCAL_PART = 64


def message_id(key: UUID, domain: str) -> str:
    """The Message-ID, without angle brackets, of the mail that has this key."""
    return f"{key}@{domain.lower()}"


def thread_address(address: str, thread: str, signing_key: bytes) -> str:
    """Where the customer's answer should go so that it finds conversation ``thread``.

    ``thread`` is 1 to 32 lower-case letters and digits. Raises ``ValueError`` when no valid address comes of it.
    """
    if not _KEY.fullmatch(thread):
        raise ValueError(f"the conversation's key “{thread[:40]}” must be 1 to 32 lower-case letters and digits")
    return _plus(address, f"c{thread}{_signature(signing_key, 'conversation', thread)}")


def proof_address(address: str, external_id: str, signing_key: bytes) -> str:
    """Where the copy of our own mail goes whose arrival proves that ``external_id`` was accepted."""
    return _plus(address, f"p{proof_mark(external_id, signing_key)}")


def proof_mark(external_id: str, signing_key: bytes) -> str:
    """The same proof for a header field, because some servers do not note to which address a copy was delivered.

    Recipients can read it; but who sends it back to us has got the mail, and that is all it proves.
    """
    return _signature(signing_key, "proof", external_id)


def thread_of(address: str, received_at: Iterable[str], signing_key: bytes) -> str:
    """The conversation whose genuine mark one of the addresses bears, or nothing."""
    for mark in _marks(address, received_at):
        thread, signature = mark[1:-_SIGNED], mark[-_SIGNED:]
        if mark[0] == "c" and _genuine(signature, signing_key, "conversation", thread):
            return thread
    return ""


def is_proof(address: str, received_at: Iterable[str], mark: str, external_id: str, signing_key: bytes) -> bool:
    """Whether one of the addresses, or ``mark`` from the header, is the genuine proof of this very mail."""
    marks = [mark.strip().lower(), *(each[1:] for each in _marks(address, received_at) if each[0] == "p")]
    return any(each.isascii() and _genuine(each, signing_key, "proof", external_id) for each in marks)


def is_ours(address: str, other: str) -> bool:
    """Whether ``other`` is our address, with any mark or none."""
    local, _, domain = other.lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}" == address.lower()


def _marks(address: str, received_at: Iterable[str]) -> list[str]:
    own = [each.lower() for each in received_at if "+" in each and is_ours(address, each)]
    marks = [each.partition("+")[2].rpartition("@")[0] for each in own]
    return [mark for mark in marks if len(mark) > _SIGNED and mark.isascii()]


def _plus(address: str, mark: str) -> str:
    local, _, domain = address.lower().partition("@")
    if len(local) + 1 + len(mark) > _LOCAL_PART:
        raise ValueError(f"the address {address} is too long to carry the conversation's mark")
    return f"{local}+{mark}@{domain}"


def _signature(signing_key: bytes, purpose: str, what: str) -> str:
    if not signing_key:
        raise ValueError("the account has no key to sign with")
    digest = hmac.new(signing_key, f"{purpose}:{what}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode().lower()


def _genuine(signature: str, signing_key: bytes, purpose: str, what: str) -> bool:
    return bool(signing_key) and hmac.compare_digest(signature, _signature(signing_key, purpose, what))
