"""Reading channels: one thread per channel, one worker per channel, resumable from the cursor."""

import logging
import math
import threading
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError, close_old_connections, connection, connections
from django.utils import timezone

from armature.crm import rows
from armature.crm.channels import registry
from armature.crm.channels.http import at_most
from armature.crm.channels.port import Account, Kind, LoginRefused, Looks, Unreachable
from armature.crm.channels.rates import OverBudget
from armature.crm.channels.settings import BadSettings
from armature.crm.listen import commands, looking, queries
from armature.crm.listen.models import Channel

logger = logging.getLogger(__name__)
LOCK = 4712
WAIT = 20.0
QUICK = 5.0
"""Seconds for a look after one that failed."""
LONGEST = 60.0
"""Seconds that a reader sleeps at once when the other side allows no more calls."""
BACK_OFF = (1.0, 5.0, 15.0, 60.0)


@dataclass(slots=True)
class Listeners:
    """The reading threads of this worker, by channel."""

    running: dict[int, "Listener"] = field(default_factory=dict)

    def look_after(self) -> None:
        """Start a thread for each active channel that can be read, end those of channels switched off."""
        wanted = {c.pk for c in Channel.objects.filter(active=True, paused_at=None) if _is_read(registry.kind(c.kind))}
        for number in set(self.running) - wanted:
            self.running.pop(number).stop.set()
        for number in sorted(wanted):
            if number not in self.running or not self.running[number].is_alive():
                self.running[number] = Listener(number)
                self.running[number].start()

    def stop(self) -> None:
        """Tell all threads to end; they are daemons and hold nothing that is not committed."""
        for listener in self.running.values():
            listener.stop.set()


def _is_read(kind: Kind) -> bool:
    """Whether there is something to ask for: what is new, or what a call only pointed at."""
    return kind.polls or isinstance(kind, Looks)


class Listener(threading.Thread):
    """Reads one channel. An advisory lock keeps it to one worker in the whole installation."""

    def __init__(self, channel_id: int) -> None:
        super().__init__(name=f"channel {channel_id}", daemon=True)
        self.channel_id = channel_id
        self.stop = threading.Event()

    def run(self) -> None:
        """Read, wait, read again; back off and say so when the other side does not answer."""
        failures = 0
        try:
            while not self.stop.is_set():
                failures = 0 if self._turn() else failures + 1
                if failures:
                    self.stop.wait(BACK_OFF[min(failures, len(BACK_OFF)) - 1])
        finally:
            connections.close_all()

    def _turn(self) -> bool:
        try:
            close_old_connections()
            if not rows.fetch("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, self.channel_id])[0][0]:
                self.stop.wait(5.0)
                return True
            read(self.channel_id, WAIT)
        except OverBudget as later:
            self.stop.wait(min(later.after, LONGEST))
            return True
        except LoginRefused as problem:
            logger.warning("channel %s pauses: %s", self.channel_id, problem)
            commands.pause(self.channel_id, str(problem))
            self.stop.set()
        except (Unreachable, BadSettings) as problem:
            _say_problem(self.channel_id, str(problem))
            return False
        except (OperationalError, InterfaceError) as problem:  # the database is away, not the other side: no back-off
            logger.warning("reading channel %s waits for the database: %s", self.channel_id, problem)
            connection.close()
            self.stop.wait(1.0)
        except Exception:
            logger.exception("reading channel %s failed", self.channel_id)
            connection.close()
            return False
        return True


def read(channel_id: int, wait: float) -> int:
    """Take in all that is new on a channel, then wait for more; how many envelopes were new."""
    channel = Channel.objects.get(pk=channel_id)
    kind, account = registry.kind(channel.kind), queries.account(channel)
    new = 0
    for envelopes, cursor in kind.fetch(account, channel.cursor, 500):
        new += commands.accept(channel, envelopes, cursor)
        channel.cursor = cursor
    if isinstance(kind, Looks):
        new += _look(channel, kind, account)
    Channel.objects.filter(pk=channel_id).update(problem="", checked_at=timezone.now())
    if wait and new < looking.AT_ONCE:  # where so much came at once there is more
        kind.wait(account, channel.cursor, wait)
    return new


def _look(channel: Channel, kind: Looks, account: Account) -> int:
    """Look where calls of the hook asked us to; what cannot be reached waits, and the others do not wait for it.

    Where one could not be had, the next ones get little time: a server that says nothing does not hold up all words.
    """
    new, patience = 0, math.inf
    for one in looking.due(channel.pk):
        try:
            with at_most(patience):
                envelopes, channel.cursor = kind.look(account, channel.cursor, one.envelope)
        except (LoginRefused, BadSettings):  # what is to be looked at waits until somebody has mended the account
            raise
        except Unreachable as problem:
            logger.info("channel %s looks again later: %s", channel.pk, problem)
            looking.later(channel, one)
            patience = QUICK
            continue
        except OverBudget:
            raise
        except Exception:  # what a stranger's page does to foreign code must not hold up the others
            logger.exception("channel %s could not look at %s", channel.pk, one.envelope.event_key)
            looking.later(channel, one)
            continue
        new += looking.looked(channel, one, envelopes, channel.cursor)
    return new


def _say_problem(channel_id: int, words: str) -> None:
    logger.warning("channel %s: %s", channel_id, words)
    Channel.objects.filter(pk=channel_id).update(problem=words[:2000], checked_at=timezone.now())
