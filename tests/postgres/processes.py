"""Other processes for the tests: owners of a server, and what the system says about a process."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg

OWN = Path(__file__).with_name("own.py")
DEADLINE = 60.0


def until(true: Callable[[], bool], what: str, seconds: float = DEADLINE) -> None:
    """Wait until `true()`, looking often; fail in words when it does not come."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain until {what}"
        time.sleep(0.005)


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended but was not collected by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def family(pid: int) -> list[int]:
    """The process and all below it."""
    children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [pid, *(each for child in children.split() for each in family(int(child)))]


def main_process(url: str) -> int:
    """The process id of the server that answers at `url`."""
    with psycopg.connect(url.replace("armature_app", "armature_owner")) as connection:
        return int(ask(connection, "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)"))


def ask(connection: psycopg.Connection[Any], question: str) -> Any:
    row = connection.execute(question).fetchone()  # type: ignore[call-overload]
    assert row is not None
    return row[0]


class Owner:
    """A process that started (or joined) the server of `folder`."""

    def __init__(
        self,
        folder: Path,
        uid: int | None = None,
        gid: int | None = None,
        python: str = sys.executable,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        who = [str(os.geteuid() if uid is None else uid), str(os.getegid() if gid is None else gid)]
        self.process = subprocess.Popen(
            [python, str(OWN), str(folder), *who],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self._said: dict[str, Any] | None = None

    def __enter__(self) -> Owner:
        return self

    def __exit__(self, *failure: object) -> None:
        self.end()

    @property
    def said(self) -> dict[str, Any]:
        """What it said once its server answered (or could not be started)."""
        if self._said is None:
            assert self.process.stdout is not None
            ready, _, _ = select.select([self.process.stdout], [], [], DEADLINE)
            assert ready, "the owner said nothing"
            self._said = json.loads(self.process.stdout.readline() or '{"failure": "ended without a word"}')
        return self._said

    @property
    def url(self) -> str:
        assert "url" in self.said, self.said
        return str(self.said["url"])

    def kill(self) -> None:
        """End it at once, without any chance to clean up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(DEADLINE)

    def end(self) -> None:
        """Let it stop in order."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()
        self.process.wait(DEADLINE)


def kill_everything(owner: Owner) -> Iterator[int]:
    """kill -9 the owner and every process of its server, all stopped first so that none can react."""
    doomed = [owner.process.pid, *family(main_process(owner.url))]
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in doomed:
            os.kill(pid, number)
    owner.process.wait(DEADLINE)
    return iter(doomed)
