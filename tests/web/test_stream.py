"""The live stream itself: it ends with the log-in, and what goes through it says nothing of anybody."""

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, connections
from django.test import Client

from armature.crm.accounts import commands
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act import restricted
from armature.crm.web.stream import Stream
from house import House, make_house
from visitors import stranger, to_judge, visit

LONGEST = 30.0
"""Seconds after which a test that waits has failed; nothing is measured with it."""
ONLY = re.compile(r"(retry: 1000\n)?event: (hello|changed|here|over)\ndata:( all;0| ;0| )?\n\n")


class Screen:
    """A browser's end of one stream."""

    def __init__(self, client: Client) -> None:
        self.cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.heard: list[str] = []
        self.status = 0
        self.news = asyncio.Event()

    async def open(self, stream: Stream | None = None) -> None:
        """Listen until the server ends it."""
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.cookie}".encode()
        scope = {"type": "http", "method": "GET", "path": "/live", "headers": [(b"cookie", cookie)]}
        await (stream or Stream(_nothing_else))(scope, self._stay, self._take)

    async def _stay(self) -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def _take(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        if message.get("body"):
            self.heard.append(message["body"].decode())
        self.news.set()

    async def hears(self, what: str) -> None:
        """Wait until this event came."""
        while not any(f"event: {what}\n" in one for one in self.heard):
            self.news.clear()
            await self.news.wait()


async def _nothing_else(*_: object) -> None:
    raise AssertionError("only the stream is asked")


@pytest.fixture
def house(transactional_db: None) -> Iterator[House]:
    """What streams see is committed; afterwards nobody listens any more, so that the database can go."""
    yield make_house()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
        )


def listening(screen: Screen, then: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Open a stream, do something when it stands, and see to its end."""

    async def both() -> None:
        stream = asyncio.create_task(screen.open())
        try:
            await screen.hears("hello")
            await then()
        finally:
            stream.cancel()
            await sync_to_async(connections.close_all)()

    asyncio.run(asyncio.wait_for(both(), LONGEST))


@pytest.mark.parametrize("how", ["closed", "logged out everywhere", "logged out", "new password"])
def test_a_stream_ends_with_the_log_in(house: House, how: str) -> None:
    Membership.objects.create(user=house.olga, role=Role.ADMIN)
    client = visit(house.mona)
    screen = Screen(client)

    def new_password() -> None:
        user = User.objects.get(pk=house.mona.pk)
        user.set_password("another good password")
        user.save()
        to_judge(house)  # anything happens

    ways: dict[str, Callable[[], object]] = {
        "closed": lambda: commands.deactivate(house.olga, house.mona),
        "logged out everywhere": lambda: commands.end_sessions(house.olga, house.mona),
        "logged out": lambda: (client.post("/log-out"), to_judge(house)),
        "new password": new_password,
    }

    async def then() -> None:
        await sync_to_async(ways[how])()
        await screen.hears("over")

    listening(screen, then)


def test_without_a_log_in_there_is_no_stream(house: House) -> None:
    screen = Screen(visit(house.mona))
    screen.cookie = "nonsense"
    asyncio.run(asyncio.wait_for(screen.open(), LONGEST))
    assert (screen.status, screen.heard) == (403, [])


def test_what_a_stream_says_to_whoever_may_not_see_it_names_nothing(house: House) -> None:
    case = to_judge(house, "A zeppelin, between us.")
    screen = Screen(visit(stranger()))

    def secretly() -> None:
        restricted.restrict(house.leo, case, reason="zeppelin")
        to_judge(house, "Another zeppelin.", author="b@people.example")

    async def then() -> None:
        await sync_to_async(secretly)()
        await screen.hears("changed")
        await screen.hears("here")

    listening(screen, then)
    assert all(ONLY.fullmatch(one) for one in screen.heard), screen.heard


def test_a_screen_hears_the_numbers_of_those_changed_cases_that_its_user_may_see(house: House) -> None:
    secret = to_judge(house, "Between us.")
    restricted.restrict(house.leo, secret, readers=[house.leo])
    screens = {name: Screen(visit(user)) for name, user in (("mona", house.mona), ("leo", house.leo))}

    def talk() -> int:
        house.hear("And another thing.", in_reply_to="said-1")
        return to_judge(house, "A tent.", author="b@people.example").pk

    def numbers(screen: Screen) -> set[str]:
        found = (re.search(r"event: changed\ndata: ([\d,]*);", one) for one in screen.heard)
        return {number for one in found if one for number in one[1].split(",") if number}

    async def both() -> None:
        stream = Stream(_nothing_else)
        opened = [asyncio.create_task(screen.open(stream)) for screen in screens.values()]
        try:
            for screen in screens.values():
                await screen.hears("hello")
            open_to_all = str(await sync_to_async(talk)())
            wanted = {"mona": {open_to_all}, "leo": {open_to_all, str(secret.pk)}}
            for name, screen in screens.items():
                while not wanted[name] <= numbers(screen):
                    screen.news.clear()
                    await screen.news.wait()
                assert numbers(screen) == wanted[name]
        finally:
            for one in opened:
                one.cancel()
            await sync_to_async(connections.close_all)()

    asyncio.run(asyncio.wait_for(both(), LONGEST))
