"""The pictures of what is said to us, brought along as far as they can be had; their words are there in any case."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from armature.crm.channels import http
from armature.crm.channels.addresses import Barred
from armature.crm.channels.bluesky.posts import Given, media
from armature.crm.channels.bluesky.settings import BlueskySettings
from armature.crm.channels.bluesky.xrpc import ask, listed
from armature.crm.channels.http import Unanswered

MOST = 4
"""Of one post."""
BYTES, ALL_BYTES = 3_000_000, 20_000_000
"""Of one picture, and of all that are brought at once."""
SECONDS = 10.0
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "image/avif": "avif"}


def pictures(settings: BlueskySettings, notices: Sequence[Given]) -> dict[str, list[dict[str, str]]]:
    """The pictures of each post that has some, as an envelope carries files."""
    wanted = [str(one["uri"]) for one in notices if any(kind == "image" for kind, _ in media(one["record"]))]
    if not wanted:
        return {}
    found, left = dict[str, list[dict[str, str]]](), ALL_BYTES
    for post in listed(ask(settings, "app.bsky.feed.getPosts", {"uris": wanted}), "posts"):
        for number, (address, alt) in enumerate(_shown(post.get("embed")), start=1):
            kind, body = _brought(address) if left > 0 else ("", b"")
            if kind:
                name = f"{' '.join(alt.split())[:60] or f'picture {number}'}.{ENDINGS[kind]}"
                file = {"name": name, "type": kind, "body": base64.b64encode(body).decode()}
                found.setdefault(str(post.get("uri")), []).append(file)
                left -= len(body)
    return found


def _shown(embed: Any) -> Iterator[tuple[str, str]]:
    """Where the pictures of a post stand, and what they are said to show."""
    embed = embed if isinstance(embed, Mapping) else {}
    inside = embed.get("media") if isinstance(embed.get("media"), Mapping) else embed
    images = inside.get("images") if isinstance(inside, Mapping) else None
    for one in images[:MOST] if isinstance(images, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("fullsize"), str):
            yield one["fullsize"], str(one.get("alt") or "")


def _brought(address: str) -> tuple[str, bytes]:
    """A picture; nothing when it cannot be had: that must not hold up what was said with it."""
    try:
        reply = http.call("GET", address, seconds=SECONDS, most=BYTES)
    except (Barred, Unanswered):
        return "", b""
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    return (kind, reply.body) if reply.status == 200 and kind in ENDINGS else ("", b"")
