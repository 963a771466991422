"""Run the server of an installation alone, until Ctrl-C: `python -m armature.postgres FOLDER`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from armature.postgres.cluster import Cluster
from armature.postgres.connect import OWNER
from armature.postgres.errors import PostgresError

ENDS = {signal.SIGINT, signal.SIGTERM}


def main(arguments: list[str]) -> int:
    """Start (or join) the server of the folder named, print its address, wait to be told to end."""
    if len(arguments) != 1:
        print("usage: python -m armature.postgres FOLDER    (for example .armature)", file=sys.stderr)
        return 2
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    try:
        with Cluster(Path(arguments[0])) as cluster:
            print(cluster.url(role=OWNER), flush=True)
            signal.sigwait(ENDS)
    except PostgresError as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
