"""Looks after a running server: one that died, or has stopped answering, is started again."""

from __future__ import annotations

import sys
import threading

from armature.postgres.cluster import Cluster
from armature.postgres.errors import PostgresError

EVERY = 0.5
"""Seconds between looks whether its process is there."""
ASK_EVERY = 10
"""Every so many looks it is asked to answer, too."""
SILENT = 2
"""So many unanswered questions in a row, each waited for, and it counts as stuck."""


class Watch:
    """A thread that keeps a cluster running until `stop`, whether we own its server or joined it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="postgres-watch", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Look no more. Call it before the cluster is stopped."""
        self._over.set()
        self._thread.join(seconds)

    def _look(self) -> None:
        looks, silent = 0, 0
        while not self._over.wait(EVERY):
            looks += 1
            gone = self._cluster.is_gone()
            if not gone and looks % ASK_EVERY == 0:
                silent = 0 if self._cluster.responds() else silent + 1
            if gone or silent >= SILENT:
                self._revive("died" if gone else "does not answer")
                silent = 0

    def _revive(self, what: str) -> None:
        print(f"  The database server {what}. Starting it again ...", file=sys.stderr, flush=True)
        try:
            self._cluster.revive()
        except (PostgresError, OSError) as problem:
            print(f"  It did not start; trying again. {problem}", file=sys.stderr, flush=True)
