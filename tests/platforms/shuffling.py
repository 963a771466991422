"""Word of what was said, edited and deleted, in any order and more than once: taken in as the process takes it in."""

import random
from collections.abc import Sequence
from typing import Any

from armature.crm.channels.port import Account, Created, Deleted, Edited, Envelope, Event, Kind
from armature.crm.listen import commands, revisions
from armature.crm.listen.arrival import Arrival
from armature.crm.listen.models import Channel, Interaction, Revision
from armature.crm.listen.revisions import Change

Story = Sequence[Envelope]
"""All that happened to some things said, in order."""


def take_in(channel: Channel, events: Sequence[Event]) -> None:
    """A batch."""
    arrivals = [Arrival(k, channel, one) for k, one in enumerate(events) if isinstance(one, Created)]
    changes = [Change(0, channel, one) for one in events if isinstance(one, Edited | Deleted)]
    revisions.take_in(arrivals, commands.record(arrivals), changes)


def state() -> Any:
    """All that is left, and then nothing is."""
    said = Interaction.objects.order_by("external_id").values_list(
        "external_id", "author", "text", "public", "edited_at", "deleted_at", "direction", "automatic"
    )
    kept = Revision.objects.order_by("external_id", "at", "kind", "digest")
    found = list(said), list(kept.values_list("external_id", "kind", "at", "text", "interaction__external_id"))
    Revision.objects.all().delete()
    Interaction.objects.all().delete()
    return found


def ends_as_in_order(kind: Kind, account: Account, channel: Channel, story: Story, *, turns: int = 1000) -> Any:
    """The state in order, after so many shuffles were found to normalise to it and a few of them to be taken in to it.

    What an envelope says does not depend on what came before it, so that all orders have the same events; which of
    them the database meets in which order is what can differ.
    """
    for one in story:
        take_in(channel, kind.normalise(account, one))
    expected, order = state(), random.Random(7)
    events = {one.event_key: kind.normalise(account, one) for one in story}
    for turn in range(turns):
        again = [one for one in story for _ in range(order.randint(1, 3))]
        order.shuffle(again)
        for one in again:
            assert kind.normalise(account, one) == events[one.event_key]
        if turn % (turns // 25):
            continue
        while again:
            batch = [again.pop() for _ in range(min(len(again), order.randint(1, 4)))]
            take_in(channel, [event for one in batch for event in events[one.event_key]])
        assert state() == expected, turn
    return expected
