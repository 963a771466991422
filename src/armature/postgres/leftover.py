"""What an owner that was killed leaves behind: a server that still runs, or files that name a process of the past."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg

from armature.postgres.connect import connect, listens, tries
from armature.postgres.errors import StartFailed
from armature.postgres.places import Places

PATIENCE = 60.0


def stop_leftover(places: Places) -> None:
    """Stop a server that its owner left running. Call it only while holding the owner's lock.

    Stopped and not adopted: only a child of ours ends with us.
    """
    for _ in tries(PATIENCE):
        if not listens(places.socket):
            return
        with contextlib.suppress(psycopg.OperationalError, ProcessLookupError):  # it starts or stops: look again
            os.kill(_main_process(places.run), signal.SIGINT)
    raise StartFailed(
        f"A server left from an earlier run still holds {places.socket} and does not stop. End it by hand "
        f"(its process id is the first line of {places.data / 'postmaster.pid'}), then start again."
    )


def _main_process(run: Path) -> int:
    """The server's own word for its process id: only a live server can give it."""
    with connect(run, "postgres") as connection:
        row = connection.execute("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)").fetchone()
    if row is None:
        raise ProcessLookupError
    return int(row[0])


def clear_stale_files(places: Places) -> None:
    """Remove files that name a process which is not this data's server: dead, or another program with a reused id.

    PostgreSQL itself refuses to start over them when any live process has that id. Servers of this data that still
    run keep their files, and PostgreSQL's shared memory block guards the data a second time.
    """
    for path in (places.data / "postmaster.pid", places.socket.with_name(places.socket.name + ".lock")):
        try:
            pid = abs(int(path.read_text("utf-8", "replace").split("\n", 1)[0]))
        except FileNotFoundError:
            continue
        except ValueError:  # cut short when the machine stopped
            pid = 0
        if pid == 0 or not _serves(pid, places.data):
            path.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    """Whether the process is a server of this data: all processes of a server work inside its data directory."""
    if sys.platform != "linux":
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S603, S607
        return "postgres" in shown.stdout and (str(data) in shown.stdout or ": " in shown.stdout)
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return False
