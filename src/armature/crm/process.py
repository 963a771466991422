"""START HERE. One message goes through the product in two short transactions: it arrives, then it advances.

`arrive` turns accepted envelopes into interactions of conversations and identities. `advance` takes conversations with
something to judge or to go on with, lets the core judge all of it at once, and writes what follows. Nothing is sent
here. Both work on whatever batch they are given, with a fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from armature.arm.judge import judge
from armature.crm import facts, lease, live, rows
from armature.crm.act import follow, news
from armature.crm.channels import registry
from armature.crm.channels.port import Created, DeliveryChanged
from armature.crm.decide import commands as decide
from armature.crm.decide import timers, todo
from armature.crm.identify import commands as identify
from armature.crm.learn import commands as learn
from armature.crm.listen import commands as listen
from armature.crm.listen import hits
from armature.crm.listen import queries as listened
from armature.crm.listen.arrival import Arrival
from armature.crm.listen.models import Unopened
from armature.crm.understand import commands as understand
from armature.crm.understand import language, reader


def arrive(held: lease.Claim) -> lease.Claim:
    """Open the envelopes of a claim; the conversations that now have something to judge, leased to the same worker."""
    with transaction.atomic():
        rows.by_index()
        arrivals, changes = _open(listened.received(held.keys))
        for channel_id, changed in changes.items():
            news.take_in(channel_id, changed)
        recorded = listen.record(arrivals)
        identify.recognise(recorded)
        hits.find(recorded, language.detect)
        claimed = todo.take(one.conversation_id for one in recorded)
        lease.finish(Unopened, held)
    return claimed


def _open(received: Sequence[listened.Received]) -> tuple[list[Arrival], dict[int, list[DeliveryChanged]]]:
    channels = listened.channels(one.channel_id for one in received)
    accounts = {number: listened.account(channel) for number, channel in channels.items()}
    arrivals: list[Arrival] = []
    changes: dict[int, list[DeliveryChanged]] = defaultdict(list)
    for one in received:
        channel = channels[one.channel_id]
        try:
            events = registry.kind(channel.kind).normalise(accounts[channel.pk], one.envelope)
        except ValueError as problem:
            listen.park(one.id, str(problem))
            continue
        arrivals += [Arrival(one.id, channel, event) for event in events if isinstance(event, Created)]
        changes[channel.pk] += [event for event in events if isinstance(event, DeliveryChanged)]
    return arrivals, {number: changed for number, changed in changes.items() if changed}


def advance(held: lease.Claim) -> int:
    """Judge all that is pending in the conversations of a claim and write what follows; how many judgements."""
    with transaction.atomic():
        rows.by_index()
        listen.hold(held.keys)
        now = timezone.now()
        work = facts.load(held.keys, now)
        judged = [
            one
            for map_id, turns in work.turns.items()
            for one in work.judged(
                map_id,
                judge(turns, work.knowledge, work.plans.by_map[map_id], reader.load(), work.plans.hours, now),
            )
        ]
        ticks = [one for one in judged if one.timer]
        judged = [one for one in judged if not one.timer]
        understand.record(facts.new_readings(judged))
        changes = decide.record(judged, work.waits, work.plans, now)
        timers.record(ticks)
        shown = follow.carry_out(judged, changes, now)
        learn.keep_outcomes(judged)
        todo.finish(held)
        live.tell(shown)
    return len(judged)
