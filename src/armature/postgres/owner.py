"""Who owns the server: the process that holds a lock which the kernel drops when that process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from armature.postgres.account import ROOT


class OwnerLock:
    """A lock on one file. Held by at most one process at a time, and never by a dead one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        # A fork shares the lock and would keep it alive after us. Closing its copy does not unlock ours.
        os.register_at_fork(after_in_child=self.give_back)

    @property
    def held(self) -> bool:
        return self._file is not None

    def take(self) -> bool:
        """Take the lock if it is free; true when it is ours."""
        if self._file is not None:
            return True
        file = open_beside(self._path, os.O_RDWR)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def give_back(self) -> None:
        """Let others take it. The file stays: removing it would let two processes lock two files of one name."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def open_beside(path: Path, flags: int) -> int:
    """Open or make a private file of ours; never through a link. It belongs to whoever owns the folder it stands in."""
    file = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    if os.geteuid() == ROOT:
        folder = path.parent.stat()
        os.fchown(file, folder.st_uid, folder.st_gid)
    return file
