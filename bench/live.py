"""How soon a committed message is on the screens of a team: ``python bench/live.py --screens 50``.

The real pages and a real worker run on the database that ``bench/pages.py`` filled. So many people have the desk open,
each with the live stream and a list, as the desk's own script does; some also have the case open that is written in.
Every message is accepted and committed here; the clock runs until the words stand in what a screen was told or fetched.
Printed: milliseconds, median and 95th percentile, for lists (that show the case) and for the open case.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent


@dataclass
class Screen:
    """One browser: the stream it hears, the list it shows, perhaps a case; when it first showed each message."""

    port: int
    cookie: str
    addresses: dict[str, str]
    shown: dict[tuple[str, str], float] = field(default_factory=dict)
    wanted: str = ""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    fetches: int = 0
    soon: bool = False
    whole: bool = False
    listed: float = 0.0

    async def run(self) -> None:
        """Hear, and ask again as the desk's script does, until cancelled."""
        view, _, query = self.addresses["list"].removeprefix("/cases/").partition("?")
        reader, _ = await self._open(f"/live?view={view}&language=en&{query}", keep=True)
        named, waiting = b"", set[asyncio.Task[None]]()
        async for line in reader:
            named = line.split()[1] if line.startswith(b"event: ") else named
            if line.startswith(b"data: ") and named in (b"hello", b"changed"):
                told = json.loads(line.removeprefix(b"data: "))
                if any(self.wanted and self.wanted in markup for _, markup in told["rows"].values()):
                    self.shown.setdefault(("list", self.wanted), time.perf_counter())
                opened = self.addresses.get("case", "").partition("?")[0].rpartition("/")[2]
                if opened and (told["cases"] is None or int(opened) in told["cases"]):
                    waiting.add(asyncio.create_task(self._ask("case", self.addresses["case"], self.wanted)))
                known = told["cases"] is not None and all(str(number) in told["rows"] for number in told["cases"])
                self.whole = self.whole or not known
                if not self.soon:
                    self.soon = True
                    waiting.add(asyncio.create_task(self._ask_soon(told["spread"] / 1000)))

    async def _ask_soon(self, spread: float) -> None:
        """Counts or the whole list, a little later when many are open, and not more often than the desk asks."""
        now = time.perf_counter()
        await asyncio.sleep(max(random.random() * spread, self.listed + spread - now))
        address = self.addresses["list"] if self.whole else self.addresses["list"].replace("=list", "=rail")
        self.soon, self.whole, self.listed = False, False, time.perf_counter()
        await self._ask("list", address, self.wanted)
        self.ready.set()

    async def _ask(self, what: str, address: str, wanted: str) -> None:
        reader, writer = await self._open(address)
        body = await reader.read()
        writer.close()
        self.fetches += 1
        if wanted and wanted.encode() in body:
            self.shown.setdefault((what, wanted), time.perf_counter())

    async def _open(self, address: str, keep: bool = False) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
        lines = [f"GET {address} HTTP/1.1", "Host: localhost", f"Cookie: armature={self.cookie}", "HX-Request: true"]
        lines += [] if keep else ["Connection: close"]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        await writer.drain()
        return reader, writer


async def play(port: int, cookies: list[str], case: dict[str, Any], messages: int) -> list[Screen]:
    """Open the screens, let somebody write so many times, wait for each until all who show it show it."""
    screens = [Screen(port, cookie, _addresses(number, case)) for number, cookie in enumerate(cookies)]
    running = [asyncio.create_task(screen.run()) for screen in screens]
    await asyncio.gather(*(screen.ready.wait() for screen in screens))
    await asyncio.sleep(2)
    case["times"] = {}
    for number in range(messages):
        words = f"word{number}live"
        for screen in screens:
            screen.wanted = words
        case["times"][words] = await asyncio.to_thread(_write, case, words)
        await _all_show(screens, words)
        await asyncio.sleep(1)
    for task in running:
        task.cancel()
    return screens


def _addresses(number: int, case: dict[str, Any]) -> dict[str, str]:
    """Every screen has a list in which the case stands; the first ones also have the case open."""
    found = {"list": f"/cases/open?part=list&{case['filter']}"}
    return found | ({"case": f"/cases/open/{case['number']}?part=case"} if number < case["open"] else {})


async def _all_show(screens: list[Screen], words: str) -> None:
    end = time.perf_counter() + 20
    while time.perf_counter() < end:
        if all((what, words) in screen.shown for screen in screens for what in screen.addresses):
            return
        await asyncio.sleep(0.02)


def _write(case: dict[str, Any], words: str) -> float:
    """The customer of the case writes once more; when it was committed."""
    from armature.crm.channels.lines import envelope
    from armature.crm.listen import commands

    at = datetime.now(UTC)
    line = {"external_id": words + case["run"], "author": case["author"], "text": f"{words} are you there?",
            "in_reply_to": case["said"], "occurred_at": at.isoformat()}  # fmt: skip
    commands.accept(case["channel"], [envelope(line, at)])
    return time.perf_counter()


@contextmanager
def _running(port: int, workers: int) -> Iterator[None]:
    command = [sys.executable, "-m", "armature"]
    parts = [subprocess.Popen([*command, "web", "--port", str(port)])]
    parts += [subprocess.Popen([*command, "worker"]) for _ in range(workers)]
    import urllib.request

    try:
        for _ in range(300):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=2) as answer:
                if answer.status == 200:
                    break
            time.sleep(0.1)
        yield
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait(40)


def _cookies(count: int) -> list[str]:
    """Log-ins: of an administrator, a lead, and agents of the team that has the case."""
    from django.test import Client

    from armature.crm.accounts.models import User

    team = ["ada", "leo", "mona", *(f"agent{number}" for number in range(0, 20, 6))]
    users = [User.objects.get(email=f"{name}@bench.example") for name in team]
    found = []
    for number in range(count):
        client = Client()
        client.force_login(users[number % len(users)], "allauth.account.auth_backends.AuthenticationBackend")
        found.append(client.cookies["armature"].value)
    return found


def _case() -> dict[str, Any]:
    """A case of support with a tag of its own, so that a list can be asked for in which it stands on the first page."""
    from armature.crm.accounts.models import User
    from armature.crm.act import marking, queries
    from armature.crm.act.models import Case
    from armature.crm.listen.models import Interaction

    fresh = queries.cases_for(User.objects.get(email="mona@bench.example")).exclude(taggings__tag__name="watched")
    case = fresh.filter(status="open").latest("pk")
    tag = marking.tag(User.objects.get(email="ada@bench.example"), case, name="watched")
    said = Interaction.objects.filter(conversation=case.conversation, direction="in").latest("pk")
    assert Case.objects.filter(taggings__tag=tag).count() <= 50
    return {
        "number": case.pk, "filter": f"tag={tag.pk}", "author": case.identity.address, "said": said.external_id,
        "channel": case.conversation.channel, "run": f"-{time.time():.0f}",
    }  # fmt: skip


def main() -> int:
    """Read the words of the command line, play, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--screens", type=int, default=50)
    parser.add_argument("--open", type=int, default=1, help="screens that have the case itself open too")
    parser.add_argument("--messages", type=int, default=30)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    from armature.cli import home

    with home.database(f"armature_pages_{given.cases}"):
        import django

        django.setup()
        import pages

        pages.filled(given.cases, False)
        case, cookies = _case() | {"open": given.open}, _cookies(given.screens)
        os.environ["ARMATURE_LOG"] = "ERROR"
        with _running(8765, given.workers):
            screens = asyncio.run(play(8765, cookies, case, given.messages))
    print(json.dumps(_figures(screens, case), indent=1))
    return 0


def _figures(screens: list[Screen], case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"screens": len(screens), "messages": len(case["times"])}
    for what in ("list", "case"):
        took = sorted(
            1000 * (at - case["times"][words]) for screen in screens for (where, words), at in screen.shown.items()
            if where == what
        )  # fmt: skip
        wanted = sum(what in screen.addresses for screen in screens) * len(case["times"])
        found[what] = {
            "shown": len(took), "of": wanted, "median": round(took[len(took) // 2]),
            "p95": round(took[int(len(took) * 0.95)]), "worst": round(took[-1]),
        }  # fmt: skip
    found["fetches"] = sum(screen.fetches for screen in screens)
    return found


if __name__ == "__main__":
    sys.path[:0] = [str(TOP / "bench")]
    sys.exit(main())
