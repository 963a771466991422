"""The demo company as its users get it: the real command, its own database, workers and pages."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PASSWORD = "armature-demo"
LONGEST = 120.0
"""Seconds that anything of the company may take to come about on a busy machine."""


class Company:
    """A running demo, and people who can say things to it."""

    def __init__(self, home: Path, *, small: bool = True) -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "ARMATURE_HOME": str(home), "DATABASE_URL": "", "ARMATURE_UNDO_SECONDS": "0"}
        self.log = (home.parent / f"{home.name}.log").open("w")
        command = [sys.executable, "-m", "armature", "demo", "--port", str(self.port), *(["--small"] if small else [])]
        self.server = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log)
        try:
            until(self._ready, "the demo answers", LONGEST if small else 5 * LONGEST)
        except AssertionError:
            self.server.terminate()
            raise
        self.speaker = subprocess.Popen(
            [sys.executable, str(HERE / "speaker.py"), str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ready(self) -> bool:
        assert self.server.poll() is None, Path(self.log.name).read_text()[-2000:]
        with suppress(OSError), urllib.request.urlopen(f"{self.address}/ready", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def _order(self, **order: Any) -> Any:
        assert self.speaker.stdin and self.speaker.stdout
        self.speaker.stdin.write(json.dumps(order) + "\n")
        self.speaker.stdin.flush()
        return json.loads(self.speaker.stdout.readline())

    def hear(self, place: str, **line: Any) -> None:
        """Somebody says something at one of the company's places."""
        self._order(do="hear", place=place, **line)

    def unknown(self, **what: str) -> None:
        """A worker dies while it hands an answer over."""
        until(lambda: self._order(do="number", external_id=what["external_id"], form="intent"), "it waits to be judged")
        assert self._order(do="unknown", **what)

    def case(self, external_id: str, form: str | None = None) -> int:
        """The number of a case, once it waits for that."""
        return int(
            until(lambda: self._order(do="number", external_id=external_id, form=form), f"{external_id}: {form}")
        )

    def deed(self, user: str, external_id: str, deed: str, **more: Any) -> None:
        """Somebody of the staff does something with a case, as their screen would: ``deed`` is its module and name."""
        assert self._order(do="deed", user=user, external_id=external_id, deed=deed, more=more)

    def furnish(self) -> dict[str, int]:
        """Leads and administrators keep words, views and fields: the numbers of what they made."""
        return dict(self._order(do="furnish"))

    def presences(self) -> dict[str, int]:
        """Channels in each state, paper to check, a query that hears much more: their numbers."""
        return dict(self._order(do="presences"))

    def page(self, template: str, **context: Any) -> str:
        """A page that nobody comes to while all is well, as the server writes it."""
        return str(self._order(do="page", template=template, context=context))

    def stop(self) -> None:
        """End it as Ctrl-C would."""
        assert self.speaker.stdin and self.speaker.stdout
        self.speaker.stdin.close()
        self.speaker.wait(30)
        self.speaker.stdout.close()
        self.server.terminate()
        self.server.wait(60)
        self.log.close()


def until(there: Callable[[], Any], what: str, longest: float = LONGEST) -> Any:
    """Ask until it is so."""
    deadline = time.monotonic() + longest
    while not (found := there()):
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)
    return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
