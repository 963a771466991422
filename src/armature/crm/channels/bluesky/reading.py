"""Looking for what is new: who speaks to us, the thread above it, and whether what was said is still there."""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.bluesky.notices import Seen, newer
from armature.crm.channels.bluesky.pictures import pictures
from armature.crm.channels.bluesky.posts import Given, above_of, is_to_us
from armature.crm.channels.bluesky.sessions import session
from armature.crm.channels.bluesky.settings import BlueskySettings
from armature.crm.channels.bluesky.watching import looked_again, watched
from armature.crm.channels.bluesky.xrpc import ask
from armature.crm.channels.port import Cursor, Envelope

AT_ONCE = 25
"""Notices that are worked on together: so many posts the server names at one call."""
ABOVE = 40
"""So many posts of a thread are taken in above one, the nearest ones."""


def batches(settings: BlueskySettings, cursor: Cursor, limit: int) -> Iterator[tuple[list[Envelope], Cursor]]:
    """See ``Kind.fetch``. The cursor holds which notices were seen and the posts that are looked at again."""
    me = session(settings).did
    seen, watch = Seen.of(cursor), [list(one) for one in cursor.get("watch", [])]
    fresh = newer(settings, seen)
    if seen.begins:
        cursor = {**seen.after(fresh).kept(), "watch": watch}
        yield [], cursor
        fresh = []
    threads = set[str]()
    for start in range(0, len(fresh), AT_ONCE):
        part = fresh[start : start + AT_ONCE]
        files = pictures(settings, part)
        envelopes = [one for notice in part for one in _with_thread(settings, notice, me, threads, files)]
        seen, watch = seen.after(part), watched(watch, part)
        before, cursor = cursor, {**seen.kept(), "watch": watch}
        for first in range(0, max(len(envelopes), 1), limit):  # only the last part of a batch makes it read
            yield envelopes[first : first + limit], cursor if first + limit >= len(envelopes) else before
    gone, left = looked_again(settings, watch)
    if gone or left != watch:
        yield gone, {**cursor, "watch": left}


def wait(settings: BlueskySettings, cursor: Cursor, seconds: float) -> bool:
    """Until the next look; there is nothing that would tell one account sooner."""
    time.sleep(min(seconds, settings.poll_seconds))
    return True


def _with_thread(
    settings: BlueskySettings, notice: Given, me: str, threads: set[str], files: Mapping[str, list[dict[str, str]]]
) -> Iterator[Envelope]:
    """What was said, after what stands above it, that nobody needs to open the network to understand it."""
    above = above_of(notice["record"])
    if above and notice["uri"] not in threads and above not in threads:
        for post in _ancestors(settings, str(notice["uri"])):
            if post["uri"] in threads:
                continue
            threads.add(post["uri"])
            yield _envelope("own" if post["author"]["did"] == me else "aside", post, me, to_us=False)
    threads.add(str(notice["uri"]))
    to_us = is_to_us(notice, me)
    yield _envelope("created" if to_us else "aside", notice, me, to_us=to_us, files=files.get(str(notice["uri"]), []))


def _ancestors(settings: BlueskySettings, uri: str) -> list[Given]:
    """The posts above one, the first word first."""
    asked = {"uri": uri, "depth": 0, "parentHeight": ABOVE}
    found = ask(settings, "app.bsky.feed.getPostThread", asked, missing=("NotFound",)) or {}
    node, posts = found.get("thread"), list[Given]()
    while isinstance(node, Mapping) and isinstance(node.get("parent"), Mapping):
        node = node["parent"]
        post = node.get("post")  # not there where it is gone, or its author and we do not speak
        if isinstance(post, Mapping) and isinstance(post.get("author"), Mapping) and "uri" in post:
            posts.append(post)
    return posts[::-1]


def _envelope(
    name: str, post: Given, me: str, *, to_us: bool, files: list[dict[str, str]] | None = None
) -> Envelope:  # fmt: skip
    author: Mapping[str, Any] = post["author"]
    kept = {
        "uri": post["uri"], "cid": post.get("cid"), "record": post["record"], "indexedAt": post.get("indexedAt"),
        "author": {each: author.get(each) for each in ("did", "handle", "displayName", "labels")},
    }  # fmt: skip
    body = json.dumps({"post": kept, "me": me, "to_us": to_us, "files": files or []}, ensure_ascii=False)
    return Envelope(f"{name}:{post['uri']}", body.encode("utf-8", "replace"), "application/json", datetime.now(UTC))
