"""Where one installation keeps its server: the data, the socket, the lock and the log.

<folder>/postgres/            for a normal user; for root a link to /var/lib/armature/<hash of the folder>
    data/                     what PostgreSQL wrote (its account owns it)
    run/                      the socket (its account owns it, closed to all others)
    owner.lock  server.log
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from armature.postgres.account import ROOT, Account, choose
from armature.postgres.errors import UnsafePlace

SHARED = Path("/var/lib/armature")
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes on Linux and 103 on macOS


@dataclass(frozen=True, slots=True)
class Places:
    """The paths of one installation and the account that runs its server."""

    folder: Path
    home: Path
    account: Account
    run: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def lock(self) -> Path:
        return self.home / "owner.lock"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def socket(self) -> Path:
        return self.run / SOCKET_NAME


def find(folder: Path) -> Places:
    """The places for the installation in `folder`, which may not exist yet. Makes nothing."""
    home = _home(folder)
    account = choose(home / "data")
    return Places(folder.resolve(), home, account, _run(home, account))


def _home(folder: Path) -> Path:
    inside = folder.resolve() / "postgres"
    made_by_a_user = inside.is_dir() and not inside.is_symlink()
    if os.geteuid() != ROOT or made_by_a_user:
        return inside
    return SHARED / _short_name(inside)


def _run(home: Path, account: Account) -> Path:
    """Beside the data; where that path is too long for a socket, a short one in the temporary directory."""
    if len(os.fsencode(home / "run" / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return home / "run"
    return Path(tempfile.gettempdir()) / f"armature-{account.uid}-{_short_name(home)}"


def _short_name(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def prepare(places: Places) -> None:
    """Make the folders that are missing, one process after the other, and refuse those that are not ours."""
    places.folder.mkdir(parents=True, exist_ok=True)
    with _alone_in(places.folder):
        _make(places)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Two starts at the same moment would each meet what the other has only half made."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _make(places: Places) -> None:
    if places.home.parent == SHARED:
        _make_ours(SHARED, 0o711)
        _make_ours(places.home, 0o711)
        _link(places.folder / "postgres", places.home)
        (places.home / "belongs-to").write_text(f"{places.folder}\n")  # or nobody dares, or dares wrongly, to remove it
    else:
        places.home.mkdir(mode=0o700, exist_ok=True)
    make_private(places.run, places.account)


def _make_ours(path: Path, mode: int) -> None:
    try:
        path.mkdir(mode=mode)
        path.chmod(mode)
    except FileExistsError:
        if path.is_symlink() or path.stat().st_uid != ROOT:
            raise UnsafePlace(f"{path} does not belong to root. Look who made it, then remove or rename it.") from None


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() != target:
        link.unlink()  # the checkout was moved or copied; its data is found by the path it has now
    if not link.is_symlink():
        link.symlink_to(target)


def make_private(path: Path, account: Account) -> None:
    """Make `path` a folder of `account` alone. Raises UnsafePlace when somebody else has made it or can enter it."""
    try:
        path.mkdir(mode=0o700)
        account.give(path)
    except FileExistsError:
        pass
    state = path.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != account.uid or state.st_mode & 0o077:
        raise UnsafePlace(
            f"The folder {path} for the database's socket must belong to user {account.uid} and be closed to others, "
            f"but it belongs to user {state.st_uid} with mode {state.st_mode & 0o7777:o}. "
            "Remove it, or set TMPDIR to a folder of your own, or move the checkout to a shorter path."
        )
