"""The live stream itself: it ends with the log-in, and what goes through it says nothing of anybody."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from armature.crm.accounts import commands
from armature.crm.accounts.models import Membership, Role, User
from armature.crm.act import restricted
from armature.crm.web.fresh_rows import OpenList
from armature.crm.web.screens import _heard
from armature.crm.web.stream import Stream
from house import House, make_house
from visitors import stranger, to_judge, visit

LONGEST = 30.0
"""Seconds after which a test that waits has failed; nothing is measured with it."""
ONLY = re.compile(
    r"(retry: 1000\n)?event: (hello|changed|here|over)\ndata:"
    r"(| | {\"cases\":(null|\[\]),\"spread\":0,\"rows\":{}})\n\n"
)


class Screen:
    """A browser's end of one stream."""

    def __init__(self, client: Client, shows: str = "") -> None:
        self.shows = shows
        self.cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.heard: list[str] = []
        self.status = 0
        self.news = asyncio.Event()

    async def open(self, stream: Stream | None = None) -> None:
        """Listen until the server ends it."""
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.cookie}".encode()
        scope = {"type": "http", "method": "GET", "path": "/live", "headers": [(b"cookie", cookie)],
                 "query_string": self.shows.encode()}  # fmt: skip
        await (stream or Stream(_nothing_else))(scope, self._stay, self._take)

    async def _stay(self) -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    async def _take(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        if message.get("body"):
            self.heard.append(message["body"].decode())
        self.news.set()

    def told(self) -> list[dict[str, Any]]:
        """What the words say that something changed."""
        return [json.loads(one.partition("data: ")[2]) for one in self.heard if one.startswith("event: changed")]

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

    def numbers(screen: Screen) -> set[int]:
        return {number for told in screen.told() for number in told["cases"] or ()}

    async def both() -> None:
        stream = Stream(_nothing_else)
        opened = [asyncio.create_task(screen.open(stream)) for screen in screens.values()]
        try:
            for screen in screens.values():
                await screen.hears("hello")
            open_to_all = await sync_to_async(talk)()
            wanted = {"mona": {open_to_all}, "leo": {open_to_all, secret.pk}}
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


def test_a_list_is_told_the_rows_of_changed_cases_as_they_now_stand_in_it(house: House) -> None:
    there = to_judge(house, "A tent.")
    screens = {
        "all": Screen(visit(house.mona), "view=open&language=en"),
        "mine": Screen(visit(house.mona), "view=mine"),
        "late": Screen(visit(house.mona), "view=open&due=none"),
        "nonsense": Screen(visit(house.mona), "view=nonsense"),
        "stranger": Screen(visit(stranger()), "view=open"),
    }

    def talk() -> None:
        house.hear("Are you <b>there</b>?", in_reply_to="said-1")
        house.settle()

    async def both() -> None:
        stream = Stream(_nothing_else)
        opened = [asyncio.create_task(screen.open(stream)) for screen in screens.values()]
        try:
            for screen in screens.values():
                await screen.hears("hello")
            await sync_to_async(talk)()
            for screen in screens.values():
                while not any(told["cases"] is not None for told in screen.told()):
                    screen.news.clear()
                    await screen.news.wait()
        finally:
            for one in opened:
                one.cancel()
            await sync_to_async(connections.close_all)()

    asyncio.run(asyncio.wait_for(both(), LONGEST))
    rows = {name: {} for name in screens}
    for name, screen in screens.items():
        for told in screen.told():
            rows[name] |= told["rows"]
    key = str(there.pk)
    place, markup = rows["all"][key]
    assert place.endswith(f"_{key}") and f'id="line-{key}"' in markup and "Are you &lt;b&gt;there" in markup
    assert f'href="/cases/open/{key}"' in markup
    assert rows["mine"] == rows["late"] == {key: ["", ""]}
    assert rows["nonsense"] == rows["stranger"] == {}


def test_rows_cost_the_same_statements_however_many_screens_are_open(house: House) -> None:
    case = to_judge(house)
    people = [house.mona, house.leo, house.nia, house.olga]
    some = {
        number: [(visit(people[at % 4]).cookies[settings.SESSION_COOKIE_NAME].value, OpenList("open", "", "en"))
                 for at in range(number)]
        for number in (2, 12)
    }  # fmt: skip
    needed = {}
    for number, screens in some.items():
        with CaptureQueriesContext(connection) as statements:
            heard = _heard(screens, frozenset([case.pk]))
        needed[number] = len(statements)
        assert [bool(one and one.rows) for one in heard[:2]] == [True, True]
    assert needed[2] == needed[12]
