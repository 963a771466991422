"""The open screens of those who work here: each hears what changed, for as long as its log-in stands.

It hears the numbers of changed cases that its user may see, and the rows of these as they now stand in the list it
shows, which is what its page would be told anyway. However many screens are open, a few queries tell all of it.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, close_old_connections

from armature.crm.accounts import sessions
from armature.crm.accounts.models import User
from armature.crm.act import onlookers
from armature.crm.web.fresh_rows import Fresh, OpenList, Rows, fresh, of_address
from armature.crm.web.visitor.live import HEADERS, Receive, Send, until_gone

logger = logging.getLogger(__name__)

HEARTBEAT = 2.0
"""Seconds between signs of life: a screen that hears none for twice as long says that the connection is lost."""
LOOK_AGAIN = 15.0
"""Seconds after which it is asked whether people are still logged in, although nothing happens."""
QUIET = 0.1
"""Seconds between two looks for what changed, however much happens; more when a look takes long."""
FEW = 4
"""More screens than these spread their questions."""
ALL_LATER, COUNTS_LATER = (30, 1500), (200, 10_000)
"""So many milliseconds for each of them, and so many at most: when it is unknown what changed; or when the rows stand
on the screen already and only the counts are still to come."""


def spread(screens: int, each: int, most: int) -> int:
    """Over how many milliseconds so many screens spread their questions."""
    return min(most, each * max(0, screens - FEW))


@dataclass(eq=False)
class Screen:
    """One open screen; ``over`` when its log-in has ended."""

    key: str
    list: OpenList | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False
    lost: bool = False
    news: frozenset[int] | None = frozenset()
    rows: dict[int, Fresh] = field(default_factory=dict)

    def add(self, cases: frozenset[int] | None, rows: Mapping[int, Fresh]) -> None:
        """These cases changed too, and so their rows stand now; None: whatever there is."""
        self.news = None if cases is None or self.news is None else self.news | cases
        self.rows = {**self.rows, **rows}

    def take(self, others: int) -> str:
        """What there is to say: the cases, their rows, over how many milliseconds to spread one's questions."""
        cases, rows = self.news, self.rows
        self.news, self.rows = frozenset(), {}
        known = cases is not None and cases <= rows.keys()
        return said(cases, spread(others, *(COUNTS_LATER if known else ALL_LATER)), rows if cases is not None else {})


def said(cases: frozenset[int] | None, spread: int, rows: Mapping[int, Fresh]) -> str:
    """One line for the desk's script."""
    told = {"cases": None if cases is None else sorted(cases), "spread": spread, "rows": rows}
    return json.dumps(told, separators=(",", ":"))


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
            began, news, about = time.monotonic(), self.again, self.about
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
            await asyncio.sleep(max(QUIET, 2 * (time.monotonic() - began)))

    async def _tell(self, screens: Sequence[Screen], news: bool, about: frozenset[int] | None) -> None:
        heard = await sync_to_async(_heard)([(screen.key, screen.list) for screen in screens], about or frozenset())
        self.looked = time.monotonic()
        for screen, one in zip(screens, heard, strict=True):
            screen.over = one is None
            if one and news:
                screen.add(None if about is None else one.cases, one.rows)
            if news or screen.over:
                screen.changed.set()

    async def answer(self, key: str, query: str, receive: Receive, send: Send) -> None:
        """One stream, for as long as the screen is open and its log-in stands; ``query`` names the list it shows."""
        try:
            refused = 0 if (await sync_to_async(_heard)([(key, None)], frozenset()))[0] else 403
        except (DatabaseError, InterfaceError):
            refused = 503  # the screen asks again by itself
        if refused:
            await send({"type": "http.response.start", "status": refused, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        screen = Screen(key, of_address(query))
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
        await send(_event("hello", said(None, spread(len(self.here), *ALL_LATER), {}), before="retry: 1000\n"))
        while not gone.done():
            heard = asyncio.create_task(screen.changed.wait())
            await asyncio.wait({heard, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            heard.cancel()
            if gone.done() or screen.lost:
                return
            if screen.over:
                await send({"type": "http.response.body", "body": b"event: over\ndata:\n\n"})
                return
            word = ("changed", screen.take(len(self.here))) if screen.changed.is_set() else ("here", "")
            screen.changed.clear()
            await send(_event(*word))
            if time.monotonic() - self.looked > LOOK_AGAIN:
                self._look_soon()


def _event(name: str, data: str, before: str = "") -> dict[str, object]:
    return {
        "type": "http.response.body", "body": f"{before}event: {name}\ndata: {data}\n\n".encode(), "more_body": True,
    }  # fmt: skip


class Heard(NamedTuple):
    """What a screen is to hear: the changed cases that its user may see, and their rows in its list."""

    cases: frozenset[int]
    rows: Mapping[int, Fresh]


def _heard(screens: Sequence[tuple[str, OpenList | None]], cases: frozenset[int]) -> list[Heard | None]:
    """For each screen, by its log-in and its list; None when the log-in is over."""
    close_old_connections()
    try:
        stand = sessions.standing(key for key, _ in screens)
        people = {user.pk: user for user in stand.values()}
        seen = onlookers.who_sees(people.values(), cases)
        rows = fresh({(people[stand[key].pk], one) for key, one in screens if one and key in stand}, cases)
        return [_of(stand.get(key), one, seen, rows) for key, one in screens]
    finally:
        close_old_connections()


def _of(user: User | None, one: OpenList | None, seen: Mapping[int, frozenset[int]], rows: Rows) -> Heard | None:
    if user is None:
        return None
    cases = seen[user.pk]
    stand = rows.get((user, one), {}) if one else {}
    return Heard(cases, {number: row for number, row in stand.items() if number in cases})
