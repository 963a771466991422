"""Reading paper beside all other work of a worker, as it takes seconds a page."""

import logging
import threading

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections

from armature.crm import jobs

logger = logging.getLogger(__name__)
PAUSE = 1.0


class PaperReader(threading.Thread):
    """Reads one page after the other; a daemon, and what it holds when it ends is leased, so another goes on."""

    def __init__(self) -> None:
        super().__init__(name="paper", daemon=True)
        self.stop = threading.Event()

    def run(self) -> None:
        """Read as long as there is something to read, and look again after a pause."""
        try:
            while not self.stop.is_set():
                if not self._turn():
                    self.stop.wait(PAUSE)
        finally:
            connections.close_all()

    def _turn(self) -> int:
        try:
            close_old_connections()
            return jobs.read_paper()
        except (OperationalError, InterfaceError) as problem:
            logger.warning("reading paper waits for the database: %s", problem)
        except Exception:
            logger.exception("reading paper failed")
        connection.close()
        return 0
