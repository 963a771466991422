"""What takes seconds a piece is done beside all other work of a worker: paper, files tried out, learning."""

import logging
import threading
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections

logger = logging.getLogger(__name__)
KEPT = 5.0
"""So many seconds a connection is kept while there is nothing to do."""


class Beside(threading.Thread):
    """Does one piece after the other; a daemon, and what it holds when it ends is leased, so another goes on."""

    def __init__(self, name: str, job: Callable[[], int], pause: float) -> None:
        super().__init__(name=name, daemon=True)
        self.stop, self._job, self._pause = threading.Event(), job, pause

    def run(self) -> None:
        """Work as long as there is something to do, and look again after a pause."""
        try:
            while not self.stop.is_set():
                if not self._turn():
                    self.stop.wait(self._pause)
        finally:
            connections.close_all()

    def _turn(self) -> int:
        try:
            close_old_connections()
            if done := self._job():
                return done
            if self._pause > KEPT:
                connection.close()
            return 0
        except (OperationalError, InterfaceError) as problem:
            logger.warning("%s waits for the database: %s", self.name, problem)
        except Exception:
            logger.exception("%s failed", self.name)
        connection.close()
        return 0
