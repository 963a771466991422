"""The open screens of those who work here: each hears that something changed, for as long as its log-in stands.

Nothing of a customer goes through it, only the numbers of cases, and of those only what its user may see. However many
screens are open, a few queries tell whose log-ins still stand and who sees what.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, close_old_connections

from armature.crm.accounts import sessions
from armature.crm.accounts.models import User
from armature.crm.act import onlookers
from armature.crm.web.visitor.live import HEADERS, Receive, Send, until_gone

logger = logging.getLogger(__name__)

HEARTBEAT = 2.0
"""Seconds between signs of life: a screen that hears none for twice as long says that the connection is lost."""
LOOK_AGAIN = 15.0
"""Seconds after which it is asked whether people are still logged in, although nothing happens."""
QUIET = 0.5
"""At most one word to a screen in this many seconds, however much happens."""
FEW, SHARE, LONGEST_SPREAD = 4, 30, 1500
"""More screens than a few spread their questions, by so many milliseconds for each, up to a second and a half."""


@dataclass(eq=False)
class Screen:
    """One open screen; ``over`` when its log-in has ended."""

    key: str
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    lost: bool = False
    news: frozenset[int] | None = frozenset()

    def add(self, cases: frozenset[int] | None) -> None:
        """These cases changed too; None: whatever there is."""
        self.news = None if cases is None or self.news is None else self.news | cases

    def take(self) -> str:
        """What there is to say: the numbers of the cases, or "all"."""
        news, self.news = self.news, frozenset()
        return "all" if news is None else ",".join(str(number) for number in sorted(news))


class Screens:
    """All open screens of this process."""

    def __init__(self, listen: Callable[[], None]) -> None:
        self.listen = listen
        self.here: set[Screen] = set()
        self.looking: asyncio.Task[None] | None = None
        self.again = False
        self.about: frozenset[int] | None = frozenset()
        self.looked = 0.0

    def hear(self, cases: frozenset[int] | None = None) -> None:
        """Something changed somewhere: these cases, or None for anything."""
        self.about = None if cases is None or self.about is None else self.about | cases
        self.again = True
        self._look_soon()

    def _look_soon(self) -> None:
        if self.here and (self.looking is None or self.looking.done()):
            self.looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            news, about = self.again, self.about
            self.again, self.about = False, frozenset()
            try:
                await self._tell(list(self.here), news, about)
            except (DatabaseError, InterfaceError) as problem:
                logger.warning("the open screens could not be looked after: %s", problem)
                for screen in self.here:  # cut off, not told to go: they come back by themselves
                    screen.lost = True
                    screen.changed.set()
            if not self.again:
                return
            await asyncio.sleep(QUIET)

    async def _tell(self, screens: Sequence[Screen], news: bool, about: frozenset[int] | None) -> None:
        stand, seen = await sync_to_async(_standing)([screen.key for screen in screens], about or ())
        self.looked = time.monotonic()
        for screen in screens:
            user = stand.get(screen.key)
            screen.over = user is None
            if user and news:
                screen.add(None if about is None else seen[user.pk])
            if news or screen.over:
                screen.changed.set()

    async def answer(self, key: str, receive: Receive, send: Send) -> None:
        """One stream, for as long as the screen is open and its log-in stands."""
        try:
            refused = 0 if (await sync_to_async(_standing)([key], ()))[0] else 403
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
        await send(self._event("hello", "all", before="retry: 1000\n"))
        while not gone.done():
            heard = asyncio.create_task(screen.changed.wait())
            await asyncio.wait({heard, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            heard.cancel()
            if gone.done() or screen.lost:
                return
            if screen.over:
                await send({"type": "http.response.body", "body": b"event: over\ndata:\n\n"})
                return
            word = ("changed", screen.take()) if screen.changed.is_set() else ("here", "")
            screen.changed.clear()
            await send(self._event(*word))
            if time.monotonic() - self.looked > LOOK_AGAIN:
                self._look_soon()

    def _event(self, name: str, cases: str, before: str = "") -> dict[str, object]:
        """An event: which cases, and over how many milliseconds so many screens should spread their questions."""
        spread = min(LONGEST_SPREAD, SHARE * max(0, len(self.here) - FEW))
        data = f"{cases};{spread}" if name != "here" else ""
        return {
            "type": "http.response.body",
            "body": f"{before}event: {name}\ndata: {data}\n\n".encode(),
            "more_body": True,
        }


def _standing(keys: Sequence[str], cases: Collection[int]) -> tuple[dict[str, User], dict[int, frozenset[int]]]:
    close_old_connections()
    try:
        stand = sessions.standing(keys)
        return stand, onlookers.who_sees(list(stand.values()), cases)
    finally:
        close_old_connections()
