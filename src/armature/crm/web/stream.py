"""The live streams: one database connection listens for all open screens and customers' pages of this process."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie

import psycopg
from django.conf import settings
from django.db import connection

from armature.crm.live import TOPIC, WORK, cases_in
from armature.crm.web import weight
from armature.crm.web.screens import Screens
from armature.crm.web.visitor.live import Guests, Receive, Scope, Send

logger = logging.getLogger(__name__)

PATH = "/live"
GUESTS = re.compile(r"/talk/[-\w]+/[^/]+/live")


class Stream:
    """Answers ``/live`` for people who are logged in, and that of customers' pages; hands the rest on."""

    def __init__(self, rest: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.rest = rest
        self.screens = Screens(self._keep_listening)
        self.guests = Guests()
        self.listener: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI connection."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == PATH:
            key, query = _session_key(scope) if scope["method"] == "GET" else "", scope.get("query_string", b"")
            await self.screens.answer(key, query.decode("latin-1"), receive, send)
        elif scope["type"] == "http" and GUESTS.fullmatch(scope["path"]):
            self._keep_listening()
            await self.guests.answer(scope["path"], receive, send)
        elif scope["type"] == "http" and weight.too_much(scope):
            await weight.refuse(send)
        else:
            await self.rest(scope, weight.weighed(receive), send)

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
            self._tell("")
            async for notice in heard.notifies():
                self._tell(notice.payload)
                if not self.screens.here and not self.guests.here:
                    return

    def _tell(self, word: str) -> None:
        if word == WORK:
            return
        self.screens.hear(cases_in(word))
        self.guests.hear()


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
