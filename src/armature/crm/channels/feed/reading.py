"""Fetching a feed if it changed since, and finding in it what is new or reads otherwise."""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.addresses import Barred
from armature.crm.channels.api import SPARED, said
from armature.crm.channels.feed.parsing import BadFeed, Entry, parsed
from armature.crm.channels.feed.settings import FeedSettings
from armature.crm.channels.http import Unanswered
from armature.crm.channels.port import Cursor, Envelope, Unreachable

MOST = 5_000_000
"""Bytes of a feed."""
REDIRECTS = 5
MOST_KNOWN = 2000
OLD = ""
"""What stands for an entry that was there before us."""


def batches(settings: FeedSettings, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
    """See ``Kind.fetch``. The cursor holds what the server called its last version, and what each entry said then."""
    now = time.time()
    if now < cursor.get("looked", 0) + settings.poll_seconds:
        return
    body, version = fetched(settings, cursor.get("version", {}))
    if not body:
        yield [], {**cursor, "looked": now}
        return
    title, entries = understood(settings, body)
    first, known, envelopes = "known" not in cursor, dict(cursor.get("known", {})), list[Envelope]()
    for entry in entries:
        words, before = entry.digest, known.get(entry.key)
        if before is None and not first:
            envelopes.append(_envelope("created", entry, title))
        elif before not in (None, OLD, words):
            envelopes.append(_envelope("edited", entry, title))
        known.pop(entry.key, None)
        known[entry.key] = OLD if first or before == OLD else words
    after = {"version": version, "known": dict(list(known.items())[-MOST_KNOWN:]), "looked": now}
    for start in range(0, max(len(envelopes), 1), limit):  # only the last part makes this version read
        last = start + limit >= len(envelopes)
        yield envelopes[start : start + limit], after if last else cursor


def fetched(settings: FeedSettings, version: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    """The feed and what its server calls this version of it; nothing when it is the one we have."""
    asked = {"etag": "if-none-match", "last-modified": "if-modified-since"}
    headers = {asked[name]: value for name, value in version.items() if name in asked}
    try:
        reply = settings.api.call("GET", "", headers=headers, spare=SPARED, most=MOST, redirects=REDIRECTS)
    except (Barred, Unanswered) as problem:
        raise Unreachable(str(problem)) from problem
    if reply.status == 304:
        return b"", dict(version)
    if reply.status == 410:
        raise Unreachable(f"{settings.url} is gone for good, says its server: pause this channel.")
    if reply.status != 200:
        raise Unreachable(f"{settings.url} cannot be read: {said(reply)}")
    if not reply.body:
        raise Unreachable(f"{settings.url} is empty")
    return reply.body, {name: reply.headers[name][:500] for name in asked if name in reply.headers}


def understood(settings: FeedSettings, body: bytes) -> tuple[str, list[Entry]]:
    """Its title and entries, oldest first; raises ``Unreachable`` saying what is wrong with it."""
    try:
        return parsed(body, settings.url)
    except BadFeed as problem:
        raise Unreachable(f"{settings.url} {problem}") from problem


def wait(settings: FeedSettings, seconds: float) -> bool:
    """Until it may be time for the next look."""
    time.sleep(min(seconds, max(settings.poll_seconds, 1)))
    return True


def _envelope(what: str, entry: Entry, title: str) -> Envelope:
    given: dict[str, Any] = {"what": what, "entry": entry.kept(), "feed": title}
    stamp = f":{entry.digest}:{time.time():.0f}" if what == "edited" else ""
    name = hashlib.blake2b(entry.key.encode(), digest_size=16).hexdigest() if len(entry.key) > 200 else entry.key
    body = json.dumps(given, ensure_ascii=False).encode()
    return Envelope(f"{what}:{name}{stamp}", body, "application/json", datetime.now(UTC))
