"""Work in the background: each job takes a claim, does it, and says how much it did. Any number of workers may run."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection, transaction

from armature.crm import lease, live, passing, process, rows
from armature.crm.accounts import audit, sessions
from armature.crm.act import (
    approvals,
    bulk,
    cases,
    counts,
    hours,
    imported,
    incidents,
    marking,
    notice_mail,
    outbox,
    past,
    presence,
    samples,
    spikes,
    spreading,
    trying,
    tryouts,
)
from armature.crm.act.models import BulkTodo, TryoutTodo
from armature.crm.decide import todo
from armature.crm.decide.models import Todo
from armature.crm.learn import drawing, measuring, retraining
from armature.crm.learn.assessments import commands as assessments
from armature.crm.learn.assessments import work as assessing
from armature.crm.learn.assessments.models import AssessmentTodo
from armature.crm.learn.replays import child as replay_child
from armature.crm.learn.replays import commands as replays
from armature.crm.learn.replays import work as replaying
from armature.crm.learn.replays.models import ReplayTodo
from armature.crm.learn.who_judges import checking
from armature.crm.lease import Claim, Lease
from armature.crm.listen import back_search, guard, post_words
from armature.crm.listen import commands as listen
from armature.crm.listen import queries as received
from armature.crm.listen.imports import kept, said
from armature.crm.listen.imports import work as imports
from armature.crm.listen.imports.models import ImportTodo
from armature.crm.listen.models import Unopened
from armature.crm.listen.scans import commands as scans
from armature.crm.listen.scans.models import Unread
from armature.crm.listen.wanted import BackSearchTodo
from armature.crm.understand import language
from armature.crm.understand.models import Retraining

logger = logging.getLogger(__name__)
ENVELOPES = CONVERSATIONS = 1000
EVERYWHERE = 5
"""So many rows failing one by one, and none going well, are not bad rows but a fault of ours."""
RELEASE_TRIES = 5
LEARNING = 600
"""Seconds that learning may take: far more than it does."""
READING = 200
"""Seconds that a page may take: two programs, each within its own limit."""


def open_envelopes(limit: int = ENVELOPES) -> int:
    """Envelopes become interactions, and are judged by the same worker right away."""
    opened: list[Claim] = []
    done = _work(
        Unopened, lambda part: opened.append(process.arrive(part)), lease.claim(Unopened, limit), listen.park,
        received.in_light_parts,
    )  # fmt: skip
    for conversations in opened:
        _work(Todo, process.advance, conversations, None)
    return done


def judge_conversations(limit: int = CONVERSATIONS) -> int:
    """Conversations with something new, or an answer, go on."""
    return _work(Todo, process.advance, lease.claim(Todo, limit), None)


def go_on(conversation_id: int) -> int:
    """One conversation goes on at once, for whoever waits at a screen; a worker that has it already does it."""
    return _work(Todo, process.advance, lease.claim(Todo, 1, only=[conversation_id]), None)


def send(limit: int = 1, channel: int | None = None) -> int:
    """Responses that were released leave, each claimed on its own: a worker that dies leaves one in doubt, not many."""
    for done in range(limit):
        taken = outbox.claim(1, channel)
        if not taken:
            return done
        case = outbox.send(taken[0])
        live.tell([case] if case else None)
    return limit


def read_paper() -> int:
    """One page of what was scanned is read by machine; it takes seconds, so a thread of its own does it."""
    return _work(Unread, scans.read, lease.claim(Unread, 1, seconds=READING), scans.give_up)


def try_out() -> int:
    """One file of somebody's own messages is judged, and nothing else; it takes seconds, so a thread does it."""
    return _work(TryoutTodo, trying.go_on, lease.claim(TryoutTodo, 1, seconds=trying.SECONDS), trying.give_up)


def learn_again() -> int:
    """The reader learns from what people said, when there is enough new; it takes seconds, so a thread does it."""
    drawing.keep_drawn()
    retraining.look()
    return _work(Retraining, retraining.go_on, lease.claim(Retraining, 1, seconds=LEARNING), None)


def replay() -> int:
    """One replay runs to its end, in a process of its own; the thread only waits for it."""
    held = lease.claim(ReplayTodo, 1, seconds=replaying.SECONDS)
    return _work(ReplayTodo, replay_child.run, held, replays.give_up)


def assess() -> int:
    """One assessment runs to its end; it takes seconds to minutes, so a thread does it."""
    held = lease.claim(AssessmentTodo, 1, seconds=assessing.SECONDS)
    return _work(AssessmentTodo, assessments.carry_out, held, assessments.give_up)


def bulk_work() -> int:
    """A chunk of what somebody asked for many cases; so that one large job lets everything else through."""
    return _work(BulkTodo, bulk.go_on, lease.claim(BulkTodo, 1), bulk.give_up)


def spread() -> int:
    """The released words of an incident go into the outbox, for the next of those who joined it."""
    return spreading.spread()


def bring_in(only: int | None = None) -> int:
    """A chunk of a file of the past; what it became is opened with the next round, among what comes in now."""
    held = lease.claim(ImportTodo, 1, only=None if only is None else [only], seconds=imports.HELD)
    return _work(ImportTodo, _go_on_bringing, held, imports.give_up)


def _go_on_bringing(held: Claim) -> int:
    return imports.go_on(held, {"said": said.take, "people": past.people}, imported.tell)


def look_back() -> int:
    """The next posts of what somebody looks for in posts that are kept."""
    return _work(
        BackSearchTodo,
        lambda part: back_search.go_on(part, language.detect),
        lease.claim(BackSearchTodo, 1),
        back_search.give_up,
    )


def tell_by_mail() -> int:
    """Notices go out by mail to who wants it."""
    return notice_mail.send_due()


def look_for_spikes() -> int:
    """Once a minute: whoever follows a query that suddenly finds much more is told."""
    return spikes.look()


def tick() -> int:
    """Once a second: what is due wakes up, what lapsed is told, new hours hold, the log is sealed, all is measured."""
    presence.forget()
    woken = todo.wake_due() + marking.wake_due()
    stopped = approvals.expire() + incidents.tell_late()
    post_words.keep_some()
    done = woken + stopped + samples.draw() + counts.fold() + hours.reckon_changed() + audit.seal()
    return done + measuring.some()


def hourly() -> int:
    """Once an hour: tables for the raw payloads of months to come, old cases settled, what may be forgotten gone;
    once a week what nobody looks at is measured anew.
    """
    forgotten = sessions.forget_old() + guard.forget() + back_search.forget_old() + tryouts.forget_old()
    forgotten += kept.forget_old()
    checked = checking.look()
    return rows.run("SELECT make_body_months()", []) + cases.settle() + forgotten + checked


def inside() -> int:
    """One round of all that asks nobody but the database; how much was done."""
    return open_envelopes() + judge_conversations() + bulk_work() + spread() + bring_in() + look_back()


def everything() -> int:
    """One round of all jobs, sending among them; how much was done."""
    return inside() + send()


def _work(
    queue: type[Lease], step: Callable[[Claim], object], held: Claim, park: Callable[[int, str], None] | None,
    smaller: Callable[[Claim], Sequence[Claim]] = lambda part: [part],
) -> int:  # fmt: skip
    """Do a claim, in parts where some of it was tried before, or ``smaller`` ones; how many rows were done."""
    trouble = Trouble(queue, park)
    try:
        return sum(_halving(step, small, trouble) for part in held.parts() for small in smaller(part))
    except (OperationalError, InterfaceError):
        _release(queue, held)
        raise


def _release(queue: type[Lease], held: Claim) -> None:
    """The database went away under us: when it is back in a moment, nobody has to wait for our lease to run out."""
    for _ in range(RELEASE_TRIES):
        connection.close()
        try:
            lease.release(queue, held)
            return
        except (OperationalError, InterfaceError):
            time.sleep(0.5)


@dataclass(slots=True)
class Trouble:
    """What goes wrong with one claim. A few bad rows are parked; when nothing works, it is not the rows' fault."""

    queue: type[Lease]
    park: Callable[[int, str], None] | None
    alone: int = 0
    done: int = 0

    @property
    def everywhere(self) -> bool:
        """Several rows failed, each on its own, and none went well: the fault is elsewhere."""
        return self.alone >= EVERYWHERE and not self.done

    def set_aside(self, held: Claim, problem: Exception) -> None:
        """One row that fails on its own: another try later, parked with the reason after the last."""
        self.alone += 1
        logger.error("%s %s failed", self.queue._meta.verbose_name, held.keys, exc_info=problem)
        words = f"{type(problem).__name__}: {problem}"
        with transaction.atomic():
            if lease.give_back(self.queue, held, words) and self.park:
                self.park(held.keys[0], words)


def _halving(step: Callable[[Claim], object], held: Claim, trouble: Trouble) -> int:
    """Do a claim; when it fails, each half on its own, until the bad row stands alone and its neighbours are done."""
    if trouble.everywhere:
        lease.release(trouble.queue, held)
        return 0
    try:
        passing.over(lambda: step(held))
    except lease.LeaseLost as lost:
        logger.warning("%s", lost)
        return 0
    except Exception as problem:
        if passing.is_no_fault_of_rows(problem):  # and no try that counts
            raise
        if len(held.keys) > 1:
            return sum(_halving(step, half, trouble) for half in held.halves())
        trouble.set_aside(held, problem)
        return 0
    trouble.done += len(held.keys)
    return len(held.keys)
