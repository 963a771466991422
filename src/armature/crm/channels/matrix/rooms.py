"""What is known of a room, as it is kept between two looks, and what one event in it is to us."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MESSAGE, SEALED, REDACTION = "m.room.message", "m.room.encrypted", "m.room.redaction"
STATE = ("m.room.join_rules", "m.room.name", "m.room.member")
OPEN = ("public", "knock")
"""Rules by which people come in without being invited."""
Given = Mapping[str, Any]


@dataclass(slots=True)
class Room:
    """A room: how many are in it or invited, whether anybody may come in, what was said in it last."""

    people: int = 0
    open: bool = False
    name: str = ""
    last: str = ""

    @property
    def direct(self) -> bool:
        """Whether nobody else reads it: more people than two are many, and a room that is open is everybody's."""
        return 0 < self.people <= 2 and not self.open

    def told(self, found: Given) -> None:
        """A look says this of it."""
        summary = found.get("summary") or {}
        counts = [summary.get(f"m.{each}_member_count") for each in ("joined", "invited")]
        if any(isinstance(one, int) for one in counts):
            self.people = sum(one for one in counts if isinstance(one, int))
        for event in (*events(found.get("state")), *events(found.get("timeline"))):
            content = content_of(event)
            if event.get("type") == "m.room.join_rules":
                self.open = content.get("join_rule") in OPEN
            elif event.get("type") == "m.room.name":
                self.name = str(content.get("name") or "")[:200]

    def kept(self) -> dict[str, Any]:
        """As a value of JSON."""
        return asdict(self)


def events(found: object) -> list[Given]:
    """The events of a part of an answer."""
    listed = found.get("events") if isinstance(found, Mapping) else None
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def content_of(event: Given) -> Given:
    """What an event carries; nothing when it was taken back."""
    found = event.get("content")
    return found if isinstance(found, Mapping) else {}


def relation(event: Given) -> Given:
    """How an event hangs on another one."""
    found = content_of(event).get("m.relates_to")
    return found if isinstance(found, Mapping) else {}


def replaced(event: Given) -> str:
    """The event whose words these replace; empty when they are new."""
    found = relation(event)
    return str(found.get("event_id") or "") if found.get("rel_type") == "m.replace" else ""


def thread_of(event: Given) -> str:
    """The event that the thread hangs on in which this stands; itself when it begins one."""
    found = relation(event)
    return str(found.get("event_id") if found.get("rel_type") == "m.thread" else event.get("event_id") or "")


def answered(event: Given) -> str:
    """The event that this answers on purpose."""
    found = relation(event)
    reply = found.get("m.in_reply_to")
    fallback = found.get("rel_type") == "m.thread" and found.get("is_falling_back", False)
    return str(reply.get("event_id") or "") if isinstance(reply, Mapping) and not fallback else ""


def redacted(event: Given) -> str:
    """The event that this takes back; newer rooms say it inside."""
    return str(event.get("redacts") or content_of(event).get("redacts") or "")


def transaction(event: Given) -> str:
    """The name under which we handed it in, if it was us with this log-in."""
    unsigned = event.get("unsigned")
    return str(unsigned.get("transaction_id") or "") if isinstance(unsigned, Mapping) else ""


def mentions(event: Given, me: str) -> bool:
    """Whether an event names us: in its list, or, from older programs that send none, in its words."""
    content = content_of(event)
    listed = content.get("m.mentions")
    if isinstance(listed, Mapping):
        users = listed.get("user_ids")
        return isinstance(users, list) and me in users
    return any(me in str(content.get(each) or "") for each in ("body", "formatted_body"))
