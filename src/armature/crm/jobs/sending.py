"""Sending beside all other work of a worker: a thread for each channel on which something is due to leave.

A server that drips, or says nothing, holds the thread of its own channel and nobody else.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from django.db import InterfaceError, OperationalError, connections

from armature.crm import jobs
from armature.crm.act import outbox

logger = logging.getLogger(__name__)
MOST = 8
"""Threads at once; each has a connection to the database."""
DRAIN = 28.0
"""Seconds that a worker which is told to stop gives to what is on its way out."""
NOTICES = 0
"""Stands for the mail to our own people, where the number of a channel would."""


@dataclass(slots=True)
class Senders:
    """The sending threads of this worker, by channel; ``began`` is when each channel had one last."""

    running: dict[int, "Sender"] = field(default_factory=dict)
    began: dict[int, float] = field(default_factory=dict)

    def look_after(self, channels: Iterable[int]) -> None:
        """See that these have a thread, who waited longest first; those at work go on by themselves."""
        for number in sorted(channels, key=lambda number: self.began.get(number, 0.0)):
            self._see_to(number, partial(_leave, number))

    def tell_by_mail(self) -> None:
        """Notices go out by mail to who wants it, in a thread of their own too."""
        self._see_to(NOTICES, jobs.tell_by_mail)

    def stop(self) -> None:
        """Nothing new leaves; what is on its way gets some time. What takes longer is asked about later."""
        for sender in self.running.values():
            sender.stop.set()
        until = time.monotonic() + DRAIN
        for sender in self.running.values():
            sender.join(max(0.0, until - time.monotonic()))

    def _see_to(self, number: int, job: Callable[[], int]) -> None:
        before = self.running.get(number)
        if before and before.goes_on():
            return
        self.running = {key: one for key, one in self.running.items() if one.is_alive()}
        if number != NOTICES and len(self.running) >= MOST:
            for one in self.running.values():
                one.give_way.set()
            return
        self.began[number] = time.monotonic()
        self.running[number] = Sender(number, job)
        self.running[number].start()


def _leave(channel: int) -> int:
    return outbox.expire(channel) + jobs.send(channel=channel)


class Sender(threading.Thread):
    """Does its job until there is nothing left of it, or another channel waits for a thread; then ends."""

    def __init__(self, number: int, job: Callable[[], int]) -> None:
        super().__init__(name=f"sending {number}", daemon=True)
        self.stop, self.give_way, self._job = threading.Event(), threading.Event(), job
        self._lock, self._more, self._over = threading.Lock(), True, False

    def goes_on(self) -> bool:
        """Ask it to look once more before it ends; False when it has ended, so that nothing is left lying."""
        with self._lock:
            self._more = True
            return not self._over and self.is_alive()

    def run(self) -> None:
        """Work until there is nothing to do, unless somebody said meanwhile that there may be more."""
        try:
            while self._once_more():
                while not self._must_end() and self._job():
                    pass
        except (OperationalError, InterfaceError) as problem:
            logger.warning("%s waits for the database: %s", self.name, problem)
        except Exception:
            logger.exception("%s failed", self.name)
        finally:
            with self._lock:
                self._over = True
            connections.close_all()

    def _once_more(self) -> bool:
        with self._lock:
            again, self._more = self._more and not self._must_end(), False
            self._over = not again
            return again

    def _must_end(self) -> bool:
        return self.stop.is_set() or self.give_way.is_set()
