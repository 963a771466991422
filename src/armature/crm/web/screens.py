"""The open screens of those who work here: each hears that something changed, for as long as its log-in stands.

Nothing of a customer goes through it, so nothing can leak through it. However many screens are open, one query tells
whose log-ins still stand.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, close_old_connections

from armature.crm.accounts import sessions
from armature.crm.web.visitor.live import HEADERS, Receive, Send, until_gone

logger = logging.getLogger(__name__)

HEARTBEAT = 2.0
"""Seconds between signs of life: a screen that hears none for twice as long says that the connection is lost."""
LOOK_AGAIN = 15.0
"""Seconds after which it is asked whether people are still logged in, although nothing happens."""
QUIET = 0.5
"""At most one word to a screen in this many seconds, however much happens."""


@dataclass(eq=False)
class Screen:
    """One open screen; ``over`` when its log-in has ended."""

    key: str
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    lost: bool = False


class Screens:
    """All open screens of this process."""

    def __init__(self, listen: Callable[[], None]) -> None:
        self.listen = listen
        self.here: set[Screen] = set()
        self.looking: asyncio.Task[None] | None = None
        self.again = False
        self.looked = 0.0

    def hear(self, changed: bool = True) -> None:
        """Something changed somewhere; or it is only time to see who is still logged in."""
        self.again = self.again or changed
        if self.here and (self.looking is None or self.looking.done()):
            self.looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        news = True
        while news:
            news, self.again = self.again, False
            try:
                await self._tell(list(self.here), news)
            except (DatabaseError, InterfaceError) as problem:
                logger.warning("the open screens could not be looked after: %s", problem)
                for screen in self.here:  # cut off, not told to go: they come back by themselves
                    screen.lost = True
                    screen.changed.set()
            await asyncio.sleep(QUIET if self.again else 0)
            news = self.again

    async def _tell(self, screens: Sequence[Screen], news: bool) -> None:
        stand = await sync_to_async(_standing)([screen.key for screen in screens])
        self.looked = time.monotonic()
        for screen in screens:
            screen.over = screen.key not in stand
            if news or screen.over:
                screen.changed.set()

    async def answer(self, key: str, receive: Receive, send: Send) -> None:
        """One stream, for as long as the screen is open and its log-in stands."""
        try:
            refused = 0 if await sync_to_async(_standing)([key]) else 403
        except (DatabaseError, InterfaceError):
            refused = 503  # the screen asks again by itself
        if refused:
            await send({"type": "http.response.start", "status": refused, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        screen = Screen(key)
        self.here.add(screen)
        self.listen()
        gone = asyncio.create_task(until_gone(receive))
        try:
            await self._stream(send, screen, gone)
        finally:
            self.here.discard(screen)
            gone.cancel()

    async def _stream(self, send: Send, screen: Screen, gone: "asyncio.Task[None]") -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b"retry: 1000\nevent: hello\ndata:\n\n", "more_body": True})
        while not gone.done():
            heard = asyncio.create_task(screen.changed.wait())
            await asyncio.wait({heard, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            heard.cancel()
            if gone.done() or screen.lost:
                return
            if screen.over:
                await send({"type": "http.response.body", "body": b"event: over\ndata:\n\n"})
                return
            word = b"changed" if screen.changed.is_set() else b"here"
            screen.changed.clear()
            await send({"type": "http.response.body", "body": b"event: %s\ndata:\n\n" % word, "more_body": True})
            if time.monotonic() - self.looked > LOOK_AGAIN:
                self.hear(changed=False)


def _standing(keys: Sequence[str]) -> set[str]:
    close_old_connections()
    try:
        return sessions.standing(keys)
    finally:
        close_old_connections()
