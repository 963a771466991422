"""The data directory: made whole or not at all, and never opened by programs of another major version."""

from __future__ import annotations

import os
import shutil
import textwrap
from pathlib import Path

from armature.postgres import programs
from armature.postgres.account import ROOT
from armature.postgres.connect import OWNER
from armature.postgres.errors import OtherMajorVersion, StartFailed
from armature.postgres.places import Places, make_private

INITDB = (
    "--no-sync",  # synced below, all at once
    "--auth=trust",  # only the account itself and root can reach the socket's folder
    f"--username={OWNER}",
    "--encoding=UTF8",
    "--locale=C",
    "--data-checksums",
)
# The same order on every machine, and no broken index when its C library changes. Older ones sort by C itself.
BUILTIN_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
FIRST_WITH_BUILTIN_LOCALE = 17


def make_data(places: Places, install: Path, major: int) -> bool:
    """Make the data directory unless it is there; true when it was made."""
    if places.data.exists():
        return False
    new = places.data.with_name("data.new")
    if new.exists():  # an interrupted first start
        shutil.rmtree(new)
    make_private(new, places.account)
    locale = BUILTIN_LOCALE if major >= FIRST_WITH_BUILTIN_LOCALE else ()
    _initdb(places, install, [*INITDB, *locale, "-D", str(new)])
    _initdb(places, install, ["--sync-only", "-D", str(new)])
    new.rename(places.data)
    _sync(places.home)
    return True


def _initdb(places: Places, install: Path, arguments: list[str]) -> None:
    done = programs.run(places.account, install / "bin" / "initdb", arguments)
    if done.returncode == 0:
        return
    words = (done.stderr + done.stdout).strip()
    if "could not look up effective user ID" in words:
        words += (
            f"\nUser {places.account.uid} has no entry in /etc/passwd; PostgreSQL needs one: add it, or use another."
        )
    raise StartFailed(f"The database could not be made in {places.home}:\n{words}")


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def refuse_other_major(places: Places, install: Path, major: int) -> None:
    """Raise OtherMajorVersion, with the steps, when the data was written by another major version."""
    written = (places.data / "PG_VERSION").read_text("ascii").strip()
    if written != str(major):
        raise OtherMajorVersion(_steps(places, install / "bin", written, major))


def _steps(places: Places, programs: Path, written: str, major: int) -> str:
    """The last step makes the database anew from its dump: restored into one that has default privileges already,
    the application's role would get back what a migration took from it."""
    as_user = f"setpriv --reuid={places.account.uid} --regid={places.account.gid} --clear-groups "
    become = as_user if os.geteuid() == ROOT else ""
    server = f"$OLD/bin/pg_ctl -w -D {places.data}"
    return textwrap.dedent(
        f"""\
        The data in {places.data} was written by PostgreSQL {written}; the programs installed here are {major}.
        Nothing was changed. Bring the data over by dump and restore:
        1. Install PostgreSQL {written} (Debian: apt install postgresql-{written}); below, OLD is its folder with bin/.
        2. Start the old server:
             cd / && {become}{server} -l /dev/null -o "-k {places.run} -h ''" start
        3. Dump:
             $OLD/bin/pg_dump -h {places.run} -U {OWNER} -Fc -f armature.dump armature
        4. Stop it, and set the old data aside:
             cd / && {become}{server} stop
             mv {places.data} {places.data}.{written}
        5. Start a new server alone, and leave it running in another terminal:
             python -m armature.postgres {places.folder}
        6. Restore, then end that server (Ctrl-C) and start Armature:
             {programs}/pg_restore -h {places.run} -U {OWNER} -d postgres --clean --if-exists --create armature.dump
        When all is there, {places.data}.{written} can be removed. Or go back to the programs of {written}."""
    )
