"""Things that happen at the same moment: one thread each, let go together, every connection closed afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave, or the error it raised, in their order."""
    barrier = threading.Barrier(len(acts))
    came: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            barrier.wait(60)
            came[number] = act()
        except BaseException as problem:  # a thread's own error would be lost
            came[number] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "a thread hangs"
    return came


def well(came: Sequence[Any]) -> list[Any]:
    """Only what went well."""
    return [each for each in came if not isinstance(each, BaseException)]
