"""What the account was told of: every mention, answer and quote, each once, whichever of them comes late."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from armature.crm.channels.bluesky.posts import Given, is_whole, moment
from armature.crm.channels.bluesky.settings import BlueskySettings
from armature.crm.channels.bluesky.xrpc import ask, listed
from armature.crm.channels.port import Cursor, Unreachable

REASONS = ("mention", "reply", "quote")
PAGE = 100
LATE = 3600.0
"""A post is listed at the time that its author's program gives it: one that lags so many seconds is still heard."""
MOST = 1000
"""Names that are remembered so that nothing is looked at twice; what comes twice all the same is known by its key."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How far the notices were read: the time of the newest, those of the last hour by name, when all began."""

    began: float = 0.0
    newest: float = 0.0
    names: Mapping[str, float] = field(default_factory=dict)
    begins: bool = False

    @staticmethod
    def of(cursor: Cursor) -> "Seen":
        """As the cursor has it; nothing was seen at a first meeting."""
        if "newest" not in cursor:
            return Seen(begins=True)
        return Seen(float(cursor["began"]), float(cursor["newest"]), dict(cursor["seen"]))

    def kept(self) -> Cursor:
        """For the cursor."""
        return {"began": self.began, "newest": self.newest, "seen": [[name, at] for name, at in self.names.items()]}

    @property
    def floor(self) -> float:
        """Nothing older is new."""
        return max(self.began, self.newest - LATE)

    def has(self, notice: Given) -> bool:
        """Whether it is not new."""
        return _name(notice) in self.names or when(notice) < self.floor

    def after(self, notices: Sequence[Given]) -> "Seen":
        """When these are seen too. At a first meeting all that is there counts as old."""
        newest = max([self.newest, *map(when, notices)])
        names = {**self.names, **{_name(one): when(one) for one in notices}}
        recent = sorted(((at, name) for name, at in names.items() if at >= newest - LATE), reverse=True)[:MOST]
        return Seen(newest if self.begins else self.began, newest, {name: at for at, name in reversed(recent)})


def newer(settings: BlueskySettings, seen: Seen) -> list[Given]:
    """What was not seen, oldest first; at a first meeting the latest page."""
    found, at = dict[str, Given](), ""
    while True:
        asked: dict[str, Any] = {"limit": PAGE, "reasons": list(REASONS), "priority": "false"}
        answer = ask(settings, "app.bsky.notification.listNotifications", {**asked, **({"cursor": at} if at else {})})
        page = [one for one in listed(answer, "notifications") if one.get("reason") in REASONS]
        found |= {str(one["uri"]): one for one in map(_whole, page) if not seen.has(one)}
        before, at = at, str((answer or {}).get("cursor") or "")
        if not at or at == before or seen.begins or (page and min(map(when, page)) < seen.floor):
            return sorted(found.values(), key=lambda one: (when(one), str(one["uri"])))


def _whole(notice: Given) -> Given:
    """With all that is needed of it; raises ``Unreachable`` else: what is passed over would never be heard."""
    if not is_whole(notice):
        raise Unreachable("the server tells of a post without its author, its words or its name")
    return notice


def when(notice: Given) -> float:
    """When the network lists a post, in seconds; raises ``Unreachable`` for what is no time."""
    return _time(str(notice.get("indexedAt")))


def _time(given: str) -> float:
    try:
        return _seconds(moment(given))
    except ValueError:
        raise Unreachable(f"the server tells the time as “{given[:40]}”, which is none") from None


def _seconds(at: datetime) -> float:
    return round(at.timestamp(), 3)


def _name(notice: Given) -> str:
    return hashlib.blake2b(str(notice.get("uri")).encode("utf-8", "replace"), digest_size=8).hexdigest()
