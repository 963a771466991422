"""Proofs that a call of a hook comes from whom it says. They fail closed: no secret, no proof, odd proof, all the same.

The raw bytes are what is signed; comparing takes the same time whatever is wrong.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

from armature.crm.channels.port import NotGenuine

TOLERANCE = 300
"""Seconds that a clock may be off, to either side."""


def check_fresh(stamp: str, now: datetime) -> None:
    """Raise ``NotGenuine`` unless ``stamp`` (seconds since 1970) is now, give or take ``TOLERANCE``."""
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise NotGenuine("the time of the call is missing or no number")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE:
        raise NotGenuine("the time of the call is too far from ours: a repeated call, or a wrong clock")


def check_equal(given: str, wanted: str) -> None:
    """Raise ``NotGenuine`` unless a secret that was sent is ours; nothing equals a secret that is missing."""
    if not wanted or not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace")):
        raise NotGenuine("the secret is not ours")


def check_hmac(secret: str | bytes, signed: bytes, given: str, *, algorithm: str = "sha256", form: str = "hex") -> None:
    """Raise ``NotGenuine`` unless ``given`` (``hex`` or ``base64``, nothing around it) is the HMAC of ``signed``."""
    key = secret.encode() if isinstance(secret, str) else secret
    if not key:
        raise NotGenuine("this account has no secret to check with: enter it")
    proof = hmac.new(key, signed, getattr(hashlib, algorithm)).digest()
    try:
        found = bytes.fromhex(given) if form == "hex" else base64.b64decode(given.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise NotGenuine("the signature has no honest form") from None
    if not hmac.compare_digest(found, proof):
        raise NotGenuine("the signature is not that of these bytes")


def standard_webhook(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Check a call as Standard Webhooks signs it; its id, under which a repeated call is the same. ``NotGenuine``.

    ``secret`` may be several with a space between: while one takes the place of another both are good.
    """
    name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not name or len(name) > 200 or not name.isprintable():
        raise NotGenuine("the call has no id")
    check_fresh(stamp, now)
    keys, signed = webhook_keys(secret), f"{name}.{stamp}.".encode() + body
    for one in headers.get("webhook-signature", "").split(" ")[:10]:
        version, _, signature = one.partition(",")
        if version == "v1" and signature and any(_is_of(key, signed, signature) for key in keys):
            return name
    raise NotGenuine("no signature is that of these bytes")


def new_secret() -> str:
    """A secret to sign calls with, as Standard Webhooks writes them."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def sign_webhook(secret: str, name: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that prove a call of ours in that way, with a signature for each key of ``secret``."""
    stamp = str(int(now.timestamp()))
    signed = f"{name}.{stamp}.".encode() + body
    proofs = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in webhook_keys(secret)]
    return {
        "webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": " ".join(f"v1,{one}" for one in proofs),
    }  # fmt: skip


def webhook_keys(secret: str) -> list[bytes]:
    """The keys in ``whsec_…`` words; raises ``NotGenuine`` for what is none."""
    try:
        return [base64.b64decode(one.removeprefix("whsec_"), validate=True) for one in secret.split()[:5]]
    except (ValueError, binascii.Error):
        raise NotGenuine("this account's secret is no base64: enter it again") from None


def _is_of(key: bytes, signed: bytes, signature: str) -> bool:
    try:
        check_hmac(key, signed, signature, form="base64")
    except NotGenuine:
        return False
    return True
