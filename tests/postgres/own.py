"""A process of its own that starts an installation's server: `python own.py FOLDER UID GID`.

Prints one line of JSON when the server answers, then waits until its input is closed, and stops in order.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

import psycopg

from armature.postgres import Cluster, PostgresError


def become(uid: int, gid: int) -> None:
    if os.geteuid() == uid:
        return
    with contextlib.suppress(psycopg.OperationalError):  # load all of psycopg while its files can still be read
        psycopg.connect("host=/nonexistent")
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main(folder: Path, uid: int, gid: int) -> None:
    become(uid, gid)
    cluster = Cluster(folder)
    try:
        cluster.start()
    except PostgresError as failure:
        print(json.dumps({"failure": f"{type(failure).__name__}: {failure}"}), flush=True)
        return
    print(json.dumps({"owner": cluster.is_owner, "url": cluster.url(), "home": str(cluster.home)}), flush=True)
    sys.stdin.read()
    cluster.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
