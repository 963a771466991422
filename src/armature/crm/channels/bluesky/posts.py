"""What stands in a post: whom it answers, whom it names, what it quotes, its pictures."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.bluesky import facets
from armature.crm.channels.bluesky.names import parts

Given = Mapping[str, Any]
_FRACTION = re.compile(r"\.(\d+)")


def moment(given: object) -> datetime:
    """A time as people's programs write it; raises ``ValueError`` for what is none."""
    words = _FRACTION.sub(lambda found: f".{found[1][:6].ljust(6, '0')}", str(given))
    at = datetime.fromisoformat(words)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def is_whole(post: Given) -> bool:
    """Whether all is there that is needed of it."""
    author = post.get("author")
    return isinstance(author, Mapping) and "did" in author and isinstance(post.get("record"), Mapping) and "uri" in post


def above_of(record: Given) -> str:
    """The post that it answers."""
    return _uri(_inside(record.get("reply"), "parent"))


def root_of(record: Given) -> str:
    """The first post of its thread, where it is not that itself."""
    return _uri(_inside(record.get("reply"), "root"))


def quoted(record: Given) -> str:
    """The post that it shows inside itself."""
    embed = _mapping(record.get("embed"))
    found = _uri(embed.get("record"))
    return found or _uri(_inside(embed.get("record"), "record"))


def is_to_us(notice: Given, me: str) -> bool:
    """Whether it speaks to us: it names us, answers us, quotes us, or goes on with words of its author."""
    record, author = notice["record"], _mapping(notice["author"]).get("did")
    whose = parts(above_of(record))[0]
    return whose in (me, author) or parts(quoted(record))[0] == me or facets.names(record.get("facets"), me)


def media(record: Given) -> list[tuple[str, str]]:
    """What it shows, and what that is said to be."""
    embed = _mapping(record.get("embed"))
    embed = _mapping(embed["media"]) if "media" in embed else embed
    shown = embed.get("images")
    if isinstance(shown, list):
        return [("image", str(_mapping(one).get("alt") or "")) for one in shown]
    return [("video", str(embed.get("alt") or ""))] if "video" in embed else []


def card(record: Given) -> str:
    """The address of the page that it shows inside itself."""
    embed = _mapping(record.get("embed"))
    embed = _mapping(embed["media"]) if "media" in embed else embed
    found = str(_mapping(embed.get("external")).get("uri") or "")
    return found if found.startswith(("http://", "https://")) else ""


def _inside(given: object, name: str) -> object:
    return _mapping(given).get(name)


def _uri(given: object) -> str:
    return str(_mapping(given).get("uri") or "")


def _mapping(given: object) -> Given:
    return given if isinstance(given, Mapping) else {}
