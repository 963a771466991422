"""Trying out files of messages beside all other work of a worker, as it takes seconds a file."""

import logging
import threading

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections

from armature.crm import jobs

logger = logging.getLogger(__name__)
PAUSE = 0.5


class Tester(threading.Thread):
    """Judges one file after the other; a daemon, and what it holds when it ends is leased, so another goes on."""

    def __init__(self) -> None:
        super().__init__(name="tryouts", daemon=True)
        self.stop = threading.Event()

    def run(self) -> None:
        """Judge as long as there is something to judge, and look again after a pause."""
        try:
            while not self.stop.is_set():
                if not self._turn():
                    self.stop.wait(PAUSE)
        finally:
            connections.close_all()

    def _turn(self) -> int:
        try:
            close_old_connections()
            return jobs.try_out()
        except (OperationalError, InterfaceError) as problem:
            logger.warning("trying out waits for the database: %s", problem)
        except Exception:
            logger.exception("trying out failed")
        connection.close()
        return 0
