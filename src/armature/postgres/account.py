"""Which system account the server runs as: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from armature.postgres.errors import PostgresError

ROOT = 0


@dataclass(frozen=True, slots=True)
class Account:
    """A user id and group id of this system."""

    uid: int
    gid: int

    def give(self, path: Path) -> None:
        """Make `path`, which we have just made ourselves, belong to this account."""
        if os.geteuid() == ROOT:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose(data: Path) -> Account:
    """The account for the server on `data`: ourselves, or for root the data's owner, else postgres, else nobody."""
    if os.geteuid() != ROOT:
        return Account(os.geteuid(), os.getegid())
    if data.is_dir() and data.stat().st_uid != ROOT:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in ("postgres", "nobody"):
        found = _lookup(name)
        if found is not None:
            return found
    raise PostgresError(
        "PostgreSQL does not run as root, and this system has neither a user 'postgres' nor a user 'nobody'. "
        "Start Armature as a normal user, or add one: useradd --system postgres"
    )


def _lookup(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)
