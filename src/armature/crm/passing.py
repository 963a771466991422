"""Trouble with the database that passes by itself: it went away for a moment, or two transactions met head-on."""

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

T = TypeVar("T")
TRIES = 3
HEAD_ON = ("40001", "40P01", "55P03")
OUTSIDE = ("08", "40", "53", "55", "57", "58")
"""Classes of trouble that no row causes: connection, meeting, space, locks, operators, the system below."""


def over(act: Callable[[], T]) -> T:
    """Do a whole transaction, once more when the database broke it up because it met another one."""
    for _ in range(TRIES - 1):
        try:
            return act()
        except OperationalError as problem:
            if connection.in_atomic_block or _code(problem) not in HEAD_ON:
                raise
    return act()


def is_no_fault_of_rows(problem: Exception) -> bool:
    """Whether the database is away, or in trouble that no row causes: trying again later may do."""
    if not isinstance(problem, OperationalError | InterfaceError):
        return False
    code = _code(problem)
    return not code or code.startswith(OUTSIDE)


def _code(problem: Exception) -> str:
    """The five letters with which PostgreSQL says what happened; empty when it said nothing."""
    return getattr(problem.__cause__, "sqlstate", None) or ""
