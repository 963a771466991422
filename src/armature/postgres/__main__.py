"""Run the server of an installation alone, until Ctrl-C or for one command.

python -m armature.postgres FOLDER
python -m armature.postgres FOLDER COMMAND...      with DATABASE_URL set for the command; its exit code is ours
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from armature.postgres.cluster import Cluster
from armature.postgres.connect import OWNER
from armature.postgres.errors import PostgresError

ENDS = {signal.SIGINT, signal.SIGTERM}


def main(words: list[str]) -> int:
    """Start (or join) the server of the folder named, then print its address and wait, or run the command."""
    parser = argparse.ArgumentParser(prog="python -m armature.postgres", description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=Path, help="a folder with bin/postgres, in place of the wheel's")
    parser.add_argument("folder", type=Path, help="for example .armature")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args(words)
    try:
        with Cluster(given.folder, install=given.programs) as cluster:
            return _serve(cluster.url(role=OWNER), given.command)
    except PostgresError as failure:
        print(failure, file=sys.stderr)
        return 1


def _serve(url: str, command: list[str]) -> int:
    if command:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode  # noqa: S603
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    print(url, flush=True)
    signal.sigwait(ENDS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
