"""What the server says of posts and their authors, in the words that the rest of the folder uses."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

Status = Mapping[str, Any]
PUBLIC = ("public", "unlisted")
_TIMED = re.compile(r"\d{10}([0-9a-f]{32})")


def stable(number: object) -> str:
    """The id of a post, the same for all its life.

    snac puts the second of the last edit before it and looks at what follows only, so that part stands for it.
    """
    found = _TIMED.fullmatch(str(number))
    return f"{'0' * 10}{found[1]}" if found else str(number)


def handle(account: Mapping[str, Any]) -> str:
    """Name and host of an account, as everybody can write it: people of our own server come without their host."""
    name = str(account.get("acct") or "")
    if "@" not in name:
        host = urlsplit(str(account.get("url") or "")).netloc
        name = f"{name}@{host}" if name and host else name
    return name.casefold()


def moment(given: object) -> datetime:
    """A time of the server; raises ``ValueError`` for what is none."""
    at = datetime.fromisoformat(str(given))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def mentions(status: Status, me: Mapping[str, Any]) -> bool:
    """Whether a post names us: by its list, or, where a server leaves that empty, by a link to us in its words."""
    listed = [one for one in status.get("mentions") or () if isinstance(one, Mapping)]
    if any(one.get("id") == me["id"] or one.get("url") == me["url"] for one in listed):
        return True
    return bool(me["url"]) and f'href="{me["url"]}"' in str(status.get("content") or "")
