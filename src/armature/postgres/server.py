"""One server process on one data directory: started as our child, stopped in order."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable, Mapping
from pathlib import Path

from armature.postgres.connect import answers, tries
from armature.postgres.errors import StartFailed
from armature.postgres.leftover import clear_stale_files, stop_leftover
from armature.postgres.owner import open_beside
from armature.postgres.places import Places
from armature.postgres.programs import Child
from armature.postgres.settings import arguments

# Said while children of a killed server are still ending, or its files still name it.
PASSING = ("pre-existing shared memory block", "lock file")
RETRY_SECONDS = 10.0
RECOVERY_SECONDS = 600.0
STOP_SECONDS = 60.0
KILL_SECONDS = 5.0
LONGEST_LOG = 10_000_000


class Server:
    """The server process of `places`, with the programs of `install` and `changes` over the usual settings."""

    def __init__(self, places: Places, install: Path, changes: Mapping[str, str]) -> None:
        self._places = places
        self._program = install / "bin" / "postgres"
        self._changes = changes
        self._child: Child | None = None

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    @property
    def _killed(self) -> bool:
        """Whether its last process was ended from outside: then what it said last tells nothing."""
        return self._child is not None and self._child.killed

    def start(self) -> None:
        """Start it and wait until it takes connections. Call it only while holding the owner's lock."""
        stop_leftover(self._places)
        words = ""
        for _ in tries(RETRY_SECONDS):
            clear_stale_files(self._places)
            complaint = self._attempt()
            if complaint is None:
                return
            words = complaint
            if not self._killed and not any(passing in words for passing in PASSING):
                break
        raise StartFailed(f"The database server did not start. The end of {self._places.log}:\n{words.strip()}")

    def _attempt(self) -> str | None:
        """Start the process once; nothing when it takes connections, else what it said before it ended."""
        log = open_beside(self._places.log, os.O_RDWR | os.O_APPEND)
        try:
            if os.fstat(log).st_size > LONGEST_LOG:
                os.ftruncate(log, 0)
            before = os.fstat(log).st_size
            self._child = Child(self._places.account, self._program, self._arguments(), log)
            if self.settled():
                return None
            return os.pread(log, 10_000, max(before, os.fstat(log).st_size - 10_000)).decode("utf-8", "replace")
        finally:
            os.close(log)

    def _arguments(self) -> list[str]:
        places = ["-D", str(self._places.data), "-k", str(self._places.run)]
        return [*places, *arguments(self._changes)]

    def settled(self) -> bool:
        """Wait until it takes connections (true) or has ended (false)."""
        for _ in tries(RECOVERY_SECONDS):
            if not self.running:
                return False
            if answers(self._places.run):
                return True
        self.stop()
        raise StartFailed(f"The database server did not get ready in {RECOVERY_SECONDS:.0f} s: {self._places.log}")

    def stop(self) -> None:
        """Stop in order: open transactions are rolled back, everything is written. Kills only what does not end."""
        self._end((signal.SIGINT, signal.SIGQUIT, signal.SIGKILL), STOP_SECONDS)

    def kill(self) -> None:
        """End it at once, as a power cut would: the next start recovers what was committed."""
        self._end((signal.SIGQUIT, signal.SIGKILL), KILL_SECONDS)

    def _end(self, numbers: Iterable[int], patience: float) -> None:
        child, self._child = self._child, None
        for number in numbers:
            if child is None or not child.running:
                return
            with contextlib.suppress(ProcessLookupError):
                child.signal(number)
            child.wait(patience)
