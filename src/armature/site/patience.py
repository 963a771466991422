"""How long a page waits for the database: a server that is there but says nothing must not hold people and threads."""

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

T = TypeVar("T")
SECONDS = 5.0
"""For one statement, one commit, one look whether a connection still works."""


class Patient(psycopg.Connection[Any]):
    """A connection of a page. It asks nobody to cancel: whoever is frozen does not hear it."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """As the driver's, and over after so many seconds; then the connection is closed, as its answer is lost."""
        try:
            return super().wait(gen, interval, SECONDS if timeout is None else timeout)
        except psycopg.errors._WaitTimeout:
            if timeout is not None:
                raise
            self.close()
            raise psycopg.OperationalError(f"the database did not answer within {SECONDS:g} s") from None
