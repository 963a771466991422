"""Whether what was said to us is still there: it is looked for now and then, many posts at one call."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.bluesky.names import POST, parts
from armature.crm.channels.bluesky.posts import Given
from armature.crm.channels.bluesky.settings import BlueskySettings
from armature.crm.channels.bluesky.xrpc import ask, listed
from armature.crm.channels.port import Envelope

CHECKS = (60, 300, 1800, 3 * 3600, 24 * 3600, 3 * 24 * 3600)
"""Seconds after which it is looked for again, one after another: who takes something back does it soon."""
SURELY = 60
"""What is not there is asked of its author's own server after so many seconds, before it counts as deleted."""
MOST, AT_ONCE = 500, 25
GONE = ("RecordNotFound", "RepoNotFound", "RepoTakendown", "RepoDeactivated", "RepoSuspended")


def watched(watch: list[list[Any]], notices: Sequence[Given]) -> list[list[Any]]:
    """These are looked for from now on, too."""
    return [*watch, *([str(one["uri"]), *_next(0), 0] for one in notices)][-MOST:]


def looked_again(settings: BlueskySettings, watch: list[list[Any]]) -> tuple[list[Envelope], list[list[Any]]]:
    """What is gone by now, and what is still to be looked for."""
    now = time.time()
    due = [one for one in watch if one[1] <= now][:AT_ONCE]
    if not due:
        return [], watch
    found = ask(settings, "app.bsky.feed.getPosts", {"uris": [one[0] for one in due]})
    there = {str(one.get("uri")) for one in listed(found, "posts")}
    names, gone, left = {one[0] for one in due}, list[Envelope](), list[list[Any]]()
    for uri, at, step, missed in watch:
        if uri not in names:
            left.append([uri, at, step, missed])
        elif uri not in there and not missed:
            left.append([uri, now + SURELY, step, 1])
        elif uri not in there and _is_gone(settings, uri):
            gone.append(_envelope(uri, datetime.now(UTC)))
        elif step + 1 < len(CHECKS):
            left.append([uri, *_next(step + 1), 0])
    return gone, left


def _is_gone(settings: BlueskySettings, uri: str) -> bool:
    """Whether it is, and is not only hidden from us: whoever blocks us takes nothing back."""
    did, name = parts(uri)
    asked = {"repo": did, "collection": POST, "rkey": name}
    return ask(settings, "com.atproto.repo.getRecord", asked, missing=GONE) is None


def _next(step: int) -> tuple[float, int]:
    return time.time() + CHECKS[step], step


def _envelope(uri: str, now: datetime) -> Envelope:
    body = json.dumps({"gone": uri, "at": now.isoformat()}).encode()
    return Envelope(f"deleted:{uri}", body, "application/json", now)
