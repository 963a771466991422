"""Messages whose files stand elsewhere: the files are brought by a worker before the message is opened.

A call of a hook never waits for a file. One that cannot be had in time costs nobody the words: the message is opened
without it, and says so.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from armature.crm.channels.lines import files_of
from armature.crm.channels.port import Attachment, Envelope, LoginRefused, Unreachable

FIRST = "files-of:"
"""What the key of a message begins with while its files are not there."""
PATIENCE = timedelta(minutes=10)
"""After so long a message is opened without its files."""
MOST = 20_000_000
"""Bytes of a file."""
SECONDS = 60.0


class NotThere(Unreachable):
    """It is gone, or larger than we take: asking again helps nobody."""


def pointed_at(key: str, given: Mapping[str, Any], at: datetime) -> Envelope:
    """A message as it waits for its files."""
    return Envelope(FIRST + key, as_bytes(given), "application/json", at)


def bring(asked: Envelope, fetch: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Envelope:
    """The message as ``fetch`` completes it, or as it was when nothing helps; ``Unreachable`` when asking again may."""
    given: dict[str, Any] = json.loads(asked.body)
    try:
        given = {**fetch(given)}
    except LoginRefused:
        raise
    except NotThere as problem:
        given["not_brought"] = str(problem)
    except Unreachable as problem:
        if datetime.now(UTC) - asked.received_at < PATIENCE:
            raise
        given["not_brought"] = str(problem)
    except (KeyError, TypeError, AttributeError, ValueError) as odd:  # where it is opened it is parked with words
        given["not_brought"] = f"{type(odd).__name__} {odd}"
    return Envelope(asked.event_key.removeprefix(FIRST), as_bytes(given), "application/json", asked.received_at)


def has_words(asked: Envelope) -> bool:
    """Whether what waits is a message itself, and not only word of where one is."""
    return asked.event_key.startswith(FIRST)


def as_it_came(asked: Envelope, why: str) -> Envelope:
    """The message without what was to be fetched for it; ``why`` in words."""
    given = {**json.loads(asked.body), "not_brought": why}
    return Envelope(asked.event_key.removeprefix(FIRST), as_bytes(given), "application/json", asked.received_at)


def files_in(given: Mapping[str, Any]) -> tuple[tuple[Attachment, ...], str]:
    """What was brought, and in words what was not; raises ``ValueError``."""
    words = str(given.get("not_brought", ""))
    return files_of(given), f"Something of it could not be fetched: {words}"[:300] if words else ""


def as_bytes(given: Mapping[str, Any]) -> bytes:
    """JSON as it is kept; letters that are none stay escaped."""
    return json.dumps(given, separators=(",", ":")).encode()
