"""Work in the background: each job takes a claim, does it, and says how much it did. Any number of workers may run."""

import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection, transaction

from armature.crm import lease, live, passing, process
from armature.crm.accounts import audit
from armature.crm.act import outbox
from armature.crm.decide import todo
from armature.crm.decide.models import Todo
from armature.crm.lease import Claim, Lease
from armature.crm.listen import commands as listen
from armature.crm.listen.models import Unopened

logger = logging.getLogger(__name__)
ENVELOPES = 1000
CONVERSATIONS = 500
FREE_TRIES = 5


def open_envelopes(limit: int = ENVELOPES) -> int:
    """Envelopes become interactions."""
    return _work(Unopened, process.arrive, lease.claim(Unopened, limit), listen.park)


def judge_conversations(limit: int = CONVERSATIONS) -> int:
    """Conversations with something new, or an answer, go on."""
    return _work(Todo, process.advance, lease.claim(Todo, limit), None)


def send() -> int:
    """A response that was released leaves. One at a time: what a sudden end leaves unclear is one, not a batch."""
    taken = outbox.claim(1)
    for number in taken:
        outbox.send(number)
        live.tell()
    return len(taken)


def tick() -> int:
    """Once a second: what is due wakes up, what hangs becomes unknown, the audit log is sealed."""
    return todo.wake_due() + outbox.expire() + audit.seal()


def everything() -> int:
    """One round of all jobs; how much was done."""
    return open_envelopes() + judge_conversations() + send()


def _work(
    queue: type[Lease], step: Callable[[Claim], int], held: Claim, park: Callable[[int, str], None] | None
) -> int:
    try:
        return sum(_halving(queue, step, part, park) for part in held.parts())
    except (OperationalError, InterfaceError):
        _free(queue, held)
        raise


def _free(queue: type[Lease], held: Claim) -> None:
    """The database went away under us: when it is back in a moment, nobody has to wait for our lease to run out."""
    for _ in range(FREE_TRIES):
        connection.close()
        try:
            lease.free(queue, held)
            return
        except (OperationalError, InterfaceError):
            time.sleep(0.5)


def _halving(
    queue: type[Lease], step: Callable[[Claim], int], held: Claim, park: Callable[[int, str], None] | None
) -> int:
    """Do a claim; when it fails, each half on its own, until the bad row stands alone and its neighbours are done."""
    try:
        passing.over(lambda: step(held))
    except lease.LeaseLost as lost:
        logger.warning("%s", lost)
        return 0
    except Exception as problem:
        if passing.is_lost(problem):  # no fault of these rows, and no try that counts
            raise
        if len(held.keys) > 1:
            return sum(_halving(queue, step, half, park) for half in held.halves())
        logger.exception("%s %s failed", queue._meta.verbose_name, held.keys)
        words = f"{type(problem).__name__}: {problem}"
        with transaction.atomic():
            if lease.give_back(queue, held, words) and park:
                park(held.keys[0], words)
        return 0
    return len(held.keys)
