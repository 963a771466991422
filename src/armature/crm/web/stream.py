"""The live stream: open screens hear that something changed, and ask again for what they may see.

Nothing of a customer goes through it, so nothing can leak through it. One database connection listens for all.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from armature.crm.accounts import sessions
from armature.crm.live import TOPIC
from armature.crm.web.visitor.live import Guests, Receive, Scope, Send, until_gone

logger = logging.getLogger(__name__)

PATH = "/live"
GUESTS = re.compile(r"/talk/[-\w]+/[^/]+/live")
HEARTBEAT = 2.0
"""Seconds between signs of life: a screen that hears none for twice as long says that the connection is lost."""
LOOK_AGAIN = 15.0
"""Seconds after which a quiet stream asks whether its user is still logged in."""
QUIET = 0.5
"""At most one word to a screen in this many seconds, however much happens."""


class Stream:
    """Answers ``/live`` for people who are logged in; hands the rest on."""

    def __init__(self, rest: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.rest = rest
        self.changed: dict[asyncio.Event, None] = {}
        self.guests = Guests()
        self.listener: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == PATH:
            await self._answer(scope, receive, send)
        elif scope["type"] == "http" and GUESTS.fullmatch(scope["path"]):
            self._keep_listening()
            await self.guests.answer(scope["path"], receive, send)
        else:
            await self.rest(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _session_key(scope)
        try:
            refused = 0 if scope["method"] == "GET" and await sync_to_async(_logged_in)(key) else 403
        except (OperationalError, InterfaceError):
            refused = 503  # the screen asks again by itself
        if refused:
            await send({"type": "http.response.start", "status": refused, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        self._keep_listening()
        mine = asyncio.Event()
        self.changed[mine] = None
        gone = asyncio.create_task(until_gone(receive))
        try:
            await _stream(send, mine, gone, key)
        finally:
            del self.changed[mine]
            gone.cancel()

    def _keep_listening(self) -> None:
        if self.listener is None or self.listener.done():
            self.listener = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
                return
            except psycopg.Error as problem:
                logger.warning("the live stream lost the database and tries again: %s", problem)
                await asyncio.sleep(1)

    async def _hear(self) -> None:
        parameters = connection.get_connection_params()
        wanted = {
            name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters
        }
        async with await psycopg.AsyncConnection.connect(**wanted, autocommit=True) as heard:
            await heard.execute(f"LISTEN {TOPIC}")
            self._tell()
            async for _ in heard.notifies():
                self._tell()
                if not self.changed and not self.guests.here:
                    return

    def _tell(self) -> None:
        for event in self.changed:
            event.set()
        self.guests.hear()


async def _stream(send: Send, mine: asyncio.Event, gone: "asyncio.Task[None]", key: str) -> None:
    headers = [
        (b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"retry: 1000\nevent: hello\ndata:\n\n", "more_body": True})
    looked = time.monotonic()
    while not gone.done():
        heard = asyncio.create_task(mine.wait())
        await asyncio.wait({heard, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()
        try:
            if gone.done():
                break
            if mine.is_set() or time.monotonic() - looked > LOOK_AGAIN:
                looked = time.monotonic()
                if not await sync_to_async(_logged_in)(key):
                    break
        except (OperationalError, InterfaceError):
            return  # cut off, not told to go: the screen comes back by itself
        word = b"event: changed\ndata:\n\n" if mine.is_set() else b"event: here\ndata:\n\n"
        mine.clear()
        await send({"type": "http.response.body", "body": word, "more_body": True})
        await asyncio.sleep(QUIET)
    if not gone.done():
        await send({"type": "http.response.body", "body": b"event: over\ndata:\n\n"})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _session_key(scope: Scope) -> str:
    cookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookie.load(value.decode("latin-1"))
    found = cookie.get(settings.SESSION_COOKIE_NAME)
    return found.value if found else ""


def _logged_in(key: str) -> bool:
    close_old_connections()
    try:
        return sessions.user_of(key) is not None
    finally:
        close_old_connections()
