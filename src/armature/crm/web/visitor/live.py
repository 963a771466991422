"""The live stream of customers' pages: each hears only that its own conversation changed.

Whatever happens in the company, one query a second tells which of the open pages it concerns.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections
from django.http import Http404

from armature.crm.act import visitors
from armature.crm.web.visitor.address import page_of, talk_of

logger = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEARTBEAT = 15.0
"""Seconds between signs of life, so that nothing on the way closes a quiet stream."""
PAUSE = 1.0
"""Seconds between two looks for what changed, however much happens."""
HEADERS = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]


@dataclass(eq=False)
class Guest:
    """An open page. Until its first words are recorded it has no conversation, and is told whatever happens."""

    slug: str
    token: str
    conversation_id: int | None
    stamp: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Guests:
    """All open pages of customers in this process."""

    def __init__(self) -> None:
        self.here: set[Guest] = set()
        self.looking: asyncio.Task[None] | None = None
        self.again = False

    def hear(self) -> None:
        """Something changed somewhere."""
        self.again = True
        if self.here and (self.looking is None or self.looking.done()):
            self.looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while self.again and self.here:
            self.again = False
            try:
                await self._tell(list(self.here))
            except DatabaseError as problem:
                logger.warning("the customers' pages could not be looked after: %s", problem)
            await asyncio.sleep(PAUSE)

    async def _tell(self, guests: Sequence[Guest]) -> None:
        known = [guest.conversation_id for guest in guests if guest.conversation_id]
        stamps = await sync_to_async(_stamps)(known)
        for guest in guests:
            stamp = stamps.get(guest.conversation_id or 0, "")
            if guest.conversation_id is None or stamp != guest.stamp:
                guest.stamp = stamp
                guest.changed.set()

    async def answer(self, path: str, receive: Receive, send: Send) -> None:
        """One stream, for as long as the page is open."""
        slug, token = path.split("/")[2:4]
        guest = await sync_to_async(_guest)(slug, token)
        if guest is None:
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        self.here.add(guest)
        gone = asyncio.create_task(until_gone(receive))
        try:
            await _stream(send, guest, gone)
        finally:
            self.here.discard(guest)
            gone.cancel()


async def _stream(send: Send, guest: Guest, gone: "asyncio.Task[None]") -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"retry: 2000\nevent: hello\ndata:\n\n", "more_body": True})
    while not gone.done():
        heard = asyncio.create_task(guest.changed.wait())
        await asyncio.wait({heard, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()
        if gone.done():
            return
        word = b"event: changed\ndata:\n\n" if guest.changed.is_set() else b": here\n\n"
        if guest.changed.is_set() and guest.conversation_id is None:
            now = await sync_to_async(_guest)(guest.slug, guest.token)
            if now is None:
                return
            guest.conversation_id, guest.stamp = now.conversation_id, now.stamp
        guest.changed.clear()
        await send({"type": "http.response.body", "body": word, "more_body": True})


async def until_gone(receive: Receive) -> None:
    """Until the other side has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _guest(slug: str, token: str) -> Guest | None:
    close_old_connections()
    try:
        talk = talk_of(page_of(slug), token)
    except Http404:
        return None
    finally:
        close_old_connections()
    stamps = _stamps([talk.conversation_id] if talk.conversation_id else [])
    return Guest(slug, token, talk.conversation_id, stamps.get(talk.conversation_id or 0, ""))


def _stamps(conversation_ids: Sequence[int]) -> dict[int, str]:
    close_old_connections()
    try:
        return visitors.stamps(conversation_ids) if conversation_ids else {}
    finally:
        close_old_connections()
