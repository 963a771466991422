"""START HERE. One message goes through the product in two short transactions: it arrives, then it advances.

`arrive` turns accepted envelopes into interactions of conversations and identities. `advance` takes conversations with
something to judge or to go on with, lets the core judge all of it at once, and writes what follows. Nothing is sent
here. Both work on whatever batch they are given, with a fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from armature.arm.judge import judge
from armature.crm import facts, lease, live, rows
from armature.crm.act import amended, follow, news
from armature.crm.channels import past, registry
from armature.crm.channels.port import (
    Account,
    CallStep,
    Created,
    Deleted,
    DeliveryChanged,
    Edited,
    Envelope,
    Event,
)
from armature.crm.decide import commands as decide
from armature.crm.decide import queries as decided
from armature.crm.decide import timers, todo
from armature.crm.identify import commands as identify
from armature.crm.learn import commands as learn
from armature.crm.listen import calls, history, hits, revisions
from armature.crm.listen import commands as listen
from armature.crm.listen import queries as listened
from armature.crm.listen.arrival import Arrival
from armature.crm.listen.models import Channel, Unopened
from armature.crm.listen.revisions import Change
from armature.crm.understand import commands as understand
from armature.crm.understand import language, versions


@dataclass(slots=True)
class Opened:
    """What was in some envelopes: what was said, what reads otherwise now, news of what we sent, steps of calls."""

    arrivals: list[Arrival] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    steps: list[calls.Happened] = field(default_factory=list)
    news: dict[int, list[DeliveryChanged]] = field(default_factory=lambda: defaultdict(list))

    def add(self, one: listened.Received, channel: Channel, event: Event) -> None:
        """One event, where it belongs."""
        match event:
            case Created():
                said = history.told_apart(channel, registry.kind(channel.kind), event, one.envelope.received_at)
                self.arrivals.append(Arrival(one.id, channel, said))
            case Edited() | Deleted():
                self.changes.append(Change(one.id, channel, event))
            case DeliveryChanged():
                self.news[channel.pk].append(event)
            case CallStep():
                self.steps.append(calls.Happened(one.id, channel, event))


def arrive(held: lease.Claim) -> lease.Claim:
    """Open the envelopes of a claim; the conversations that now have something to judge, leased to the same worker."""
    with transaction.atomic():
        rows.by_index()
        opened = _open(listened.received(held.keys))
        for channel_id, changed in opened.news.items():
            news.take_in(channel_id, changed)
        calls.keep(opened.steps)
        recorded = listen.record(opened.arrivals)
        reads_otherwise = revisions.take_in(opened.arrivals, recorded, opened.changes)
        theirs = [one for one in recorded if not one.arrival.event.own]
        judged = [*theirs, *decided.started(recorded)]
        identify.recognise(judged)
        hits.find(theirs, language.detect)
        hits.find_again(reads_otherwise, language.detect)
        claimed = todo.take(one.conversation_id for one in judged)
        live.tell(amended.take_in([one for one in reads_otherwise if not one.fresh]))
        lease.finish(Unopened, held)
    return claimed


def _open(received: Sequence[listened.Received]) -> Opened:
    channels = listened.channels(one.channel_id for one in received)
    accounts = {number: listened.account(channel) for number, channel in channels.items()}
    opened = Opened()
    for one in received:
        channel = channels[one.channel_id]
        try:
            events = _events(channel, accounts[channel.pk], one.envelope)
        except ValueError as problem:
            listen.park(one.id, str(problem))
            continue
        for event in events:
            opened.add(one, channel, event)
    return opened


def _events(channel: Channel, account: Account, envelope: Envelope) -> Sequence[Event]:
    """What is in an envelope: its kind knows, unless it was brought in from a file."""
    if past.is_past(envelope):
        return past.events(account, channel.place, envelope)
    return registry.kind(channel.kind).normalise(account, envelope)


def advance(held: lease.Claim) -> int:
    """Judge all that is pending in the conversations of a claim and write what follows; how many judgements."""
    with transaction.atomic():
        rows.by_index()
        listen.hold(held.keys)
        now = timezone.now()
        work, read = facts.load(held.keys, now), versions.in_use()
        judged = [
            one
            for map_id, turns in work.turns.items()
            for one in work.judged(
                map_id,
                judge(turns, work.knowledge, work.plans.by_map[map_id], read, work.plans.hours, now),
            )
        ]
        ticks = [one for one in judged if one.timer]
        judged = [one for one in judged if not one.timer]
        identify.forget(work.left)
        understand.record(facts.new_readings(judged))
        changes = decide.record(judged, work.waits, work.plans, now)
        timers.record(ticks)
        shown = follow.carry_out(judged, changes, now, ticks)
        learn.keep(judged)
        todo.finish(held)
        live.tell(shown)
    return len(judged)
