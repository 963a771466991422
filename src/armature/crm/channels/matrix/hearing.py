"""Which events are for us: all that is said in a room of two, and in a room of many what names us or answers us."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from armature.crm.channels.matrix.rooms import (
    MESSAGE,
    REDACTION,
    SEALED,
    Given,
    Room,
    answered,
    content_of,
    mentions,
    redacted,
    replaced,
    thread_of,
    transaction,
)
from armature.crm.channels.matrix.settings import EVERYTHING, MatrixSettings
from armature.crm.channels.port import Cursor, Envelope

MOST_HEARD, MOST_THREADS, MOST_PEOPLE = 1000, 200, 20
FILE = "-file-"
"""Stands in the name of an event that only brings a file of an answer."""


@dataclass(slots=True)
class Hearing:
    """What is kept between two looks: rooms, threads with who speaks to us in them, the events that were heard."""

    me: str
    hears: str
    rooms: dict[str, Room] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)
    heard: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: Cursor, settings: MatrixSettings) -> "Hearing":
        """As the last look left it."""
        rooms = {name: Room(**kept) for name, kept in cursor.get("rooms", {}).items()}
        threads = {root: list(people) for root, people in cursor.get("threads", {}).items()}
        return cls(settings.me, settings.hears, rooms, threads, dict.fromkeys(cursor.get("heard", ())))

    def kept(self) -> dict[str, Any]:
        """As a value of JSON, the oldest left out."""
        return {
            "rooms": {name: room.kept() for name, room in self.rooms.items()},
            "threads": dict(list(self.threads.items())[-MOST_THREADS:]),
            "heard": list(self.heard)[-MOST_HEARD:],
        }

    def listen(self, name: str, said: list[Given], state: list[Given]) -> list[Envelope]:
        """What of all that happened in a room is for us."""
        room, names, found = self.rooms[name], dict[str, str](), list[Envelope]()
        for event in (*state, *said):
            if event.get("type") == "m.room.member" and content_of(event).get("displayname"):
                names[str(event.get("state_key"))] = str(content_of(event)["displayname"])
        for event in said:
            if not event.get("event_id") or "sender" not in event:
                continue
            if what := self._what(room, event):
                given = {
                    "event": event, "what": what, "room": name, "me": self.me, "public": not room.direct,
                    "name": names.get(str(event["sender"]), ""), "subject": "" if room.direct else room.name,
                    "last": room.last if room.direct else "",
                }  # fmt: skip
                found.append(_envelope(what, name, given))
                self._remember(room, event)
        return found

    def _what(self, room: Room, event: Given) -> str:
        """Whether it is ``created``, ``edited``, ``deleted``, ``sealed``, said ``aside``; empty when not for us."""
        kind, target = event.get("type"), replaced(event)
        if kind == REDACTION:
            return "deleted" if redacted(event) in self.heard else ""
        if kind == SEALED:
            return "sealed" if room.direct and event["sender"] != self.me else ""
        if kind != MESSAGE or not content_of(event) or FILE in transaction(event):
            return ""
        if target in self.heard:
            return "edited"
        if room.direct or self.hears == EVERYTHING:
            return "" if target else "created"
        return self._in_public(event)

    def _in_public(self, event: Given) -> str:
        sender, root = str(event["sender"]), thread_of(event)
        if sender == self.me:
            return "created" if root in self.threads else ""
        if mentions(event, self.me) or answered(event) in self.heard:
            return "created"
        if root in self.threads and not replaced(event):
            return "created" if sender in self.threads[root] else "aside"
        return ""

    def _remember(self, room: Room, event: Given) -> None:
        if event.get("type") == REDACTION:
            return
        target = replaced(event)
        self.heard[target or str(event["event_id"])] = None
        if target:
            return
        room.last = str(event["event_id"])
        if not room.direct and event["sender"] != self.me:
            people = self.threads.setdefault(thread_of(event), [])
            if mentions(event, self.me) and event["sender"] not in people:
                people[:] = [*people, str(event["sender"])][-MOST_PEOPLE:]


def _envelope(what: str, room: str, given: Given) -> Envelope:
    body = json.dumps(given, ensure_ascii=False).encode()
    return Envelope(f"{what}:{room}/{given['event']['event_id']}", body, "application/json", datetime.now(UTC))
