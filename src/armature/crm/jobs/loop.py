"""One worker: does rounds of all jobs, sleeps until told, reads and answers channels beside it, drains when stopped.

Nothing in the rounds asks anybody but the database: whoever waits for a server outside is a thread of its own.
"""

import logging
import threading
import time

import psycopg
from django.db import InterfaceError, OperationalError, connection

from armature.crm import jobs
from armature.crm.act import outbox
from armature.crm.calm import keep_collector_calm
from armature.crm.jobs.beside import Beside
from armature.crm.jobs.listening import Listeners
from armature.crm.jobs.sending import Senders
from armature.crm.live import TOPIC

logger = logging.getLogger(__name__)
POLL = 1.0


def work(stop: threading.Event) -> None:
    """Work until ``stop`` is set. A lost database is waited for; no job is left half done."""
    keep_collector_calm()
    listeners, senders = Listeners(), Senders()
    beside = [
        Beside("reading paper", jobs.read_paper, 1.0),
        Beside("trying out", jobs.try_out, 0.5),
        Beside("learning", jobs.learn_again, 20.0),
        Beside("replaying", jobs.replay, 0.5),
        Beside("assessing", jobs.assess, 0.5),
    ]
    for one in beside:
        one.start()
    next_tick = next_minute = next_hour = 0.0
    while not stop.is_set():
        try:
            if time.monotonic() >= next_tick:
                listeners.look_after()
                jobs.tick()
                senders.look_after(outbox.channels_in_doubt())
                next_tick = time.monotonic() + POLL
            senders.look_after(outbox.channels_due())
            if time.monotonic() >= next_minute:
                jobs.look_for_spikes()
                senders.tell_by_mail()
                next_minute = time.monotonic() + 60
            if time.monotonic() >= next_hour:
                jobs.hourly()
                next_hour = time.monotonic() + 3600
            if not jobs.inside():
                _sleep(stop)
        except (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError) as problem:
            logger.warning("the database does not answer, trying again: %s", problem)
            connection.close()
            stop.wait(POLL)
    listeners.stop()
    for one in beside:
        one.stop.set()
    senders.stop()


def _sleep(stop: threading.Event) -> None:
    """Until somebody tells that something changed, or the next poll: being told only makes it quicker."""
    connection.ensure_connection()
    raw = connection.connection
    if not getattr(raw, "armature_listens", False):
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {TOPIC}")
        raw.armature_listens = True
        return
    for _ in raw.notifies(timeout=POLL if not stop.is_set() else 0, stop_after=1):
        return
