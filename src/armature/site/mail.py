"""Mail to the people who work here (invitations, new passwords, notices), by ARMATURE_MAIL."""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def from_environment() -> dict[str, Any]:
    """Django's settings for mail."""
    return settings_for(os.environ.get("ARMATURE_MAIL", ""))


def settings_for(url: str) -> dict[str, Any]:
    """From ``smtp://user:password@host:587?from=desk@shop.example`` (``smtps`` for TLS from the first byte).

    On 587 and whenever somebody logs in, STARTTLS is used; ``?plain=1`` turns it off for a server on this machine.
    """
    parts = urlsplit(url)
    if not url:
        return {}
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("ARMATURE_MAIL must look like smtp://user:password@host:587?from=desk@shop.example")
    more = parse_qs(parts.query)
    sender = more.get("from", [unquote(parts.username or "")])[0]
    if "@" not in sender:
        raise ValueError("ARMATURE_MAIL must say whom mails are from: ?from=desk@shop.example")
    whole = parts.scheme == "smtps"
    return {
        "EMAIL_TIMEOUT": 10,
        "EMAIL_HOST": parts.hostname, "EMAIL_PORT": parts.port or (465 if whole else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""), "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": whole, "EMAIL_USE_TLS": not whole and "plain" not in more, "DEFAULT_FROM_EMAIL": sender,
    }  # fmt: skip
