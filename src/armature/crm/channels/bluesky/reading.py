"""Looking for what is new: who speaks to us, the thread above it, and whether what was said is still there."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.bluesky.notices import Seen, newer, when
from armature.crm.channels.bluesky.pictures import pictures
from armature.crm.channels.bluesky.posts import Given, above_of, is_to_us, is_whole
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
        files = pictures(settings, [one for one in part if is_to_us(one, me)])
        around = Around(settings, me, seen.began, threads, files)
        envelopes = [one for notice in part for one in around.told(notice)]
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


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the posts that we are told of: threads that were looked at, pictures that were brought."""

    settings: BlueskySettings
    me: str
    began: float
    threads: set[str]
    files: Mapping[str, list[dict[str, str]]]

    def told(self, notice: Given) -> Iterator[Envelope]:
        """What was said, after what stands above it, that nobody needs to open the network to understand it."""
        above, uri = above_of(notice["record"]), str(notice["uri"])
        if above and not self.threads & {uri, above}:
            fresh = [one for one in _ancestors(self.settings, uri) if one["uri"] not in self.threads]
            self.threads.update(str(one["uri"]) for one in fresh)
            yield from (_envelope(self._sort(one), one, self.me) for one in fresh if not self._is_told(one))
        self.threads.add(uri)
        name = "created" if is_to_us(notice, self.me) else "aside"
        yield _envelope(name, notice, self.me, self.files.get(uri, []))

    def _sort(self, post: Given) -> str:
        return "own" if post["author"]["did"] == self.me else "aside"

    def _is_told(self, post: Given) -> bool:
        """Whether it speaks to us, and is told in its own right; before all began nothing was."""
        ours = post["author"]["did"] == self.me
        return not ours and is_to_us(post, self.me) and when(post) >= self.began


def _ancestors(settings: BlueskySettings, uri: str) -> list[Given]:
    """The posts above one, the first word first."""
    asked = {"uri": uri, "depth": 0, "parentHeight": ABOVE}
    found = ask(settings, "app.bsky.feed.getPostThread", asked, missing=("NotFound",)) or {}
    node, posts = found.get("thread"), list[Given]()
    while isinstance(node, Mapping) and isinstance(node.get("parent"), Mapping):
        node = node["parent"]
        post = node.get("post")  # not there where it is gone, or its author and we do not speak
        if isinstance(post, Mapping) and is_whole(post):
            posts.append(post)
    return posts[::-1]


def _envelope(name: str, post: Given, me: str, files: list[dict[str, str]] | None = None) -> Envelope:
    author: Mapping[str, Any] = post["author"]
    kept = {
        "uri": post["uri"], "cid": post.get("cid"), "record": post["record"], "indexedAt": post.get("indexedAt"),
        "author": {each: author.get(each) for each in ("did", "handle", "displayName", "labels")},
    }  # fmt: skip
    given = {"post": kept, "me": me, "to_us": name == "created", "files": files or []}
    body = json.dumps(given, ensure_ascii=False).encode("utf-8", "replace")
    return Envelope(f"{name}:{post['uri']}", body, "application/json", datetime.now(UTC))
