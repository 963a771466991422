"""The reader learns beside all other work of a worker, as it takes seconds."""

import logging
import threading

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections

from armature.crm import jobs

logger = logging.getLogger(__name__)
PAUSE = 20.0


class Learner(threading.Thread):
    """Looks now and then whether people said enough that is new; what it holds when it ends is leased to another."""

    def __init__(self) -> None:
        super().__init__(name="learning", daemon=True)
        self.stop = threading.Event()

    def run(self) -> None:
        """Look until the worker stops."""
        try:
            while not self.stop.wait(PAUSE):
                self._turn()
        finally:
            connections.close_all()

    def _turn(self) -> None:
        try:
            close_old_connections()
            jobs.learn_again()
        except (OperationalError, InterfaceError) as problem:
            logger.warning("the reader waits for the database before it learns: %s", problem)
        except Exception:
            logger.exception("the reader could not learn")
        connection.close()
