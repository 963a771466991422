"""Kills without warning what a seeded chance picks, and starts anew what nobody else would start."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from killing.ground import Ground, Stuck, until

WEIGHTS = {
    "web": 20,
    "one worker": 25,
    "both workers": 15,
    "a database backend": 15,
    "the postmaster": 10,
    "all of PostgreSQL": 8,
    "everything": 7,
}


@dataclass(frozen=True)
class Process:
    """One line of the process table."""

    pid: int
    parent: int
    command: str


@dataclass
class Killer:
    """``kills`` holds each kill: when (seconds since 1970) and what."""

    ground: Ground
    chance: random.Random
    kills: list[tuple[float, str]] = field(default_factory=list)

    def once(self) -> None:
        """Pick, kill, and start anew what had nobody left to look after it."""
        what = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        found = TARGETS[what](self)
        if not found:  # dead already
            return
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        self.kills.append((time.time(), what))
        if what == "everything":
            served = self.ground.served
            assert served is not None
            served.wait()
            self.ground.serve()

    def wait_until_ready(self) -> None:
        """Until pages and database answer again."""
        until(self._ready, 60, "the start after a kill")

    def _ready(self) -> bool:
        served = self.ground.served
        if served is not None and served.poll() is not None:
            raise Stuck(f"`armature serve` ended with {served.returncode}:\n{self.ground.log.read_text()[-3000:]}")
        return self.ground.ready()

    def children(self, of: int) -> list[Process]:
        """What a process has started."""
        return [process for process in processes() if process.parent == of]

    def parts(self, name: str) -> list[Process]:
        """The processes of a part, by its command."""
        assert self.ground.served is not None
        return [each for each in self.children(self.ground.served.pid) if f"armature {name}" in each.command]

    def postmaster(self) -> list[Process]:
        """The main process of the database."""
        assert self.ground.served is not None
        return [each for each in self.children(self.ground.served.pid) if "/bin/postgres" in each.command]

    def database(self) -> list[Process]:
        """The main process and all it has started."""
        main = self.postmaster()
        return main + [child for each in main for child in self.children(each.pid)]

    def backends(self) -> list[Process]:
        """Sessions of the application."""
        return [each for each in self.database() if each.command.startswith("postgres: armature_app")]

    def one(self, found: list[Process]) -> list[Process]:
        """Any of them."""
        return [self.chance.choice(found)] if found else []

    def everything(self) -> list[Process]:
        """All of the installation, who looks after it first."""
        assert self.ground.served is not None
        pid = self.ground.served.pid
        return [Process(pid, 0, "armature serve"), *self.children(pid), *self.database()]


TARGETS: dict[str, Callable[[Killer], list[Process]]] = {
    "web": lambda killer: killer.parts("web"),
    "one worker": lambda killer: killer.one(killer.parts("worker")),
    "both workers": lambda killer: killer.parts("worker"),
    "a database backend": lambda killer: killer.one(killer.backends()),
    "the postmaster": Killer.postmaster,
    "all of PostgreSQL": Killer.database,
    "everything": Killer.everything,
}


def processes() -> list[Process]:
    """All processes of this machine that still run."""
    shown = subprocess.run(["ps", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(None, 3) for line in shown.splitlines()]
    return [Process(int(line[0]), int(line[1]), line[3]) for line in lines if len(line) == 4 and line[2][0] != "Z"]


def zombies(parent: int) -> int:
    """Dead children that a process has not buried."""
    shown = subprocess.run(["ps", "--ppid", str(parent), "-o", "stat="], capture_output=True, text=True, check=False)
    return sum(line.startswith("Z") for line in shown.stdout.splitlines())
